/** The bits of a VMCB that ask for exits. In a machine for embeds they are all that is told of why a guest of AMD-V was left. */

import type { Cpu } from '../../cpu/cpu.ts';
import { CODE } from '../../cpu/virt/svm/exit-codes.ts';
import { fieldOfKey } from '../../cpu/virt/svm/fields.ts';
import type { InterceptKey } from '../../cpu/virt/svm/intercepts.ts';
import { vmcb } from '../../cpu/virt/svm/vmcb.ts';
import { interceptName } from '../../cpu/virt/svm/words.ts';
import type { Insn } from '../../isa/insn.ts';
import { h, hex8 } from '../../lib/hex.ts';
import { say } from '../../lib/say.ts';
import type { Rule } from './outcomes.ts';

/** What the VMCB says of an exit. */
export interface SvmExit {
  readonly code: number;
  /** In 64 bits. */
  readonly info1: number;
  readonly info2: number;
  readonly insn: Insn<Cpu> | null;
}

/** EXITCODEs below A0h are the bits of the intercepts, vector after vector (APM vol 2, appendix C). */
const VECTORS: readonly (readonly [first: number, key: InterceptKey])[] = [
  [CODE.CR_READ, 'interceptCrRead'],
  [CODE.CR_WRITE, 'interceptCrWrite'],
  [CODE.DR_READ, 'interceptDrRead'],
  [CODE.DR_WRITE, 'interceptDrWrite'],
  [CODE.EXCEPTION, 'interceptException'],
  [CODE.INTR, 'interceptMisc1'],
  [CODE.VMRUN, 'interceptMisc2'],
];
export const INTERCEPTS_END = 0xa0;

/** The bit of the intercept vectors that stands for an EXITCODE. */
export function intercept(cpu: Cpu, code: number): Rule {
  const [first, key] = VECTORS.findLast(([from]) => code >= from)!;
  const { offset, size } = fieldOfKey(key);
  const word = vmcb(cpu, offset >>> 2) >>> (8 * (offset & 3));
  const value = size === 2 ? word & 0xffff : word;
  const number = code - first;
  const holds = ((value >>> number) & 1) !== 0;
  const name = interceptName(key, number) || `EXITCODE ${h(code)}`;
  const digits = hex8(value).slice(-2 * size);
  return {
    rule: say`the VMCB intercepts: ${name}`,
    found: say`offset ${h(offset)}: ${digits}h, bit ${number} is ${holds ? 1 : 0}`,
    holds,
  };
}

/** In the place of `exits-svm.ts`. */
export const svmExitRules = (cpu: Cpu, { code }: SvmExit): readonly Rule[] | null =>
  code >= 0 && code < INTERCEPTS_END ? [intercept(cpu, code)] : null;
export const svmGateRules = (): readonly Rule[] => [];
