/** What memory holds before a soak: random instructions, and tables of which most entries are in order. */
import { pushesErrorCode } from '../../src/cpu/registers.ts';
import { PTE_A, PTE_D, PTE_G, PTE_P, PTE_RW, PTE_US } from '../../src/cpu/walk/formats.ts';
import type { Ram } from '../../src/machine/ram.ts';
import type { Random } from '../support/random.ts';
import { randomInstruction } from '../support/random-code.ts';
import * as place from './layout.ts';

/** Access byte and flags of a descriptor: limit FFFFFh in pages, base 0. */
const flat = (access: number, flags: number): [number, number] => [0x0000ffff, 0x000f0000 | (access << 8) | (flags << 20)];
const CODE = 0x9b;
const CONFORMING = 0x9f;
const DATA = 0x93;
const DPL_SHIFT = 5;
const BIG = 0xc;
const SMALL = 0x8;

const system = (access: number, base: number, limit: number): [number, number] => [
  (base << 16) | limit,
  (base & 0xff000000) | (access << 8) | ((base >>> 16) & 0xff),
];
const gate = (access: number, selector: number, offset: number, words = 0): [number, number] => [
  (selector << 16) | (offset & 0xffff),
  (offset & 0xffff0000) | (access << 8) | words,
];

const CALL_GATES = [0xec, 0xe4, 0x8c, 0x84] as const;
const TASK_GATE = 0xe5;

/** An address of code. */
const target = (random: Random): number => 0x1000 + random.below(place.WORKING_SET - 0x1000);

/** In real mode a flat segment would reach too far; the 64 KiB that a pointer of the vector table leads to are code as well. */
function fillVectors(ram: Ram, random: Random): void {
  for (let vector = 0; vector < 256; vector++)
    ram.dwords[vector] = random.oneIn(2)
      ? (place.HANDLER_REAL >>> 4) << 16
      : (random.below(place.WORKING_SET >>> 5) << 16) | random.below(0xc000);
}

function fillGdt(ram: Ram, random: Random): void {
  const put = (index: number, [low, high]: [number, number]): void => ram.dwords.set([low, high], (place.GDT >>> 2) + 2 * index);
  put(0, [0, 0]);
  for (const bits of [32, 16] as const) {
    const flags = bits === 32 ? BIG : SMALL;
    for (let dpl = 0; dpl < 4; dpl++) {
      put(place.codeIndex(dpl, bits), flat(CODE | (dpl << DPL_SHIFT), flags));
      put(place.codeIndex(dpl, bits) + 1, flat(DATA | (dpl << DPL_SHIFT), flags));
    }
  }
  put(place.CONFORMING_32, flat(CONFORMING, BIG));
  put(place.CONFORMING_16, flat(CONFORMING, SMALL));
  [0x89, 0x8b, 0x81, 0x83].forEach((access, k) => {
    const limit = k < 2 ? place.TASK_LIMIT : place.TASK16_LIMIT;
    put(place.FIRST_TASK + k, system(access | (random.below(4) << DPL_SHIFT), place.TASKS + k * place.TASK_SIZE, limit));
  });
  put(place.LDT_INDEX, system(0x82, place.LDT, 8 * place.LDT_ENTRIES - 1));
  for (let k = 0; k < place.GATES; k++) put(place.FIRST_GATE + k, someGate(random));
  put(place.EXPAND_DOWN, [random.below(0x10000), 0x00c0f700 | (random.below(16) << 16)]);
  put(place.NOT_PRESENT, flat(0x13 | (random.below(2) << 3), BIG));
  for (let index = place.FIRST_RANDOM; index < place.GDT_ENTRIES; index++) put(index, [random.dword(), random.dword() | 0x8000]);
  for (let index = 0; index < place.LDT_ENTRIES; index++) {
    const from = (random.oneIn(4) ? place.FIRST_RANDOM : 1) + random.below(16);
    const copied = ram.dwords.slice((place.GDT >>> 2) + 2 * from, (place.GDT >>> 2) + 2 * from + 2);
    ram.dwords.set(copied, (place.LDT >>> 2) + 2 * index);
  }
}

const codeSelectors = (random: Random): number =>
  random.pick([
    place.CONFORMING_32,
    place.CONFORMING_16,
    place.codeIndex(0, 32),
    place.codeIndex(0, 16),
    place.codeIndex(random.below(4), 32),
  ]) << 3;

function someGate(random: Random): [number, number] {
  if (random.oneIn(6)) return gate(TASK_GATE, (place.FIRST_TASK + random.below(4)) << 3, 0);
  return gate(random.pick(CALL_GATES), codeSelectors(random), target(random), random.below(32));
}

/* [add esp, 4]  inc dword [esp]  iretd */
const GO_BACK = [0xff, 0x04, 0x24, 0xcf];
const GO_BACK_WITH_CODE = [0x83, 0xc4, 0x04, ...GO_BACK];
/* push bp  mov bp, sp  inc word [bp+2]  pop bp  iret */
const GO_BACK_REAL = [0x55, 0x89, 0xe5, 0xff, 0x46, 0x02, 0x5d, 0xcf];

function fillHandlers(ram: Ram): void {
  ram.bytes.set(GO_BACK, place.HANDLERS);
  ram.bytes.set(GO_BACK_WITH_CODE, place.HANDLER_WITH_CODE);
  ram.bytes.set(GO_BACK_REAL, place.HANDLER_REAL);
}

/**
 * Most gates lead to conforming code, so that the privilege level stays what it was, or out of virtual-8086 mode to CPL 0; every second one to a
 * handler that goes back.
 */
function fillIdt(ram: Ram, random: Random, vm86: boolean): void {
  const usual = (vm86 ? place.codeIndex(0, 32) : place.CONFORMING_32) << 3;
  for (let vector = 0; vector < 256; vector++) {
    let entry = gate(
      random.pick([0xee, 0xee, 0xee, 0xef, 0xef, 0xe6, 0xe7, 0x8e]),
      random.oneIn(4) ? codeSelectors(random) : usual,
      target(random),
    );
    if (!random.oneIn(vm86 ? 16 : 2)) entry = gate(0xee, usual, pushesErrorCode(vector) ? place.HANDLER_WITH_CODE : place.HANDLERS);
    else if (random.oneIn(16)) entry = random.oneIn(2) ? someGate(random) : [random.dword(), random.dword()];
    ram.dwords.set(entry, (place.IDT >>> 2) + 2 * vector);
  }
}

function fillTasks(ram: Ram, random: Random): void {
  for (let k = 0; k < 4; k++) {
    const from = (place.TASKS + k * place.TASK_SIZE) >>> 2;
    for (let d = 0; d < place.TASK_SIZE >>> 2; d++) ram.dwords[from + d] = random.oneIn(2) ? 0 : random.dword();
    const level = random.below(4);
    if (k < 2) {
      for (let ring = 0; ring < 3; ring++) ram.dwords.set([target(random), place.dataSelector(ring, 32)], from + 1 + 2 * ring);
      ram.dwords.set([random.oneIn(2) ? place.DIRECTORY : place.POINTERS_PAE, target(random), random.below(0x40000) & 0x37fd7], from + 7);
      for (let r = 0; r < 8; r++) ram.dwords[from + 10 + r] = target(random);
      const data = place.dataSelector(level, 32);
      ram.dwords.set([data, place.codeSelector(level, 32), data, data, 0, data, place.LDT_INDEX << 3, 0x68 << 16], from + 18);
    } else {
      const words = place.TASKS + k * place.TASK_SIZE;
      for (let ring = 0; ring < 3; ring++) {
        ram.words[(words >>> 1) + 1 + 2 * ring] = target(random);
        ram.words[(words >>> 1) + 2 + 2 * ring] = place.dataSelector(ring, 16);
      }
      const data = place.dataSelector(level, 16);
      ram.words.set([data, place.codeSelector(level, 16), data, data, place.LDT_INDEX << 3], (words + 0x22) >>> 1);
      ram.words[(words + 0x10) >>> 1] &= 0x7fd7;
    }
  }
}

/** Rights of a page: nearly always all of them. */
function rights(random: Random): number {
  const all = PTE_P | PTE_RW | PTE_US;
  const some = random.oneIn(24) ? random.below(8) : all;
  return some | (random.oneIn(2) ? PTE_A | PTE_D : 0) | (random.oneIn(8) ? PTE_G : 0);
}

const LARGE = 1 << 7;
const NX_HIGH = 1 << 31;
/** The page that a linear page leads to. */
const frame = (index: number): number => (index << 12) & (place.FILLED - 1);

/** The tables themselves can always be reached, or every fault would end in shutdown. */
const isTable = (index: number): boolean => index >= place.GDT >>> 12 && index < place.APIC_ACCESS >>> 12;
const ALL = PTE_P | PTE_RW | PTE_US | PTE_A | PTE_D;

function fillPaging(ram: Ram, random: Random): void {
  const { dwords } = ram;
  const entry = (address: number, index: number, low: number, high = 0): void => {
    dwords.set([low, high], (address >>> 2) + 2 * index);
  };
  for (let k = 0; k < 1024; k++) {
    const needed = isTable(k);
    const large = random.oneIn(16);
    dwords[(place.DIRECTORY >>> 2) + k] = k === 0 ? place.TABLE | ALL : large ? LARGE | rights(random) : place.TABLE | rights(random);
    dwords[(place.TABLE >>> 2) + k] = frame(k) | (needed ? ALL : rights(random));
  }
  for (let k = 0; k < 512; k++) {
    const high = random.oneIn(32) ? (random.oneIn(4) ? random.dword() : NX_HIGH) : 0;
    if (k === 0) entry(place.DIRECTORY_PAE, k, place.TABLE_PAE | ALL);
    else entry(place.DIRECTORY_PAE, k, random.oneIn(16) ? LARGE | rights(random) : place.TABLE_PAE | rights(random), high);
    entry(place.TABLE_PAE, k, frame(k) | (isTable(k) ? ALL : rights(random)), random.oneIn(64) && !isTable(k) ? NX_HIGH : 0);
  }
  for (let k = 0; k < 4; k++) entry(place.POINTERS_PAE, k, place.DIRECTORY_PAE | PTE_P);
}

const EPT_ALL = 7;
const EPT_WRITE_BACK = 6 << 3;

/** EPT that maps what is filled as it is, with some pages missing, restricted or misconfigured. */
function fillEpt(ram: Ram, random: Random): void {
  const { dwords } = ram;
  const [level4, level3, level2, level1] = [0, 1, 2, 3].map((n) => (place.EPT >>> 2) + 1024 * n);
  for (let k = 0; k < 512; k++) {
    dwords.set([(place.EPT + 0x1000) | EPT_ALL, 0], level4 + 2 * k);
    dwords.set([(place.EPT + 0x2000) | EPT_ALL, 0], level3 + 2 * k);
    dwords.set([(place.EPT + 0x3000) | EPT_ALL, k > 0 && random.oneIn(64) ? random.dword() : 0], level2 + 2 * k);
    const allowed = random.oneIn(24) && !isTable(k) ? random.below(8) : EPT_ALL;
    const type = random.oneIn(64) && !isTable(k) ? random.below(8) << 3 : EPT_WRITE_BACK;
    dwords.set([frame(k) | allowed | type, 0], level1 + 2 * k);
  }
}

const scratch = new Uint8Array(32);

/** Instructions back to back from `from` up to `to`, among them some bytes of any kind. */
function fillCode(ram: Ram, random: Random, from: number, to: number): void {
  const hints = { selectors: place.SELECTORS, memory: place.WORKING_SET };
  let bits: 16 | 32 = 32;
  for (let at = from; at < to; ) {
    if (random.oneIn(32)) bits = random.oneIn(2) ? 16 : 32;
    let length = randomInstruction(random, bits, scratch, hints);
    if (random.oneIn(16)) {
      length = 1 + random.below(4);
      for (let k = 0; k < length; k++) scratch[k] = random.below(256);
    }
    length = Math.min(length, to - at);
    ram.bytes.set(scratch.subarray(0, length), at);
    at += length;
  }
}

/** Everything anew. The pages are clean afterwards. */
export function fillGround(ram: Ram, random: Random, vm86: boolean): void {
  fillCode(ram, random, 0, place.GDT);
  fillCode(ram, random, place.APIC_ACCESS, place.APIC_ACCESS + 0x10000);
  ram.bytes.copyWithin(place.APIC_ACCESS + 0x10000, 0, place.FILLED - place.APIC_ACCESS - 0x10000);
  ram.bytes.fill(0, place.PRIVATE);
  fillVectors(ram, random);
  fillGdt(ram, random);
  fillIdt(ram, random, vm86);
  fillHandlers(ram);
  fillTasks(ram, random);
  fillPaging(ram, random);
  fillEpt(ram, random);
}
