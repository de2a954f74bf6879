/** The parts of the page that come behind its first picture, by the script they come in. App.tsx and Header.tsx use them as if they were here. */
import {
  type ComponentType,
  createElement,
  type ReactNode,
  type Ref,
  useEffect,
  useImperativeHandle,
  useRef,
  useSyncExternalStore,
} from 'react';
import { say } from '../../lib/say.ts';
import type { WhyProps } from '../panels/why/WhyDialog.tsx';
import type { Part as LookedAtPart } from '../store/store.ts';
import { adopt } from '../ui/adopt.ts';
import { useStageState } from '../ui/hooks.ts';
import { loadPacking } from './packing.ts';

interface Styled {
  readonly style: string;
}

type State<T> = { readonly parts: T } | 'none' | 'loading' | 'failed';

/** A script, and the styles of what it draws: neither is used without the other. */
class Script<T extends Styled> {
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
      adopt(parts.style);
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

const panels = new Script(() => Promise.all([import('./late/panels.ts'), loadPacking()]).then(([parts]) => parts));
const side = new Script(() => import('./late/side.ts'));
const looked = new Script(() => import('./late/looked.ts'));
const dialogs = new Script(() => import('./late/dialogs.ts'));

function useScript<T extends Styled>(script: Script<T>): State<T> {
  return useSyncExternalStore(script.subscribe, script.state);
}

/** Room for a part, under its class, until it is there. */
function Meanwhile({ script, room }: { readonly script: Script<Styled>; readonly room: string }) {
  const failed = useScript(script) === 'failed';
  return (
    <div className={`late ${room}`} aria-busy={!failed}>
      {failed && (
        <p role="alert">
          {say`This part of the page could not be loaded.`}{' '}
          <button type="button" className="quiet" onClick={script.load}>
            {say`Try again`}
          </button>
        </p>
      )}
    </div>
  );
}

interface PartProps<T extends Styled> {
  readonly of: Script<T>;
  /** The class of what holds its place. */
  readonly room?: string;
  /** It is asked for by being here. */
  readonly wanted?: boolean;
  readonly draw: (parts: T) => ReactNode;
}

function Part<T extends Styled>({ of, room = '', wanted = false, draw }: PartProps<T>) {
  const state = useScript(of);
  useEffect(() => {
    if (wanted) void of.load();
  }, [of, wanted]);
  return typeof state === 'object' ? draw(state.parts) : <Meanwhile script={of} room={room} />;
}

type Opener = Pick<HTMLDialogElement, 'showModal'>;
type Dialog = ComponentType<{ readonly ref: Ref<Opener> }>;

/** A dialog that opens as soon as it has come. */
function LateDialog({ ref, pick }: { readonly ref: Ref<Opener>; readonly pick: (parts: typeof import('./late/dialogs.ts')) => Dialog }) {
  const state = useScript(dialogs);
  const wanted = useRef(false);
  const dialog = useRef<Opener>(null);
  useImperativeHandle(ref, () => ({
    showModal() {
      wanted.current = dialog.current === null;
      dialog.current?.showModal();
      void dialogs.load();
    },
  }));
  useEffect(() => {
    if (typeof state === 'object' && wanted.current) dialog.current?.showModal();
  }, [state]);
  if (typeof state === 'object') return createElement(pick(state.parts), { ref: dialog });
  return state === 'failed' ? <Meanwhile script={dialogs} room="" /> : null;
}

type Panels = typeof import('./late/panels.ts');
type Given<Name extends Exclude<keyof Panels, 'style'>> = Parameters<Panels[Name]>[0];

export const Block = () => <Part of={panels} draw={(parts) => <parts.Block />} />;
export const Consoles = (given: { readonly roomy?: boolean }) => <Part of={panels} draw={(parts) => <parts.Consoles {...given} />} />;
export const Exits = (given: Given<'Exits'>) => <Part of={panels} draw={(parts) => <parts.Exits {...given} />} />;
export const Linked = () => {
  const linked = useStageState((s) => s.linked !== null && s.linkError === null);
  return linked && <Part of={panels} room="linked" wanted draw={(parts) => <parts.Linked />} />;
};
export const Predict = () => <Part of={panels} draw={(parts) => <parts.Predict />} />;
export const Processor = (given: Given<'Processor'>) => <Part of={panels} draw={(parts) => <parts.Processor {...given} />} />;
/** Nothing, also no room for it, until its button has opened it. */
export const Stops = () => {
  const shown = useStageState((s) => s.stopsShown);
  return shown && <Part of={panels} wanted draw={(parts) => <parts.Stops />} />;
};
export const Timeline = (given: Given<'Timeline'>) => <Part of={panels} room="timeline" draw={(parts) => <parts.Timeline {...given} />} />;
export const Walk = (given: Given<'Walk'>) => <Part of={panels} draw={(parts) => <parts.Walk {...given} />} />;
export const Why = (given: WhyProps) => <Part of={panels} wanted draw={(parts) => <parts.WhyDialog {...given} />} />;
export const LessonPanel = () => <Part of={side} room="pane" wanted draw={(parts) => <parts.LessonPanel />} />;
export const Source = () => <Part of={side} room="pane" wanted draw={(parts) => <parts.Source />} />;
export const LookedAt = ({ part }: { readonly part: LookedAtPart }) => (
  <Part of={looked} room="part" wanted draw={({ LOOKED_AT }) => createElement(LOOKED_AT[part])} />
);
export const DamagedLink = () => <Part of={dialogs} wanted draw={(parts) => <parts.DamagedLink />} />;
export const Keys = () => <Part of={dialogs} wanted draw={(parts) => <parts.Keys />} />;
export const Lessons = ({ ref }: { readonly ref: Ref<Opener> }) => <LateDialog ref={ref} pick={(parts) => parts.Lessons} />;
export const ShareDialog = ({ ref }: { readonly ref: Ref<Opener> }) => <LateDialog ref={ref} pick={(parts) => parts.ShareDialog} />;

const whenIdle = (then: () => void): void => {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(then, { timeout: 4000 });
  else setTimeout(then, 1000);
};

/**
 * Loads the panels once the first picture is drawn (`shown`), and the rest, and what is `further` to be had, when the page is idle; true when the
 * panels are there, or will not be.
 */
export function useLateParts(shown: boolean, further: () => void): boolean {
  const state = useScript(panels);
  useEffect(() => {
    if (shown) void panels.load();
  }, [shown]);
  const settled = typeof state === 'object' || state === 'failed';
  useEffect(() => {
    if (!settled) return;
    whenIdle(() => {
      void side.load();
      void looked.load();
      void dialogs.load();
      further();
    });
  }, [settled, further]);
  return settled;
}
