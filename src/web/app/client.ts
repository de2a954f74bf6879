import { say } from '../../lib/say.ts';
import type { Answer, Client, Request } from '../../worker/protocol.ts';

export type Rung = Client['rung'];

/** A way to reach the machine: start it, and say what it answers or that it cannot work here. */
export interface RungStarter {
  readonly rung: Rung;
  start(events: { answer(answer: Answer): void; failed(reason: string): void }): RungConnection;
}

export interface RungConnection {
  send(request: Request): void;
  close(): void;
}

export interface LadderOptions {
  /** A rung that has said nothing for so long is given up. */
  readonly silence: number;
  setTimer(callback: () => void, milliseconds: number): () => void;
}

const DEFAULTS: LadderOptions = {
  silence: 4000,
  setTimer: (callback, milliseconds) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

/**
 * Reaches the machine by the first rung that answers. What was asked before it answered is asked again on the next rung;
 * a rung that fails after it has answered has died, and says so. Who listens first hears what was answered until then.
 */
export function connect(rungs: readonly RungStarter[], options: Partial<LadderOptions> = {}): Client {
  const { silence, setTimer } = { ...DEFAULTS, ...options };
  const listeners = new Set<(answer: Answer) => void>();
  const waiting: Request[] = [];
  let rung: Rung = rungs[0]?.rung ?? 'main-thread';
  let connection: RungConnection | null = null;
  let ready = false;
  let closed = false;
  const drain = () => {
    if (ready && connection) for (const request of waiting.splice(0)) connection.send(request);
  };
  let unheard: Answer[] | null = [];
  const tell = (answer: Answer) => {
    unheard?.push(answer);
    for (const listener of [...listeners]) listener(answer);
  };

  const climb = (index: number, reasons: readonly string[]) => {
    if (closed) return;
    const starter = rungs[index];
    if (!starter) {
      tell({ type: 'died', message: say`the machine could not be started here (${reasons.join('; ')})`, n: 0 });
      return;
    }
    rung = starter.rung;
    let over = false;
    const next = (reason: string) => {
      if (over || closed) return;
      if (ready) {
        over = true;
        tell({ type: 'died', message: reason, n: 0 });
        return;
      }
      over = true;
      stopTimer();
      connection?.close();
      connection = null;
      climb(index + 1, [...reasons, `${starter.rung}: ${reason}`]);
    };
    const stopTimer = setTimer(() => next(say`no answer`), silence);
    try {
      const started = starter.start({
        answer: (answer) => {
          if (over || closed) return;
          if (!ready) {
            ready = true;
            stopTimer();
            drain();
          }
          tell(answer);
        },
        failed: next,
      });
      if (over) started.close();
      else connection = started;
      drain();
    } catch (error) {
      next(error instanceof Error ? error.message : String(error));
    }
  };
  climb(0, []);

  return {
    get rung() {
      return rung;
    },
    send(request) {
      if (closed) return;
      if (ready && connection) connection.send(request);
      else waiting.push(request);
    },
    onAnswer(listener) {
      listeners.add(listener);
      const before = unheard;
      unheard = null;
      queueMicrotask(() => before?.forEach(tell));
      return () => listeners.delete(listener);
    },
    close() {
      closed = true;
      connection?.close();
      listeners.clear();
    },
  };
}
