/** Instructions that may exit, and when: SDM vol 3, 25.1. One gate for each exit that a row of the instruction table names. */

import type { Insn } from '../../../isa/insn.ts';
import { Kind } from '../../../isa/insn.ts';
import { writeCr0, writeCr4 } from '../../control.ts';
import type { Cpu } from '../../cpu.ts';
import { requireMonitor } from '../../exec/wait.ts';
import { checkIoPermission } from '../../io.ts';
import { effectiveAddress, read16 } from '../../memory.ts';
import { readPhysical8 } from '../../physical.ts';
import { CR0_PE, CR0_TS, CR4_PCE, CR4_TSD, GP, IF, UD, VM } from '../../registers.ts';
import { isProtected } from '../../segments.ts';
import { at, BASE, segmentAt } from '../../state.ts';
import {
  PRIMARY_CR3_LOAD,
  PRIMARY_CR3_STORE,
  PRIMARY_HLT,
  PRIMARY_INTERRUPT_WINDOW,
  PRIMARY_INVLPG,
  PRIMARY_IO_BITMAPS,
  PRIMARY_MONITOR,
  PRIMARY_MOV_DR,
  PRIMARY_MSR_BITMAPS,
  PRIMARY_MWAIT,
  PRIMARY_PAUSE,
  PRIMARY_RDPMC,
  PRIMARY_RDTSC,
  PRIMARY_UNCONDITIONAL_IO,
  SECONDARY_DESCRIPTOR_TABLE,
  SECONDARY_PAUSE_LOOP,
  SECONDARY_RDTSCP,
  SECONDARY_WBINVD,
  SECONDARY_X2APIC,
} from './controls.ts';
import { exitInstruction } from './exit.ts';
import { slot } from './fields.ts';
import { localTableInfo, registerInfo, stringIoInfo, tableInfo, vmxOperandInfo } from './instruction-info.ts';
import { REASON } from './reasons.ts';
import { readVirtualTprMsr, writeVirtualTprMsr } from './virtual-apic.ts';
import { merge, secondaryControls, vmread, vmwrite } from './vmcs.ts';

export type Gate = (cpu: Cpu, insn: Insn<Cpu>) => void;

const controlled = (cpu: Cpu, control: number): boolean => (vmread(cpu, slot.primaryControls) & control) !== 0;

/** Privilege comes before the exit. */
function requireCpl0(cpu: Cpu): void {
  if (cpu.s[at.cpl] !== 0) cpu.raise(GP, 0);
}

function cpuid(cpu: Cpu, insn: Insn<Cpu>): void {
  exitInstruction(cpu, insn, REASON.CPUID, 0);
}

function hlt(cpu: Cpu, insn: Insn<Cpu>): void {
  requireCpl0(cpu);
  if (controlled(cpu, PRIMARY_HLT)) exitInstruction(cpu, insn, REASON.HLT, 0);
  insn.behaviour(cpu, insn);
}

function invd(cpu: Cpu, insn: Insn<Cpu>): void {
  requireCpl0(cpu);
  exitInstruction(cpu, insn, REASON.INVD, 0);
}

function invlpg(cpu: Cpu, insn: Insn<Cpu>): void {
  requireCpl0(cpu);
  if (controlled(cpu, PRIMARY_INVLPG))
    exitInstruction(cpu, insn, REASON.INVLPG, cpu.s[segmentAt(insn.seg) + BASE] + effectiveAddress(cpu, insn));
  insn.behaviour(cpu, insn);
}

function rdtsc(cpu: Cpu, insn: Insn<Cpu>): void {
  if ((cpu.s[at.cr4] & CR4_TSD) !== 0) requireCpl0(cpu);
  if (controlled(cpu, PRIMARY_RDTSC)) exitInstruction(cpu, insn, REASON.RDTSC, 0);
  insn.behaviour(cpu, insn);
}

function rdpmc(cpu: Cpu, insn: Insn<Cpu>): void {
  if ((cpu.s[at.cr4] & CR4_PCE) === 0) requireCpl0(cpu);
  if (controlled(cpu, PRIMARY_RDPMC)) exitInstruction(cpu, insn, REASON.RDPMC, 0);
  insn.behaviour(cpu, insn);
}

/**
 * A loop of PAUSEs at CPL 0 that has lasted longer than PLE_Window; one that comes later than PLE_Gap after the one before begins a new loop
 * (SDM vol 3, 25.1.3).
 */
function pauseLoopExits(cpu: Cpu): boolean {
  const { s } = cpu;
  if (s[at.cpl] !== 0 || (secondaryControls(cpu) & SECONDARY_PAUSE_LOOP) === 0) return false;
  const now = cpu.cycles | 0;
  const sinceLast = (now - s[at.pauseLast]) >>> 0;
  s[at.pauseLast] = now;
  if (sinceLast > vmread(cpu, slot.pauseLoopGap) >>> 0) {
    s[at.pauseFirst] = now;
    return false;
  }
  return (now - s[at.pauseFirst]) >>> 0 > vmread(cpu, slot.pauseLoopWindow) >>> 0;
}

/** Without its control the instruction does not exist in the guest. */
function rdtscp(cpu: Cpu, insn: Insn<Cpu>): void {
  if ((secondaryControls(cpu) & SECONDARY_RDTSCP) === 0) cpu.raise(UD);
  if ((cpu.s[at.cr4] & CR4_TSD) !== 0) requireCpl0(cpu);
  if (controlled(cpu, PRIMARY_RDTSC)) exitInstruction(cpu, insn, REASON.RDTSCP, 0);
  insn.behaviour(cpu, insn);
}

function monitor(cpu: Cpu, insn: Insn<Cpu>): void {
  requireMonitor(cpu);
  if (controlled(cpu, PRIMARY_MONITOR)) exitInstruction(cpu, insn, REASON.MONITOR, 0);
  insn.behaviour(cpu, insn);
}

/** Exit qualification: whether a MONITOR watches. An interrupt window that is to end the wait does not let it begin (SDM vol 3, 25.3). */
function mwait(cpu: Cpu, insn: Insn<Cpu>): void {
  requireMonitor(cpu);
  const { s } = cpu;
  if (controlled(cpu, PRIMARY_MWAIT)) exitInstruction(cpu, insn, REASON.MWAIT, s[at.monitored] & 1);
  if (s[at.ecx] === 1 && (s[at.eflags] & IF) === 0 && controlled(cpu, PRIMARY_INTERRUPT_WINDOW)) s[at.monitored] = 0;
  insn.behaviour(cpu, insn);
}

function pause(cpu: Cpu, insn: Insn<Cpu>): void {
  if (controlled(cpu, PRIMARY_PAUSE) || pauseLoopExits(cpu)) exitInstruction(cpu, insn, REASON.PAUSE, 0);
  insn.behaviour(cpu, insn);
}

/*
 * MSR bitmaps, 1 KiB each: reads of 0 to 1FFFh, reads of C0000000h to C0001FFFh, writes of the one range, writes of the other.
 */
function msrExits(cpu: Cpu, write: number): boolean {
  if (!controlled(cpu, PRIMARY_MSR_BITMAPS)) return true;
  const msr = cpu.s[at.ecx];
  const range = msr & ~0x1fff;
  if (range !== 0 && range !== (0xc0000000 | 0)) return true;
  const index = msr & 0x1fff;
  const bitmap = vmread(cpu, slot.msrBitmap) + write * 2048 + (range === 0 ? 0 : 1024);
  return ((readPhysical8(cpu, bitmap + (index >>> 3)) >>> (index & 7)) & 1) !== 0;
}

/** The TPR as x2APIC mode has it. */
const X2APIC_TPR = 0x808;
const isVirtualTprMsr = (cpu: Cpu): boolean => cpu.s[at.ecx] === X2APIC_TPR && (secondaryControls(cpu) & SECONDARY_X2APIC) !== 0;

function rdmsr(cpu: Cpu, insn: Insn<Cpu>): void {
  requireCpl0(cpu);
  if (msrExits(cpu, 0)) exitInstruction(cpu, insn, REASON.RDMSR, 0);
  if (isVirtualTprMsr(cpu)) readVirtualTprMsr(cpu);
  else insn.behaviour(cpu, insn);
}

function wrmsr(cpu: Cpu, insn: Insn<Cpu>): void {
  requireCpl0(cpu);
  if (msrExits(cpu, 1)) exitInstruction(cpu, insn, REASON.WRMSR, 0);
  if (isVirtualTprMsr(cpu)) writeVirtualTprMsr(cpu);
  else insn.behaviour(cpu, insn);
}

/*
 * Exit qualification of control-register accesses (SDM vol 3, table 27-3):
 *
 *   31          16 15   12 11        8  7  6                 5   4        3     0
 *   [ LMSW source ][  0   ][ register ][0][LMSW from memory][ type ][ CR number ]
 *
 *   type 0: MOV to CR, 1: MOV from CR, 2: CLTS, 3: LMSW
 */
const CR_FROM = 1 << 4;
const CR_CLTS = 2 << 4;
const CR_LMSW = 3 << 4;
const CR_LMSW_MEMORY = 1 << 6;
const LMSW_BITS = 0xf;

function isCr3Target(cpu: Cpu, value: number): boolean {
  const count = vmread(cpu, slot.cr3TargetCount);
  for (let i = 0; i < count; i++) if (vmread(cpu, slot.cr3Target0 + i) === value) return true;
  return false;
}

function crWriteExits(cpu: Cpu, register: number, value: number): boolean {
  switch (register) {
    case 0:
      return ((value ^ vmread(cpu, slot.cr0Shadow)) & vmread(cpu, slot.cr0Mask)) !== 0;
    case 3:
      return controlled(cpu, PRIMARY_CR3_LOAD) && !isCr3Target(cpu, value);
    case 4:
      return ((value ^ vmread(cpu, slot.cr4Shadow)) & vmread(cpu, slot.cr4Mask)) !== 0;
    default:
      return false;
  }
}

/** Bits that the host owns keep their real value when the guest writes a control register. */
function writeGuestCr0(cpu: Cpu, value: number): void {
  writeCr0(cpu, merge(value, cpu.s[at.cr0], vmread(cpu, slot.cr0Mask)));
}

function movToCr(cpu: Cpu, insn: Insn<Cpu>): void {
  const value = cpu.s[insn.rm];
  if (crWriteExits(cpu, insn.reg, value)) exitInstruction(cpu, insn, REASON.CR_ACCESS, insn.reg | ((insn.rm >> 1) << 8));
  if (insn.reg === 0) writeGuestCr0(cpu, value);
  else if (insn.reg === 4) writeCr4(cpu, merge(value, cpu.s[at.cr4], vmread(cpu, slot.cr4Mask)));
  else insn.behaviour(cpu, insn);
}

function movFromCr(cpu: Cpu, insn: Insn<Cpu>): void {
  if (insn.reg === 3 && controlled(cpu, PRIMARY_CR3_STORE))
    exitInstruction(cpu, insn, REASON.CR_ACCESS, 3 | CR_FROM | ((insn.rm >> 1) << 8));
  insn.behaviour(cpu, insn);
}

function clts(cpu: Cpu, insn: Insn<Cpu>): void {
  if ((vmread(cpu, slot.cr0Mask) & vmread(cpu, slot.cr0Shadow) & CR0_TS) !== 0) exitInstruction(cpu, insn, REASON.CR_ACCESS, CR_CLTS);
  writeGuestCr0(cpu, cpu.s[at.cr0] & ~CR0_TS);
}

function lmsw(cpu: Cpu, insn: Insn<Cpu>): void {
  const source = insn.mem !== 0 ? read16(cpu, insn.seg, effectiveAddress(cpu, insn)) : cpu.w[insn.rm];
  const mask = vmread(cpu, slot.cr0Mask);
  const shadow = vmread(cpu, slot.cr0Shadow);
  if (((source ^ shadow) & mask & 0xe) !== 0 || (source & mask & ~shadow & CR0_PE) !== 0) {
    if (insn.mem !== 0) vmwrite(cpu, slot.guestLinearAddress, cpu.s[segmentAt(insn.seg) + BASE] + effectiveAddress(cpu, insn));
    exitInstruction(cpu, insn, REASON.CR_ACCESS, (source << 16) | CR_LMSW | (insn.mem !== 0 ? CR_LMSW_MEMORY : 0));
  }
  const cr0 = cpu.s[at.cr0];
  writeGuestCr0(cpu, (cr0 & ~LMSW_BITS) | (source & LMSW_BITS) | (cr0 & CR0_PE));
}

const CR_GATES: Readonly<Record<string, Gate>> = { movToCr, movFromCr, clts, lmsw };

function crAccess(cpu: Cpu, insn: Insn<Cpu>): void {
  requireCpl0(cpu);
  CR_GATES[insn.row.exec](cpu, insn);
}

/* Exit qualification of MOV DR (table 27-4): DR number 2:0, from DR 4, register 11:8. This exit comes before #GP for CPL. */
function movDr(cpu: Cpu, insn: Insn<Cpu>): void {
  if (controlled(cpu, PRIMARY_MOV_DR)) {
    const from = insn.row.exec === 'movFromDr' ? 1 << 4 : 0;
    exitInstruction(cpu, insn, REASON.MOV_DR, insn.reg | from | ((insn.rm >> 1) << 8));
  }
  insn.behaviour(cpu, insn);
}

/*
 * Exit qualification of I/O instructions (table 27-5):
 *
 *   31     16 15  7  6                  5     4        3    2        0
 *   [ port   ][ 0 ][port is immediate][REP][string][ IN ][ size - 1 ]
 */
const IO_IN = 1 << 3;
const IO_STRING = 1 << 4;
const IO_REP = 1 << 5;
const IO_IMMEDIATE = 1 << 6;

function ioExits(cpu: Cpu, port: number, size: number): boolean {
  if (!controlled(cpu, PRIMARY_IO_BITMAPS)) return controlled(cpu, PRIMARY_UNCONDITIONAL_IO);
  if (port + size > 0x10000) return true;
  for (let p = port; p < port + size; p++) {
    const bitmap = vmread(cpu, p < 0x8000 ? slot.ioBitmapA : slot.ioBitmapB);
    if (((readPhysical8(cpu, bitmap + ((p & 0x7fff) >>> 3)) >>> (p & 7)) & 1) !== 0) return true;
  }
  return false;
}

/** A repeat count of 0 makes no difference: permission is checked, and the exit taken, before the count is looked at. */
function ioInstruction(cpu: Cpu, insn: Insn<Cpu>): void {
  const { s } = cpu;
  const { exec, size: rowSize } = insn.row;
  const string = exec === 'ins' || exec === 'outs';
  const inward = exec === 'in' || exec === 'ins';
  const immediate = !string && (inward ? insn.src : insn.dst) === Kind.I;
  const port = immediate ? insn.imm & 0xff : s[at.edx] & 0xffff;
  const size = rowSize === 'b' ? 1 : insn.operandSize >> 3;
  checkIoPermission(cpu, port, size);
  if (ioExits(cpu, port, size)) {
    if (string) {
      const offset = s[inward ? at.edi : at.esi] & insn.mask;
      vmwrite(cpu, slot.guestLinearAddress, (inward ? s[at.esBase] : s[segmentAt(insn.seg) + BASE]) + offset);
      vmwrite(cpu, slot.exitInstructionInfo, stringIoInfo(insn));
    }
    const qualification =
      (port << 16) |
      (immediate ? IO_IMMEDIATE : 0) |
      (insn.rep !== 0 ? IO_REP : 0) |
      (string ? IO_STRING : 0) |
      (inward ? IO_IN : 0) |
      (size - 1);
    exitInstruction(cpu, insn, REASON.IO_INSTRUCTION, qualification);
  }
  insn.behaviour(cpu, insn);
}

/** VMX instructions exit at any CPL; only VMCALL does so in virtual-8086 mode too. */
function requireVmx(cpu: Cpu): void {
  if ((cpu.s[at.cr0] & CR0_PE) === 0 || (cpu.s[at.eflags] & VM) !== 0) cpu.raise(UD, 0);
}

function vmcall(cpu: Cpu, insn: Insn<Cpu>): void {
  exitInstruction(cpu, insn, REASON.VMCALL, 0);
}

function vmxPlain(cpu: Cpu, insn: Insn<Cpu>): void {
  requireVmx(cpu);
  exitInstruction(cpu, insn, REASON[insn.row.exit!.vmx as keyof typeof REASON], 0);
}

/** VMX instructions with an operand in memory: the qualification is its displacement. */
function vmxMemory(cpu: Cpu, insn: Insn<Cpu>): void {
  requireVmx(cpu);
  vmwrite(cpu, slot.exitInstructionInfo, vmxOperandInfo(insn));
  exitInstruction(cpu, insn, REASON[insn.row.exit!.vmx as keyof typeof REASON], insn.mem !== 0 ? insn.disp : 0);
}

/** VMREAD, VMWRITE, INVEPT, INVVPID: the operand in ModRM.r/m besides the register that holds the field encoding or the type. */
function vmxField(cpu: Cpu, insn: Insn<Cpu>): void {
  requireVmx(cpu);
  vmwrite(cpu, slot.exitInstructionInfo, insn.mem !== 0 ? vmxOperandInfo(insn) | registerInfo(insn, false) : registerInfo(insn, true));
  exitInstruction(cpu, insn, REASON[insn.row.exit!.vmx as keyof typeof REASON], insn.mem !== 0 ? insn.disp : 0);
}

function wbinvd(cpu: Cpu, insn: Insn<Cpu>): void {
  requireCpl0(cpu);
  if ((secondaryControls(cpu) & SECONDARY_WBINVD) !== 0) exitInstruction(cpu, insn, REASON.WBINVD, 0);
  insn.behaviour(cpu, insn);
}

/** SGDT, SIDT, LGDT, LIDT. */
function tableAccess(cpu: Cpu, insn: Insn<Cpu>): void {
  const { exec } = insn.row;
  if (exec === 'lgdt' || exec === 'lidt') requireCpl0(cpu);
  if ((secondaryControls(cpu) & SECONDARY_DESCRIPTOR_TABLE) !== 0) {
    vmwrite(cpu, slot.exitInstructionInfo, tableInfo(insn));
    exitInstruction(cpu, insn, REASON.GDTR_OR_IDTR_ACCESS, insn.disp);
  }
  insn.behaviour(cpu, insn);
}

/** SLDT, STR, LLDT, LTR. */
function localTableAccess(cpu: Cpu, insn: Insn<Cpu>): void {
  const { exec } = insn.row;
  if (!isProtected(cpu)) cpu.raise(UD, 0);
  if (exec === 'lldt' || exec === 'ltr') requireCpl0(cpu);
  if ((secondaryControls(cpu) & SECONDARY_DESCRIPTOR_TABLE) !== 0) {
    vmwrite(cpu, slot.exitInstructionInfo, localTableInfo(insn));
    exitInstruction(cpu, insn, REASON.LDTR_OR_TR_ACCESS, insn.mem !== 0 ? insn.disp : 0);
  }
  insn.behaviour(cpu, insn);
}

export const GATES: Readonly<Record<string, Gate>> = {
  CPUID: cpuid,
  HLT: hlt,
  INVD: invd,
  INVLPG: invlpg,
  RDTSC: rdtsc,
  RDTSCP: rdtscp,
  RDPMC: rdpmc,
  MONITOR: monitor,
  MWAIT: mwait,
  PAUSE: pause,
  RDMSR: rdmsr,
  WRMSR: wrmsr,
  CR_ACCESS: crAccess,
  MOV_DR: movDr,
  IO_INSTRUCTION: ioInstruction,
  VMCALL: vmcall,
  VMLAUNCH: vmxPlain,
  VMRESUME: vmxPlain,
  VMXOFF: vmxPlain,
  VMXON: vmxMemory,
  VMCLEAR: vmxMemory,
  VMPTRLD: vmxMemory,
  VMPTRST: vmxMemory,
  VMREAD: vmxField,
  VMWRITE: vmxField,
  INVEPT: vmxField,
  INVVPID: vmxField,
  WBINVD: wbinvd,
  GDTR_OR_IDTR_ACCESS: tableAccess,
  LDTR_OR_TR_ACCESS: localTableAccess,
};
