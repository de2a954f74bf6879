/** In the place of src/worker/lab-host.ts. */
import { late } from '../../session/late/load.ts';
import type { LabHost } from '../lab-host.ts';
import type { Answer } from '../protocol.ts';

type Lab = Pick<typeof import('../lab-host.ts'), 'createLabHost'>;

export function createLabHost(post: (answer: Answer) => void, now: () => number): LabHost {
  let lab: LabHost | null = null;
  return {
    receive(request) {
      lab ??= late<Lab>().createLabHost(post, now);
      lab.receive(request);
    },
    slice: (until) => lab?.slice(until) ?? false,
  };
}
