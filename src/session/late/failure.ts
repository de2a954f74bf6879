/** In the place of src/session/view/failure.ts: a machine that runs has not failed. */
import { late } from './load.ts';

type Parts = ReturnType<typeof late>;

export const failureView: Parts['failureView'] = (stage) => (stage.machine.end === null ? null : late().failureView(stage));
