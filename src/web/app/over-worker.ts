import { say } from '../../lib/say.ts';
import type { Answer, Request } from '../../worker/protocol.ts';
import type { RungConnection, RungStarter } from './client.ts';

/** A machine in a worker: what it says, and when it did not start. */
export function overWorker(worker: Worker, events: Parameters<RungStarter['start']>[0], release?: () => void): RungConnection {
  worker.onmessage = (event: MessageEvent<Answer>) => events.answer(event.data);
  worker.onerror = (event) => {
    event.preventDefault();
    events.failed(event.message || say`it did not start`);
  };
  worker.onmessageerror = () => events.failed(say`a message could not be read`);
  return {
    send: (request: Request) => worker.postMessage(request),
    close: () => {
      worker.terminate();
      release?.();
    },
  };
}
