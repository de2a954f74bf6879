/** What an instruction asks for before it does anything: the checks of its row of the table. */

import type { Cpu } from '../../cpu/cpu.ts';
import { peekLinear, peekPhysical32 } from '../../cpu/peek.ts';
import { CR4_PCE, CR4_TSD, GP, IOPL, IOPL_SHIFT, RIGHTS_UNUSABLE, UD } from '../../cpu/registers.ts';
import { isProtected, isVm86 } from '../../cpu/segments.ts';
import { at } from '../../cpu/state.ts';
import type { Insn } from '../../isa/insn.ts';
import type { Gate } from '../../isa/row.ts';
import { h } from '../../lib/hex.ts';
import { say } from '../../lib/say.ts';
import { fails, type Rule } from './outcomes.ts';

export interface Asked {
  readonly rules: readonly Rule[];
  readonly vector: number;
  /** Of the fault that the first of them raises that does not hold; EXT is left out. */
  readonly errorCode: number;
  readonly source: string;
}

const IO_MAP_BASE = 0x66;

const iopl = ({ s }: Cpu): number => (s[at.eflags] & IOPL) >> IOPL_SHIFT;

const cplIs0 = ({ s }: Cpu): Rule => ({ rule: say`CPL is 0`, found: `CPL ${s[at.cpl]}`, holds: s[at.cpl] === 0 });

function ioplRule(cpu: Cpu): Rule {
  if (isVm86(cpu)) return { rule: say`virtual-8086 mode: IOPL is 3`, found: `IOPL ${iopl(cpu)}`, holds: iopl(cpu) === 3 };
  const cpl = cpu.s[at.cpl];
  return { rule: say`CPL is not greater than IOPL`, found: `CPL ${cpl}, IOPL ${iopl(cpu)}`, holds: !isProtected(cpu) || cpl <= iopl(cpu) };
}

/** Two bytes of a system structure, as a debugger sees them; -1 where there is no page. */
function word(cpu: Cpu, linear: number): number {
  const { physical } = peekLinear(cpu, linear);
  return physical < 0 ? -1 : peekPhysical32(cpu, physical) & 0xffff;
}

/** The bits of the I/O permission bitmap, SDM vol 1, 18.5.2. */
function bitmapRules(cpu: Cpu, port: number, size: number): readonly Rule[] {
  const { s } = cpu;
  const limit = s[at.trLimit] >>> 0;
  const is32 = (s[at.trRights] & 0xf) === 0xb && (s[at.trRights] & RIGHTS_UNUSABLE) === 0;
  const rules: Rule[] = [
    { rule: say`TR holds a 32-bit TSS`, found: is32 ? say`it does` : say`it does not`, holds: is32 },
    { rule: say`the TSS has an I/O map base`, found: say`limit ${h(limit)}`, holds: IO_MAP_BASE + 1 <= limit },
  ];
  if (!is32 || IO_MAP_BASE + 1 > limit) return rules;
  const base = word(cpu, (s[at.trBase] + IO_MAP_BASE) | 0);
  const offset = base + (port >> 3);
  rules.push({
    rule: say`the bitmap reaches to port ${h(port)}`,
    found: say`byte ${h(offset + 1)}, limit ${h(limit)}`,
    holds: offset + 1 <= limit,
  });
  if (offset + 1 > limit) return rules;
  const bits = word(cpu, (s[at.trBase] + offset) | 0) >> (port & 7);
  for (let k = 0; k < size; k++)
    rules.push({ rule: say`the bit of port ${h(port + k)} is 0`, found: `${(bits >> k) & 1}`, holds: ((bits >> k) & 1) === 0 });
  return rules;
}

function portOf({ s }: Cpu, insn: Insn<Cpu>): number {
  return insn.row.operands.includes('Ib') ? insn.imm & 0xff : s[at.edx] & 0xffff;
}

/** Bytes of an operand: a byte, or as wide as the operand. */
export function operandBytes({ row, operandSize }: Insn<Cpu>): number {
  return row.size === 'b' ? 1 : operandSize >> 3;
}

const mode = (rule: string, holds: boolean): Rule => ({ rule, found: holds ? say`it is` : say`it is not`, holds });

/** The rules behind one gate; #UD or #GP follows where one does not hold. Null where they cannot be told. */
export function gateRule(gate: Gate, cpu: Cpu, insn: Insn<Cpu>): Asked | null {
  const { s } = cpu;
  switch (gate) {
    case 'CPL0':
      return { rules: [cplIs0(cpu)], vector: GP, errorCode: 0, source: say`SDM vol 3, 5.9` };
    case 'IOPL':
      return { rules: [ioplRule(cpu)], vector: GP, errorCode: 0, source: say`SDM vol 1, 18.5.1` };
    case 'IO': {
      const first = ioplRule(cpu);
      const inMap = isVm86(cpu) || !first.holds;
      const rules = inMap ? bitmapRules(cpu, portOf(cpu, insn), operandBytes(insn)) : [];
      const asked = isVm86(cpu) ? rules : [{ ...first, suffices: true as const }, ...rules];
      return { rules: asked, vector: GP, errorCode: 0, source: say`SDM vol 1, 18.5` };
    }
    case 'TSD':
    case 'PCE': {
      const holds = gate === 'TSD' ? (s[at.cr4] & CR4_TSD) === 0 : (s[at.cr4] & CR4_PCE) !== 0;
      const rule = gate === 'TSD' ? say`CR4.TSD is 0` : say`CR4.PCE is 1`;
      return { rules: [{ ...mode(rule, holds), suffices: true }, cplIs0(cpu)], vector: GP, errorCode: 0, source: say`SDM vol 3, 2.5` };
    }
    case 'PE':
      return { rules: [mode(say`protected mode, not virtual-8086`, isProtected(cpu))], vector: UD, errorCode: 0, source: say`SDM vol 2` };
    default:
      return null;
  }
}

/** The checks of an instruction's gates, in their order; null where its row has none that can be told. */
export function gateRules(cpu: Cpu, insn: Insn<Cpu>): Asked | null {
  const asked = (insn.row.gate ?? []).map((gate) => gateRule(gate, cpu, insn));
  if (asked.length === 0 || asked.some((one) => one === null)) return null;
  const all = asked as readonly Asked[];
  const refusing = all.find(({ rules }) => fails(rules)) ?? all[0];
  return { ...refusing, rules: all.flatMap(({ rules }) => rules) };
}
