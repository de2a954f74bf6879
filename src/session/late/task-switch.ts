/** In the place of src/cpu/task-switch.ts: systems of today switch tasks by other means. */
import { late } from './load.ts';

type Parts = ReturnType<typeof late>;

export const checkOldTss: Parts['checkOldTss'] = (cpu) => late().checkOldTss(cpu);
export const commitTask: Parts['commitTask'] = (...given) => late().commitTask(...given);
