import { say } from '../../lib/say.ts';
import type { Answer, MachineScope, Request } from '../../worker/protocol.ts';
import type { RungConnection, RungStarter } from './client.ts';
import { loadScript } from './load-script.ts';
import { overWorker } from './over-worker.ts';

/**
 * The machine as one classic script (machine.js, and less of it in core.js): it declares this function, and calls it where there is no
 * document. So the same file is a worker by its address, a worker by its text, and the machine in the page itself; no rung needs more of
 * the server than the file.
 */
export type Machine = (scope: MachineScope) => void;
const scope = globalThis as unknown as { rm1Machine?: Machine };

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What a script that has just run in the page has declared. */
export function declaredMachine(from: string): Machine {
  const { rm1Machine } = scope;
  if (rm1Machine === undefined) throw new Error(say`${from} is not the machine`);
  return rm1Machine;
}

const loading = new Map<string, Promise<Machine>>();

function loadMachine(url: string): Promise<Machine> {
  const known = loading.get(url);
  if (known) return known;
  const loaded = loadScript(url).then(() => declaredMachine(url));
  loading.set(url, loaded);
  loaded.catch(() => loading.delete(url));
  return loaded;
}

const urlWorker = (url: string): RungStarter => ({
  rung: 'url-worker',
  start: (events) => overWorker(new Worker(url), events),
});

/** A rung that begins with the machine's text; requests come only after the first answer. */
function once(
  rung: RungStarter['rung'],
  load: () => Promise<Machine>,
  begin: (machine: Machine, events: Parameters<RungStarter['start']>[0]) => RungConnection,
): RungStarter {
  return {
    rung,
    start(events) {
      let started: RungConnection | null = null;
      let closed = false;
      load()
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

const blobWorker = (load: () => Promise<Machine>): RungStarter =>
  once('blob-worker', load, (machine, events) => {
    const blob = URL.createObjectURL(new Blob([`(${machine})(self)`], { type: 'text/javascript' }));
    return overWorker(new Worker(blob), events, () => URL.revokeObjectURL(blob));
  });

const mainThread = (load: () => Promise<Machine>): RungStarter =>
  once('main-thread', load, (machine, events) => {
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

/** The ladder of a machine that is already in the page, which needs no server. */
export function ladderOf(machine: Machine): readonly RungStarter[] {
  const load = async () => machine;
  return [blobWorker(load), mainThread(load)];
}

/**
 * The ladder of a machine by the address of its script: the best place for it first. `first` is the script for a worker by its address, where
 * that is another one: such a worker can load more of itself.
 */
export function ladder(url: string, first = url): readonly RungStarter[] {
  const load = () => loadMachine(url);
  return [urlWorker(first), blobWorker(load), mainThread(load)];
}
