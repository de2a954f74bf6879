/** Random instructions from random states: whatever happens, it is something that a processor does. */
import { expect, test } from 'vitest';
import { DEFAULT_COSTS } from '../../src/cpu/costs.ts';
import { Cpu } from '../../src/cpu/cpu.ts';
import { setFlags } from '../../src/cpu/flags.ts';
import { processorProfile } from '../../src/cpu/profiles.ts';
import { CR0_AM, CR0_PE, CR0_PG, CR0_WP, CR4_PSE, FLAGS_FIXED, VM } from '../../src/cpu/registers.ts';
import { reset } from '../../src/cpu/reset.ts';
import { run, type Stop } from '../../src/cpu/run.ts';
import { setCpl, setSegment } from '../../src/cpu/segments.ts';
import { at, LDTR, TR } from '../../src/cpu/state.ts';
import { flushTlb } from '../../src/cpu/tlb.ts';
import { RAM_SIZE, TestBus } from './program.ts';

const STEPS = 40;
const MILLISECONDS = 2500;
const TABLES = 0x10000;

let state = 0x2545f491;
function random(below: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % below;
}
const dword = (): number => (random(65536) << 16) | random(65536);
const mostly = (usual: number): number => (random(4) === 0 ? dword() : usual);
/** An address in RAM as a rule, sometimes at the end of a page or of RAM. */
const address = (): number => [random(RAM_SIZE), (random(256) << 12) | 0xffe, RAM_SIZE - random(8), dword()][random(4)];

/** What a random descriptor, gate or table entry often is. */
function fillTables(bus: TestBus): void {
  const { dwords } = bus.memory;
  for (let k = 0; k < 0x4000 >>> 2; k += 2) {
    dwords[(TABLES >>> 2) + k] = mostly((random(32) << 19) | random(65536));
    dwords[(TABLES >>> 2) + k + 1] = mostly(0x8000 | dword());
  }
  for (let k = 0; k < 1024; k++) {
    dwords[((TABLES + 0x4000) >>> 2) + k] = mostly((TABLES + 0x5000) | 7 | (random(8) << 3));
    dwords[((TABLES + 0x5000) >>> 2) + k] = ((k & 255) << 12) | (random(8) === 0 ? random(256) : 0x67);
  }
}

function scramble(cpu: Cpu): void {
  const { s } = cpu;
  for (const name of ['eax', 'ecx', 'edx', 'ebx', 'esp', 'ebp', 'esi', 'edi', 'eip'] as const) s[at[name]] = address();
  if (random(2) === 0) s[at.ecx] = random(5);
  const mode = random(4);
  const isProtected = mode !== 0;
  s[at.cr0] = isProtected ? CR0_PE | (random(2) === 0 ? CR0_PG : 0) | (random(2) === 0 ? CR0_WP | CR0_AM : 0) : 0x10;
  s[at.cr3] = TABLES + 0x4000;
  s[at.cr4] = random(2) === 0 ? CR4_PSE : 0;
  [s[at.gdtrBase], s[at.gdtrLimit], s[at.idtrBase], s[at.idtrLimit]] = [
    TABLES,
    random(65536),
    isProtected ? TABLES + 0x2000 : 0,
    random(4096),
  ];
  const cpl = mode === 0 ? 0 : mode === 3 ? 3 : random(4);
  for (let segment = 0; segment <= 5; segment++) {
    const big = random(3) !== 0 ? 0x4000 : 0;
    const base = random(3) === 0 ? random(RAM_SIZE) : 0;
    const limit = random(3) === 0 ? random(65536) : -1;
    const type = segment === 1 ? 0x1b : random(8) === 0 ? 0x10 | random(16) : 0x13;
    if (mode === 3 || mode === 0) setSegment(cpu, segment, random(65536), random(65536) << 4, 0xffff, mode === 3 ? 0xf3 : 0x93);
    else setSegment(cpu, segment, random(65536), base, limit, 0x80 | big | (cpl << 5) | type | (random(20) === 0 ? 1 << 16 : 0));
  }
  setSegment(cpu, LDTR, random(65536), TABLES + 0x1000, random(4096), 0x82 | (random(4) === 0 ? 1 << 16 : 0));
  setSegment(cpu, TR, random(65536), TABLES + 0x3000, random(256), random(4) === 0 ? 0x83 : 0x8b);
  setCpl(cpu, cpl);
  setFlags(cpu, (random(65536) & 0x7fd5) | FLAGS_FIXED | (mode === 3 ? VM : 0) | (random(4) === 0 ? 1 << 18 : 0));
  s[at.interruptibility] = random(4) === 0 ? random(3) : 0;
  s[at.nmiPending] = random(16) === 0 ? 1 : 0;
  s[at.pendingDebug] = 0;
  s[at.activity] = 0;
  flushTlb(cpu, false);
}

test.each(['katmai', 'yonah', 'haswell', 'phenom'])('%s', (name) => {
  const bus = new TestBus();
  bus.willInterrupt = true;
  const cpu = new Cpu(bus, processorProfile(name), DEFAULT_COSTS, null);
  reset(cpu);
  const ends = new Map<Stop, number>();
  const until = performance.now() + MILLISECONDS / 4;
  while (performance.now() < until) {
    cpu.blocks.dropAll(cpu);
    fillTables(bus);
    for (let k = 0; k < 2048; k++) bus.memory.dwords[random(RAM_SIZE >>> 2)] = dword();
    for (let k = 0; k < 16; k++) {
      scramble(cpu);
      bus.intr = random(4) === 0;
      for (let b = 0; b < 64; b++) bus.memory.bytes[((cpu.s[at.csBase] + cpu.s[at.eip] + b) >>> 0) % RAM_SIZE] = random(256);
      cpu.blocks.dropAll(cpu);
      const from = cpu.steps;
      const end = run(cpu, from + STEPS);
      ends.set(end, (ends.get(end) ?? 0) + 1);
      expect(cpu.steps - from).toBeLessThanOrEqual(STEPS);
      expect(cpu.exact).toBe(true);
      expect(cpu.ext).toBe(0);
      expect(cpu.vectoring.info).toBe(0);
      expect(cpu.s[at.eflags] & 0x8028 & ~FLAGS_FIXED).toBe(0);
      expect(cpu.s[at.zero]).toBe(0);
    }
  }
  expect([...ends.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(50);
});
