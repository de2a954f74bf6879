/** Faults that no gate and no table asks for: the division and the single step. */
import type { Cpu } from '../../cpu/cpu.ts';
import { DB, DE, TF } from '../../cpu/registers.ts';
import { at } from '../../cpu/state.ts';
import type { Insn } from '../../isa/insn.ts';
import { hex8 } from '../../lib/hex.ts';
import { say } from '../../lib/say.ts';
import type { Asked } from './gates.ts';

/** A trap behind an instruction that began with TF = 1. */
export function singleStep(cpu: Cpu): Asked {
  const isSet = (cpu.s[at.eflags] & TF) !== 0;
  return {
    rules: [{ rule: say`TF was 0 when the instruction began`, found: say`TF is ${isSet ? 1 : 0}`, holds: !isSet }],
    vector: DB,
    errorCode: 0,
    source: say`SDM vol 3, 17.3.1.4`,
  };
}

/** DIV or IDIV by a register. */
export function division(cpu: Cpu, insn: Insn<Cpu>): Asked | null {
  if (!/^I?DIV$/.test(insn.row.mnemonic) || insn.mem !== 0) return null;
  const value = insn.row.size === 'b' ? cpu.b[insn.rm] : insn.operandSize === 16 ? cpu.w[insn.rm] : cpu.s[insn.rm];
  return {
    rules: [
      { rule: say`the divisor is not 0`, found: `${hex8(value)}h`, holds: value !== 0 },
      { rule: say`the quotient fits its register`, found: say`it does not`, holds: false },
    ],
    vector: DE,
    errorCode: 0,
    source: say`SDM vol 2, DIV`,
  };
}
