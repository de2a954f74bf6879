/** String instructions: SDM vol 2. One iteration of a REP is one step; EIP moves on when the last is done. */
import { ES } from '../../isa/insn.ts';
import type { Cpu } from '../cpu.ts';
import { setLazy } from '../flags.ts';
import { checkIoPermission, portIn, portOut } from '../io.ts';
import { probeWrite, read8, read16, read32, store8, store16, store32, storeAddress, write8, write16, write32 } from '../memory.ts';
import { DF, RF } from '../registers.ts';
import { at } from '../state.ts';
import { type Handlers, type Instruction, signed8, signed16 } from './operands.ts';

const sourceIndex = (cpu: Cpu, i: Instruction): number => cpu.s[at.esi] & i.mask;
const destinationIndex = (cpu: Cpu, i: Instruction): number => cpu.s[at.edi] & i.mask;

/** A register as wide as addresses are. */
function setAddressRegister(cpu: Cpu, i: Instruction, register: number, value: number): void {
  if (i.mask === -1) cpu.s[register] = value;
  else cpu.w[register * 2] = value;
}

function advance(cpu: Cpu, i: Instruction, register: number, size: number): void {
  setAddressRegister(cpu, i, register, cpu.s[register] + ((cpu.s[at.eflags] & DF) !== 0 ? -size : size));
}

function advanceBoth(cpu: Cpu, i: Instruction, size: number): void {
  advance(cpu, i, at.esi, size);
  advance(cpu, i, at.edi, size);
}

/** False when a repeat count is 0: nothing is done. */
const another = (cpu: Cpu, i: Instruction): boolean => i.rep === 0 || (cpu.s[at.ecx] & i.mask) !== 0;

/** Back to the instruction. An event before its next iteration pushes RF as 1 (SDM vol 3, 17.3.1.1); that iteration clears it. */
function repeat(cpu: Cpu, i: Instruction): void {
  cpu.s[at.eip] -= i.length;
  cpu.s[at.eflags] |= RF;
}

/** Counts an iteration, and returns to the instruction while the count is not 0. */
function again(cpu: Cpu, i: Instruction): void {
  if (i.rep === 0) return;
  const left = (cpu.s[at.ecx] - 1) & i.mask;
  setAddressRegister(cpu, i, at.ecx, left);
  if (left !== 0) repeat(cpu, i);
}

/** REPE goes on while equal, REPNE while not. */
function againWhile(cpu: Cpu, i: Instruction, equal: boolean): void {
  if (i.rep === 0) return;
  const left = (cpu.s[at.ecx] - 1) & i.mask;
  setAddressRegister(cpu, i, at.ecx, left);
  if (left !== 0 && equal === (i.rep === 0xf3)) repeat(cpu, i);
}

export function movs8(cpu: Cpu, i: Instruction): void {
  if (!another(cpu, i)) return;
  write8(cpu, ES, destinationIndex(cpu, i), read8(cpu, i.seg, sourceIndex(cpu, i)));
  advanceBoth(cpu, i, 1);
  again(cpu, i);
}

export function stos8(cpu: Cpu, i: Instruction): void {
  if (!another(cpu, i)) return;
  write8(cpu, ES, destinationIndex(cpu, i), cpu.b[0]);
  advance(cpu, i, at.edi, 1);
  again(cpu, i);
}

export function lods8(cpu: Cpu, i: Instruction): void {
  if (!another(cpu, i)) return;
  cpu.b[0] = read8(cpu, i.seg, sourceIndex(cpu, i));
  advance(cpu, i, at.esi, 1);
  again(cpu, i);
}

export function scas8(cpu: Cpu, i: Instruction): void {
  if (!another(cpu, i)) return;
  const a = cpu.b[0];
  const b = read8(cpu, ES, destinationIndex(cpu, i));
  advance(cpu, i, at.edi, 1);
  compare8(cpu, a, b);
  againWhile(cpu, i, a === b);
}

export function cmps8(cpu: Cpu, i: Instruction): void {
  if (!another(cpu, i)) return;
  const { habits } = cpu.profile;
  const destinationFirst = habits.cmpsReadsDestinationFirst && !(i.rep === 0xf3 && habits.repeCmpsbReadsSourceFirst);
  const other = destinationFirst ? read8(cpu, ES, destinationIndex(cpu, i)) : -1;
  const a = read8(cpu, i.seg, sourceIndex(cpu, i));
  const b = destinationFirst ? other : read8(cpu, ES, destinationIndex(cpu, i));
  advanceBoth(cpu, i, 1);
  compare8(cpu, a, b);
  againWhile(cpu, i, a === b);
}

export function ins8(cpu: Cpu, i: Instruction): void {
  const port = cpu.w[8];
  checkIoPermission(cpu, port, 1);
  if (!another(cpu, i)) return;
  const address = storeAddress(cpu, ES, destinationIndex(cpu, i), 1);
  probeWrite(cpu, address, 1);
  store8(cpu, address, portIn(cpu, port, 1));
  advance(cpu, i, at.edi, 1);
  again(cpu, i);
}

export function outs8(cpu: Cpu, i: Instruction): void {
  const port = cpu.w[8];
  checkIoPermission(cpu, port, 1);
  if (!another(cpu, i)) return;
  portOut(cpu, port, 1, read8(cpu, i.seg, sourceIndex(cpu, i)));
  advance(cpu, i, at.esi, 1);
  again(cpu, i);
}

function compare8(cpu: Cpu, a: number, b: number): void {
  const r = (a - b) | 0;
  const c = (~a & b) | ((~a | b) & r);
  setLazy(cpu, signed8(r), (c << 24) | (c & 8));
}

export function movs16(cpu: Cpu, i: Instruction): void {
  if (!another(cpu, i)) return;
  write16(cpu, ES, destinationIndex(cpu, i), read16(cpu, i.seg, sourceIndex(cpu, i)));
  advanceBoth(cpu, i, 2);
  again(cpu, i);
}

export function stos16(cpu: Cpu, i: Instruction): void {
  if (!another(cpu, i)) return;
  write16(cpu, ES, destinationIndex(cpu, i), cpu.w[0]);
  advance(cpu, i, at.edi, 2);
  again(cpu, i);
}

export function lods16(cpu: Cpu, i: Instruction): void {
  if (!another(cpu, i)) return;
  cpu.w[0] = read16(cpu, i.seg, sourceIndex(cpu, i));
  advance(cpu, i, at.esi, 2);
  again(cpu, i);
}

export function scas16(cpu: Cpu, i: Instruction): void {
  if (!another(cpu, i)) return;
  const a = cpu.w[0];
  const b = read16(cpu, ES, destinationIndex(cpu, i));
  advance(cpu, i, at.edi, 2);
  compare16(cpu, a, b);
  againWhile(cpu, i, a === b);
}

export function cmps16(cpu: Cpu, i: Instruction): void {
  if (!another(cpu, i)) return;
  const other = cpu.profile.habits.cmpsReadsDestinationFirst ? read16(cpu, ES, destinationIndex(cpu, i)) : -1;
  const a = read16(cpu, i.seg, sourceIndex(cpu, i));
  const b = cpu.profile.habits.cmpsReadsDestinationFirst ? other : read16(cpu, ES, destinationIndex(cpu, i));
  advanceBoth(cpu, i, 2);
  compare16(cpu, a, b);
  againWhile(cpu, i, a === b);
}

export function ins16(cpu: Cpu, i: Instruction): void {
  const port = cpu.w[8];
  checkIoPermission(cpu, port, 2);
  if (!another(cpu, i)) return;
  const address = storeAddress(cpu, ES, destinationIndex(cpu, i), 2);
  probeWrite(cpu, address, 2);
  store16(cpu, address, portIn(cpu, port, 2));
  advance(cpu, i, at.edi, 2);
  again(cpu, i);
}

export function outs16(cpu: Cpu, i: Instruction): void {
  const port = cpu.w[8];
  checkIoPermission(cpu, port, 2);
  if (!another(cpu, i)) return;
  portOut(cpu, port, 2, read16(cpu, i.seg, sourceIndex(cpu, i)));
  advance(cpu, i, at.esi, 2);
  again(cpu, i);
}

function compare16(cpu: Cpu, a: number, b: number): void {
  const r = (a - b) | 0;
  const c = (~a & b) | ((~a | b) & r);
  setLazy(cpu, signed16(r), (c << 16) | (c & 8));
}

export function movs32(cpu: Cpu, i: Instruction): void {
  if (!another(cpu, i)) return;
  write32(cpu, ES, destinationIndex(cpu, i), read32(cpu, i.seg, sourceIndex(cpu, i)));
  advanceBoth(cpu, i, 4);
  again(cpu, i);
}

export function stos32(cpu: Cpu, i: Instruction): void {
  if (!another(cpu, i)) return;
  write32(cpu, ES, destinationIndex(cpu, i), cpu.s[at.eax]);
  advance(cpu, i, at.edi, 4);
  again(cpu, i);
}

export function lods32(cpu: Cpu, i: Instruction): void {
  if (!another(cpu, i)) return;
  cpu.s[at.eax] = read32(cpu, i.seg, sourceIndex(cpu, i));
  advance(cpu, i, at.esi, 4);
  again(cpu, i);
}

export function scas32(cpu: Cpu, i: Instruction): void {
  if (!another(cpu, i)) return;
  const a = cpu.s[at.eax];
  const b = read32(cpu, ES, destinationIndex(cpu, i));
  advance(cpu, i, at.edi, 4);
  compare32(cpu, a, b);
  againWhile(cpu, i, a === b);
}

export function cmps32(cpu: Cpu, i: Instruction): void {
  if (!another(cpu, i)) return;
  const other = cpu.profile.habits.cmpsReadsDestinationFirst ? read32(cpu, ES, destinationIndex(cpu, i)) : -1;
  const a = read32(cpu, i.seg, sourceIndex(cpu, i));
  const b = cpu.profile.habits.cmpsReadsDestinationFirst ? other : read32(cpu, ES, destinationIndex(cpu, i));
  advanceBoth(cpu, i, 4);
  compare32(cpu, a, b);
  againWhile(cpu, i, a === b);
}

export function ins32(cpu: Cpu, i: Instruction): void {
  const port = cpu.w[8];
  checkIoPermission(cpu, port, 4);
  if (!another(cpu, i)) return;
  const address = storeAddress(cpu, ES, destinationIndex(cpu, i), 4);
  probeWrite(cpu, address, 4);
  store32(cpu, address, portIn(cpu, port, 4));
  advance(cpu, i, at.edi, 4);
  again(cpu, i);
}

export function outs32(cpu: Cpu, i: Instruction): void {
  const port = cpu.w[8];
  checkIoPermission(cpu, port, 4);
  if (!another(cpu, i)) return;
  portOut(cpu, port, 4, read32(cpu, i.seg, sourceIndex(cpu, i)));
  advance(cpu, i, at.esi, 4);
  again(cpu, i);
}

function compare32(cpu: Cpu, a: number, b: number): void {
  const r = (a - b) | 0;
  const c = (~a & b) | ((~a | b) & r);
  setLazy(cpu, r, c);
}

export const STRINGS: Handlers = {
  movs8,
  movs16,
  movs32,
  cmps8,
  cmps16,
  cmps32,
  stos8,
  stos16,
  stos32,
  lods8,
  lods16,
  lods32,
  scas8,
  scas16,
  scas32,
  ins8,
  ins16,
  ins32,
  outs8,
  outs16,
  outs32,
};
