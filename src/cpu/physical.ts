/** Physical memory as the processor reaches it: RAM, or the bus where there is none. */
import { type CpuBus, PAGE_CLEAN, PAGE_CODE, PAGE_WATCHED } from './bus.ts';
import type { Cpu } from './cpu.ts';
import { INEXACT, MUST_END } from './signals.ts';
import { at } from './state.ts';

/** Bits of an address that MONITOR compares. */
const MONITORED_LINE = -64;

/** The bus, for an access outside RAM: devices look at the time, and may interrupt at once. */
function outside(cpu: Cpu): CpuBus {
  if (!cpu.exact) throw INEXACT;
  cpu.attention |= MUST_END;
  return cpu.bus;
}

export function readPhysical8(cpu: Cpu, address: number): number {
  return address >>> 0 < cpu.memory.size ? cpu.memory.bytes[address >>> 0] : outside(cpu).readMmio(address >>> 0, 1) & 0xff;
}

export function readPhysical16(cpu: Cpu, address: number): number {
  if ((address & 1) === 0 && address >>> 0 < cpu.memory.size) return cpu.memory.words[address >>> 1];
  return readPhysical8(cpu, address) | (readPhysical8(cpu, address + 1) << 8);
}

export function readPhysical32(cpu: Cpu, address: number): number {
  if ((address & 3) === 0 && address >>> 0 < cpu.memory.size) return cpu.memory.dwords[address >>> 2];
  if ((address & 3) === 0) return outside(cpu).readMmio(address >>> 0, 4) | 0;
  return readPhysical16(cpu, address) | (readPhysical16(cpu, address + 2) << 16);
}

/** What a store into RAM needs first: the page is noted as written, who waits for it is told, and decoded code that it overwrites is dropped. */
function prepareStore(cpu: Cpu, address: number, size: number): void {
  const page = address >>> 12;
  const state = cpu.memory.state[page];
  if ((state & PAGE_CLEAN) !== 0) cpu.memory.touch(page);
  if ((state & PAGE_WATCHED) !== 0) cpu.pageWatch?.written(cpu, address >>> 0, size);
  if ((state & PAGE_CODE) !== 0) cpu.blocks.written(cpu, address >>> 0, size);
  if (((address ^ cpu.s[at.monitored]) & MONITORED_LINE) === 0) cpu.s[at.monitored] = 0;
}

export function writePhysical8(cpu: Cpu, address: number, value: number): void {
  if (address >>> 0 >= cpu.memory.size) outside(cpu).writeMmio(address >>> 0, 1, value & 0xff);
  else {
    prepareStore(cpu, address, 1);
    cpu.memory.bytes[address >>> 0] = value;
  }
}

export function writePhysical16(cpu: Cpu, address: number, value: number): void {
  if ((address & 1) === 0 && address >>> 0 < cpu.memory.size) {
    prepareStore(cpu, address, 2);
    cpu.memory.words[address >>> 1] = value;
  } else {
    writePhysical8(cpu, address, value);
    writePhysical8(cpu, address + 1, value >> 8);
  }
}

export function writePhysical32(cpu: Cpu, address: number, value: number): void {
  if ((address & 3) === 0 && address >>> 0 < cpu.memory.size) {
    prepareStore(cpu, address, 4);
    cpu.memory.dwords[address >>> 2] = value;
  } else if ((address & 3) === 0) outside(cpu).writeMmio(address >>> 0, 4, value);
  else {
    writePhysical16(cpu, address, value);
    writePhysical16(cpu, address + 2, value >> 16);
  }
}
