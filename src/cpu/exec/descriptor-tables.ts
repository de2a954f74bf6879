/** GDTR, IDTR, LDTR and TR, and what tells of descriptors without using them: SDM vol 2; vol 3, 2.4 and 5.10. */
import type { Cpu } from '../cpu.ts';
import { changeFlags } from '../flags.ts';
import { effectiveAddress, loadAddress, read16, read32, write16, write32 } from '../memory.ts';
import { RIGHTS_CODE, RIGHTS_DC, RIGHTS_RW, RIGHTS_S, ZF } from '../registers.ts';
import { descriptorLimit, descriptorRights, dplOf, fetchDescriptor, loadLdt, loadTask } from '../segments.ts';
import { at, LDTR, segmentAt, TR } from '../state.ts';
import { type Handlers, type Instruction, rm16 } from './operands.ts';
import { requireCpl0, requireProtected } from './require.ts';

function storeTable(cpu: Cpu, i: Instruction, base: number, limit: number): void {
  const address = effectiveAddress(cpu, i);
  write16(cpu, i.seg, address, limit);
  write32(cpu, i.seg, (address + 2) & i.mask, base);
}
export const sgdt32 = (cpu: Cpu, i: Instruction): void => storeTable(cpu, i, cpu.s[at.gdtrBase], cpu.s[at.gdtrLimit]);
export const sidt32 = (cpu: Cpu, i: Instruction): void => storeTable(cpu, i, cpu.s[at.idtrBase], cpu.s[at.idtrLimit]);
export const sgdt16 = sgdt32;
export const sidt16 = sidt32;

/** With a 16-bit operand the base has 24 bits. */
function loadTable(cpu: Cpu, i: Instruction, register: number, baseMask: number): void {
  requireCpl0(cpu);
  const address = effectiveAddress(cpu, i);
  loadAddress(cpu, i.seg, address, 6);
  const limit = read16(cpu, i.seg, address);
  const base = read32(cpu, i.seg, (address + 2) & i.mask) & baseMask;
  cpu.s[register] = base;
  cpu.s[register + 1] = limit;
}
export const lgdt32 = (cpu: Cpu, i: Instruction): void => loadTable(cpu, i, at.gdtrBase, -1);
export const lidt32 = (cpu: Cpu, i: Instruction): void => loadTable(cpu, i, at.idtrBase, -1);
export const lgdt16 = (cpu: Cpu, i: Instruction): void => loadTable(cpu, i, at.gdtrBase, 0xffffff);
export const lidt16 = (cpu: Cpu, i: Instruction): void => loadTable(cpu, i, at.idtrBase, 0xffffff);

function storeSelector(cpu: Cpu, i: Instruction, selector: number): void {
  requireProtected(cpu);
  if (i.mem !== 0) write16(cpu, i.seg, effectiveAddress(cpu, i), selector);
  else if (i.operandSize === 32) cpu.s[i.rm] = selector;
  else cpu.w[i.rm] = selector;
}
export const sldt32 = (cpu: Cpu, i: Instruction): void => storeSelector(cpu, i, cpu.s[segmentAt(LDTR)]);
export const str32 = (cpu: Cpu, i: Instruction): void => storeSelector(cpu, i, cpu.s[segmentAt(TR)]);
export const sldt16 = sldt32;
export const str16 = str32;

export function lldt(cpu: Cpu, i: Instruction): void {
  requireProtected(cpu);
  requireCpl0(cpu);
  loadLdt(cpu, rm16(cpu, i));
}
export function ltr(cpu: Cpu, i: Instruction): void {
  requireProtected(cpu);
  requireCpl0(cpu);
  loadTask(cpu, rm16(cpu, i));
}

/** Finds a descriptor for LAR, LSL, VERR, VERW, which never fault on the selector; false also when privilege hides it. */
function visible(cpu: Cpu, selector: number): boolean {
  if ((selector & 0xfffc) === 0 || !fetchDescriptor(cpu, selector)) return false;
  const rights = descriptorRights();
  const conforming = (rights & (RIGHTS_S | RIGHTS_CODE | RIGHTS_DC)) === (RIGHTS_S | RIGHTS_CODE | RIGHTS_DC);
  return conforming || (cpu.s[at.cpl] <= dplOf(rights) && (selector & 3) <= dplOf(rights));
}

const isMemorySegment = (rights: number): boolean => (rights & RIGHTS_S) !== 0;

function verify(cpu: Cpu, i: Instruction, allowed: (rights: number) => boolean): void {
  requireProtected(cpu);
  const selector = rm16(cpu, i);
  const good = visible(cpu, selector) && isMemorySegment(descriptorRights()) && allowed(descriptorRights());
  changeFlags(cpu, ZF, good ? ZF : 0);
}
export const verr = (cpu: Cpu, i: Instruction): void =>
  verify(cpu, i, (rights) => (rights & RIGHTS_CODE) === 0 || (rights & RIGHTS_RW) !== 0);
export const verw = (cpu: Cpu, i: Instruction): void => verify(cpu, i, (rights) => (rights & (RIGHTS_CODE | RIGHTS_RW)) === RIGHTS_RW);

/** System descriptor types that LAR and LSL accept, a bit for each. */
const LAR_TYPES = 0x1a3e;
const LSL_TYPES = 0x0a0e;

function examine(cpu: Cpu, i: Instruction, types: number, value: () => number): void {
  requireProtected(cpu);
  const selector = rm16(cpu, i);
  const good = visible(cpu, selector) && (isMemorySegment(descriptorRights()) || ((types >> (descriptorRights() & 15)) & 1) !== 0);
  if (good) {
    if (i.operandSize === 32) cpu.s[i.reg] = value();
    else cpu.w[i.reg] = value();
  }
  changeFlags(cpu, ZF, good ? ZF : 0);
}
export const lar32 = (cpu: Cpu, i: Instruction): void => examine(cpu, i, LAR_TYPES, () => descriptorRights() << 8);
export const lsl32 = (cpu: Cpu, i: Instruction): void => examine(cpu, i, LSL_TYPES, descriptorLimit);
export const lar16 = lar32;
export const lsl16 = lsl32;

export const DESCRIPTOR_TABLES: Handlers = {
  sgdt32,
  sidt32,
  sgdt16,
  sidt16,
  lgdt32,
  lidt32,
  lgdt16,
  lidt16,
  sldt32,
  str32,
  sldt16,
  str16,
  lldt,
  ltr,
  verr,
  verw,
  lar32,
  lsl32,
  lar16,
  lsl16,
};
