import type { Answer, Request } from '../../worker/protocol.ts';
import type { RungStarter } from './client.ts';
import { overWorker } from './over-worker.ts';

/** What the main thread drives when no worker can be had: see src/worker/host.ts. */
interface Host {
  receive(request: Request): void;
  slice(milliseconds: number): boolean;
}

const SLICE = 8;

/** A module worker from our own origin. */
export const moduleWorker: RungStarter = {
  rung: 'module-worker',
  start: (events) => overWorker(new Worker(new URL('../../worker/main.ts', import.meta.url), { type: 'module' }), events),
};

/** The text of the worker as one classic script: laid into the page by a build without files, else fetched. */
async function workerText(): Promise<string> {
  const inlined = document.getElementById('rm1-worker')?.textContent;
  if (inlined) return inlined;
  const { default: url } = await import('../../worker/main.ts?worker&url');
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} for the worker's text`);
  return response.text();
}

/** A classic worker from a blob: works where the page has no origin of its own. */
export const blobWorker: RungStarter = {
  rung: 'blob-worker',
  start: (events) => {
    let inner: ReturnType<typeof overWorker> | null = null;
    let closed = false;
    workerText()
      .then((text) => {
        if (closed) return;
        const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
        inner = overWorker(new Worker(url), events, () => URL.revokeObjectURL(url));
      })
      .catch((error: unknown) => events.failed(error instanceof Error ? error.message : String(error)));
    return {
      send: (request) => inner?.send(request),
      close: () => {
        closed = true;
        inner?.close();
      },
    };
  },
};

/** The same machine in the page itself, in slices short enough to keep the page alive. */
export const mainThread: RungStarter = {
  rung: 'main-thread',
  start: (events) => {
    let host: Host | null = null;
    let closed = false;
    let busy = false;
    const turns = new MessageChannel();
    const turn = () => {
      if (closed || !host) return;
      busy = host.slice(SLICE);
      if (busy) turns.port2.postMessage(null);
    };
    turns.port1.onmessage = turn;
    const early: Request[] = [];
    const give = (request: Request) => {
      host?.receive(request);
      if (busy) return;
      busy = true;
      turns.port2.postMessage(null);
    };
    import('../../worker/client-host.ts')
      .then(({ createHost }) => {
        if (closed) return;
        host = createHost((answer: Answer) => events.answer(answer));
        for (const request of early.splice(0)) give(request);
      })
      .catch((error: unknown) => events.failed(error instanceof Error ? error.message : String(error)));
    return {
      send: (request) => (host ? give(request) : early.push(request)),
      close: () => {
        closed = true;
        turns.port1.close();
      },
    };
  },
};

/** The ladder: the best place for the machine first. */
export const ladder: readonly RungStarter[] = [moduleWorker, blobWorker, mainThread];
