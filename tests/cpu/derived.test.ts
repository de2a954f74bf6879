/** What the processor derives (decoded blocks, translations) may be dropped at any instant, and runs may be cut anywhere. */
import { expect, test } from 'vitest';
import { DEFAULT_COSTS } from '../../src/cpu/costs.ts';
import { Cpu } from '../../src/cpu/cpu.ts';
import { setFlags } from '../../src/cpu/flags.ts';
import { processorProfile } from '../../src/cpu/profiles.ts';
import { CR0_PE, CR0_PG, CR0_WP } from '../../src/cpu/registers.ts';
import { reset } from '../../src/cpu/reset.ts';
import { run } from '../../src/cpu/run.ts';
import { setCpl, setSegment } from '../../src/cpu/segments.ts';
import { at, TR } from '../../src/cpu/state.ts';
import { LabBus } from '../../src/lab/lab-bus.ts';

const RAM_SIZE = 1 << 20;
const TABLES = 0x1000;
const IDT = 0x3000;
const GDT = 0x3800;
const TSS = 0x3c00;
const CODE = 0x10000;
const CODE_SIZE = 0x4000;
const STACK = 0x20000;
const PROGRAMS = 40;
const MARKS = 8;
const STEPS = 250;

class Random {
  state: number;
  constructor(seed: number) {
    this.state = seed | 1;
  }
  below(limit: number): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) % limit;
  }
}

/** Plain instructions that go on and stores into the code itself, among bytes of any kind. */
const COMMON = [0x01, 0x89, 0x8b, 0x88, 0x31, 0x29, 0x40, 0x4b, 0x50, 0x5a, 0x74, 0x75, 0xeb, 0xe8, 0xc3, 0xa4, 0xab, 0xfe, 0x90, 0xcd];

function setTable(bus: LabBus): void {
  const { ram } = bus;
  ram.write32(TABLES, 0x2000 | 7);
  for (let page = 0; page < RAM_SIZE >>> 12; page++) ram.write32(0x2000 + 4 * page, (page << 12) | 7);
  [0, 0x00cf9b00, 0x00cf9300, 0x00cffb00, 0x00cff300].forEach((high, k) => {
    ram.write32(GDT + 8 * k, k === 0 ? 0 : 0xffff);
    ram.write32(GDT + 8 * k + 4, high);
  });
  ram.write32(TSS + 4, STACK);
  ram.write32(TSS + 8, 0x10);
}

/** A processor in front of random bytes: in real mode, at CPL 0 or at CPL 3 with paging. */
function power(seed: number): Cpu {
  const random = new Random(Math.imul(seed, 0x9e3779b1));
  const bus = new LabBus(RAM_SIZE);
  const { ram } = bus;
  const cpu = new Cpu(bus, processorProfile('katmai'), DEFAULT_COSTS, null);
  reset(cpu);
  for (let k = 0; k < CODE_SIZE; k++) ram.bytes[CODE + k] = random.below(3) === 0 ? random.below(256) : COMMON[random.below(COMMON.length)];
  const { s } = cpu;
  const target = (): number => CODE + random.below(CODE_SIZE);
  if (seed % 3 === 0) {
    for (let vector = 0; vector < 256; vector++) ram.write32(4 * vector, ((CODE >> 4) << 16) | random.below(CODE_SIZE));
    for (const segment of [0, 1, 2, 3]) setSegment(cpu, segment, CODE >> 4, CODE, 0xffff, 0x93);
    s[at.idtrBase] = 0;
    s[at.eip] = random.below(CODE_SIZE);
  } else {
    setTable(bus);
    for (let vector = 0; vector < 256; vector++) {
      ram.write32(IDT + 8 * vector, 0x80000 | (target() & 0xffff));
      ram.write32(IDT + 8 * vector + 4, (CODE & 0xffff0000) | 0xee00);
    }
    const ring = seed % 3 === 1 ? 0 : 3;
    const rights = ring << 5;
    setSegment(cpu, 1, ring === 0 ? 8 : 0x1b, 0, -1, 0xc09b | rights);
    for (const segment of [0, 2, 3]) setSegment(cpu, segment, ring === 0 ? 0x10 : 0x23, 0, -1, 0xc093 | rights);
    setSegment(cpu, TR, 0x28, TSS, 0x67, 0x8b);
    s[at.cr0] |= CR0_PE | CR0_PG | CR0_WP;
    s[at.cr3] = TABLES;
    [s[at.gdtrBase], s[at.gdtrLimit], s[at.idtrBase], s[at.idtrLimit]] = [GDT, 0x27, IDT, 0x7ff];
    setCpl(cpu, ring);
    s[at.eip] = target();
  }
  for (const name of ['eax', 'ecx', 'edx', 'ebx', 'ebp', 'esi', 'edi'] as const) s[at[name]] = target();
  s[at.esp] = STACK - 0x100;
  setFlags(cpu, 2);
  bus.flush(cpu);
  return cpu;
}

const state = (cpu: Cpu): string => `${Buffer.from(cpu.arena).toString('base64')} ${cpu.missing?.what ?? ''}`;

function expectSame(found: Cpu, expected: Cpu, where: string): void {
  expect(state(found), where).toBe(state(expected));
  expect(Buffer.compare(found.memory.bytes, expected.memory.bytes), `${where}: memory`).toBe(0);
}

test.each(Array.from({ length: PROGRAMS }, (_, k) => k))('random bytes, program %i', (seed) => {
  const whole = power(seed);
  const cut = power(seed);
  const random = new Random(seed + 77);
  for (let mark = 1; mark <= MARKS; mark++) {
    if (run(whole, mark * STEPS) !== 'limit') break;
    while (cut.steps < mark * STEPS) {
      run(cut, Math.min(mark * STEPS, cut.steps + 1 + random.below(12)));
      const what = random.below(4);
      if (what === 0) cut.blocks.dropAll(cut);
      else if (what === 1) cut.translation.drop();
      else if (what === 2) cut.translation.dropWrites();
    }
    expectSame(cut, whole, `step ${mark * STEPS}`);
  }
});

test('most of the programs get far', () => {
  let far = 0;
  for (let seed = 0; seed < PROGRAMS; seed++) if (run(power(seed), MARKS * STEPS) === 'limit') far++;
  expect(far).toBeGreaterThan(PROGRAMS / 2);
});
