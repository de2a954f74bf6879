/**
 * Address-space identifiers: AMD64 manual vol 2, 15.16. The TLBs hold the translations of one address space at a time, so that they are emptied
 * whenever it changes; TLB_CONTROL then has nothing left to ask for.
 */
import type { Cpu } from '../../cpu.ts';
import { flushTlb, invalidatePage } from '../../paging.ts';
import { at } from '../../state.ts';
import { slot } from './fields.ts';
import { vmcb } from './vmcb.ts';

const HOST_ASID = 0;

/** The address space in use. */
const currentAsid = (cpu: Cpu): number => (cpu.s[at.guest] !== 0 ? vmcb(cpu, slot.guestAsid) : HOST_ASID);

/** VMRUN: the guest's address space takes the place of the host's. */
export function enterAddressSpace(cpu: Cpu): void {
  flushTlb(cpu, false);
}

/** #VMEXIT: back to ASID 0. */
export function leaveAddressSpace(cpu: Cpu): void {
  flushTlb(cpu, false);
}

/** INVLPGA. */
export function invalidateIn(cpu: Cpu, asid: number, linear: number): void {
  if (asid === currentAsid(cpu)) invalidatePage(cpu, linear);
}
