/** Gates of the IDT: that which INT n names, and that of an exception; SDM vol 3, 6.12.1. */

import type { Cpu } from '../../cpu/cpu.ts';
import { peekLinear, peekPhysical32 } from '../../cpu/peek.ts';
import { GP } from '../../cpu/registers.ts';
import { isProtected } from '../../cpu/segments.ts';
import { at } from '../../cpu/state.ts';
import type { Insn } from '../../isa/insn.ts';
import { h, hex8 } from '../../lib/hex.ts';
import { say, told, worded } from '../../lib/say.ts';
import type { Asked } from './gates.ts';
import type { Rule } from './outcomes.ts';

/* A gate's second doubleword: offset 31:16, P 15, DPL 14:13, type 12:8. */
const PRESENT = 1 << 15;
const TYPES: ReadonlyMap<number, string> = new Map([
  [0x5, worded('a task gate')],
  [0x6, worded('a 16-bit interrupt gate')],
  [0x7, worded('a 16-bit trap gate')],
  [0xe, worded('an interrupt gate')],
  [0xf, worded('a trap gate')],
]);

function vectorOf({ row, imm }: Insn<Cpu>): number {
  return row.mnemonic === 'INT' ? imm & 0xff : row.mnemonic === 'INT3' ? 3 : row.mnemonic === 'INTO' ? 4 : -1;
}

/** The checks of the gate that a software interrupt names; null for another instruction, or where the IDT cannot be read. */
export function gateOfIdtRules(cpu: Cpu, insn: Insn<Cpu>): Asked | null {
  const vector = vectorOf(insn);
  return vector < 0 || !isProtected(cpu) ? null : rulesOf(cpu, vector, true);
}

/* Error code with an index: EXT 0 (the event was an external one), IDT 1 (the index is one of the IDT), TI 2, index 15:3 (SDM vol 3, 6.13). */
export const EXT = 1 << 0;
const OF_IDT = 1 << 1;

/** The checks of the gate through which an exception could not be delivered, by the error code that came of it; null for another fault. */
export const undeliverable = (cpu: Cpu, errorCode: number): Asked | null =>
  (errorCode & OF_IDT) === 0 || !isProtected(cpu) ? null : rulesOf(cpu, errorCode >>> 3, false);

/** @param asksDpl it does where a program asks for the interrupt */
function rulesOf(cpu: Cpu, vector: number, asksDpl: boolean): Asked | null {
  const { s } = cpu;
  const limit = s[at.idtrLimit] >>> 0;
  const inside: Rule = {
    rule: say`gate ${h(vector)} lies within the IDT`,
    found: say`bytes ${h(vector * 8)} to ${h(vector * 8 + 7)}, limit ${h(limit)}`,
    holds: vector * 8 + 7 <= limit,
  };
  const asked = (rules: readonly Rule[]): Asked => ({
    rules,
    vector: GP,
    errorCode: (vector << 3) | OF_IDT,
    source: say`SDM vol 3, 6.12.1`,
  });
  if (!inside.holds) return asked([inside]);
  const { physical } = peekLinear(cpu, (s[at.idtrBase] + vector * 8 + 4) | 0);
  if (physical < 0) return null;
  const high = peekPhysical32(cpu, physical);
  const type = (high >>> 8) & 0x1f;
  const dpl = (high >>> 13) & 3;
  return asked([
    inside,
    { rule: say`it is a gate`, found: told(TYPES.get(type) ?? '') || say`type ${h(type)}`, holds: TYPES.has(type) },
    ...(asksDpl
      ? [{ rule: say`CPL is not greater than the gate’s DPL`, found: `CPL ${s[at.cpl]}, DPL ${dpl}`, holds: s[at.cpl] <= dpl }]
      : []),
    { rule: say`the gate is present`, found: `${hex8(high)}h`, holds: (high & PRESENT) !== 0 },
  ]);
}
