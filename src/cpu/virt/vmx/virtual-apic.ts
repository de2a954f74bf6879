/** The virtual-APIC page and accesses to the APIC-access page: SDM vol 3, chapter 29. */
import type { Cpu } from '../../cpu.ts';
import { readPhysical8, readPhysical32, writePhysical32 } from '../../physical.ts';
import { GP } from '../../registers.ts';
import { MUST_END } from '../../signals.ts';
import { at, TPR_BELOW } from '../../state.ts';
import { PRIMARY_TPR_SHADOW, SECONDARY_APIC_ACCESSES } from './controls.ts';
import { slot } from './fields.ts';
import { secondaryControls, vmread } from './vmcs.ts';

/** The virtual task-priority register in the virtual-APIC page. */
export const VTPR_OFFSET = 0x80;

/*
 * Exit qualification of APIC accesses (table 27-6): offset in the page 11:0, kind of access 15:12.
 */
const ACCESS_SHIFT = 12;
export const APIC_READ = 0;
export const APIC_WRITE = 1;
export const APIC_FETCH = 2;
export const APIC_DELIVERY = 3;

const usesTprShadow = (cpu: Cpu): boolean => (vmread(cpu, slot.primaryControls) & PRIMARY_TPR_SHADOW) !== 0;

/** Only the TPR, in one access of at most 4 bytes that is part of no event's delivery, is redirected to the virtual-APIC page. */
export const isRedirected = (cpu: Cpu, offset: number, size: number, access: number): boolean =>
  access !== APIC_FETCH && offset === VTPR_OFFSET && size <= 4 && cpu.vectoring.info >= 0 && usesTprShadow(cpu);

export const apicAccessQualification = (cpu: Cpu, offset: number, access: number): number =>
  offset | ((cpu.vectoring.info < 0 ? APIC_DELIVERY : access) << ACCESS_SHIFT);

const virtualTpr = (cpu: Cpu): number => readPhysical8(cpu, vmread(cpu, slot.virtualApicAddress) + VTPR_OFFSET);

export const readVirtualTpr = virtualTpr;

/** The task priority has one byte; the other three become 0. */
export function writeVirtualTpr(cpu: Cpu, value: number): void {
  writePhysical32(cpu, vmread(cpu, slot.virtualApicAddress) + VTPR_OFFSET, value & 0xff);
  if (isTprBelow(cpu)) {
    cpu.s[at.trapExits] |= TPR_BELOW;
    cpu.attention |= MUST_END;
  }
}

/** RDMSR of the TPR MSR under "Virtualize x2APIC mode": it, and the 4 bytes above it (SDM vol 3, 29.5). */
export function readVirtualTprMsr(cpu: Cpu): void {
  const at80 = vmread(cpu, slot.virtualApicAddress) + VTPR_OFFSET;
  cpu.s[at.eax] = readPhysical32(cpu, at80);
  cpu.s[at.edx] = readPhysical32(cpu, at80 + 4);
}

/** WRMSR of it: #GP(0) unless bits 63:8 are 0. */
export function writeVirtualTprMsr(cpu: Cpu): void {
  const { s } = cpu;
  if (s[at.eax] >>> 8 !== 0 || s[at.edx] !== 0) cpu.raise(GP, 0);
  writePhysical32(cpu, vmread(cpu, slot.virtualApicAddress) + VTPR_OFFSET + 4, 0);
  writeVirtualTpr(cpu, s[at.eax]);
}

const isTprBelow = (cpu: Cpu): boolean => virtualTpr(cpu) >>> 4 < (vmread(cpu, slot.tprThreshold) & 0xf);

/** At a VM entry: where the APIC-access page lies, and whether the guest is left at once because its TPR is below the threshold. */
export function openVirtualApic(cpu: Cpu): void {
  if ((secondaryControls(cpu) & SECONDARY_APIC_ACCESSES) === 0) return;
  cpu.s[at.apicAccessPage] = vmread(cpu, slot.apicAccessAddress) | 1;
  if (usesTprShadow(cpu) && isTprBelow(cpu)) cpu.s[at.trapExits] |= TPR_BELOW;
}
