/** The VMCB and the host save area, which lie in RAM and nowhere else. VMRUN and VM_HSAVE_PA admit only pages in RAM. */
import { PAGE_CLEAN, PAGE_CODE } from '../../bus.ts';
import type { Cpu } from '../../cpu.ts';
import { at } from '../../state.ts';
import { offsetOf } from './fields.ts';

/** A doubleword of the VMCB of the last VMRUN, by `slot` of `fields.ts`. */
export const vmcb = (cpu: Cpu, slot: number): number => cpu.memory.dwords[(cpu.s[at.vmcsPointer] >>> 2) + slot];

/** The intercepts of control registers and of debug registers: two words in one doubleword, reads below writes. */
export const CR_INTERCEPTS = offsetOf.interceptCrRead >>> 2;
export const DR_INTERCEPTS = offsetOf.interceptDrRead >>> 2;

/** Whether a page can hold a VMCB: aligned, and RAM. */
export const isRamPage = (cpu: Cpu, address: number): boolean => (address & 0xfff) === 0 && address >>> 0 < cpu.memory.size;

/** Prepares a page for stores and returns the index of its first doubleword in `cpu.memory.dwords`. */
export function writablePage(cpu: Cpu, address: number): number {
  const page = address >>> 12;
  const state = cpu.memory.state[page];
  if ((state & PAGE_CLEAN) !== 0) cpu.memory.touch(page);
  if ((state & PAGE_CODE) !== 0) cpu.blocks.written(cpu, address >>> 0, 4096);
  return address >>> 2;
}

export function setVmcb(cpu: Cpu, slot: number, value: number): void {
  cpu.memory.dwords[writablePage(cpu, cpu.s[at.vmcsPointer]) + slot] = value;
}

/*
 * Virtual interrupt control (060h):
 *
 *   39:32 V_INTR_VECTOR   24 V_INTR_MASKING   20 V_IGN_TPR   19:16 V_INTR_PRIO   8 V_IRQ   7:0 V_TPR
 */
export const V_IRQ = 1 << 8;
export const V_INTR_MASKING = 1 << 24;
const V_IGN_TPR = 1 << 20;
const PRIORITY = 0xf;

/** A virtual interrupt is pending, and its priority is above that of the virtual task-priority register. */
export const virtualInterruptPends = (vintr: number): boolean =>
  (vintr & V_IRQ) !== 0 && ((vintr & V_IGN_TPR) !== 0 || ((vintr >>> 16) & PRIORITY) > (vintr & PRIORITY));
