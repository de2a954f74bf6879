/** System instructions and I/O: SDM vol 2 and vol 3, 2.8. */
import { Kind, SS } from '../../isa/insn.ts';
import { DR6_BD, DR7_GD, dr6Value, dr7Value, raiseDebug } from '../breakpoints.ts';
import { controlRegister, writeCr0, writeCr3, writeCr4 } from '../control.ts';
import type { Cpu } from '../cpu.ts';
import { changeFlags, settleFlags } from '../flags.ts';
import { checkIoPermission, portIn, portOut } from '../io.ts';
import { effectiveAddress, loadAddress, read16, read32, write16, write32 } from '../memory.ts';
import { readMsr, readTsc, writeMsr } from '../msrs.ts';
import { invalidatePage } from '../paging.ts';
import { cpuid as leafValues } from '../profiles.ts';
import {
  BLOCKED_BY_MOV_SS,
  BLOCKED_BY_STI,
  CR0_PE,
  CR0_TS,
  CR4_DE,
  CR4_PCE,
  CR4_TSD,
  GP,
  HALTED,
  IF,
  IOPL,
  IOPL_SHIFT,
  RF,
  RIGHTS_CODE,
  RIGHTS_DC,
  RIGHTS_RW,
  RIGHTS_S,
  UD,
  VM,
  ZF,
} from '../registers.ts';
import {
  descriptorLimit,
  descriptorRights,
  dplOf,
  FLAT_CODE,
  FLAT_DATA,
  fetchDescriptor,
  isProtected,
  isVm86,
  loadLdt,
  loadTask,
  setCpl,
  setSegment,
} from '../segments.ts';
import { at, BASE, LDTR, segmentAt, TR } from '../state.ts';
import { hasVirtualIf, setVirtualIf } from '../vme.ts';
import { type Handlers, type Instruction, rm16 } from './operands.ts';

/** #GP(0) outside CPL 0. */
export function requireCpl0(cpu: Cpu): void {
  if (cpu.s[at.cpl] !== 0) cpu.raise(GP, 0);
}

/** #UD in real and virtual-8086 mode. */
function requireProtected(cpu: Cpu): void {
  if (!isProtected(cpu)) cpu.raise(UD);
}

/** Port of IN and OUT: DX, or the immediate. */
export const portOf = (cpu: Cpu, i: Instruction): number => (i.dst === Kind.DX || i.src === Kind.DX ? cpu.w[8] : i.imm & 0xff);

export function in8(cpu: Cpu, i: Instruction): void {
  const port = portOf(cpu, i);
  checkIoPermission(cpu, port, 1);
  cpu.b[0] = portIn(cpu, port, 1);
}
export function in16(cpu: Cpu, i: Instruction): void {
  const port = portOf(cpu, i);
  checkIoPermission(cpu, port, 2);
  cpu.w[0] = portIn(cpu, port, 2);
}
export function in32(cpu: Cpu, i: Instruction): void {
  const port = portOf(cpu, i);
  checkIoPermission(cpu, port, 4);
  cpu.s[at.eax] = portIn(cpu, port, 4);
}
export function out8(cpu: Cpu, i: Instruction): void {
  const port = portOf(cpu, i);
  checkIoPermission(cpu, port, 1);
  portOut(cpu, port, 1, cpu.b[0]);
}
export function out16(cpu: Cpu, i: Instruction): void {
  const port = portOf(cpu, i);
  checkIoPermission(cpu, port, 2);
  portOut(cpu, port, 2, cpu.w[0]);
}
export function out32(cpu: Cpu, i: Instruction): void {
  const port = portOf(cpu, i);
  checkIoPermission(cpu, port, 4);
  portOut(cpu, port, 4, cpu.s[at.eax] >>> 0);
}

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

export function hlt(cpu: Cpu): void {
  requireCpl0(cpu);
  cpu.s[at.activity] = HALTED;
  cpu.events.halted();
}

/** CPUID shows a local APIC while IA32_APIC_BASE has it enabled. */
const LEAF_1_APIC = 1 << 9;
const APIC_ENABLED = 1 << 11;

export function cpuid(cpu: Cpu): void {
  const s = cpu.s;
  const leaf = s[at.eax];
  const [eax, ebx, ecx, edx] = leafValues(cpu.profile, leaf);
  s[at.eax] = eax;
  s[at.ebx] = ebx;
  s[at.ecx] = ecx;
  s[at.edx] = leaf === 1 && ((cpu.bus.localApic?.base ?? 0) & APIC_ENABLED) !== 0 ? edx | LEAF_1_APIC : edx;
}

const pair = new Int32Array(2);

export function rdtsc(cpu: Cpu): void {
  if ((cpu.s[at.cr4] & CR4_TSD) !== 0 && cpu.s[at.cpl] !== 0) cpu.raise(GP, 0);
  readTsc(cpu, pair);
  cpu.s[at.eax] = pair[0];
  cpu.s[at.edx] = pair[1];
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

/** CR1 and CR5 to CR7 do not exist at any CPL: #UD comes before the CPL check. */
function requireRegister(cpu: Cpu, number: number): void {
  if (number === 1 || number > 4) cpu.raise(UD);
  requireCpl0(cpu);
}

export function movFromCr(cpu: Cpu, i: Instruction): void {
  requireRegister(cpu, i.reg);
  cpu.s[i.rm] = controlRegister(cpu, i.reg);
}

export function movToCr(cpu: Cpu, i: Instruction): void {
  requireRegister(cpu, i.reg);
  const value = cpu.s[i.rm];
  if (i.reg === 0) writeCr0(cpu, value);
  else if (i.reg === 2) cpu.s[at.cr2] = value;
  else if (i.reg === 3) writeCr3(cpu, value);
  else if (i.reg === 4) writeCr4(cpu, value);
  else cpu.raise(UD);
}

/** DR4 and DR5 are DR6 and DR7 unless CR4.DE is set. General detect comes before the CPL check (docs/deviations.md). */
export function debugRegister(cpu: Cpu, number: number): number {
  if (number === 4 || number === 5) {
    if ((cpu.s[at.cr4] & CR4_DE) !== 0) cpu.raise(UD);
    number += 2;
  }
  if ((cpu.s[at.dr7] & DR7_GD) !== 0) raiseDebug(cpu, DR6_BD);
  requireCpl0(cpu);
  return number < 4 ? at.dr0 + number : number === 6 ? at.dr6 : at.dr7;
}

export function movFromDr(cpu: Cpu, i: Instruction): void {
  cpu.s[i.rm] = cpu.s[debugRegister(cpu, i.reg)];
}

export function movToDr(cpu: Cpu, i: Instruction): void {
  const register = debugRegister(cpu, i.reg);
  const value = cpu.s[i.rm];
  cpu.s[register] = register === at.dr7 ? dr7Value(value) : register === at.dr6 ? dr6Value(value) : value;
  if (register !== at.dr6) cpu.translation.drop();
}

export function clts(cpu: Cpu): void {
  requireCpl0(cpu);
  const old = cpu.s[at.cr0];
  cpu.s[at.cr0] = old & ~CR0_TS;
  if (cpu.s[at.cr0] !== old) cpu.events.control('CR0', old, cpu.s[at.cr0]);
}

/** LMSW sets PE, MP, EM, TS; it cannot clear PE. */
export function lmsw(cpu: Cpu, i: Instruction): void {
  requireCpl0(cpu);
  const cr0 = cpu.s[at.cr0];
  writeCr0(cpu, (cr0 & ~0xe) | (rm16(cpu, i) & 0xf) | (cr0 & CR0_PE));
}

export function smsw16(cpu: Cpu, i: Instruction): void {
  const value = controlRegister(cpu, 0);
  if (i.mem !== 0) write16(cpu, i.seg, effectiveAddress(cpu, i), value);
  else cpu.w[i.rm] = value;
}
export function smsw32(cpu: Cpu, i: Instruction): void {
  const value = controlRegister(cpu, 0);
  if (i.mem !== 0) write16(cpu, i.seg, effectiveAddress(cpu, i), value);
  else cpu.s[i.rm] = value;
}

/** There are no caches to write back. */
export const wbinvd = requireCpl0;
export const invd = requireCpl0;

export function invlpg(cpu: Cpu, i: Instruction): void {
  requireCpl0(cpu);
  invalidatePage(cpu, (cpu.s[segmentAt(i.seg) + BASE] + effectiveAddress(cpu, i)) | 0);
}

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
  in8,
  in16,
  in32,
  out8,
  out16,
  out32,
  cli,
  sti,
  hlt,
  cpuid,
  rdtsc,
  rdpmc,
  rdmsr,
  wrmsr,
  movFromCr,
  movToCr,
  movFromDr,
  movToDr,
  clts,
  lmsw,
  smsw16,
  smsw32,
  invd,
  wbinvd,
  invlpg,
  sgdt16,
  sgdt32,
  sidt16,
  sidt32,
  lgdt16,
  lgdt32,
  lidt16,
  lidt32,
  sldt16,
  sldt32,
  str16,
  str32,
  lldt,
  ltr,
  verr,
  verw,
  lar16,
  lar32,
  lsl16,
  lsl32,
  sysenter,
  sysexit,
};
