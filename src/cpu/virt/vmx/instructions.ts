/** VMX instructions in root operation: SDM vol 3, chapter 30. In non-root operation their gates have exited before. */
import { worded } from '../../../lib/say.ts';
import type { Cpu } from '../../cpu.ts';
import type { Handlers, Instruction } from '../../exec/operands.ts';
import { effectiveAddress, probeWrite, read32, store32, storeAddress, write32 } from '../../memory.ts';
import { FEATURE_CONTROL_LOCK, FEATURE_CONTROL_VMXON } from '../../msrs.ts';
import { readPhysical32, writePhysical32 } from '../../physical.ts';
import { CR0_PE, CR4_VMXE, GP, UD, VM } from '../../registers.ts';
import { at } from '../../state.ts';
import type { Capabilities } from './capabilities.ts';
import { enterGuest } from './entry.ts';
import { vmFail, vmFailInvalid, vmSucceed } from './fail.ts';
import { type Field, LAUNCH_CLEAR, LAUNCH_SLOT, REVISION_SLOT } from './fields.ts';
import { invept, invvpid } from './invalidate.ts';
import { NO_VMCS, vmread, vmwrite } from './vmcs.ts';
import { Vmx } from './vmx.ts';

const VMCLEAR_ADDRESS = 2;
const VMCLEAR_VMXON_POINTER = 3;
const VMPTRLD_ADDRESS = 9;
const VMPTRLD_VMXON_POINTER = 10;
const VMPTRLD_REVISION = 11;
const UNSUPPORTED_COMPONENT = 12;
const READ_ONLY_COMPONENT = 13;
const VMXON_IN_ROOT = 15;
const VMCALL_IN_ROOT = 1;
const NO_CURRENT_VMCS = 'There is a current VMCS';

function vmxOf(cpu: Cpu): Vmx {
  return cpu.virt instanceof Vmx ? cpu.virt : cpu.raise(UD);
}

/** #UD outside VMX operation, in real-address and virtual-8086 mode; then #GP(0) for CPL. */
function require(cpu: Cpu): Capabilities {
  const { s } = cpu;
  if (s[at.vmxOn] === 0 || (s[at.cr0] & CR0_PE) === 0 || (s[at.eflags] & VM) !== 0) cpu.raise(UD);
  if (s[at.cpl] !== 0) cpu.raise(GP, 0);
  return vmxOf(cpu).capabilities;
}

/** Bits 63:32 of the operand read last. */
let high = 0;

/** The 64-bit physical address in memory that a VMX instruction points to: its low half, the upper in `high`. */
function readPointer(cpu: Cpu, insn: Instruction): number {
  const address = effectiveAddress(cpu, insn);
  const low = read32(cpu, insn.seg, address);
  high = read32(cpu, insn.seg, (address + 4) & insn.mask);
  return low;
}

const isRegion = (c: Capabilities, low: number): boolean => (low & 0xfff) === 0 && high >>> (c.physicalBits - 32) === 0;

/** Which rule for a VMXON region the pointer read last breaks, or empty. */
function vmxonFailure(cpu: Cpu, c: Capabilities, pointer: number): string {
  if (!isRegion(c, pointer)) return worded('VMXON pointer is 4-KiB aligned and within the physical-address width');
  return readPhysical32(cpu, pointer) === c.revision ? '' : worded('The VMXON region begins with the revision identifier');
}

function enterVmxOperation(cpu: Cpu, insn: Instruction): void {
  const { s } = cpu;
  const vmx = vmxOf(cpu);
  const enabled = FEATURE_CONTROL_LOCK | FEATURE_CONTROL_VMXON;
  if ((s[at.featureControl] & enabled) !== enabled || vmx.fixedBitsMissing(cpu)) cpu.raise(GP, 0);
  const pointer = readPointer(cpu, insn);
  const failure = vmxonFailure(cpu, vmx.capabilities, pointer);
  if (failure !== '') vmFailInvalid(cpu, failure);
  else {
    s[at.vmxonPointer] = pointer;
    s[at.vmcsPointer] = NO_VMCS;
    s[at.vmxOn] = 1;
    vmSucceed(cpu);
  }
}

function vmxon(cpu: Cpu, insn: Instruction): void {
  const { s } = cpu;
  if ((s[at.cr0] & CR0_PE) === 0 || (s[at.cr4] & CR4_VMXE) === 0 || (s[at.eflags] & VM) !== 0) cpu.raise(UD);
  if (s[at.cpl] !== 0) cpu.raise(GP, 0);
  if (s[at.vmxOn] !== 0) vmFail(cpu, VMXON_IN_ROOT);
  else enterVmxOperation(cpu, insn);
}

function vmxoff(cpu: Cpu): void {
  require(cpu);
  cpu.s[at.vmxOn] = 0;
  cpu.s[at.vmcsPointer] = NO_VMCS;
  cpu.s[at.monitored] = 0;
  vmSucceed(cpu);
}

function vmclear(cpu: Cpu, insn: Instruction): void {
  const c = require(cpu);
  const { s } = cpu;
  const pointer = readPointer(cpu, insn);
  if (!isRegion(c, pointer)) vmFail(cpu, VMCLEAR_ADDRESS);
  else if (pointer === s[at.vmxonPointer]) vmFail(cpu, VMCLEAR_VMXON_POINTER);
  else {
    writePhysical32(cpu, pointer + 4 * LAUNCH_SLOT, LAUNCH_CLEAR);
    if (pointer === s[at.vmcsPointer]) s[at.vmcsPointer] = NO_VMCS;
    vmSucceed(cpu);
  }
}

/** Regions outside RAM hold no VMCS: what is read there is no revision identifier. */
const hasRevision = (cpu: Cpu, c: Capabilities, pointer: number): boolean =>
  pointer >>> 0 < cpu.memory.size && readPhysical32(cpu, pointer + 4 * REVISION_SLOT) === c.revision;

function vmptrld(cpu: Cpu, insn: Instruction): void {
  const c = require(cpu);
  const pointer = readPointer(cpu, insn);
  if (!isRegion(c, pointer)) vmFail(cpu, VMPTRLD_ADDRESS);
  else if (pointer === cpu.s[at.vmxonPointer]) vmFail(cpu, VMPTRLD_VMXON_POINTER);
  else if (!hasRevision(cpu, c, pointer)) vmFail(cpu, VMPTRLD_REVISION);
  else {
    cpu.s[at.vmcsPointer] = pointer;
    vmSucceed(cpu);
  }
}

function vmptrst(cpu: Cpu, insn: Instruction): void {
  require(cpu);
  const pointer = cpu.s[at.vmcsPointer];
  const linear = storeAddress(cpu, insn.seg, effectiveAddress(cpu, insn), 8);
  probeWrite(cpu, linear, 4);
  probeWrite(cpu, (linear + 4) | 0, 4);
  store32(cpu, linear, pointer);
  store32(cpu, (linear + 4) | 0, pointer === NO_VMCS ? -1 : 0);
  vmSucceed(cpu);
}

function vmreadInstruction(cpu: Cpu, insn: Instruction): void {
  const c = require(cpu);
  const { s } = cpu;
  const encoding = s[insn.reg];
  const field = c.component(encoding);
  if (s[at.vmcsPointer] === NO_VMCS) vmFailInvalid(cpu, NO_CURRENT_VMCS);
  else if (field === undefined) vmFail(cpu, UNSUPPORTED_COMPONENT);
  else {
    const value = vmread(cpu, field.slot + (encoding & 1));
    if (insn.mem !== 0) write32(cpu, insn.seg, effectiveAddress(cpu, insn), value);
    else s[insn.rm] = value;
    vmSucceed(cpu);
  }
}

/** A full write of a 64-bit field clears its high half. */
function writeField(cpu: Cpu, field: Field, high: number, value: number): void {
  vmwrite(cpu, field.slot + high, field.width === '16' ? value & 0xffff : value);
  if (field.width === '64' && high === 0) vmwrite(cpu, field.slot + 1, 0);
}

function vmwriteInstruction(cpu: Cpu, insn: Instruction): void {
  const c = require(cpu);
  const { s } = cpu;
  const encoding = s[insn.reg];
  const field = c.component(encoding);
  if (s[at.vmcsPointer] === NO_VMCS) vmFailInvalid(cpu, NO_CURRENT_VMCS);
  else {
    const value = insn.mem !== 0 ? read32(cpu, insn.seg, effectiveAddress(cpu, insn)) : s[insn.rm];
    if (field === undefined) vmFail(cpu, UNSUPPORTED_COMPONENT);
    else if (field.group === 'exit-info' && !c.writesExitInfo) vmFail(cpu, READ_ONLY_COMPONENT);
    else {
      writeField(cpu, field, encoding & 1, value);
      vmSucceed(cpu);
    }
  }
}

function vmlaunch(cpu: Cpu): void {
  enterGuest(cpu, vmxOf(cpu).view, true);
}

function vmresume(cpu: Cpu): void {
  enterGuest(cpu, vmxOf(cpu).view, false);
}

/** There is no dual-monitor treatment of SMM to call. */
function vmcall(cpu: Cpu): void {
  require(cpu);
  vmFail(cpu, VMCALL_IN_ROOT);
}

/** With their operands checked by the file that invalidates. */
const inveptInstruction = (cpu: Cpu, insn: Instruction): void => invept(cpu, insn, require(cpu));
const invvpidInstruction = (cpu: Cpu, insn: Instruction): void => invvpid(cpu, insn, require(cpu));

/** Behaviours by the key of the instruction table. */
export const VMX: Handlers = {
  vmxon,
  vmxoff,
  vmclear,
  vmptrld,
  vmptrst,
  vmread: vmreadInstruction,
  vmwrite: vmwriteInstruction,
  vmlaunch,
  vmresume,
  vmcall,
  invept: inveptInstruction,
  invvpid: invvpidInstruction,
};
