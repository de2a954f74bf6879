/** Descriptors and segment registers: SDM vol 3, 3.4 and 5.5 to 5.8. */
import { CS, DS, ES, FS, GS, SS } from '../isa/insn.ts';
import type { Cpu } from './cpu.ts';
import { readSystem32, writeSystem32 } from './memory.ts';
import {
  CR0_PE,
  CR4_PVI,
  CR4_VME,
  GP,
  NP,
  RIGHTS_ACCESSED,
  RIGHTS_CODE,
  RIGHTS_DC,
  RIGHTS_DPL_SHIFT,
  RIGHTS_G,
  RIGHTS_P,
  RIGHTS_RW,
  RIGHTS_S,
  RIGHTS_UNUSABLE,
  SSV,
  type TS,
  VM,
} from './registers.ts';
import { MUST_END } from './signals.ts';
import { at, BASE, LDTR, LIMIT, RIGHTS, segmentAt, TR } from './state.ts';

/*
 * Segment descriptor:
 *
 *   high  31         24 23 22  21 20  19      16 15 14 13 12  11    8 7          0
 *         [ base 31:24 ][G][D/B][L][AVL][limit 19:16][P][ DPL ][S][ type ][base 23:16]
 *   low   31                              16 15                             0
 *         [ base 15:0                       ][ limit 15:0                     ]
 */
const ACCESSED_IN_HIGH = 1 << 8;
const GRANULAR_IN_HIGH = 1 << 23;

/* What a descriptor's two doublewords say. */
export const baseIn = (low: number, high: number): number => (low >>> 16) | ((high & 0xff) << 16) | (high & 0xff000000);
export function limitIn(low: number, high: number): number {
  const limit = (low & 0xffff) | (high & 0xf0000);
  return (high & GRANULAR_IN_HIGH) !== 0 ? (limit << 12) | 0xfff : limit;
}
/** Without the bits 11:8 that are the limit's. */
export const rightsIn = (high: number): number => (high >>> 8) & 0xf0ff;

/** The descriptor read last; valid until the next read. */
export const descriptor = { low: 0, high: 0, address: 0 };

export const descriptorRights = (): number => rightsIn(descriptor.high);
/** Of a gate, the selector it leads to. */
export const gateSelector = (): number => descriptor.low >>> 16;
export const descriptorDpl = (): number => (descriptor.high >>> 13) & 3;
export const descriptorBase = (): number => baseIn(descriptor.low, descriptor.high);
export const descriptorLimit = (): number => limitIn(descriptor.low, descriptor.high);

export const dplOf = (rights: number): number => (rights >> RIGHTS_DPL_SHIFT) & 3;
export const isProtected = (cpu: Cpu): boolean => (cpu.s[at.cr0] & CR0_PE) !== 0 && (cpu.s[at.eflags] & VM) === 0;
export const isVm86 = (cpu: Cpu): boolean => (cpu.s[at.eflags] & VM) !== 0;

/** Error code of a selector fault: index and TI, and EXT while an external event is delivered. */
export const selectorError = (cpu: Cpu, selector: number): number => (selector & 0xfffc) | cpu.ext;

/** Reads a selector's descriptor; false when it lies outside its table. A null selector is the caller's business. */
export function fetchDescriptor(cpu: Cpu, selector: number): boolean {
  const s = cpu.s;
  const offset = selector & 0xfff8;
  let base = s[at.gdtrBase];
  let limit = s[at.gdtrLimit];
  if ((selector & 4) !== 0) {
    const ldtr = segmentAt(LDTR);
    if ((s[ldtr + RIGHTS] & RIGHTS_UNUSABLE) !== 0) return false;
    base = s[ldtr + BASE];
    limit = s[ldtr + LIMIT];
  }
  if (offset + 7 > limit >>> 0) return false;
  descriptor.address = (base + offset) | 0;
  descriptor.low = readSystem32(cpu, descriptor.address);
  descriptor.high = readSystem32(cpu, (descriptor.address + 4) | 0);
  return true;
}

/** A descriptor that was read and checked, kept while others are read and the stack is written, which may lie over it. */
export class HeldDescriptor {
  #low = 0;
  #high = 0;
  #address = 0;

  /** Keeps the descriptor read last. */
  hold(): void {
    this.#low = descriptor.low;
    this.#high = descriptor.high;
    this.#address = descriptor.address;
  }

  /** Makes it the descriptor read last again. */
  recall(): void {
    descriptor.low = this.#low;
    descriptor.high = this.#high;
    descriptor.address = this.#address;
  }
}

/** Sets the accessed bit of the descriptor read last, in its table and here. */
export function markAccessed(cpu: Cpu): void {
  if ((descriptor.high & ACCESSED_IN_HIGH) !== 0) return;
  descriptor.high |= ACCESSED_IN_HIGH;
  writeSystem32(cpu, (descriptor.address + 4) | 0, descriptor.high);
}

/** Sets a segment register with its hidden parts. */
export function setSegment(cpu: Cpu, segment: number, selector: number, base: number, limit: number, rights: number): void {
  const s = cpu.s;
  const seg = segmentAt(segment);
  s[seg] = selector & 0xffff;
  s[seg + BASE] = base;
  s[seg + LIMIT] = limit;
  s[seg + RIGHTS] = rights;
  if (segment <= GS) deriveFlat(cpu, segment);
}

/** Sets a segment register from the descriptor read last. */
export const setFromDescriptor = (cpu: Cpu, segment: number, selector: number): void =>
  setSegment(cpu, segment, selector, descriptorBase(), descriptorLimit(), descriptorRights());

function deriveFlat(cpu: Cpu, segment: number): void {
  const s = cpu.s;
  const seg = segmentAt(segment);
  const rights = s[seg + RIGHTS];
  const code = (rights & RIGHTS_CODE) !== 0;
  const isFlat = s[seg + BASE] === 0 && s[seg + LIMIT] === -1 && (rights & RIGHTS_UNUSABLE) === 0 && (code || (rights & RIGHTS_DC) === 0);
  const flat = isFlat && cpu.accessWatch === null;
  const readable = flat && (!code || (rights & RIGHTS_RW) !== 0);
  const writable = flat && !code && (rights & RIGHTS_RW) !== 0;
  const bit = 1 << segment;
  cpu.flatRead = readable ? cpu.flatRead | bit : cpu.flatRead & ~bit;
  cpu.flatWrite = writable ? cpu.flatWrite | bit : cpu.flatWrite & ~bit;
}

/** Finds what is derived from the segment registers and CPL anew, after the arena was replaced. */
export function deriveSegments(cpu: Cpu): void {
  for (let segment = ES; segment <= GS; segment++) deriveFlat(cpu, segment);
  cpu.translation.setCpl(cpu.s[at.cpl]);
}

/** Where VIF and VIP count (`vme.ts`), the boundary in front of the first instruction of CPL 3 looks at them. */
export function setCpl(cpu: Cpu, cpl: number): void {
  if (cpl === 3 && (cpu.s[at.cr4] & (CR4_VME | CR4_PVI)) !== 0) cpu.attention |= MUST_END;
  cpu.s[at.cpl] = cpl;
  cpu.translation.setCpl(cpl);
}

const NULL_RIGHTS = RIGHTS_UNUSABLE;

export function setNull(cpu: Cpu, segment: number, selector: number): void {
  setSegment(cpu, segment, selector, 0, 0, NULL_RIGHTS);
}

/** Real mode keeps the hidden limit and rights it had (SDM vol 3, 20.1.1); only base and selector change. */
function loadReal(cpu: Cpu, segment: number, selector: number): void {
  const seg = segmentAt(segment);
  setSegment(cpu, segment, selector, (selector & 0xffff) << 4, cpu.s[seg + LIMIT], cpu.s[seg + RIGHTS]);
}

/** MOV, POP and Lxx into DS, ES, FS, GS or SS, with the checks in the manual's order. */
export function loadSegment(cpu: Cpu, segment: number, selector: number): void {
  selector &= 0xffff;
  if (!isProtected(cpu)) {
    loadReal(cpu, segment, selector);
    return;
  }
  if (segment === SS) {
    loadStackSegment(cpu, selector);
    return;
  }
  if ((selector & 0xfffc) === 0) {
    setNull(cpu, segment, selector);
    return;
  }
  if (!fetchDescriptor(cpu, selector)) cpu.raise(GP, selectorError(cpu, selector));
  const rights = descriptorRights();
  const cpl = cpu.s[at.cpl];
  const code = (rights & RIGHTS_CODE) !== 0;
  if ((rights & RIGHTS_S) === 0 || (code && (rights & RIGHTS_RW) === 0)) cpu.raise(GP, selectorError(cpu, selector));
  if (!(code && (rights & RIGHTS_DC) !== 0) && ((selector & 3) > dplOf(rights) || cpl > dplOf(rights)))
    cpu.raise(GP, selectorError(cpu, selector));
  if ((rights & RIGHTS_P) === 0) cpu.raise(NP, selectorError(cpu, selector));
  markAccessed(cpu);
  setFromDescriptor(cpu, segment, selector);
}

function loadStackSegment(cpu: Cpu, selector: number): void {
  checkStackSegment(cpu, selector, cpu.s[at.cpl], GP);
  markAccessed(cpu);
  setFromDescriptor(cpu, SS, selector);
}

/**
 * The checks of a new SS for privilege level `level`: null, table, RPL, type, DPL raise `vector`, a missing segment `missing`. The descriptor read
 * last is then this one.
 */
export function checkStackSegment(
  cpu: Cpu,
  selector: number,
  level: number,
  vector: typeof GP | typeof TS,
  missing: typeof SSV | typeof NP = SSV,
): void {
  if ((selector & 0xfffc) === 0) cpu.raise(vector, cpu.ext);
  if (!fetchDescriptor(cpu, selector)) cpu.raise(vector, selectorError(cpu, selector));
  const rights = descriptorRights();
  const writable = (rights & (RIGHTS_S | RIGHTS_CODE | RIGHTS_RW)) === (RIGHTS_S | RIGHTS_RW);
  if ((selector & 3) !== level || !writable || dplOf(rights) !== level) cpu.raise(vector, selectorError(cpu, selector));
  if ((rights & RIGHTS_P) === 0) cpu.raise(missing, selectorError(cpu, selector));
}

/** Loads CS from the descriptor read last, for the given privilege level. */
export function loadCode(cpu: Cpu, selector: number, cpl: number): void {
  markAccessed(cpu);
  setFromDescriptor(cpu, CS, (selector & 0xfffc) | cpl);
  setCpl(cpu, cpl);
}

export function loadRealCode(cpu: Cpu, selector: number): void {
  loadReal(cpu, CS, selector);
}

/** After a return to an outer level: data segments too privileged for it become null (SDM vol 3, 5.8.6). */
export function dropPrivilegedSegments(cpu: Cpu): void {
  const s = cpu.s;
  for (const segment of [ES, DS, FS, GS]) {
    const rights = s[segmentAt(segment) + RIGHTS];
    const conforming = (rights & (RIGHTS_CODE | RIGHTS_DC)) === (RIGHTS_CODE | RIGHTS_DC);
    if (!conforming && (rights & RIGHTS_UNUSABLE) === 0 && dplOf(rights) < s[at.cpl]) setNull(cpu, segment, 0);
  }
}

/** LLDT. */
export function loadLdt(cpu: Cpu, selector: number): void {
  if ((selector & 0xfffc) === 0) {
    setNull(cpu, LDTR, selector);
    return;
  }
  if ((selector & 4) !== 0 || !fetchDescriptor(cpu, selector)) cpu.raise(GP, selectorError(cpu, selector));
  const rights = descriptorRights();
  if ((rights & 0x1f) !== 2) cpu.raise(GP, selectorError(cpu, selector));
  if ((rights & RIGHTS_P) === 0) cpu.raise(NP, selectorError(cpu, selector));
  setFromDescriptor(cpu, LDTR, selector);
}

const TSS_BUSY = 1 << 9;

/** LTR. */
export function loadTask(cpu: Cpu, selector: number): void {
  if ((selector & 0xfffc) === 0) cpu.raise(GP, 0);
  if ((selector & 4) !== 0 || !fetchDescriptor(cpu, selector)) cpu.raise(GP, selectorError(cpu, selector));
  const rights = descriptorRights();
  if ((rights & 0x1f) !== 1 && (rights & 0x1f) !== 9) cpu.raise(GP, selectorError(cpu, selector));
  if ((rights & RIGHTS_P) === 0) cpu.raise(NP, selectorError(cpu, selector));
  descriptor.high |= TSS_BUSY;
  writeSystem32(cpu, (descriptor.address + 4) | 0, descriptor.high);
  setFromDescriptor(cpu, TR, selector);
}

/** Rights of a flat segment as reset, SYSENTER and VM exits leave it. */
export const FLAT_CODE = RIGHTS_G | (1 << 14) | RIGHTS_P | RIGHTS_S | RIGHTS_CODE | RIGHTS_RW | RIGHTS_ACCESSED;
export const FLAT_DATA = RIGHTS_G | (1 << 14) | RIGHTS_P | RIGHTS_S | RIGHTS_RW | RIGHTS_ACCESSED;
