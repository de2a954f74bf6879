/** In the place of src/session/view/inner.ts: few machines have a monitor within a monitor. */
import { late } from './load.ts';

type Parts = ReturnType<typeof late>;

export const passedOn: Parts['passedOn'] = (stage, row) => (stage.inner === 0 ? -1 : late().passedOn(stage, row));
export const innerSentence: Parts['innerSentence'] = (stage, row, instruction) =>
  stage.inner === 0 ? '' : late().innerSentence(stage, row, instruction);
