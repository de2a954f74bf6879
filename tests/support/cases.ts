/** fast-check with the same cases every time, so that a change fails by its own fault. `npm run nightly` tries others, and more of them. */
import fc from 'fast-check';
import { BY_NIGHT } from './night.ts';

const more = BY_NIGHT ? 50 : 1;

fc.configureGlobal({ seed: Number(process.env.RM1_SEED ?? 8254), numRuns: 100 * more });

/** So many runs, or by night a multiple. */
export const runs = (usual: number): number => usual * more;

export default fc;
