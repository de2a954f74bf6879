import type { StageView } from '../../session/views.ts';
import type { Request } from '../../worker/protocol.ts';
import type { Send } from './send.ts';
import type { StageStore } from './store.ts';

type Asked = Pick<Extract<Request, { type: 'views' }>, 'type' | 'steps'> | Pick<Extract<Request, { type: 'sheet' }>, 'type' | 'places'>;

/** Questions for views of other steps, and who waits for the answers. A running machine pauses. */
export class Asking {
  private readonly waiting = new Map<number, (views: readonly StageView[]) => void>();
  private readonly store: StageStore;
  private readonly send: Send;

  constructor(store: StageStore, send: Send) {
    this.store = store;
    this.send = send;
  }

  ask(request: Asked): Promise<readonly StageView[]> {
    if (this.store.getState().frame?.running) this.send({ type: 'pause' });
    return new Promise((resolve) => this.waiting.set(this.send(request), resolve));
  }

  answer(id: number, views: readonly StageView[]): void {
    this.waiting.get(id)?.(views);
    this.waiting.delete(id);
  }

  /** Waits until the machine that is being opened is there; not at all where none is. */
  ready(): Promise<void> {
    if (this.store.getState().phase === 'ready') return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.store.subscribe(({ phase }) => {
        if (phase !== 'ready') return;
        stop();
        resolve();
      });
    });
  }
}
