/** The instruction loop: SDM vol 3, 6.9 (priority at an instruction boundary). */
import type { Cpu } from './cpu.ts';
import { execute, SHADOW } from './execute.ts';
import { deliverEvent, deliverFault, EXTERNAL, NMI_EVENT } from './interrupts.ts';
import { ACTIVE, BLOCKED_BY_MOV_SS, BLOCKED_BY_NMI, DB, GP, HALTED, IF, SHUTDOWN } from './registers.ts';
import { ABANDONED, FAULT, FROZEN, INTERCEPTED, NotImplemented } from './signals.ts';
import { at, counterAt, WAITS_FOR_ANY_INTERRUPT, WAITS_WITH_ERROR } from './state.ts';
import { isHeldInterruptDue } from './vme.ts';

const { cycles: CYCLES, steps: STEPS, timer: TIMER } = counterAt;

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
      if (endsWait(cpu)) s[at.activity] = ACTIVE;
    }
    cpu.current = null;
    try {
      if (eventful(cpu) && boundary(cpu)) {
        f[STEPS] += 1;
        continue;
      }
      execute(cpu, until, deadline(cpu));
    } catch (signal) {
      cpu.thrown = signal;
    }
    if (cpu.thrown === null) continue;
    const signal = cpu.thrown;
    cpu.thrown = null;
    if (!recover(cpu, signal)) return 'missing';
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
  isHeldInterruptDue(cpu) ||
  (cpu.s[at.guest] !== 0 && cpu.virt !== null && cpu.virt.attention(cpu));

function wakes(cpu: Cpu): boolean {
  const s = cpu.s;
  if (s[at.guest] !== 0 && cpu.virt !== null && cpu.virt.attention(cpu)) return true;
  if (s[at.activity] !== HALTED) return false;
  if (s[at.pendingDebug] !== 0) return true;
  if (s[at.gif] !== 0 && s[at.nmiPending] !== 0 && (s[at.interruptibility] & BLOCKED_BY_NMI) === 0) return true;
  return (cpu.bus.intr && takesInterrupts(cpu)) || endsWait(cpu);
}

/** An interrupt that MWAIT was told to end its wait for, whether it is taken or not. */
const endsWait = ({ s, bus }: Cpu): boolean =>
  s[at.waiting] === WAITS_FOR_ANY_INTERRUPT && s[at.activity] === HALTED && bus.intr && s[at.gif] !== 0;

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
  const { s, virt } = cpu;
  const heard =
    takesInterrupts(cpu) || (s[at.guest] !== 0 && virt?.interruptsExit?.(cpu) === true) || s[at.waiting] === WAITS_FOR_ANY_INTERRUPT;
  return s[at.gif] === 0 || ((!heard || !cpu.bus.willInterrupt) && cpu.f[TIMER] === Number.POSITIVE_INFINITY);
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
  if (isHeldInterruptDue(cpu)) cpu.raise(GP, 0);
  return false;
}

function debugTrap(cpu: Cpu): void {
  const s = cpu.s;
  cpu.faultVector = DB;
  cpu.faultErrorCode = 0;
  const pending = s[at.pendingDebug];
  cpu.debugCause = pending;
  s[at.pendingDebug] = 0;
  if (!deliverFault(cpu, null)) s[at.pendingDebug] = pending;
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
  } else if (signal === FROZEN) freeze(cpu);
  else if (signal !== ABANDONED) return recoverDelivery(cpu, signal);
  f[CYCLES] += insn?.cost ?? 1;
  f[STEPS] += 1;
  return true;
}

/** The processor stops in front of the instruction until an interrupt comes (SDM vol 1, D.2.2). */
function freeze(cpu: Cpu): void {
  const { s } = cpu;
  s[at.eip] -= cpu.current!.length;
  if (s[at.guest] !== 0 && cpu.virt?.freezes?.(cpu)) return;
  s[at.activity] = HALTED;
  s[at.waiting] = WAITS_WITH_ERROR;
  cpu.events.halted();
}

function recoverDelivery(cpu: Cpu, signal: unknown): boolean {
  if (!(signal instanceof NotImplemented)) throw signal;
  if (cpu.current !== null) cpu.s[at.eip] -= cpu.current.length;
  cpu.ext = 0;
  cpu.vectoring.info = 0;
  cpu.missing = signal;
  return false;
}
