/** In the place of accesses.ts and walk.ts of src/session/view: no address is followed until a panel shows one. */
import { late } from './load.ts';

type Parts = ReturnType<typeof late>;

export const walkView: Parts['walkView'] = (stage, ...given) => (stage.followed === undefined ? null : late().walkView(stage, ...given));
export const withAccesses: Parts['withAccesses'] = (stage, here, run) =>
  stage.followed === undefined ? { result: run(), accesses: [] } : late().withAccesses(stage, here, run);
