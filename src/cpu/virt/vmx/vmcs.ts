/**
 * The current VMCS, which lies in guest RAM and nowhere else. Slots are doublewords from the start of its region (`fields.ts`).
 * VMPTRLD admits only a region in RAM, so these accesses need no bounds.
 */
import { PAGE_CLEAN, PAGE_CODE } from '../../bus.ts';
import type { Cpu } from '../../cpu.ts';
import { at } from '../../state.ts';
import { PRIMARY_SECONDARY } from './controls.ts';
import { slot } from './fields.ts';

/** There is no current VMCS (the architecture's pointer of all ones). */
export const NO_VMCS = -1;

export const vmread = (cpu: Cpu, slotOfField: number): number => cpu.memory.dwords[(cpu.s[at.vmcsPointer] >>> 2) + slotOfField];

/** The secondary controls as far as they count: zeros unless a primary control activates them. */
export const secondaryControls = (cpu: Cpu): number =>
  (vmread(cpu, slot.primaryControls) & PRIMARY_SECONDARY) !== 0 ? vmread(cpu, slot.secondaryControls) : 0;

export function vmwrite(cpu: Cpu, slotOfField: number, value: number): void {
  cpu.memory.dwords[writableVmcs(cpu) + slotOfField] = value;
}

/** Prepares the region for stores and returns the index of its first doubleword in `cpu.memory.dwords`. */
export function writableVmcs(cpu: Cpu): number {
  const pointer = cpu.s[at.vmcsPointer] >>> 0;
  const page = pointer >>> 12;
  const state = cpu.memory.state[page];
  if ((state & PAGE_CLEAN) !== 0) cpu.memory.touch(page);
  if ((state & PAGE_CODE) !== 0) cpu.blocks.written(cpu, pointer, 4096);
  return pointer >>> 2;
}

/** The host's bits where `mask` is 1, else the guest's: guest/host masks (SDM vol 3, 24.6.6). */
export const merge = (guests: number, hosts: number, mask: number): number => (guests & ~mask) | (hosts & mask);
