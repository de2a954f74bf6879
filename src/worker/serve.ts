/** The machine behind a channel of messages: requests in, answers out, and work in slices between them. */
import { createHost } from './client-host.ts';
import type { Answer, Request } from './protocol.ts';

/** What a worker's global scope has of this, and what a page can stand in for. */
export interface MachineScope {
  postMessage(answer: Answer): void;
  addEventListener(type: 'message', listener: (event: { readonly data: Request }) => void): void;
  setTimeout(callback: () => void, milliseconds: number): unknown;
}

/** Long enough to be worth it, short enough that a Pause is heard at once. */
const SLICE = 8;

export function serve(scope: MachineScope): void {
  const host = createHost((answer) => scope.postMessage(answer));
  let working = false;
  const work = (): void => {
    working = host.slice(SLICE);
    if (working) scope.setTimeout(work, 0);
  };
  scope.addEventListener('message', ({ data }) => {
    host.receive(data);
    if (!working) work();
  });
}
