/** Loads and stores through segmentation and paging: SDM vol 3, 5.3 (limits), 5.4 (types) and chapter 4. */

import type { Insn } from '../isa/insn.ts';
import { noteAccess } from './breakpoints.ts';
import type { Cpu } from './cpu.ts';
import { translateData } from './paging.ts';
import { readPhysical8, readPhysical16, readPhysical32, writePhysical8, writePhysical16, writePhysical32 } from './physical.ts';
import { AC, ACV, CR0_AM, CR0_PE, RIGHTS_CODE, RIGHTS_DB, RIGHTS_DC, RIGHTS_RW, RIGHTS_UNUSABLE } from './registers.ts';
import { at, BASE, LIMIT, RIGHTS, segmentAt, TLB_SIZE } from './state.ts';

/** Whether `size` bytes at `offset` lie within a segment; expand-down data segments are valid above their limit. */
export function withinLimit(offset: number, size: number, limit: number, rights: number): boolean {
  const first = offset >>> 0;
  const last = first + size - 1;
  if ((rights & (RIGHTS_CODE | RIGHTS_DC)) === RIGHTS_DC)
    return first > limit >>> 0 && last <= ((rights & RIGHTS_DB) !== 0 ? 0xffffffff : 0xffff);
  return last <= limit >>> 0;
}

/** In real mode the type of a segment does not count: CS may be written, whatever it was loaded as (SDM vol 3, 20.1). */
const typesCount = (cpu: Cpu): boolean => (cpu.s[at.cr0] & CR0_PE) !== 0;

/** Linear address of a load; #GP(0) or #SS(0) if the segment does not allow it. */
export function loadAddress(cpu: Cpu, segment: number, offset: number, size: number): number {
  if (((cpu.flatRead >> segment) & 1) !== 0) return offset;
  if (cpu.accessWatch !== null) cpu.accessWatch.addressed(segment, offset, false);
  const s = cpu.s;
  const seg = segmentAt(segment);
  const rights = s[seg + RIGHTS];
  if (
    (rights & RIGHTS_UNUSABLE) !== 0 ||
    ((rights & (RIGHTS_CODE | RIGHTS_RW)) === RIGHTS_CODE && typesCount(cpu)) ||
    !withinLimit(offset, size, s[seg + LIMIT], rights)
  )
    cpu.raiseLimit(segment);
  return (s[seg + BASE] + offset) | 0;
}

/** Linear address of a store; #GP(0) or #SS(0) if the segment does not allow it. */
export function storeAddress(cpu: Cpu, segment: number, offset: number, size: number): number {
  if (((cpu.flatWrite >> segment) & 1) !== 0) return offset;
  if (cpu.accessWatch !== null) cpu.accessWatch.addressed(segment, offset, true);
  const s = cpu.s;
  const seg = segmentAt(segment);
  const rights = s[seg + RIGHTS];
  if (
    (rights & RIGHTS_UNUSABLE) !== 0 ||
    ((rights & (RIGHTS_CODE | RIGHTS_RW)) !== RIGHTS_RW && typesCount(cpu)) ||
    !withinLimit(offset, size, s[seg + LIMIT], rights)
  )
    cpu.raiseLimit(segment);
  return (s[seg + BASE] + offset) | 0;
}

/** #AC(0) for a misaligned user access while alignment checking is on. */
export function checkAlignment(cpu: Cpu, linear: number, size: number, user: boolean): void {
  if (user && (linear & (size - 1)) !== 0 && (cpu.s[at.eflags] & AC) !== 0 && (cpu.s[at.cr0] & CR0_AM) !== 0) cpu.raise(ACV, 0);
}

const crosses = (linear: number, size: number): boolean => (linear & 0xfff) + size > 4096;

const APIC_READ = 0;
const APIC_WRITE = 1;

/** Whether a translated address lies in a guest's APIC-access page. */
const isApicAccess = (cpu: Cpu, physical: number): boolean => ((physical & 0xfffff000) | 1) === cpu.s[at.apicAccessPage];

/** An access of which one half lies in the APIC-access page is never redirected. */
function checkApicCrossing(cpu: Cpu, first: number, second: number, access: number): void {
  if (isApicAccess(cpu, first)) cpu.virt!.apicAccess!(cpu, first & 0xfff, 8, access);
  if (isApicAccess(cpu, second)) cpu.virt!.apicAccess!(cpu, 0, 8, access);
}

/** A load at a linear address, the long way: TLB miss, misaligned, or no RAM. `size` is 1, 2 or 4; the result is zero-extended or 32 bits. */
export function readLinear(cpu: Cpu, linear: number, size: number, user: boolean): number {
  checkAlignment(cpu, linear, size, user);
  noteAccess(cpu, linear, size, false);
  if (!crosses(linear, size)) {
    const physical = translateData(cpu, linear, false, user);
    if (isApicAccess(cpu, physical)) return cpu.virt!.apicAccess!(cpu, physical & 0xfff, size, APIC_READ);
    return size === 4 ? readPhysical32(cpu, physical) : size === 2 ? readPhysical16(cpu, physical) : readPhysical8(cpu, physical);
  }
  const first = translateData(cpu, linear, false, user);
  const second = translateData(cpu, (linear + size - 1) & ~0xfff, false, user);
  checkApicCrossing(cpu, first, second, APIC_READ);
  let value = 0;
  for (let i = 0; i < size; i++) {
    const low = (linear & 0xfff) + i;
    value |= readPhysical8(cpu, low < 4096 ? first + i : (second & ~0xfff) + (low - 4096)) << (8 * i);
  }
  return value;
}

/** A store at a linear address, the long way. Both pages of a crossing store are translated before either is written. */
export function writeLinear(cpu: Cpu, linear: number, size: number, value: number, user: boolean): void {
  checkAlignment(cpu, linear, size, user);
  noteAccess(cpu, linear, size, true);
  const first = translateData(cpu, linear, true, user);
  if (!crosses(linear, size)) {
    if (isApicAccess(cpu, first)) {
      cpu.virt!.apicAccess!(cpu, first & 0xfff, size, APIC_WRITE);
      cpu.virt!.apicWrite!(cpu, first & 0xfff, size, value);
    } else if (size === 4) writePhysical32(cpu, first, value);
    else if (size === 2) writePhysical16(cpu, first, value);
    else writePhysical8(cpu, first, value);
    return;
  }
  const second = translateData(cpu, (linear + size - 1) & ~0xfff, true, user);
  checkApicCrossing(cpu, first, second, APIC_WRITE);
  for (let i = 0; i < size; i++) {
    const low = (linear & 0xfff) + i;
    writePhysical8(cpu, low < 4096 ? first + i : (second & ~0xfff) + (low - 4096), value >> (8 * i));
  }
}

const isUser = (cpu: Cpu): boolean => cpu.translation.userSlots !== 0;

export function read8(cpu: Cpu, segment: number, offset: number): number {
  const linear = loadAddress(cpu, segment, offset, 1);
  const t = cpu.translation;
  const slot = (linear >>> 12) & (TLB_SIZE - 1);
  if (t.readTag[slot + t.userSlots] === (linear & 0xfffff000)) return cpu.memory.bytes[(t.page[slot] >>> 0) + (linear & 0xfff)];
  return readLinear(cpu, linear, 1, isUser(cpu));
}

export function read16(cpu: Cpu, segment: number, offset: number): number {
  const linear = loadAddress(cpu, segment, offset, 2);
  const t = cpu.translation;
  const slot = (linear >>> 12) & (TLB_SIZE - 1);
  if (t.readTag[slot + t.userSlots] === (linear & 0xfffff001)) return cpu.memory.words[((t.page[slot] >>> 0) + (linear & 0xfff)) >>> 1];
  return readLinear(cpu, linear, 2, isUser(cpu));
}

export function read32(cpu: Cpu, segment: number, offset: number): number {
  const linear = loadAddress(cpu, segment, offset, 4);
  const t = cpu.translation;
  const slot = (linear >>> 12) & (TLB_SIZE - 1);
  if (t.readTag[slot + t.userSlots] === (linear & 0xfffff003)) return cpu.memory.dwords[((t.page[slot] >>> 0) + (linear & 0xfff)) >>> 2];
  return readLinear(cpu, linear, 4, isUser(cpu));
}

export function store8(cpu: Cpu, linear: number, value: number): void {
  const t = cpu.translation;
  const slot = (linear >>> 12) & (TLB_SIZE - 1);
  if (t.writeTag[slot + t.userSlots] === (linear & 0xfffff000)) cpu.memory.bytes[(t.page[slot] >>> 0) + (linear & 0xfff)] = value;
  else writeLinear(cpu, linear, 1, value, isUser(cpu));
}

export function store16(cpu: Cpu, linear: number, value: number): void {
  const t = cpu.translation;
  const slot = (linear >>> 12) & (TLB_SIZE - 1);
  if (t.writeTag[slot + t.userSlots] === (linear & 0xfffff001)) cpu.memory.words[((t.page[slot] >>> 0) + (linear & 0xfff)) >>> 1] = value;
  else writeLinear(cpu, linear, 2, value, isUser(cpu));
}

export function store32(cpu: Cpu, linear: number, value: number): void {
  const t = cpu.translation;
  const slot = (linear >>> 12) & (TLB_SIZE - 1);
  if (t.writeTag[slot + t.userSlots] === (linear & 0xfffff003)) cpu.memory.dwords[((t.page[slot] >>> 0) + (linear & 0xfff)) >>> 2] = value;
  else writeLinear(cpu, linear, 4, value, isUser(cpu));
}

export const write8 = (cpu: Cpu, segment: number, offset: number, value: number): void =>
  store8(cpu, storeAddress(cpu, segment, offset, 1), value);
export const write16 = (cpu: Cpu, segment: number, offset: number, value: number): void =>
  store16(cpu, storeAddress(cpu, segment, offset, 2), value);
export const write32 = (cpu: Cpu, segment: number, offset: number, value: number): void =>
  store32(cpu, storeAddress(cpu, segment, offset, 4), value);

/** Physical address of a byte that is not read, but must be readable. */
export function probeRead(cpu: Cpu, linear: number): number {
  const physical = translateData(cpu, linear, false, isUser(cpu));
  if (isApicAccess(cpu, physical)) cpu.virt!.apicAccess!(cpu, physical & 0xfff, 1, APIC_READ);
  return physical;
}

/** Makes sure that a later store of `size` bytes at this linear address cannot fault. */
export function probeWrite(cpu: Cpu, linear: number, size: number): void {
  const user = isUser(cpu);
  checkAlignment(cpu, linear, size, user);
  const first = translateData(cpu, linear, true, user);
  if (crosses(linear, size)) checkApicCrossing(cpu, first, translateData(cpu, (linear + size - 1) & ~0xfff, true, user), APIC_WRITE);
  else if (isApicAccess(cpu, first)) cpu.virt!.apicAccess!(cpu, first & 0xfff, size, APIC_WRITE);
}

/** The load of a read-modify-write: faults as a write does, and notes the address for the store that follows. */
export function modify8(cpu: Cpu, segment: number, offset: number): number {
  const linear = storeAddress(cpu, segment, offset, 1);
  const t = cpu.translation;
  const slot = (linear >>> 12) & (TLB_SIZE - 1);
  cpu.storeAddress = linear;
  if (t.writeTag[slot + t.userSlots] === (linear & 0xfffff000)) return cpu.memory.bytes[(t.page[slot] >>> 0) + (linear & 0xfff)];
  probeWrite(cpu, linear, 1);
  return readLinear(cpu, linear, 1, isUser(cpu));
}

export function modify16(cpu: Cpu, segment: number, offset: number): number {
  const linear = storeAddress(cpu, segment, offset, 2);
  const t = cpu.translation;
  const slot = (linear >>> 12) & (TLB_SIZE - 1);
  cpu.storeAddress = linear;
  if (t.writeTag[slot + t.userSlots] === (linear & 0xfffff001)) return cpu.memory.words[((t.page[slot] >>> 0) + (linear & 0xfff)) >>> 1];
  probeWrite(cpu, linear, 2);
  return readLinear(cpu, linear, 2, isUser(cpu));
}

export function modify32(cpu: Cpu, segment: number, offset: number): number {
  const linear = storeAddress(cpu, segment, offset, 4);
  const t = cpu.translation;
  const slot = (linear >>> 12) & (TLB_SIZE - 1);
  cpu.storeAddress = linear;
  if (t.writeTag[slot + t.userSlots] === (linear & 0xfffff003)) return cpu.memory.dwords[((t.page[slot] >>> 0) + (linear & 0xfff)) >>> 2];
  probeWrite(cpu, linear, 4);
  return readLinear(cpu, linear, 4, isUser(cpu));
}

/** Effective address of the memory operand. */
export const effectiveAddress = (cpu: Cpu, insn: Insn<Cpu>): number =>
  (cpu.s[insn.base] + (cpu.s[insn.index] << insn.scale) + insn.disp) & insn.mask;

/** Reads of descriptor tables and TSSs count as supervisor accesses at any CPL. */
export function readSystem16(cpu: Cpu, linear: number): number {
  const t = cpu.translation;
  const slot = (linear >>> 12) & (TLB_SIZE - 1);
  if (t.readTag[slot] === (linear & 0xfffff001)) return cpu.memory.words[((t.page[slot] >>> 0) + (linear & 0xfff)) >>> 1];
  return readLinear(cpu, linear, 2, false);
}
export function readSystem32(cpu: Cpu, linear: number): number {
  const t = cpu.translation;
  const slot = (linear >>> 12) & (TLB_SIZE - 1);
  if (t.readTag[slot] === (linear & 0xfffff003)) return cpu.memory.dwords[((t.page[slot] >>> 0) + (linear & 0xfff)) >>> 2];
  return readLinear(cpu, linear, 4, false);
}
export const writeSystem32 = (cpu: Cpu, linear: number, value: number): void => writeAs32(cpu, linear, value, false);

/** A store at a linear address, as a user access or not whatever the CPL is now. */
export function writeAs32(cpu: Cpu, linear: number, value: number, user: boolean): void {
  const t = cpu.translation;
  const slot = (linear >>> 12) & (TLB_SIZE - 1);
  if (t.writeTag[slot + (user ? TLB_SIZE : 0)] === (linear & 0xfffff003))
    cpu.memory.dwords[((t.page[slot] >>> 0) + (linear & 0xfff)) >>> 2] = value;
  else writeLinear(cpu, linear, 4, value, user);
}
