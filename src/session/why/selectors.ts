/** What a selector must be before it is loaded: SDM vol 2, MOV, POP, JMP, CALL, RET and IRET; vol 3, 5.6 to 5.8. */
import { isCallGate } from '../../cpu/call-gates.ts';
import type { Cpu } from '../../cpu/cpu.ts';
import { leadsToTask } from '../../cpu/far.ts';
import { effectiveAddress } from '../../cpu/memory.ts';
import { peekLinear, peekPhysical32 } from '../../cpu/peek.ts';
import { GP, NT, RIGHTS_CODE, RIGHTS_DC, RIGHTS_P, RIGHTS_RW, RIGHTS_S, RIGHTS_UNUSABLE, VM } from '../../cpu/registers.ts';
import { dplOf, isProtected, limitIn, rightsIn } from '../../cpu/segments.ts';
import { stackMask, stackPointer } from '../../cpu/stack.ts';
import { at, BASE, segmentAt } from '../../cpu/state.ts';
import { type Insn, SS } from '../../isa/insn.ts';
import { h, hex8 } from '../../lib/hex.ts';
import { say } from '../../lib/say.ts';
import { rightsText } from '../view/bit-names.ts';
import type { Asked } from './gates.ts';
import { fails, type Rule } from './outcomes.ts';

interface Found {
  /** Within its table, as far as that is known. */
  readonly inside: Rule;
  /** Null where no descriptor can be read. */
  readonly rights: number | null;
  readonly limit: number;
  /** Of a gate, the selector it leads to. */
  readonly leadsTo: number;
}

/** The checks of one selector, in their order, and the error code of a fault that they raise. */
interface Part {
  readonly errorCode: number;
  readonly rules: readonly Rule[];
}

const naming = (selector: number, rules: readonly Rule[]): Part => ({ errorCode: selector & 0xfffc, rules });

/** A doubleword as a debugger sees it; null where there is no page. */
function dword(cpu: Cpu, linear: number): number | null {
  const { physical } = peekLinear(cpu, linear | 0);
  return physical < 0 ? null : peekPhysical32(cpu, physical);
}

function lookUp(cpu: Cpu, selector: number): Found {
  const { s } = cpu;
  const inLdt = (selector & 4) !== 0;
  const table = inLdt ? 'LDT' : 'GDT';
  const missing = inLdt && (s[at.ldtrRights] & RIGHTS_UNUSABLE) !== 0;
  const limit = (inLdt ? s[at.ldtrLimit] : s[at.gdtrLimit]) >>> 0;
  const offset = selector & 0xfff8;
  const inside: Rule = {
    rule: say`selector ${h(selector)} lies within the ${table}`,
    found: missing ? say`there is no LDT` : say`bytes ${h(offset)} to ${h(offset + 7)}, limit ${h(limit)}`,
    holds: !missing && offset + 7 <= limit,
  };
  const address = (inLdt ? s[at.ldtrBase] : s[at.gdtrBase]) + offset;
  const [low, high] = inside.holds ? [dword(cpu, address), dword(cpu, address + 4)] : [null, null];
  if (low === null || high === null) return { inside, rights: null, limit: 0, leadsTo: 0 };
  return { inside, rights: rightsIn(high), limit: limitIn(low, high) >>> 0, leadsTo: low >>> 16 };
}

const notNull = (selector: number): Rule => ({ rule: say`the selector is not null`, found: h(selector), holds: (selector & 0xfffc) !== 0 });
const present = (rights: number): Rule => ({
  rule: say`the segment is present`,
  found: say`P is ${(rights & RIGHTS_P) === 0 ? 0 : 1}`,
  holds: (rights & RIGHTS_P) !== 0,
});
const is = (rights: number, mask: number, value: number, rule: string): Rule => ({
  rule,
  found: rightsText(rights),
  holds: (rights & mask) === value,
});
const isCode = (rights: number): Rule => is(rights, RIGHTS_S | RIGHTS_CODE, RIGHTS_S | RIGHTS_CODE, say`it is a code segment`);

/** SS, for a level of privilege. */
function stackRules(cpu: Cpu, selector: number, level: number): Part {
  const { inside, rights } = lookUp(cpu, selector);
  const first = [notNull(selector), inside];
  if (!first.every(({ holds }) => holds) || rights === null) return naming(selector, first);
  const [rpl, dpl] = [selector & 3, dplOf(rights)];
  return naming(selector, [
    ...first,
    { rule: say`the stack’s RPL is that of the code that uses it`, found: say`RPL ${rpl}, code in ring ${level}`, holds: rpl === level },
    is(rights, RIGHTS_S | RIGHTS_CODE | RIGHTS_RW, RIGHTS_S | RIGHTS_RW, say`it is writable data`),
    { rule: say`its DPL is that of the code, too`, found: say`DPL ${dpl}, code in ring ${level}`, holds: dpl === level },
    present(rights),
  ]);
}

/** DS, ES, FS or GS; nothing is asked of a null selector. */
function dataRules(cpu: Cpu, selector: number): Part | null {
  if (!notNull(selector).holds) return null;
  const { inside, rights } = lookUp(cpu, selector);
  if (rights === null) return naming(selector, [inside]);
  const [rpl, dpl, cpl] = [selector & 3, dplOf(rights), cpu.s[at.cpl]];
  const code = (rights & RIGHTS_CODE) !== 0;
  const free = code && (rights & RIGHTS_DC) !== 0;
  return naming(selector, [
    inside,
    {
      rule: say`it is data, or code that may be read`,
      found: rightsText(rights),
      holds: (rights & RIGHTS_S) !== 0 && (!code || (rights & RIGHTS_RW) !== 0),
    },
    {
      rule: say`neither RPL nor CPL is greater than its DPL`,
      found: `RPL ${rpl}, CPL ${cpl}, DPL ${dpl}`,
      holds: free || (rpl <= dpl && cpl <= dpl),
    },
    present(rights),
  ]);
}

/** CS, by a far JMP or CALL; null where another task is led to, which has checks of its own. */
function transferRules(cpu: Cpu, selector: number, offset: number, isJump: boolean): readonly Part[] | null {
  const { inside, rights, limit, leadsTo } = lookUp(cpu, selector);
  const first = [notNull(selector), inside];
  if (!first.every(({ holds }) => holds) || rights === null) return [naming(selector, first)];
  if (leadsToTask(rights)) return null;
  const [rpl, dpl, cpl] = [selector & 3, dplOf(rights), cpu.s[at.cpl]];
  if (isCallGate(rights)) {
    const gate: Rule = {
      rule: say`neither CPL nor RPL is greater than the call gate’s DPL`,
      found: `CPL ${cpl}, RPL ${rpl}, DPL ${dpl}`,
      holds: cpl <= dpl && rpl <= dpl,
    };
    return [naming(selector, [...first, gate, present(rights)]), ...(gate.holds ? [targetRules(cpu, leadsTo, isJump)] : [])];
  }
  const conforming = (rights & RIGHTS_DC) !== 0;
  const own = naming(selector, [
    ...first,
    isCode(rights),
    conforming
      ? { rule: say`the DPL of conforming code is not greater than CPL`, found: `DPL ${dpl}, CPL ${cpl}`, holds: dpl <= cpl }
      : {
          rule: say`RPL is not greater than CPL, and DPL is CPL`,
          found: `RPL ${rpl}, DPL ${dpl}, CPL ${cpl}`,
          holds: rpl <= cpl && dpl === cpl,
        },
    present(rights),
  ]);
  const reaches = {
    rule: say`the offset lies within the limit`,
    found: say`${hex8(offset)}h, limit ${hex8(limit)}h`,
    holds: offset >>> 0 <= limit,
  };
  return [own, { errorCode: 0, rules: [reaches] }];
}

/** The code that a call gate leads to. */
function targetRules(cpu: Cpu, selector: number, isJump: boolean): Part {
  const { inside, rights } = lookUp(cpu, selector);
  if (rights === null) return naming(selector, [notNull(selector), inside]);
  const [dpl, cpl] = [dplOf(rights), cpu.s[at.cpl]];
  const level =
    isJump && (rights & RIGHTS_DC) === 0
      ? { rule: say`JMP stays in its ring: the DPL of the code is CPL`, found: `DPL ${dpl}, CPL ${cpl}`, holds: dpl === cpl }
      : { rule: say`the DPL of the code is not greater than CPL`, found: `DPL ${dpl}, CPL ${cpl}`, holds: dpl <= cpl };
  return naming(selector, [notNull(selector), inside, isCode(rights), level, present(rights)]);
}

/** CS, and with another ring SS, by RET or IRET. */
function returnRules(cpu: Cpu, selector: number, stack: number): readonly Part[] {
  const { inside, rights } = lookUp(cpu, selector);
  const first = [notNull(selector), inside];
  if (!first.every(({ holds }) => holds) || rights === null) return [naming(selector, first)];
  const [rpl, dpl, cpl] = [selector & 3, dplOf(rights), cpu.s[at.cpl]];
  const conforming = (rights & RIGHTS_DC) !== 0;
  const code = naming(selector, [
    ...first,
    isCode(rights),
    { rule: say`nobody returns inwards: RPL is not less than CPL`, found: `RPL ${rpl}, CPL ${cpl}`, holds: rpl >= cpl },
    conforming
      ? { rule: say`the DPL of conforming code is not greater than RPL`, found: `DPL ${dpl}, RPL ${rpl}`, holds: dpl <= rpl }
      : { rule: say`the DPL of the code is RPL`, found: `DPL ${dpl}, RPL ${rpl}`, holds: dpl === rpl },
    present(rights),
  ]);
  return rpl > cpl ? [code, stackRules(cpu, stack, rpl)] : [code];
}

/** A doubleword of the stack, so many bytes up. */
const onStack = (cpu: Cpu, above: number): number | null => dword(cpu, cpu.s[at.ssBase] + ((stackPointer(cpu) + above) & stackMask(cpu)));

/** What MOV or POP loads. */
function loaded(cpu: Cpu, insn: Insn<Cpu>): number | null {
  if (insn.row.exec === 'popSegment') return onStack(cpu, 0);
  return insn.mem === 0 ? cpu.w[insn.rm] : dword(cpu, cpu.s[segmentAt(insn.seg) + BASE] + effectiveAddress(cpu, insn));
}

/** RET and IRET; null for an IRET to another task or to virtual-8086 mode. */
function partsOfReturn(cpu: Cpu, insn: Insn<Cpu>): readonly Part[] | null {
  const size = insn.operandSize >> 3;
  const isIret = insn.row.exec === 'iret';
  const code = onStack(cpu, size);
  if (code === null) return null;
  if (isIret && (cpu.s[at.eflags] & NT) !== 0) return null;
  if (isIret && size === 4 && cpu.s[at.cpl] === 0 && ((onStack(cpu, 2 * size) ?? 0) & VM) !== 0) return null;
  const stack = onStack(cpu, isIret ? 4 * size : 3 * size + insn.imm) ?? 0;
  return returnRules(cpu, code & 0xffff, stack & 0xffff);
}

/** The checks of the selector that an instruction loads; null for one that loads none, or where it cannot be read. */
export function selectorRules(cpu: Cpu, insn: Insn<Cpu>): Asked | null {
  if (!isProtected(cpu)) return null;
  const { exec } = insn.row;
  const asked = (parts: readonly (Part | null)[] | null, source: string): Asked | null => {
    const known = (parts ?? []).filter((part) => part !== null);
    if (known.length === 0) return null;
    const failing = known.find(({ rules }) => fails(rules));
    return { rules: known.flatMap(({ rules }) => rules), vector: GP, errorCode: failing?.errorCode ?? 0, source };
  };
  if (exec === 'movToSegment' || exec === 'popSegment') {
    const value = loaded(cpu, insn);
    if (value === null) return null;
    const selector = value & 0xffff;
    const part = insn.reg === SS ? stackRules(cpu, selector, cpu.s[at.cpl]) : dataRules(cpu, selector);
    return asked([part], say`SDM vol 2, MOV and POP; vol 3, 5.6 and 5.7`);
  }
  if ((exec === 'jmpFar' || exec === 'callFar') && insn.mem === 0)
    return asked(transferRules(cpu, insn.imm2 & 0xffff, insn.imm, exec === 'jmpFar'), say`SDM vol 3, 5.8`);
  if (exec === 'iret' || exec === 'retFar') return asked(partsOfReturn(cpu, insn), say`SDM vol 2, RET and IRET; vol 3, 5.8.6`);
  return null;
}
