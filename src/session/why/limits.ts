/** Whether a segment has room for an access: SDM vol 3, 5.3. */
import type { Cpu } from '../../cpu/cpu.ts';
import { effectiveAddress, withinLimit } from '../../cpu/memory.ts';
import { GP, RIGHTS_UNUSABLE, SSV } from '../../cpu/registers.ts';
import { stackMask } from '../../cpu/stack.ts';
import { at, LIMIT, RIGHTS, segmentAt } from '../../cpu/state.ts';
import { ES, type Insn, SS } from '../../isa/insn.ts';
import { SEGMENT_REGISTERS } from '../../isa/registers.ts';
import { hex8 } from '../../lib/hex.ts';
import { say } from '../../lib/say.ts';
import { rightsText } from '../view/bit-names.ts';
import { type Asked, operandBytes } from './gates.ts';
import type { Rule } from './outcomes.ts';

const PUSHES = /^(PUSH|CALL)/;
const STRINGS = /^(STOS|INS)/;

interface Access {
  readonly segment: number;
  readonly offset: number;
  readonly size: number;
}

/** Where an instruction reads or writes memory, by its operand or on the stack. */
function accessOf(cpu: Cpu, insn: Insn<Cpu>): Access | null {
  const size = operandBytes(insn);
  const { mnemonic } = insn.row;
  if (insn.mem !== 0) return { segment: insn.seg, offset: effectiveAddress(cpu, insn) >>> 0, size };
  if (PUSHES.test(mnemonic)) return { segment: SS, offset: ((cpu.s[at.esp] - size) & stackMask(cpu)) >>> 0, size };
  if (STRINGS.test(mnemonic)) return { segment: ES, offset: cpu.s[at.edi] >>> 0, size };
  return null;
}

/** The checks of the segment that an access goes through; null where the instruction makes none that can be told. */
export function limitRules(cpu: Cpu, insn: Insn<Cpu>): Asked | null {
  const access = accessOf(cpu, insn);
  if (access === null) return null;
  const { segment, offset, size } = access;
  const place = segmentAt(segment);
  const [limit, rights] = [cpu.s[place + LIMIT], cpu.s[place + RIGHTS]];
  const name = SEGMENT_REGISTERS[segment]!.toUpperCase();
  const usable: Rule = {
    rule: say`${name} holds a segment`,
    found: rightsText(rights),
    holds: (rights & RIGHTS_UNUSABLE) === 0,
  };
  const inside: Rule = {
    rule: say`the access lies within the limit of ${name}`,
    found: say`bytes ${hex8(offset)}h to ${hex8(offset + size - 1)}h, limit ${hex8(limit)}h`,
    holds: withinLimit(offset, size, limit, rights),
  };
  return {
    rules: usable.holds ? [usable, inside] : [usable],
    vector: segment === SS ? SSV : GP,
    errorCode: 0,
    source: say`SDM vol 3, 5.3`,
  };
}
