/** The machine behind a channel of messages: requests in, answers out, and work in slices between them. */
import { createHost } from './host.ts';
import type { MachineScope } from './protocol.ts';

/** The clock of wherever this runs. */
const { performance: clock } = globalThis as unknown as { readonly performance: { now(): number } };

/** Long enough to be worth it, short enough that a Pause is heard at once. */
const SLICE = 8;

export function serve(scope: MachineScope): void {
  const host = createHost(
    (answer) => scope.postMessage(answer),
    () => clock.now(),
  );
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
