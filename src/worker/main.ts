/** The worker's entry: messages in, answers out, and work in slices between them. */
import { createHost } from './client-host.ts';
import type { Answer, Request } from './protocol.ts';

interface WorkerScope {
  postMessage(answer: Answer): void;
  addEventListener(type: 'message', listener: (event: { readonly data: Request }) => void): void;
  setTimeout(callback: () => void, milliseconds: number): number;
}

/** Long enough to be worth it, short enough that a Pause is heard at once. */
const SLICE = 8;

const scope = globalThis as unknown as WorkerScope;
const host = createHost((answer) => scope.postMessage(answer));
let working = false;

function work(): void {
  working = host.slice(SLICE);
  if (working) scope.setTimeout(work, 0);
}

scope.addEventListener('message', ({ data }) => {
  host.receive(data);
  if (!working) work();
});
