/** The instruction loop: SDM vol 3, 6.9 (priority at an instruction boundary). */
import { decode, MAX_LENGTH } from '../isa/decode.ts';
import { Insn } from '../isa/insn.ts';
import { type Block, bind } from './blocks.ts';
import { checkExecution, DR6_BS, pendMet, watches } from './breakpoints.ts';
import type { Cpu } from './cpu.ts';
import { deliverEvent, deliverFault, EXTERNAL, NMI_EVENT } from './interrupts.ts';
import { DEBUGCTL_BTF } from './msrs.ts';
import { translateFetch } from './paging.ts';
import { readPhysical8 } from './physical.ts';
import { ACTIVE, BLOCKED_BY_MOV_SS, BLOCKED_BY_NMI, BLOCKED_BY_STI, DB, GP, HALTED, IF, RF, RIGHTS_DB, SHUTDOWN, TF } from './registers.ts';
import { ABANDONED, FAULT, INEXACT, INTERCEPTED, NotImplemented } from './signals.ts';
import { at, counterAt, TRAP_FLAG_ARMED, TRAP_FLAG_DUE } from './state.ts';

const { cycles: CYCLES, steps: STEPS, timer: TIMER } = counterAt;

const SHADOW = BLOCKED_BY_STI | BLOCKED_BY_MOV_SS;

/** Why the loop came back: the step limit, a processor that waits for an event that no device will send, shutdown, or missing hardware. */
export type Stop = 'limit' | 'asleep' | 'shutdown' | 'missing' | 'asked';

/**
 * Runs until the step count is `until`, or the processor can do nothing more.
 *
 * @param until step count at which to stop, in steps since power-on
 */
export function run(cpu: Cpu, until: number): Stop {
  const { s, f, bus } = cpu;
  while (f[STEPS] < until) {
    if (f[CYCLES] >= bus.deadline) bus.advance();
    if (bus.stopped) return 'asked';
    if (s[at.activity] !== ACTIVE) {
      if (s[at.activity] === SHUTDOWN && s[at.guest] === 0) return 'shutdown';
      if (!wakes(cpu)) {
        if (!sleep(cpu)) return 'asleep';
        continue;
      }
    }
    cpu.current = null;
    try {
      if (eventful(cpu) && boundary(cpu)) {
        f[STEPS] += 1;
        continue;
      }
      execute(cpu, until - f[STEPS]);
    } catch (signal) {
      if (!recover(cpu, signal)) return 'missing';
    }
  }
  return 'limit';
}

/** Why the next call of `run` would come back at once; null when it would get on, or has yet to let a device act. */
export function standstill(cpu: Cpu): Stop | null {
  const { s, bus } = cpu;
  if (bus.stopped) return 'asked';
  if (s[at.activity] === ACTIVE || cpu.f[CYCLES] >= bus.deadline) return null;
  if (s[at.activity] === SHUTDOWN && s[at.guest] === 0) return 'shutdown';
  return wakes(cpu) || !sleepsInVain(cpu) ? null : 'asleep';
}

/** Whether `boundary` has anything to look at. */
const eventful = (cpu: Cpu): boolean =>
  cpu.bus.intr ||
  cpu.s[at.pendingDebug] !== 0 ||
  cpu.s[at.nmiPending] !== 0 ||
  (cpu.s[at.guest] !== 0 && cpu.virt !== null && cpu.virt.attention(cpu));

function wakes(cpu: Cpu): boolean {
  const s = cpu.s;
  if (s[at.guest] !== 0 && cpu.virt !== null && cpu.virt.attention(cpu)) return true;
  if (s[at.activity] !== HALTED) return false;
  if (s[at.pendingDebug] !== 0) return true;
  if (s[at.gif] !== 0 && s[at.nmiPending] !== 0 && (s[at.interruptibility] & BLOCKED_BY_NMI) === 0) return true;
  return cpu.bus.intr && takesInterrupts(cpu);
}

/** Whether an external interrupt is taken where nothing shadows it. */
function takesInterrupts(cpu: Cpu): boolean {
  const s = cpu.s;
  if (s[at.gif] === 0) return false;
  if (s[at.guest] !== 0 && cpu.virt?.takesInterrupts !== undefined) return cpu.virt.takesInterrupts(cpu);
  return (s[at.eflags] & IF) !== 0;
}

/** A halt slept through to the next event is one step. False when nothing can end it. */
function sleep(cpu: Cpu): boolean {
  if (sleepsInVain(cpu)) return false;
  const next = deadline(cpu);
  if (next > cpu.f[CYCLES]) cpu.f[CYCLES] = next;
  cpu.f[STEPS] += 1;
  return true;
}

function sleepsInVain(cpu: Cpu): boolean {
  const deaf = cpu.s[at.gif] === 0 || (cpu.s[at.guest] === 0 && (cpu.s[at.eflags] & IF) === 0);
  return deaf || (!cpu.bus.willInterrupt && cpu.f[TIMER] === Number.POSITIVE_INFINITY);
}

/** The cycle at which something happens by itself: a device acts, or the preemption timer of a guest expires. */
const deadline = (cpu: Cpu): number => Math.min(cpu.bus.deadline, cpu.f[TIMER]);

/** Events between two instructions, the most urgent first. True when one was taken. */
function boundary(cpu: Cpu): boolean {
  const s = cpu.s;
  const shadow = s[at.interruptibility] & SHADOW;
  const { intr } = cpu.bus;
  if (s[at.guest] !== 0 && cpu.virt !== null && (intr || s[at.nmiPending] !== 0 || cpu.virt.attention(cpu)) && cpu.virt.boundary(cpu, intr))
    return true;
  if (s[at.pendingDebug] !== 0 && (shadow & BLOCKED_BY_MOV_SS) === 0) {
    debugTrap(cpu);
    return true;
  }
  if (s[at.gif] !== 0 && s[at.nmiPending] !== 0 && shadow === 0 && (s[at.interruptibility] & BLOCKED_BY_NMI) === 0) {
    s[at.nmiPending] = 0;
    deliverEvent(cpu, 2, NMI_EVENT, 0, s[at.eip]);
    return true;
  }
  if (intr && shadow === 0 && takesInterrupts(cpu)) {
    deliverEvent(cpu, cpu.bus.acknowledge(), EXTERNAL, 0, s[at.eip]);
    return true;
  }
  return false;
}

function debugTrap(cpu: Cpu): void {
  const s = cpu.s;
  cpu.faultVector = DB;
  cpu.faultErrorCode = 0;
  cpu.debugCause = s[at.pendingDebug];
  s[at.pendingDebug] = 0;
  deliverFault(cpu, null);
}

/** Runs at most `budget` instructions of the block at CS:EIP. */
function execute(cpu: Cpu, budget: number): void {
  const { s, f } = cpu;
  const shadow = s[at.interruptibility] & SHADOW;
  cpu.stepping = (s[at.eflags] & TF) !== 0;
  const watched = watches(s);
  const single = watched || shadow !== 0 || (s[at.eflags] & (TF | RF)) !== 0 || s[at.trapExits] !== 0;
  const eip = s[at.eip];
  if (watched && (shadow & BLOCKED_BY_MOV_SS) === 0) checkExecution(cpu, (s[at.csBase] + eip) | 0);
  if (eip >>> 0 > s[at.csLimit] >>> 0) cpu.raise(GP, 0);
  const physical = translateFetch(cpu, (s[at.csBase] + eip) | 0);
  if (single) s[at.eflags] &= ~RF;
  if (cpu.translation.isRam(physical)) {
    const block = cpu.blocks.at(cpu, physical);
    const { length } = block.insns;
    const count = single || f[CYCLES] + block.cost >= deadline(cpu) ? 1 : Math.min(budget, length);
    if (length > 0 && (s[at.csLimit] === -1 || (eip >>> 0) + block.insns[count - 1].behind - 1 <= s[at.csLimit] >>> 0)) {
      executeBlock(cpu, block, eip, count);
      if (single || cpu.nextShadow !== 0) settle(cpu, eip);
      return;
    }
  }
  executeApart(cpu);
  settle(cpu, eip);
}

/**
 * Runs the first `count` instructions of a block. The plain ones run with EIP and the counters as they were at its start; these are made exact
 * behind them, whether they end well or in a fault.
 */
function executeBlock(cpu: Cpu, block: Block, eip: number, count: number): void {
  const { s } = cpu;
  const { insns } = block;
  const plain = Math.min(count, block.plain);
  let done = 0;
  cpu.attention = 0;
  cpu.exact = false;
  try {
    while (done < plain) {
      const insn = insns[done];
      insn.exec(cpu, insn);
      done++;
      if (cpu.attention !== 0) break;
    }
  } catch (signal) {
    cpu.exact = true;
    advanceTo(cpu, insns, eip, done);
    if (signal !== INEXACT) {
      cpu.current = insns[done];
      s[at.eip] = eip + insns[done].behind;
      throw signal;
    }
    executeExactly(cpu, insns[done], eip);
    return;
  }
  cpu.exact = true;
  advanceTo(cpu, insns, eip, done);
  if (done < plain || done === count || (cpu.attention !== 0 && done > 0)) return;
  executeExactly(cpu, insns[done], eip);
}

/** One instruction of a block that began at `eip`, all before it being done and counted. */
function executeExactly(cpu: Cpu, insn: Insn<Cpu>, eip: number): void {
  const { s, f } = cpu;
  cpu.current = insn;
  s[at.eip] = eip + insn.behind;
  insn.exec(cpu, insn);
  f[CYCLES] += insn.cost;
  f[STEPS] += 1;
}

function advanceTo(cpu: Cpu, insns: readonly Insn<Cpu>[], eip: number, done: number): void {
  if (done === 0) return;
  cpu.s[at.eip] = eip + insns[done - 1].behind;
  cpu.f[CYCLES] += insns[done - 1].spent;
  cpu.f[STEPS] += done;
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
function executeApart(cpu: Cpu): void {
  const { s, f } = cpu;
  const eip = s[at.eip];
  const is32 = (s[at.csRights] & RIGHTS_DB) !== 0;
  for (let length = 0; length < MAX_LENGTH; length++) {
    if ((eip >>> 0) + length > s[at.csLimit] >>> 0) cpu.raise(GP, 0);
    fetched[length] = readPhysical8(cpu, translateFetch(cpu, (s[at.csBase] + eip + length) | 0));
    const insn = new Insn<Cpu>();
    if (!decode(insn, fetched, 0, length + 1, is32)) continue;
    bind(cpu, insn);
    cpu.current = insn;
    s[at.eip] += insn.length;
    insn.exec(cpu, insn);
    f[CYCLES] += insn.cost;
    f[STEPS] += 1;
    return;
  }
}

/** What happens in an instruction's place: one step. False when the simulator has no such thing. */
function recover(cpu: Cpu, signal: unknown): boolean {
  const { s, f } = cpu;
  const insn = cpu.current;
  cpu.nextShadow = 0;
  cpu.met = 0;
  if (signal === FAULT || signal === INTERCEPTED) {
    if (insn !== null) s[at.eip] -= insn.length;
    try {
      if (signal === INTERCEPTED) cpu.virt?.intercepted?.(cpu);
      cpu.current = null;
      if (signal === FAULT) deliverFault(cpu, null);
    } catch (second) {
      if (second === INTERCEPTED) cpu.virt?.intercepted?.(cpu);
      else if (second !== ABANDONED) return recoverDelivery(cpu, second);
    }
  } else if (signal !== ABANDONED) return recoverDelivery(cpu, signal);
  f[CYCLES] += insn?.cost ?? 1;
  f[STEPS] += 1;
  return true;
}

function recoverDelivery(cpu: Cpu, signal: unknown): boolean {
  if (!(signal instanceof NotImplemented)) throw signal;
  if (cpu.current !== null) cpu.s[at.eip] -= cpu.current.length;
  cpu.ext = 0;
  cpu.vectoring.info = 0;
  cpu.missing = signal;
  return false;
}
