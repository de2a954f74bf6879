/** System instructions: SDM vol 2 and vol 3, 2.8. */
import { SS } from '../../isa/insn.ts';
import type { Cpu } from '../cpu.ts';
import { settleFlags } from '../flags.ts';
import { effectiveAddress } from '../memory.ts';
import { readMsr, readTsc, writeMsr } from '../msrs.ts';
import { invalidatePage } from '../paging.ts';
import { cpuid as leafValues } from '../profiles.ts';
import { BLOCKED_BY_MOV_SS, BLOCKED_BY_STI, CR0_PE, CR4_PCE, CR4_TSD, GP, IF, IOPL, IOPL_SHIFT, RF, VM } from '../registers.ts';
import { FLAT_CODE, FLAT_DATA, isProtected, isVm86, setCpl, setSegment } from '../segments.ts';
import { at, BASE, segmentAt } from '../state.ts';
import { hasVirtualIf, setVirtualIf } from '../vme.ts';
import type { Handlers, Instruction } from './operands.ts';
import { requireCpl0 } from './require.ts';
import { hasMonitor } from './wait.ts';

const mayChangeIf = (cpu: Cpu): boolean => {
  const iopl = (cpu.s[at.eflags] & IOPL) >> IOPL_SHIFT;
  return isVm86(cpu) ? iopl === 3 : !isProtected(cpu) || cpu.s[at.cpl] <= iopl;
};

export function cli(cpu: Cpu): void {
  if (mayChangeIf(cpu)) cpu.s[at.eflags] &= ~IF;
  else if (hasVirtualIf(cpu)) setVirtualIf(cpu, false);
  else cpu.raise(GP, 0);
}

/** Interrupts are recognized after the next instruction, if IF was 0. */
export function sti(cpu: Cpu): void {
  const s = cpu.s;
  if (!mayChangeIf(cpu)) {
    if (!hasVirtualIf(cpu)) cpu.raise(GP, 0);
    setVirtualIf(cpu, true);
    return;
  }
  if ((s[at.eflags] & IF) === 0 && (s[at.interruptibility] & (BLOCKED_BY_STI | BLOCKED_BY_MOV_SS)) === 0) cpu.nextShadow = BLOCKED_BY_STI;
  s[at.eflags] |= IF;
}

/** CPUID shows a local APIC while IA32_APIC_BASE has it enabled, and MONITOR while IA32_MISC_ENABLE does. */
const LEAF_1_MONITOR = 1 << 3;
const LEAF_1_APIC = 1 << 9;
const APIC_ENABLED = 1 << 11;

export function cpuid(cpu: Cpu): void {
  const s = cpu.s;
  const leaf = s[at.eax];
  const [eax, ebx, ecx, edx] = leafValues(cpu.profile, leaf);
  s[at.eax] = eax;
  s[at.ebx] = ebx;
  s[at.ecx] = leaf === 1 && !hasMonitor(cpu) ? ecx & ~LEAF_1_MONITOR : ecx;
  s[at.edx] = leaf === 1 && ((cpu.bus.localApic?.base ?? 0) & APIC_ENABLED) !== 0 ? edx | LEAF_1_APIC : edx;
}

const pair = new Int32Array(2);

export function rdtsc(cpu: Cpu): void {
  if ((cpu.s[at.cr4] & CR4_TSD) !== 0 && cpu.s[at.cpl] !== 0) cpu.raise(GP, 0);
  readTsc(cpu, pair);
  cpu.s[at.eax] = pair[0];
  cpu.s[at.edx] = pair[1];
}

/** The counter, and what a system has written into IA32_TSC_AUX. */
export function rdtscp(cpu: Cpu): void {
  rdtsc(cpu);
  cpu.s[at.ecx] = cpu.s[at.tscAux];
}

/** The two performance counters of the P6 family are there and stand still: nothing can select an event for them. */
const COUNTERS = 2;

export function rdpmc(cpu: Cpu): void {
  const { s } = cpu;
  if ((s[at.cr4] & CR4_PCE) === 0 && (s[at.cr0] & CR0_PE) !== 0 && s[at.cpl] !== 0) cpu.raise(GP, 0);
  if (s[at.ecx] >>> 0 >= COUNTERS) cpu.raise(GP, 0);
  s[at.eax] = 0;
  s[at.edx] = 0;
}

export function rdmsr(cpu: Cpu): void {
  requireCpl0(cpu);
  const value = readMsr(cpu, cpu.s[at.ecx]);
  if (value === undefined) cpu.raise(GP, 0);
  cpu.s[at.eax] = value[0];
  cpu.s[at.edx] = value[1];
}

export function wrmsr(cpu: Cpu): void {
  requireCpl0(cpu);
  if (!writeMsr(cpu, cpu.s[at.ecx], cpu.s[at.eax], cpu.s[at.edx])) cpu.raise(GP, 0);
}

/** There are no caches to write back. */
export const wbinvd = requireCpl0;
export const invd = requireCpl0;

export function invlpg(cpu: Cpu, i: Instruction): void {
  requireCpl0(cpu);
  invalidatePage(cpu, (cpu.s[segmentAt(i.seg) + BASE] + effectiveAddress(cpu, i)) | 0);
}

export function sysenter(cpu: Cpu): void {
  const s = cpu.s;
  const base = s[at.sysenterCs];
  if ((s[at.cr0] & CR0_PE) === 0 || (base & 0xfffc) === 0) cpu.raise(GP, 0);
  const from = cpu.place;
  settleFlags(cpu);
  s[at.eflags] &= ~(VM | IF | RF);
  setSegment(cpu, 1, base & 0xfffc, 0, -1, FLAT_CODE);
  setSegment(cpu, SS, (base & 0xfffc) + 8, 0, -1, FLAT_DATA);
  setCpl(cpu, 0);
  s[at.esp] = s[at.sysenterEsp];
  s[at.eip] = s[at.sysenterEip];
  cpu.events.transfer('sysenter', from, cpu.place, s[at.eip]);
}

const DPL_3 = 3 << 5;

export function sysexit(cpu: Cpu): void {
  const s = cpu.s;
  const base = s[at.sysenterCs];
  if (!isProtected(cpu) || s[at.cpl] !== 0 || (base & 0xfffc) === 0) cpu.raise(GP, 0);
  const from = cpu.place;
  setSegment(cpu, 1, ((base + 16) & 0xfffc) | 3, 0, -1, FLAT_CODE | DPL_3);
  setSegment(cpu, SS, ((base + 24) & 0xfffc) | 3, 0, -1, FLAT_DATA | DPL_3);
  setCpl(cpu, 3);
  s[at.eip] = s[at.edx];
  s[at.esp] = s[at.ecx];
  cpu.events.transfer('sysexit', from, cpu.place, s[at.eip]);
}

export const SYSTEM: Handlers = {
  cli,
  sti,
  cpuid,
  rdtsc,
  rdtscp,
  rdpmc,
  rdmsr,
  wrmsr,
  wbinvd,
  invd,
  invlpg,
  sysenter,
  sysexit,
};
