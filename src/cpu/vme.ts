/**
 * Virtual-8086 mode extensions and protected-mode virtual interrupts (CR4.VME, CR4.PVI): SDM vol 3, 20.3 and 20.4.
 *
 * A program that may not change IF has VIF in its place. An interrupt that its system holds back for it is announced by VIP: a change of VIF to 1
 * is then #GP(0). The redirection bitmap of the TSS, 32 bytes before the I/O permission bitmap, says which INT n of a virtual-8086 program go
 * to the program's own table at linear address 0 (bit clear), and which to the system.
 */
import type { Cpu } from './cpu.ts';
import { changeFlags, flags } from './flags.ts';
import { readLinear, readSystem16 } from './memory.ts';
import { CR4_PVI, CR4_VME, GP, IF, IOPL, RF, RIGHTS_UNUSABLE, TF, VIF, VIP } from './registers.ts';
import { isProtected, isVm86, loadRealCode } from './segments.ts';
import { pushTogether } from './stack.ts';
import { at } from './state.ts';

const IO_MAP_BASE = 0x66;
const REDIRECTION_BYTES = 32;
const TYPE_TSS_32 = 0xb;

const mayChangeIf = (cpu: Cpu): boolean => (cpu.s[at.eflags] & IOPL) === IOPL;

/** Whether PUSHF, POPF and IRET of 16 bits, and INT n, in virtual-8086 mode work on VIF. */
export const isVme = (cpu: Cpu): boolean => (cpu.s[at.cr4] & CR4_VME) !== 0 && isVm86(cpu) && !mayChangeIf(cpu);

/** Whether CLI and STI do. */
export const hasVirtualIf = (cpu: Cpu): boolean =>
  isVme(cpu) || ((cpu.s[at.cr4] & CR4_PVI) !== 0 && isProtected(cpu) && cpu.s[at.cpl] === 3 && !mayChangeIf(cpu));

/** STI or CLI of a program that has a virtual interrupt flag. */
export function setVirtualIf(cpu: Cpu, value: boolean): void {
  const { s } = cpu;
  if (value && (s[at.eflags] & VIP) !== 0) cpu.raise(GP, 0);
  if (value) s[at.eflags] |= VIF;
  else s[at.eflags] &= ~VIF;
}

/** VIF and VIP both 1 where an instruction is to begin and they count: #GP(0) in its place (SDM vol 3, 20.3.2). */
export const isHeldInterruptDue = (cpu: Cpu): boolean => (cpu.s[at.eflags] & (VIF | VIP)) === (VIF | VIP) && hasVirtualIf(cpu);

/** FLAGS as the program sees them: IF is VIF, and IOPL 3. */
export const virtualFlags = (cpu: Cpu): number => (flags(cpu) & ~IF) | IOPL | ((cpu.s[at.eflags] & VIF) !== 0 ? IF : 0);

/** #GP(0) for flags that POPF and IRET may not load: a step trap, or interrupts while one is held back. */
export function checkVirtualFlags(cpu: Cpu, value: number): void {
  if ((value & TF) !== 0 || ((value & IF) !== 0 && (cpu.s[at.eflags] & VIP) !== 0)) cpu.raise(GP, 0);
}

/** Loads flags within `mask`, and IF as VIF. */
export function loadVirtualFlags(cpu: Cpu, mask: number, value: number): void {
  changeFlags(cpu, (mask & ~IF) | VIF, (value & ~VIF) | ((value & IF) !== 0 ? VIF : 0));
}

function isRedirected(cpu: Cpu, vector: number): boolean {
  const { s } = cpu;
  const limit = s[at.trLimit] >>> 0;
  if ((s[at.trRights] & RIGHTS_UNUSABLE) !== 0 || (s[at.trRights] & 0xf) !== TYPE_TSS_32 || IO_MAP_BASE + 1 > limit) cpu.raise(GP, 0);
  const offset = readSystem16(cpu, (s[at.trBase] + IO_MAP_BASE) | 0) - REDIRECTION_BYTES + (vector >> 3);
  if (offset < 0 || offset > limit) cpu.raise(GP, 0);
  return ((readLinear(cpu, (s[at.trBase] + offset) | 0, 1, false) >> (vector & 7)) & 1) === 0;
}

/** INT n in virtual-8086 mode, executed or injected, that goes through the IDT: #GP(0) unless IOPL is 3. */
export function requireInterruptIopl(cpu: Cpu): void {
  if (isVm86(cpu) && !mayChangeIf(cpu)) cpu.raise(GP, 0);
}

/** INT n in virtual-8086 mode with CR4.VME: through the program's own table, if the bitmap says so (methods 5 and 6 of table 20-2). False if not. */
export function redirectInterrupt(cpu: Cpu, vector: number): boolean {
  const { s } = cpu;
  if ((s[at.cr4] & CR4_VME) === 0 || !isRedirected(cpu, vector)) return false;
  const real = mayChangeIf(cpu);
  const ip = readSystem16(cpu, vector * 4);
  const cs = readSystem16(cpu, vector * 4 + 2);
  pushTogether(cpu, 2, real ? flags(cpu) : virtualFlags(cpu), s[at.csSelector], s[at.eip]);
  s[at.eflags] &= ~(TF | RF | (real ? IF : VIF));
  loadRealCode(cpu, cs);
  s[at.eip] = ip;
  return true;
}
