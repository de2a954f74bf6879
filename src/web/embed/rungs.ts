import type { Answer, MachineScope, Request } from '../../worker/protocol.ts';
import type { RungConnection, RungStarter } from '../app/client.ts';
import { overWorker } from '../app/over-worker.ts';

/**
 * The machine as one classic script, machine.js: it declares this function, and calls it where there is no document.
 * So the same file is a worker by its address, a worker by its text, and the machine in the page itself; no rung needs
 * more of the server than the file.
 */
type Machine = (scope: MachineScope) => void;
const scope = globalThis as unknown as { rm1Machine?: Machine };

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

let loading: Promise<Machine> | null = null;

function loadMachine(url: string): Promise<Machine> {
  loading ??= new Promise((resolve, reject) => {
    const found = () => (scope.rm1Machine ? resolve(scope.rm1Machine) : reject(new Error(`${url} is not the machine`)));
    if (scope.rm1Machine) {
      found();
      return;
    }
    const script = document.createElement('script');
    script.src = url;
    script.onload = found;
    script.onerror = () => reject(new Error(`${url} could not be loaded`));
    document.head.append(script);
  });
  return loading;
}

const urlWorker = (url: string): RungStarter => ({
  rung: 'url-worker',
  start: (events) => overWorker(new Worker(url), events),
});

/** A rung that begins with the machine's text; requests come only after the first answer. */
function once(
  rung: RungStarter['rung'],
  url: string,
  begin: (machine: Machine, events: Parameters<RungStarter['start']>[0]) => RungConnection,
): RungStarter {
  return {
    rung,
    start(events) {
      let started: RungConnection | null = null;
      let closed = false;
      loadMachine(url)
        .then((machine) => {
          if (!closed) started = begin(machine, events);
        })
        .catch((error: unknown) => events.failed(reason(error)));
      return {
        send: (request) => started?.send(request),
        close: () => {
          closed = true;
          started?.close();
        },
      };
    },
  };
}

const blobWorker = (url: string): RungStarter =>
  once('blob-worker', url, (machine, events) => {
    const blob = URL.createObjectURL(new Blob([`(${machine})(self)`], { type: 'text/javascript' }));
    return overWorker(new Worker(blob), events, () => URL.revokeObjectURL(blob));
  });

const mainThread = (url: string): RungStarter =>
  once('main-thread', url, (machine, events) => {
    const turns = new MessageChannel();
    let next = () => {};
    let receive = (_: { readonly data: Request }) => {};
    turns.port1.onmessage = () => next();
    const post = (answer: Answer) => queueMicrotask(() => events.answer(answer));
    machine({
      postMessage: post,
      addEventListener: (_, listener) => {
        receive = listener;
      },
      setTimeout: (callback) => {
        next = callback;
        turns.port2.postMessage(null);
      },
    });
    return {
      send: (data: Request) => receive({ data }),
      close: () => turns.port1.close(),
    };
  });

/** The ladder of a page without modules; of a file without a server, only what needs none. */
export function classicLadder(url: string): readonly RungStarter[] {
  const own = [blobWorker(url), mainThread(url)];
  return scope.rm1Machine ? own : [urlWorker(url), ...own];
}
