/** Call gates and task switches where the vectors do not look: events, the debug trap, paging, and a fault in the new task. */
import { describe, expect, test } from 'vitest';
import { assemble } from '../../src/asm/index.ts';
import { DEFAULT_COSTS } from '../../src/cpu/costs.ts';
import { Cpu } from '../../src/cpu/cpu.ts';
import { SILENT } from '../../src/cpu/events.ts';
import { setFlags } from '../../src/cpu/flags.ts';
import { processorProfile } from '../../src/cpu/profiles.ts';
import { CR0_PE, CR0_PG, CR0_TS, NT } from '../../src/cpu/registers.ts';
import { reset } from '../../src/cpu/reset.ts';
import { run } from '../../src/cpu/run.ts';
import { setCpl, setSegment } from '../../src/cpu/segments.ts';
import { at, TR } from '../../src/cpu/state.ts';
import { LabBus } from '../../src/lab/lab-bus.ts';

const GDT = 0x1000;
const IDT = 0x1800;
const OLD_TSS = 0x2000;
const NEW_TSS = 0x2100;
const STACK_0 = 0x5000;
const STACK_3 = 0x6000;
const NEW_STACK = 0x7000;
const CODE = 0x8000;
const HANDLERS = 0x9000;
const NEW_CODE = 0xa000;
const DIRECTORY = 0x10000;
const OTHER_DIRECTORY = 0x11000;
const TABLE = 0x12000;

/* Selectors. */
const CODE_0 = 0x08;
const DATA_0 = 0x10;
const CODE_3 = 0x1b;
const DATA_3 = 0x23;
const OLD = 0x28;
const NEW = 0x30;
const CALL_GATE = 0x38;
const TASK_GATE = 0x40;

class Bench {
  readonly bus = new LabBus(1 << 20);
  readonly cpu = new Cpu(this.bus, processorProfile('katmai'), DEFAULT_COSTS, null);
  readonly transfers: string[] = [];
  readonly faults: string[] = [];

  constructor(source: string, ring: 0 | 3 = 0) {
    const { cpu, bus } = this;
    const { ram } = bus;
    const result = assemble({ text: () => `bits 32\norg ${CODE}\n${source}\n` }, 'main.asm');
    if (!result.ok) throw new Error(result.errors[0].message);
    ram.write(CODE, [...result.image]);
    ram.fill(NEW_CODE, 16, 0x90);
    ram.fill(HANDLERS, 256, 0x90);
    this.descriptor(CODE_0, 0xffff, 0x00cf9b00);
    this.descriptor(DATA_0, 0xffff, 0x00cf9300);
    this.descriptor(CODE_3, 0xffff, 0x00cffb00);
    this.descriptor(DATA_3, 0xffff, 0x00cff300);
    this.descriptor(OLD, (OLD_TSS << 16) | 0x67, 0x8b00);
    this.descriptor(NEW, (NEW_TSS << 16) | 0x67, 0xe900);
    this.descriptor(CALL_GATE, (CODE_0 << 16) | NEW_CODE, 0xec02);
    this.descriptor(TASK_GATE, NEW << 16, 0xe500);
    for (let vector = 0; vector < 32; vector++) {
      ram.write32(IDT + 8 * vector, (CODE_0 << 16) | (HANDLERS + vector));
      ram.write32(IDT + 8 * vector + 4, 0x8e00);
    }
    ram.write32(OLD_TSS + 4, STACK_0);
    ram.write32(OLD_TSS + 8, DATA_0);
    this.task({});
    ram.write32(DIRECTORY, TABLE | 7);
    ram.write32(OTHER_DIRECTORY, TABLE | 7);
    for (let page = 0; page < 256; page++) ram.write32(TABLE + 4 * page, (page << 12) | 7);
    reset(cpu);
    const { s } = cpu;
    const rights = ring << 5;
    setSegment(cpu, 1, ring === 0 ? CODE_0 : CODE_3, 0, -1, 0xc09b | rights);
    for (const segment of [0, 2, 3]) setSegment(cpu, segment, ring === 0 ? DATA_0 : DATA_3, 0, -1, 0xc093 | rights);
    setSegment(cpu, TR, OLD, OLD_TSS, 0x67, 0x8b);
    s[at.cr0] |= CR0_PE;
    [s[at.gdtrBase], s[at.gdtrLimit], s[at.idtrBase], s[at.idtrLimit]] = [GDT, 0x47, IDT, 0xff];
    setCpl(cpu, ring);
    s[at.eip] = CODE;
    s[at.esp] = ring === 0 ? STACK_0 : STACK_3;
    setFlags(cpu, 2);
    bus.flush(cpu);
    cpu.events = {
      ...SILENT,
      transfer: (kind, from, to) => this.transfers.push(`${kind} ${from}->${to}`),
      fault: (vector, errorCode, eip) => this.faults.push(`${vector}(${errorCode}) at ${eip.toString(16)}`),
    };
  }

  descriptor(selector: number, low: number, high: number): void {
    this.bus.ram.write32(GDT + (selector & 0xf8), low);
    this.bus.ram.write32(GDT + (selector & 0xf8) + 4, high);
  }

  /** The new task's state: what is not given is that of a task at CPL 0. */
  task({ eip = NEW_CODE, cs = CODE_0, ss = DATA_0, cr3 = 0, ldt = 0, trap = 0 }): this {
    const { ram } = this.bus;
    ram.write32(NEW_TSS + 0x1c, cr3);
    ram.write32(NEW_TSS + 0x20, eip);
    ram.write32(NEW_TSS + 0x24, 2);
    for (let k = 0; k < 8; k++) ram.write32(NEW_TSS + 0x28 + 4 * k, k === 4 ? NEW_STACK : k);
    [DATA_0, cs, ss, DATA_0, 0, 0, ldt].forEach((selector, k) => {
      ram.write32(NEW_TSS + 0x48 + 4 * k, selector);
    });
    ram.write32(NEW_TSS + 0x64, trap);
    ram.write32(NEW_TSS + 4, STACK_0);
    ram.write32(NEW_TSS + 8, DATA_0);
    return this;
  }

  step(count = 1): this {
    expect(run(this.cpu, this.cpu.steps + count)).toBe('limit');
    return this;
  }

  get(name: 'eip' | 'esp' | 'cpl' | 'csSelector' | 'ssSelector' | 'trSelector' | 'eflags' | 'cr0' | 'cr3' | 'dr6'): number {
    return this.cpu.s[at[name]];
  }
  read(address: number): number {
    return this.bus.ram.read32(address) >>> 0;
  }
}

describe('call gates', () => {
  test('an inner level gets the parameters on its own stack, and says so', () => {
    const bench = new Bench(`push 11h\npush 22h\ncall ${CALL_GATE | 3}:0`, 3).step(3);
    expect([bench.get('cpl'), bench.get('csSelector'), bench.get('ssSelector'), bench.get('eip')]).toEqual([0, CODE_0, DATA_0, NEW_CODE]);
    const frame = [CODE + 11, CODE_3, 0x22, 0x11, STACK_3 - 8, DATA_3];
    expect(frame.map((_, k) => bench.read(bench.get('esp') + 4 * k))).toEqual(frame);
    expect(bench.transfers).toEqual(['call-gate 3->0']);
  });

  test('and the far return takes them off both stacks', () => {
    const bench = new Bench(`push 11h\npush 22h\ncall ${CALL_GATE | 3}:0`, 3);
    bench.bus.ram.write(NEW_CODE, [0xca, 8, 0]);
    bench.step(4);
    expect([bench.get('cpl'), bench.get('esp'), bench.get('eip')]).toEqual([3, STACK_3, CODE + 11]);
    expect(bench.transfers).toEqual(['call-gate 3->0', 'far-return 0->3']);
  });

  test('JMP does not change the level', () => {
    const bench = new Bench(`jmp ${CALL_GATE | 3}:0`, 3).step();
    expect(bench.faults).toEqual([`13(${CODE_0}) at ${CODE.toString(16)}`]);
  });
});

describe('task switches', () => {
  test('there by CALL and back by IRET', () => {
    const bench = new Bench(`mov eax, 1234h\ncall ${NEW}:0\nnop`);
    bench.bus.ram.write(NEW_CODE, [0xcf]);
    bench.step(2);
    expect([bench.get('trSelector'), bench.get('eip'), bench.get('eflags') & NT]).toEqual([NEW, NEW_CODE, NT]);
    expect(bench.get('cr0') & CR0_TS).toBe(CR0_TS);
    expect(bench.read(NEW_TSS) & 0xffff).toBe(OLD);
    bench.step();
    expect([bench.get('trSelector'), bench.get('eip'), bench.get('eflags') & NT]).toEqual([OLD, CODE + 12, 0]);
    expect(bench.cpu.s[at.eax]).toBe(0x1234);
    expect(bench.read(GDT + NEW + 4) & 0x200).toBe(0);
    expect(bench.transfers).toEqual(['task-switch 0->0', 'task-switch 0->0']);
  });

  test('a fault through a task gate leaves its error code on the new stack', () => {
    const bench = new Bench('mov ax, 3\nmov ss, ax');
    bench.bus.ram.write32(IDT + 8 * 13, NEW << 16);
    bench.bus.ram.write32(IDT + 8 * 13 + 4, 0x8500);
    bench.step(2);
    expect([bench.get('trSelector'), bench.get('esp'), bench.read(NEW_STACK - 4)]).toEqual([NEW, NEW_STACK - 4, 0]);
    expect(bench.read(OLD_TSS + 0x20)).toBe(CODE + 4);
    expect(bench.read(OLD_TSS + 0x24) & 0x10000).toBe(0x10000);
  });

  test('the T flag traps before the first instruction of the new task', () => {
    const bench = new Bench(`jmp ${TASK_GATE}:0`).task({ trap: 1 }).step();
    expect(bench.get('eip')).toBe(NEW_CODE);
    bench.step();
    expect([bench.get('eip'), bench.get('dr6') & 0x8000]).toEqual([HANDLERS + 1, 0x8000]);
    expect(bench.read(bench.get('esp'))).toBe(NEW_CODE);
  });

  test('with paging CR3 changes with the task', () => {
    const bench = new Bench(`jmp ${NEW}:0`).task({ cr3: OTHER_DIRECTORY });
    bench.cpu.s[at.cr0] |= CR0_PG;
    bench.cpu.s[at.cr3] = DIRECTORY;
    bench.bus.flush(bench.cpu);
    bench.step();
    expect([bench.get('cr3'), bench.get('trSelector')]).toEqual([OTHER_DIRECTORY, NEW]);
  });

  test('a bad LDTR faults in the new task, at its first instruction', () => {
    const bench = new Bench(`jmp ${NEW}:0`).task({ ldt: DATA_0 }).step();
    expect(bench.faults).toEqual([`10(${DATA_0}) at ${NEW_CODE.toString(16)}`]);
    expect([bench.get('trSelector'), bench.get('eip')]).toEqual([NEW, HANDLERS + 10]);
  });

  test('a page of the new TSS that is missing faults in the old task, and nothing has changed', () => {
    const bench = new Bench(`jmp ${NEW}:0`);
    const { cpu, bus } = bench;
    bench.descriptor(NEW, (0x3000 << 16) | 0x67, 0xe900);
    bus.ram.write32(TABLE + 4 * 3, 0x3006);
    cpu.s[at.cr0] |= CR0_PG;
    cpu.s[at.cr3] = DIRECTORY;
    bus.flush(cpu);
    bench.step();
    expect(bench.faults).toEqual([`14(0) at ${CODE.toString(16)}`]);
    expect([bench.get('trSelector'), bench.get('eip'), bench.read(GDT + OLD + 4) & 0x200]).toEqual([OLD, HANDLERS + 14, 0x200]);
  });
});
