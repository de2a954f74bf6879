/** SVM instructions: AMD64 manual vol 3, chapter 4. */
import type { Handlers } from '../../exec/operands.ts';
import { UD } from '../../registers.ts';

const undefinedYet: Handlers[string] = (cpu) => cpu.raise(UD);

export const SVM: Handlers = {
  vmrun: undefinedYet,
  vmmcall: undefinedYet,
  vmload: undefinedYet,
  vmsave: undefinedYet,
  stgi: undefinedYet,
  clgi: undefinedYet,
  skinit: undefinedYet,
  invlpga: undefinedYet,
};
