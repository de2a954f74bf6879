/**
 * The floating-point unit as far as systems need it: its state, and the exceptions of CR0's EM, TS, MP and NE (SDM vol 3, 2.5 and 8.7 of vol 1). What
 * computes with the register stack is not there yet: CPUID does not show the unit, and the machine stops where a program uses it all the same.
 */
import { say } from '../../lib/say.ts';
import type { Cpu } from '../cpu.ts';
import {
  clearExceptions,
  environmentSize,
  FX_HEAD_END,
  FX_SIZE,
  FX_STACK,
  FX_STACK_END,
  free,
  hasPendingError,
  Image,
  initialize,
  loadEnvironment,
  loadFx,
  loadStack,
  STACK_SIZE,
  setControlWord,
  setTop,
  storeEnvironment,
  storeFx,
  storeStack,
} from '../fpu.ts';
import { effectiveAddress, loadAddress, probeWrite, read16, read32, storeAddress, write16, write32 } from '../memory.ts';
import { CR0_EM, CR0_MP, CR0_NE, CR0_TS, GP, MF, NM, UD } from '../registers.ts';
import { FROZEN, notImplemented } from '../signals.ts';
import { at } from '../state.ts';
import type { Handlers, Instruction } from './operands.ts';

/** #NM: there is no unit (EM), or its state may be another task's (TS). */
function requireUnit(cpu: Cpu): void {
  if ((cpu.s[at.cr0] & (CR0_EM | CR0_TS)) !== 0) cpu.raise(NM);
}

/** #MF for an exception of an earlier instruction. With CR0.NE = 0 the processor freezes instead, unless IGNNE# lets it pass. */
function checkPending(cpu: Cpu): void {
  if (!hasPendingError(cpu)) return;
  if ((cpu.s[at.cr0] & CR0_NE) !== 0) cpu.raise(MF);
  if (!cpu.bus.ignoresErrors) throw FROZEN;
}

/** Before an instruction that waits for the unit: all but those whose names begin with FN. */
function wait(cpu: Cpu): void {
  requireUnit(cpu);
  checkPending(cpu);
}

/** WAIT minds TS only if MP says so. */
export function fwait(cpu: Cpu): void {
  if ((cpu.s[at.cr0] & (CR0_MP | CR0_TS)) === (CR0_MP | CR0_TS)) cpu.raise(NM);
  checkPending(cpu);
}

export function numeric(cpu: Cpu, i: Instruction): void {
  wait(cpu);
  notImplemented(say`x87 arithmetic (${i.row.mnemonic})`);
}

/** An ESC opcode without a meaning: with CR0.EM a program may give it one. */
export function undefinedEscape(cpu: Cpu): void {
  requireUnit(cpu);
  cpu.raise(UD);
}

export function fninit(cpu: Cpu): void {
  requireUnit(cpu);
  initialize(cpu);
}
export function fnclex(cpu: Cpu): void {
  requireUnit(cpu);
  clearExceptions(cpu);
}
export const fnop = wait;
export function fincstp(cpu: Cpu): void {
  wait(cpu);
  setTop(cpu, 1);
}
export function fdecstp(cpu: Cpu): void {
  wait(cpu);
  setTop(cpu, -1);
}
export function ffree(cpu: Cpu, i: Instruction): void {
  wait(cpu);
  free(cpu, i.rm);
}
export function ffreep(cpu: Cpu, i: Instruction): void {
  ffree(cpu, i);
  setTop(cpu, 1);
}

export function fnstcw(cpu: Cpu, i: Instruction): void {
  requireUnit(cpu);
  write16(cpu, i.seg, effectiveAddress(cpu, i), cpu.s[at.fcw]);
}
export function fldcw(cpu: Cpu, i: Instruction): void {
  wait(cpu);
  setControlWord(cpu, read16(cpu, i.seg, effectiveAddress(cpu, i)));
}
export function fnstsw(cpu: Cpu, i: Instruction): void {
  requireUnit(cpu);
  write16(cpu, i.seg, effectiveAddress(cpu, i), cpu.s[at.fsw]);
}
export function fnstswAx(cpu: Cpu): void {
  requireUnit(cpu);
  cpu.w[at.eax * 2] = cpu.s[at.fsw];
}

/** Bytes `from` to `to` of an image into memory, whose first byte is at `address`; all or nothing. */
function store(cpu: Cpu, i: Instruction, address: number, image: Image, from: number, to: number): void {
  for (let k = from; k < to; k += 4) {
    const place = (address + k) & i.mask;
    if (to - k >= 4) write32(cpu, i.seg, place, image.dword(k));
    else write16(cpu, i.seg, place, image.word(k));
  }
}

function load(cpu: Cpu, i: Instruction, address: number, size: number): Image {
  const image = new Image(size);
  for (let k = 0; k < size; k += 4) {
    const place = (address + k) & i.mask;
    if (size - k >= 4) image.setDword(k, read32(cpu, i.seg, place));
    else image.setWord(k, read16(cpu, i.seg, place));
  }
  return image;
}

/** Makes sure that none of `size` bytes faults when it is written. */
function probe(cpu: Cpu, i: Instruction, address: number, size: number): void {
  const linear = storeAddress(cpu, i.seg, address, size);
  probeWrite(cpu, linear, 1);
  probeWrite(cpu, (linear + size - 1) | 0, 1);
}

/** FNSTENV masks all exceptions afterwards. */
function storesEnvironment(wide: boolean): (cpu: Cpu, i: Instruction) => void {
  const size = environmentSize(wide);
  return (cpu, i) => {
    requireUnit(cpu);
    const image = new Image(size);
    storeEnvironment(cpu, image, wide);
    const address = effectiveAddress(cpu, i);
    probe(cpu, i, address, size);
    store(cpu, i, address, image, 0, size);
    setControlWord(cpu, cpu.s[at.fcw] | 0x3f);
  };
}
function loadsEnvironment(wide: boolean): (cpu: Cpu, i: Instruction) => void {
  return (cpu, i) => {
    wait(cpu);
    loadEnvironment(cpu, load(cpu, i, effectiveAddress(cpu, i), environmentSize(wide)), wide);
  };
}
function saves(wide: boolean): (cpu: Cpu, i: Instruction) => void {
  const head = environmentSize(wide);
  return (cpu, i) => {
    requireUnit(cpu);
    const image = new Image(head + STACK_SIZE);
    storeEnvironment(cpu, image, wide);
    storeStack(cpu, image, head, 10);
    const address = effectiveAddress(cpu, i);
    probe(cpu, i, address, head + STACK_SIZE);
    store(cpu, i, address, image, 0, head + STACK_SIZE);
    initialize(cpu);
  };
}
function restores(wide: boolean): (cpu: Cpu, i: Instruction) => void {
  const head = environmentSize(wide);
  return (cpu, i) => {
    wait(cpu);
    const image = load(cpu, i, effectiveAddress(cpu, i), head + STACK_SIZE);
    loadEnvironment(cpu, image, wide);
    loadStack(cpu, image, head, 10);
  };
}

/** The area of FXSAVE and FXRSTOR: #NM for TS, #UD for EM, #GP(0) unless it is aligned to 16 bytes. */
function fxAddress(cpu: Cpu, i: Instruction): number {
  if ((cpu.s[at.cr0] & CR0_EM) !== 0) cpu.raise(UD);
  if ((cpu.s[at.cr0] & CR0_TS) !== 0) cpu.raise(NM);
  const address = effectiveAddress(cpu, i);
  const linear = loadAddress(cpu, i.seg, address, FX_SIZE);
  if ((linear & 15) !== 0) cpu.raise(GP, 0);
  return address;
}

export function fxsave(cpu: Cpu, i: Instruction): void {
  const address = fxAddress(cpu, i);
  const image = new Image(FX_SIZE);
  storeFx(cpu, image);
  probe(cpu, i, address, FX_SIZE);
  store(cpu, i, address, image, 0, FX_HEAD_END);
  store(cpu, i, address, image, FX_STACK, FX_STACK_END);
}
export function fxrstor(cpu: Cpu, i: Instruction): void {
  loadFx(cpu, load(cpu, i, fxAddress(cpu, i), FX_SIZE));
}

export const FPU: Handlers = {
  fwait,
  numeric,
  fninit,
  fnclex,
  fnop,
  fincstp,
  fdecstp,
  ffree,
  ffreep,
  fnstcw,
  fldcw,
  fnstsw,
  fnstswAx,
  fnstenv16: storesEnvironment(false),
  fnstenv32: storesEnvironment(true),
  fldenv16: loadsEnvironment(false),
  fldenv32: loadsEnvironment(true),
  fnsave16: saves(false),
  fnsave32: saves(true),
  frstor16: restores(false),
  frstor32: restores(true),
  fxsave,
  fxrstor,
};
