/** The VMX-preemption timer: SDM vol 3, 25.5.1. It counts down once in 2^n cycles, in step with bit n of the cycle count. */
import type { Cpu } from '../../cpu.ts';
import { counterAt } from '../../state.ts';

const { cycles: CYCLES, timer: TIMER } = counterAt;

const IA32_VMX_MISC = 0x485;
const unitOf = (cpu: Cpu): number => 2 ** ((cpu.profile.constantMsrs.get(IA32_VMX_MISC)?.[0] ?? 0) & 0x1f);

export function startTimer(cpu: Cpu, value: number): void {
  const unit = unitOf(cpu);
  cpu.f[TIMER] = (Math.floor(cpu.f[CYCLES] / unit) + (value >>> 0)) * unit;
}

export const timerExpired = (cpu: Cpu): boolean => cpu.f[TIMER] <= cpu.f[CYCLES];

export function timerValue(cpu: Cpu): number {
  const unit = unitOf(cpu);
  return Math.max(0, cpu.f[TIMER] / unit - Math.floor(cpu.f[CYCLES] / unit));
}

export function stopTimer(cpu: Cpu): void {
  cpu.f[TIMER] = Number.POSITIVE_INFINITY;
}
