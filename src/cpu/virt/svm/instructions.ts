/** SVM instructions: AMD64 manual vol 3, chapter 4. In a guest their gates have looked at the intercepts before. */
import { say } from '../../../lib/say.ts';
import type { Cpu } from '../../cpu.ts';
import type { Handlers, Instruction } from '../../exec/operands.ts';
import { GP, UD } from '../../registers.ts';
import { isProtected } from '../../segments.ts';
import { notImplemented } from '../../signals.ts';
import { at } from '../../state.ts';
import { invalidateIn } from './asid.ts';
import { EFER_SVME } from './capabilities.ts';
import * as area from './state-save.ts';
import { Svm } from './svm.ts';
import { isRamPage, writablePage } from './vmcb.ts';
import { enterGuest } from './vmrun.ts';

/** #UD while SVM is off, in real and virtual-8086 mode; then #GP(0) for CPL. */
function require(cpu: Cpu): Svm {
  const { virt } = cpu;
  if (!(virt instanceof Svm) || (cpu.s[at.efer] & EFER_SVME) === 0 || !isProtected(cpu)) cpu.raise(UD);
  if (cpu.s[at.cpl] !== 0) cpu.raise(GP, 0);
  return virt;
}

/** The VMCB that rAX points to; #GP(0) when it is misaligned, or no RAM. */
function pointerOf(cpu: Cpu, insn: Instruction): number {
  const pointer = cpu.s[at.eax] & insn.mask;
  if (!isRamPage(cpu, pointer)) cpu.raise(GP, 0);
  return pointer;
}

function vmrun(cpu: Cpu, insn: Instruction): void {
  const { capabilities } = require(cpu);
  enterGuest(cpu, capabilities, pointerOf(cpu, insn));
}

function vmload(cpu: Cpu, insn: Instruction): void {
  require(cpu);
  area.vmload(cpu, pointerOf(cpu, insn) >>> 2);
}

function vmsave(cpu: Cpu, insn: Instruction): void {
  require(cpu);
  area.vmsave(cpu, writablePage(cpu, pointerOf(cpu, insn)));
}

function stgi(cpu: Cpu): void {
  require(cpu);
  cpu.s[at.gif] = 1;
}

function clgi(cpu: Cpu): void {
  require(cpu);
  cpu.s[at.gif] = 0;
}

/** Not intercepted it is undefined, in the host as in a guest. */
function vmmcall(cpu: Cpu): void {
  cpu.raise(UD);
}

function invlpga(cpu: Cpu, insn: Instruction): void {
  require(cpu);
  invalidateIn(cpu, cpu.s[at.ecx], cpu.s[at.eax] & insn.mask);
}

function skinit(cpu: Cpu): void {
  require(cpu);
  notImplemented(say`secure initialization (SKINIT)`);
}

export const SVM: Handlers = { vmrun, vmmcall, vmload, vmsave, stgi, clgi, skinit, invlpga };
