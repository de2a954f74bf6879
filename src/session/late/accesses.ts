/** In the place of src/session/view/accesses.ts: the instruction's address is followed until a panel asks for more. */
import { late } from './load.ts';

type Parts = ReturnType<typeof late>;

export const follow: Parts['follow'] = (stage, here, all, wish) =>
  stage.followed === undefined ? all[0] : late().follow(stage, here, all, wish);
export const withAccesses: Parts['withAccesses'] = (stage, here, run) =>
  stage.followed === undefined ? { result: run(), accesses: [] } : late().withAccesses(stage, here, run);
