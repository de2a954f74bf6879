import type { Send } from './send.ts';

/** A movement to a stop: the next one, with back the last, or the next arrival at the instruction of step `n`. */
export interface ToStop {
  readonly type: 'to-stop';
  readonly back?: boolean;
  readonly n?: number;
  /** Over what is called next, or out of what runs now. */
  readonly way?: 'over' | 'out';
}

/** What the reader can ask for about stops. */
export interface Stopping {
  /** On to the next stop, or back to the last. */
  toStop(back?: boolean): void;
  /** Over what is called next, or out of what runs now. */
  stepping(way: 'over' | 'out'): void;
  /** On to the next arrival at the instruction of step `n`. */
  runTo(n: number): void;
  /** A stop before the instruction of step `n`, from now on. */
  stopAt(n: number): void;
  /** A stop behind every write to these bytes. */
  watch(address: number, size: number, physical: boolean): void;
  removeStop(id: number): void;
  /** A stop before the instruction of a line of a source, from now on; with once, on to the next arrival there. */
  stopAtLine(path: string, line: number, once: boolean): void;
}

export function createStopping(isOpen: () => boolean, move: (to: ToStop) => void, send: Send): Stopping {
  const ask = (request: Parameters<Send>[0]): void => {
    if (isOpen()) send(request);
  };
  return {
    toStop: (back = false) => move({ type: 'to-stop', back }),
    stepping: (way) => move({ type: 'to-stop', way }),
    runTo: (n) => move({ type: 'to-stop', n }),
    stopAt: (n) => ask({ type: 'stop-at', n }),
    watch: (address, size, physical) => ask({ type: 'stop-write', address, size, physical }),
    stopAtLine: (path, line, once) => ask({ type: 'stop-line', path, line, once }),
    removeStop: (stop) => ask({ type: 'remove-stop', stop }),
  };
}
