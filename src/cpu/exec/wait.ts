/** HLT, and MONITOR with MWAIT: SDM vol 2; vol 3, 8.10. */
import type { Cpu } from '../cpu.ts';
import { loadAddress, probeRead } from '../memory.ts';
import { GP, HALTED, UD } from '../registers.ts';
import { at, WAITS, WAITS_FOR_ANY_INTERRUPT } from '../state.ts';
import type { Handlers, Instruction } from './operands.ts';
import { requireCpl0 } from './require.ts';

export function hlt(cpu: Cpu): void {
  requireCpl0(cpu);
  cpu.s[at.activity] = HALTED;
  cpu.s[at.waiting] = 0;
  cpu.events.halted();
}

/* IA32_MISC_ENABLE: MONITOR and MWAIT exist 18. */
const MONITOR_ENABLED = 1 << 18;

/** Whether MONITOR and MWAIT exist: on Intel's processors a system may switch them off. */
export const hasMonitor = ({ profile, s }: Cpu): boolean =>
  profile.features.has('monitor') && (profile.vendor === 'amd' || (s[at.miscEnable] & MONITOR_ENABLED) !== 0);

/** #UD where they do not exist, and outside CPL 0. */
export function requireMonitor(cpu: Cpu): void {
  if (!hasMonitor(cpu) || cpu.s[at.cpl] !== 0) cpu.raise(UD);
}

/** Bytes that one MONITOR watches, as CPUID leaf 5 says. */
const LINE = 64;

/** Where EAX points to, physically; it must be readable, and no extension be asked for in ECX. */
export function checkMonitor(cpu: Cpu, i: Instruction): number {
  if (cpu.s[at.ecx] !== 0) cpu.raise(GP, 0);
  return probeRead(cpu, loadAddress(cpu, i.seg, cpu.s[at.eax] & i.mask, 1));
}

/** A store to the line that EAX points into ends the watch, by whichever linear address it comes. Lines outside RAM cannot be watched. */
export function monitor(cpu: Cpu, i: Instruction): void {
  requireMonitor(cpu);
  const physical = checkMonitor(cpu, i);
  cpu.s[at.monitored] = cpu.translation.isRam(physical) ? (physical & -LINE) | 1 : 0;
  cpu.translation.dropWrites();
}

/* ECX of MWAIT: interrupts end the wait even if IF is 0, 0. */
const MASKED_TOO = 1 << 0;

export function checkMwait(cpu: Cpu): void {
  if ((cpu.s[at.ecx] & ~MASKED_TOO) !== 0) cpu.raise(GP, 0);
}

/** Nothing but this processor stores into memory: once it waits, only an event can end that. EAX, a hint, is not looked at. */
export function mwait(cpu: Cpu): void {
  requireMonitor(cpu);
  checkMwait(cpu);
  const { s } = cpu;
  if (s[at.monitored] === 0) return;
  s[at.monitored] = 0;
  s[at.activity] = HALTED;
  s[at.waiting] = (s[at.ecx] & MASKED_TOO) !== 0 ? WAITS_FOR_ANY_INTERRUPT : WAITS;
  cpu.events.halted();
}

export const WAIT: Handlers = { hlt, monitor, mwait };
