/** In the place of src/cpu/exec/fpu.ts: of what the project assembles only AMD-V's monitor saves the unit's state. */
import type { Handlers } from '../../cpu/exec/operands.ts';
import { FPU_ROWS } from '../../isa/rows/fpu.ts';
import { late } from './load.ts';

const keys = FPU_ROWS.flatMap(({ exec, size }) => (size === 'v' ? [`${exec}16`, `${exec}32`] : [exec]));

export const FPU: Handlers = Object.fromEntries(
  keys.map((key) => [key, (...given: Parameters<Handlers[string]>) => late().FPU_INSTRUCTIONS[key]!(...given)]),
);

export const undefinedEscape: Handlers[string] = (cpu) => late().undefinedEscape(cpu);
