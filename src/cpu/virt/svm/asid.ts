/** Address spaces of guests: AMD64 manual vol 2, 15.16 (identifiers and TLB_CONTROL) and 15.25 (nested paging). */
import type { Cpu } from '../../cpu.ts';
import { loadPdptes, pagesWithPae } from '../../pdptes.ts';
import { CR4_PAE, CR4_PSE } from '../../registers.ts';
import { at } from '../../state.ts';
import { enterSpace, flushAll, invalidatePageOf, leaveSpace } from '../../tlb.ts';
import { FORMAT_32, FORMAT_PAE, FORMAT_PAE_NX, FORMAT_PSE } from '../../walk/formats.ts';
import { type Capabilities, EFER_NXE } from './capabilities.ts';
import { slot } from './fields.ts';
import { vmcb } from './vmcb.ts';

const FLUSH_ALL = 1;
const TLB_CONTROL = 0xff;

const isNested = (cpu: Cpu, capabilities: Capabilities): boolean => capabilities.nestedPaging && (vmcb(cpu, slot.npControl) & 1) !== 0;

/** Nested tables have the format of the host's own, as VMRUN found and saved it. */
export function nestedFormat(cpu: Cpu): number {
  const area = cpu.s[at.hsavePa] >>> 2;
  const cr4 = cpu.memory.dwords[area + slot.cr4];
  if ((cr4 & CR4_PAE) !== 0) return (cpu.memory.dwords[area + slot.efer] & EFER_NXE) !== 0 ? FORMAT_PAE_NX : FORMAT_PAE;
  return (cr4 & CR4_PSE) !== 0 ? FORMAT_PSE : FORMAT_32;
}

/** VMRUN, the guest's registers being loaded. False when its PDPTEs have reserved bits. */
export function enterAddressSpace(cpu: Cpu, capabilities: Capabilities): boolean {
  const { s } = cpu;
  const m = cpu.memory.dwords;
  const nested = isNested(cpu, capabilities);
  if ((vmcb(cpu, slot.tlbControl) & TLB_CONTROL) === FLUSH_ALL) flushAll(cpu);
  enterSpace(cpu, vmcb(cpu, slot.guestAsid), nested ? nestedFormat(cpu) : 0, vmcb(cpu, slot.nCr3));
  if (!nested) return !pagesWithPae(s[at.cr0], s[at.cr4]) || loadPdptes(cpu, s[at.cr3]);
  const area = s[at.hsavePa] >>> 2;
  m[area + slot.gPat] = s[at.patLow];
  m[area + slot.gPat + 1] = s[at.patHigh];
  s[at.patLow] = vmcb(cpu, slot.gPat);
  s[at.patHigh] = vmcb(cpu, slot.gPat + 1);
  return true;
}

/** What #VMEXIT saves of a guest with nested paging besides the rest; `v` is where its VMCB begins. */
export function saveNestedState(cpu: Cpu, v: number): void {
  if (cpu.s[at.nestedFormat] === 0) return;
  cpu.memory.dwords[v + slot.gPat] = cpu.s[at.patLow];
  cpu.memory.dwords[v + slot.gPat + 1] = cpu.s[at.patHigh];
}

/** #VMEXIT: back to ASID 0, the host's registers being loaded. False when the host's PDPTEs have reserved bits. */
export function leaveAddressSpace(cpu: Cpu): boolean {
  const { s } = cpu;
  const area = s[at.hsavePa] >>> 2;
  if (s[at.nestedFormat] !== 0) {
    s[at.patLow] = cpu.memory.dwords[area + slot.gPat];
    s[at.patHigh] = cpu.memory.dwords[area + slot.gPat + 1];
  }
  leaveSpace(cpu);
  return !pagesWithPae(s[at.cr0], s[at.cr4]) || loadPdptes(cpu, s[at.cr3]);
}

/** INVLPGA. */
export function invalidateIn(cpu: Cpu, asid: number, linear: number): void {
  invalidatePageOf(cpu, asid, linear);
}
