/**
 * Instructions that may be intercepted, and when: AMD64 manual vol 2, 15.9 to 15.11. One gate for each exit that a row of the instruction table
 * names. Faults of privilege and mode come first, then the intercept, then every other fault.
 */
import type { Insn } from '../../../isa/insn.ts';
import { Kind } from '../../../isa/insn.ts';
import { checkCr0, checkCr4 } from '../../control.ts';
import type { Cpu } from '../../cpu.ts';
import { rm16 } from '../../exec/operands.ts';
import { debugRegister } from '../../exec/system-registers.ts';
import { checkMonitor, checkMwait, requireMonitor } from '../../exec/wait.ts';
import { checkIoPermission } from '../../io.ts';
import { readPhysical8, readPhysical16 } from '../../physical.ts';
import { CR0_MP, CR0_PE, CR0_TS, CR4_PCE, CR4_TSD, GP, UD } from '../../registers.ts';
import { isProtected } from '../../segments.ts';
import { at } from '../../state.ts';
import { type ExitDetail, exitInstruction } from './exit.ts';
import { CODE } from './exit-codes.ts';
import { slot } from './fields.ts';
import { INTERCEPT_CR0_SEL_WRITE, INTERCEPT_IOIO, INTERCEPT_MSR } from './intercepts.ts';
import { CR_INTERCEPTS, DR_INTERCEPTS, vmcb } from './vmcb.ts';

/** @param nextRip whether the processor saves nRIP */
export type Gate = (cpu: Cpu, insn: Insn<Cpu>, nextRip: boolean) => void;

function requireCpl0(cpu: Cpu): void {
  if (cpu.s[at.cpl] !== 0) cpu.raise(GP, 0);
}

function requireProtected(cpu: Cpu): void {
  if (!isProtected(cpu)) cpu.raise(UD);
}

/** SVM instructions: #UD outside protected mode, then #GP(0) outside CPL 0. In a guest EFER.SVME is 1. */
function requireHostInstruction(cpu: Cpu): void {
  requireProtected(cpu);
  requireCpl0(cpu);
}

function requireTsc(cpu: Cpu): void {
  if ((cpu.s[at.cr4] & CR4_TSD) !== 0 && isProtected(cpu)) requireCpl0(cpu);
}

function requirePmc(cpu: Cpu): void {
  if ((cpu.s[at.cr4] & CR4_PCE) === 0 && isProtected(cpu)) requireCpl0(cpu);
}

function requireTable(cpu: Cpu): void {
  requireProtected(cpu);
  requireCpl0(cpu);
}

const free = (): void => {};

const LAST_MISC1 = 0x7f;

/** Whether the intercept of an EXITCODE of the two intercept words is on. */
function intercepted(cpu: Cpu, code: number): boolean {
  const word = vmcb(cpu, code <= LAST_MISC1 ? slot.interceptMisc1 : slot.interceptMisc2);
  return ((word >>> (code & 0x1f)) & 1) !== 0;
}

/** The gate of an instruction that one intercept bit decides on. */
const simple =
  (code: number, before: (cpu: Cpu) => void): Gate =>
  (cpu, insn, nextRip) => {
    before(cpu);
    if (intercepted(cpu, code)) exitInstruction(cpu, insn, code, nextRip);
    insn.behaviour(cpu, insn);
  };

const crIntercepted = (cpu: Cpu, register: number, write: number): boolean =>
  ((vmcb(cpu, CR_INTERCEPTS) >>> (register + 16 * write)) & 1) !== 0;

const CR_EXISTS = 0b11101;

function crRead(cpu: Cpu, insn: Insn<Cpu>, nextRip: boolean): void {
  const smsw = insn.row.exec === 'smsw';
  const register = smsw ? 0 : insn.reg;
  if (!smsw) {
    if (((CR_EXISTS >>> register) & 1) === 0) cpu.raise(UD);
    requireCpl0(cpu);
  }
  if (crIntercepted(cpu, register, 0)) exitInstruction(cpu, insn, CODE.CR_READ + register, nextRip);
  insn.behaviour(cpu, insn);
}

/** LMSW and MOV to CR0 that change more than TS and MP; CLTS changes TS alone. */
function isSelectiveWrite(cpu: Cpu, insn: Insn<Cpu>): boolean {
  const cr0 = cpu.s[at.cr0];
  const { exec } = insn.row;
  if (exec === 'clts') return false;
  const value = exec === 'lmsw' ? (cr0 & ~0xf) | (rm16(cpu, insn) & 0xf) | (cr0 & CR0_PE) : cpu.s[insn.rm];
  return ((cr0 ^ value) & ~(CR0_TS | CR0_MP)) !== 0;
}

/** Illegal combinations of bits come before the intercept, what memory holds (PDPTEs) behind it. */
function requireLegal(cpu: Cpu, register: number, value: number): void {
  if (register === 0) checkCr0(cpu, value);
  else if (register === 4) checkCr4(cpu, value);
}

function crWrite(cpu: Cpu, insn: Insn<Cpu>, nextRip: boolean): void {
  const register = insn.row.exec === 'movToCr' ? insn.reg : 0;
  if (((CR_EXISTS >>> register) & 1) === 0) cpu.raise(UD);
  requireCpl0(cpu);
  if (insn.row.exec === 'movToCr') requireLegal(cpu, register, cpu.s[insn.rm]);
  if (crIntercepted(cpu, register, 1)) exitInstruction(cpu, insn, CODE.CR_WRITE + register, nextRip);
  if (register === 0 && (vmcb(cpu, slot.interceptMisc1) & INTERCEPT_CR0_SEL_WRITE) !== 0 && isSelectiveWrite(cpu, insn))
    exitInstruction(cpu, insn, CODE.CR0_SEL_WRITE, nextRip);
  insn.behaviour(cpu, insn);
}

/** #UD, general detect and #GP come before the intercept. */
function drGate(cpu: Cpu, insn: Insn<Cpu>, nextRip: boolean, write: number): void {
  const register = insn.reg;
  debugRegister(cpu, register);
  if (((vmcb(cpu, DR_INTERCEPTS) >>> (register + 16 * write)) & 1) !== 0)
    exitInstruction(cpu, insn, (write !== 0 ? CODE.DR_WRITE : CODE.DR_READ) + register, nextRip);
  insn.behaviour(cpu, insn);
}

const drRead: Gate = (cpu, insn, nextRip) => drGate(cpu, insn, nextRip, 0);
const drWrite: Gate = (cpu, insn, nextRip) => drGate(cpu, insn, nextRip, 1);

/*
 * EXITINFO1 of IOIO:
 *
 *   31  16  9      8      7       6      5      4     3    2       1  0
 *   [port][A64] [A32]  [A16]  [SZ32] [SZ16] [SZ8] [REP][string][0][IN]
 *
 * EXITINFO2: EIP behind the instruction.
 */
const IO_IN = 1 << 0;
const IO_STRING = 1 << 2;
const IO_REP = 1 << 3;
const IO_SIZE_SHIFT = 4;
const IO_A16 = 1 << 7;
const IO_A32 = 1 << 8;

/** I/O permission map: a bit for each port, and three for accesses that begin at the last ones. */
function ioExits(cpu: Cpu, port: number, size: number): boolean {
  if ((vmcb(cpu, slot.interceptMisc1) & INTERCEPT_IOIO) === 0) return false;
  const map = (vmcb(cpu, slot.iopmBasePa) & ~0xfff) + (port >>> 3);
  const bits = readPhysical16(cpu, map) >>> (port & 7);
  return (bits & ((1 << size) - 1)) !== 0;
}

/** A repeat count of 0 makes no difference: permission is checked, and the exit taken, before the count is looked at. */
function ioInstruction(cpu: Cpu, insn: Insn<Cpu>, nextRip: boolean): void {
  const { s } = cpu;
  const { exec, size: rowSize } = insn.row;
  const string = exec === 'ins' || exec === 'outs';
  const inward = exec === 'in' || exec === 'ins';
  const immediate = !string && (inward ? insn.src : insn.dst) === Kind.I;
  const port = immediate ? insn.imm & 0xff : s[at.edx] & 0xffff;
  const size = rowSize === 'b' ? 1 : insn.operandSize >> 3;
  checkIoPermission(cpu, port, size);
  if (ioExits(cpu, port, size)) {
    const info1 =
      (port << 16) |
      (insn.addressSize === 32 ? IO_A32 : IO_A16) |
      (size << IO_SIZE_SHIFT) |
      (insn.rep !== 0 ? IO_REP : 0) |
      (string ? IO_STRING : 0) |
      (inward ? IO_IN : 0);
    exitInstruction(cpu, insn, CODE.IOIO, nextRip, { info1, info2: s[at.eip] });
  }
  insn.behaviour(cpu, insn);
}

/**
 * The bit of the MSR permission map for a read (`write` 0) or write (1), from the map's beginning: two for each MSR, reads below writes; 0 to 1FFFh
 * at byte 0, C0000000h to C0001FFFh at 800h, C0010000h to C0011FFFh at 1000h (APM vol 2, 15.11). -1 of no range: such an MSR always exits.
 */
export function msrMapBit(msr: number, write: number): number {
  const range = msr & ~0x1fff;
  const place = range === 0 ? 0 : range === (0xc0000000 | 0) ? 0x800 : range === (0xc0010000 | 0) ? 0x1000 : -1;
  return place < 0 ? -1 : place * 8 + (msr & 0x1fff) * 2 + write;
}

function msrExits(cpu: Cpu, write: number): boolean {
  if ((vmcb(cpu, slot.interceptMisc1) & INTERCEPT_MSR) === 0) return false;
  const bit = msrMapBit(cpu.s[at.ecx], write);
  if (bit < 0) return true;
  return ((readPhysical8(cpu, (vmcb(cpu, slot.msrpmBasePa) & ~0xfff) + (bit >>> 3)) >>> (bit & 7)) & 1) !== 0;
}

function msrAccess(cpu: Cpu, insn: Insn<Cpu>, nextRip: boolean): void {
  requireCpl0(cpu);
  const write = insn.row.exec === 'wrmsr' ? 1 : 0;
  const detail: ExitDetail = { info1: write };
  if (msrExits(cpu, write)) exitInstruction(cpu, insn, CODE.MSR, nextRip, detail);
  insn.behaviour(cpu, insn);
}

/** Faults of MONITOR's operands and of MWAIT's extensions come before the intercept. */
function monitor(cpu: Cpu, insn: Insn<Cpu>, nextRip: boolean): void {
  requireMonitor(cpu);
  if (intercepted(cpu, CODE.MONITOR)) {
    checkMonitor(cpu, insn);
    exitInstruction(cpu, insn, CODE.MONITOR, nextRip);
  }
  insn.behaviour(cpu, insn);
}

function mwait(cpu: Cpu, insn: Insn<Cpu>, nextRip: boolean): void {
  requireMonitor(cpu);
  checkMwait(cpu);
  if (cpu.s[at.monitored] !== 0 && intercepted(cpu, CODE.MWAIT_COND)) exitInstruction(cpu, insn, CODE.MWAIT_COND, nextRip);
  if (intercepted(cpu, CODE.MWAIT)) exitInstruction(cpu, insn, CODE.MWAIT, nextRip);
  insn.behaviour(cpu, insn);
}

export const GATES: Readonly<Record<string, Gate>> = {
  CR_READ: crRead,
  CR_WRITE: crWrite,
  DR_READ: drRead,
  DR_WRITE: drWrite,
  IOIO: ioInstruction,
  MSR: msrAccess,
  CPUID: simple(CODE.CPUID, free),
  HLT: simple(CODE.HLT, requireCpl0),
  PAUSE: simple(CODE.PAUSE, free),
  RDTSC: simple(CODE.RDTSC, requireTsc),
  RDTSCP: simple(CODE.RDTSCP, requireTsc),
  RDPMC: simple(CODE.RDPMC, requirePmc),
  MONITOR: monitor,
  MWAIT: mwait,
  INVD: simple(CODE.INVD, requireCpl0),
  WBINVD: simple(CODE.WBINVD, requireCpl0),
  INVLPG: simple(CODE.INVLPG, requireCpl0),
  IDTR_READ: simple(CODE.IDTR_READ, free),
  GDTR_READ: simple(CODE.GDTR_READ, free),
  LDTR_READ: simple(CODE.LDTR_READ, requireProtected),
  TR_READ: simple(CODE.TR_READ, requireProtected),
  IDTR_WRITE: simple(CODE.IDTR_WRITE, requireCpl0),
  GDTR_WRITE: simple(CODE.GDTR_WRITE, requireCpl0),
  LDTR_WRITE: simple(CODE.LDTR_WRITE, requireTable),
  TR_WRITE: simple(CODE.TR_WRITE, requireTable),
  PUSHF: simple(CODE.PUSHF, free),
  POPF: simple(CODE.POPF, free),
  IRET: simple(CODE.IRET, free),
  SWINT: simple(CODE.SWINT, free),
  ICEBP: simple(CODE.ICEBP, free),
  VMMCALL: simple(CODE.VMMCALL, free),
  VMRUN: simple(CODE.VMRUN, requireHostInstruction),
  VMLOAD: simple(CODE.VMLOAD, requireHostInstruction),
  VMSAVE: simple(CODE.VMSAVE, requireHostInstruction),
  STGI: simple(CODE.STGI, requireHostInstruction),
  CLGI: simple(CODE.CLGI, requireHostInstruction),
  SKINIT: simple(CODE.SKINIT, requireHostInstruction),
  INVLPGA: simple(CODE.INVLPGA, requireHostInstruction),
};
