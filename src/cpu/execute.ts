/**
 * Instructions between two boundaries at which nothing can be due: block after block without a hook, and with counters that are exact only
 * where somebody may look.
 */
import { decode, MAX_LENGTH } from '../isa/decode.ts';
import { Insn } from '../isa/insn.ts';
import { type BlockTable, bind } from './blocks.ts';
import { checkExecution, DR6_BS, pendMet, watches } from './breakpoints.ts';
import type { Cpu } from './cpu.ts';
import { AT_ONCE } from './exec/at-once.ts';
import { mark } from './marks.ts';
import { DEBUGCTL_BTF } from './msrs.ts';
import { translateFetch } from './paging.ts';
import { readPhysical8 } from './physical.ts';
import { BLOCKED_BY_MOV_SS, BLOCKED_BY_STI, GP, RF, RIGHTS_DB, TF } from './registers.ts';
import { EXACTLY, GO_ON, runBlock } from './run-block.ts';
import { MUST_END } from './signals.ts';
import { at, counterAt, TRAP_FLAG_ARMED, TRAP_FLAG_DUE } from './state.ts';

const { cycles: CYCLES, steps: STEPS } = counterAt;

export const SHADOW = BLOCKED_BY_STI | BLOCKED_BY_MOV_SS;

const PAGE = 0xfffff000 | 0;
const NO_LIMIT = 0xffffffff;
const NONE: readonly Insn<Cpu>[] = [];

/**
 * Runs at least one instruction from CS:EIP on, and then as many as follow without anything between them that could be due.
 *
 * @param until step count not to pass
 * @param horizon the cycle at which something happens by itself
 */
export function execute(cpu: Cpu, until: number, horizon: number): void {
  const { s } = cpu;
  cpu.stepping = (s[at.eflags] & TF) !== 0;
  cpu.attention = 0;
  if (watches(s)) executeWatched(cpu);
  else if (cpu.stepping || (s[at.interruptibility] & SHADOW) !== 0 || s[at.trapExits] !== 0) executeOne(cpu);
  else if ((s[at.eflags] & RF) !== 0) repeat(cpu, executeOne(cpu), until, horizon);
  else executePages(cpu, until, horizon);
}

/** One instruction under breakpoints. */
function executeWatched(cpu: Cpu): void {
  const { s } = cpu;
  if ((s[at.interruptibility] & BLOCKED_BY_MOV_SS) === 0) checkExecution(cpu, (s[at.csBase] + s[at.eip]) | 0);
  executeOne(cpu);
}

function executePages(cpu: Cpu, until: number, horizon: number): void {
  const { s } = cpu;
  for (;;) {
    if (s[at.eip] >>> 0 > s[at.csLimit] >>> 0) cpu.raise(GP, 0);
    const linear = (s[at.csBase] + s[at.eip]) | 0;
    const physical = translateFetch(cpu, linear);
    if (!cpu.translation.isRam(physical)) break;
    cpu.attention = 0;
    cpu.exact = false;
    const leaves = executePage(cpu, cpu.blocks.table(cpu, physical), linear & PAGE, physical & PAGE, until, horizon);
    cpu.exact = true;
    if (!leaves) return;
  }
  executeOne(cpu);
}

/** Runs block after block of one page. True when the next one lies in another page and nothing else is to be looked at first. */
function executePage(cpu: Cpu, table: BlockTable, page: number, physicalPage: number, until: number, horizon: number): boolean {
  const { s, f } = cpu;
  const base = s[at.csBase];
  const limit = s[at.csLimit] >>> 0;
  for (;;) {
    const eip = s[at.eip];
    const linear = (base + eip) | 0;
    if ((linear & PAGE) !== page) return f[STEPS] < until;
    const block = table[linear & 0xfff] ?? cpu.blocks.build(cpu, physicalPage | (linear & 0xfff));
    const { length } = block.insns;
    if (
      length === 0 ||
      f[STEPS] + length > until ||
      f[CYCLES] + block.cost >= horizon ||
      (limit !== NO_LIMIT && (eip >>> 0) + block.bytes - 1 > limit)
    ) {
      if (f[STEPS] < until) executeOne(cpu);
      return false;
    }
    const outcome = runBlock(cpu, block, eip, horizon);
    if (outcome === GO_ON) continue;
    if (outcome === EXACTLY) executeLast(cpu, cpu.current!, eip, until, horizon);
    return false;
  }
}

/** An instruction of a block that needs exact counters. */
function executeLast(cpu: Cpu, insn: Insn<Cpu>, eip: number, until: number, horizon: number): void {
  executeExactly(cpu, insn, eip);
  if (cpu.nextShadow !== 0) settle(cpu, eip);
  else if (insn.rep !== 0) repeat(cpu, insn, until, horizon);
}

/**
 * The iterations of a REP behind its first, as long as nothing between them can be due. Each is a step, and takes its cycles. RF is 1 while the
 * instruction is to go on, and 0 during an iteration.
 */
function repeat(cpu: Cpu, insn: Insn<Cpu>, until: number, horizon: number): void {
  const { s, f } = cpu;
  if (insn.rep === 0 || insn.row.cost === 'io') return;
  const eip = s[at.eip] + insn.length - insn.behind;
  const atOnce = AT_ONCE[insn.key];
  while ((s[at.eflags] & RF) !== 0 && (cpu.attention & MUST_END) === 0 && f[STEPS] < until && f[CYCLES] < horizon) {
    const most = Math.min(until - f[STEPS], Math.ceil((horizon - f[CYCLES]) / insn.cost));
    const done = atOnce === undefined ? 0 : atOnce(cpu, insn, most);
    f[CYCLES] += done * insn.cost;
    f[STEPS] += done;
    if (done > 0) continue;
    s[at.eflags] &= ~RF;
    executeExactly(cpu, insn, eip);
  }
}

/** One instruction of a block that began at `eip`. */
function executeExactly(cpu: Cpu, insn: Insn<Cpu>, eip: number): void {
  const { s, f } = cpu;
  cpu.exact = true;
  cpu.current = insn;
  s[at.eip] = eip + insn.behind;
  insn.exec(cpu, insn);
  f[CYCLES] += insn.cost;
  f[STEPS] += 1;
}

/** One instruction, and what it leaves to the boundary behind it. */
function executeOne(cpu: Cpu): Insn<Cpu> {
  const { s } = cpu;
  const eip = s[at.eip];
  cpu.exact = true;
  if (eip >>> 0 > s[at.csLimit] >>> 0) cpu.raise(GP, 0);
  const physical = translateFetch(cpu, (s[at.csBase] + eip) | 0);
  s[at.eflags] &= ~RF;
  const insns = cpu.translation.isRam(physical) ? cpu.blocks.at(cpu, physical).insns : NONE;
  let insn: Insn<Cpu>;
  if (insns.length > 0 && (s[at.csLimit] === -1 || (eip >>> 0) + insns[0].behind - 1 <= s[at.csLimit] >>> 0)) {
    insn = insns[0];
    executeExactly(cpu, insn, eip);
  } else insn = executeApart(cpu);
  settle(cpu, eip);
  return insn;
}

/**
 * What the instruction at `eip` leaves to the boundary behind it: its shadow, the end of an older one, breakpoints that it met, a single-step trap.
 * That of a MOV SS is lost.
 */
function settle(cpu: Cpu, eip: number): void {
  const s = cpu.s;
  const suppressed = cpu.nextShadow === BLOCKED_BY_MOV_SS;
  s[at.interruptibility] = (s[at.interruptibility] & ~SHADOW) | cpu.nextShadow;
  cpu.nextShadow = 0;
  if (cpu.met !== 0) pendMet(cpu);
  if (cpu.stepping && !suppressed && ((s[at.debugctl] & DEBUGCTL_BTF) === 0 || branched(cpu, eip))) s[at.pendingDebug] |= DR6_BS;
  if ((s[at.trapExits] & TRAP_FLAG_ARMED) !== 0) s[at.trapExits] |= TRAP_FLAG_DUE;
}

/** Whether the instruction at `eip` led elsewhere than to the next one, or to its own next iteration. */
function branched({ current: insn, s }: Cpu, eip: number): boolean {
  return insn !== null && insn.rep === 0 && s[at.eip] !== ((eip + insn.length) | 0);
}

const fetched = new Uint8Array(MAX_LENGTH);

/** One instruction that lies across two pages, ends at the segment limit, or outside RAM: fetched byte by byte, with a fault where it arises. */
function executeApart(cpu: Cpu): Insn<Cpu> {
  const { s } = cpu;
  const eip = s[at.eip];
  const is32 = (s[at.csRights] & RIGHTS_DB) !== 0;
  let start = 0;
  for (let length = 0; ; length++) {
    if ((eip >>> 0) + length > s[at.csLimit] >>> 0) cpu.raise(GP, 0);
    const physical = translateFetch(cpu, (s[at.csBase] + eip + length) | 0);
    if (length === 0) start = physical;
    fetched[length] = readPhysical8(cpu, physical);
    const insn = new Insn<Cpu>();
    if (!decode(insn, fetched, 0, length + 1, is32)) continue;
    bind(cpu, insn);
    insn.behind = insn.length;
    if (cpu.marks?.has(start) === true) mark(insn);
    executeExactly(cpu, insn, eip);
    return insn;
  }
}
