import { type ReactNode, useEffect, useSyncExternalStore } from 'react';
import { say } from '../../lib/say.ts';
import { adopt } from './adopt.ts';

type State<T> = { readonly parts: T } | 'none' | 'loading' | 'failed';

/** A script of its own that comes when it is first asked for, and once more when it could not. Its `style` is that of what it draws. */
export class LateScript<T extends object> {
  #state: State<T> = 'none';
  readonly #fetch: () => Promise<T>;
  readonly #listeners = new Set<() => void>();

  constructor(fetch: () => Promise<T>) {
    this.#fetch = fetch;
  }

  readonly state = (): State<T> => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly load = async (): Promise<void> => {
    if (this.#state !== 'none' && this.#state !== 'failed') return;
    this.#set('loading');
    try {
      const parts = await this.#fetch();
      if ('style' in parts && typeof parts.style === 'string') adopt(parts.style);
      this.#set({ parts });
    } catch {
      this.#set('failed');
    }
  };

  #set(state: State<T>): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** How far a script has come. */
export function useLate<T extends object>(script: LateScript<T>): State<T> {
  return useSyncExternalStore(script.subscribe, script.state);
}

interface LostProps {
  readonly of: LateScript<object>;
  /** The class of what holds its place. */
  readonly room?: string;
  /** What is missing, where that matters beyond the part itself. */
  readonly lost?: string;
}

/** In the place of what could not be loaded. */
export const Lost = ({ of, room = '', lost = say`This part of the page could not be loaded.` }: LostProps) => (
  <div className={`late ${room}`}>
    <p role="alert">
      {lost}{' '}
      <button type="button" className="quiet" onClick={of.load}>
        {say`Try again`}
      </button>
    </p>
  </div>
);

interface LateProps<T extends object> extends LostProps {
  readonly of: LateScript<T>;
  /** It is asked for by being here. */
  readonly wanted?: boolean;
  /** What is there until it has come: room for it, if nothing else. */
  readonly meanwhile?: ReactNode;
  readonly draw: (parts: T) => ReactNode;
}

/** A part of the page whose script comes late. */
export function Late<T extends object>({ of, room = '', wanted = false, meanwhile, lost, draw }: LateProps<T>) {
  const state = useLate(of);
  useEffect(() => {
    if (wanted) void of.load();
  }, [of, wanted]);
  if (typeof state === 'object') return draw(state.parts);
  if (state === 'failed') return <Lost of={of} room={room} lost={lost} />;
  return meanwhile ?? <div className={`late ${room}`} aria-busy />;
}
