/** A few lines of assembly on a bare processor: flat, CPL 0, no paging, unless a test says otherwise. */
import { assemble } from '../../src/asm/index.ts';
import type { CpuBus } from '../../src/cpu/bus.ts';
import { DEFAULT_COSTS } from '../../src/cpu/costs.ts';
import { Cpu } from '../../src/cpu/cpu.ts';
import { SILENT } from '../../src/cpu/events.ts';
import { flags, setFlags } from '../../src/cpu/flags.ts';
import { type Profile, processorProfile } from '../../src/cpu/profiles.ts';
import { CR0_PE } from '../../src/cpu/registers.ts';
import { reset } from '../../src/cpu/reset.ts';
import { run as runCpu, type Stop } from '../../src/cpu/run.ts';
import { setSegment } from '../../src/cpu/segments.ts';
import { at } from '../../src/cpu/state.ts';
import { flushTlb } from '../../src/cpu/tlb.ts';
import type { VirtExtension } from '../../src/cpu/virt/extension.ts';
import { Ram } from '../../src/machine/ram.ts';

export const RAM_SIZE = 1 << 20;
export const CODE = 0x10000;
export const STACK = 0x20000;
export const DATA = 0x30000;
export const IDT = 0x40000;
export const GDT = 0x41000;
/** Handler of vector v: a HLT at HANDLERS + v. */
export const HANDLERS = 0x42000;
/** Reads and writes from here on go to the bus. */
export const DEVICE = RAM_SIZE;

export const REGISTERS = ['eax', 'ecx', 'edx', 'ebx', 'esp', 'ebp', 'esi', 'edi'] as const;
export type Register = (typeof REGISTERS)[number];

/** A board of RAM, one interrupt line, and a device that counts what it is asked. */
export class TestBus implements CpuBus {
  readonly memory = new Ram(RAM_SIZE);
  readonly localApic = null;
  deadline = Number.POSITIVE_INFINITY;
  stopped = false;
  intr = false;
  willInterrupt = false;
  vector = 0x20;
  ignoresErrors = false;
  /** FERR#. */
  error = false;
  readonly log: string[] = [];
  /** Called before each access of the device. */
  onAccess: () => void = () => {};

  advance(): void {}
  reportError(level: boolean): void {
    this.error = level;
  }
  private note(text: string): void {
    this.onAccess();
    this.log.push(text);
  }
  in(port: number, size: number): number {
    this.note(`in ${port} ${size}`);
    return 0x5a;
  }
  out(port: number, size: number, value: number): void {
    this.note(`out ${port} ${size} ${value}`);
  }
  readMmio(address: number, size: number): number {
    this.note(`read ${address - DEVICE} ${size}`);
    return 0x77;
  }
  writeMmio(address: number, size: number, value: number): void {
    this.note(`write ${address - DEVICE} ${size} ${value}`);
  }
  acknowledge(): number {
    this.intr = false;
    return this.vector;
  }
}

export type Start = Partial<Record<Register | 'eflags', number>> & { readonly bits?: 16 | 32 };

export class Program {
  readonly bus = new TestBus();
  readonly cpu: Cpu;
  /** Vector, error code and EIP of each fault met. */
  readonly faults: { vector: number; errorCode: number; eip: number }[] = [];
  readonly size: number;
  private readonly labels: ReadonlyMap<string, number>;

  constructor(source: string, start: Start = {}, profile: Profile = processorProfile('katmai'), virt: VirtExtension | null = null) {
    const { bits = 32, eflags = 2, ...registers } = start;
    const text = `bits ${bits}\norg ${CODE}\n${source}\n`;
    const assembled = assemble({ text: () => text }, 'test.asm');
    if (!assembled.ok) throw new Error(assembled.errors.map(({ line, message }) => `${line - 2}: ${message}`).join('\n'));
    const { ram, bus } = this;
    ram.write(CODE, assembled.image);
    this.size = assembled.image.length;
    this.labels = new Map(assembled.symbols.map(({ name, value }) => [name, value]));
    const cpu = new Cpu(bus, profile, DEFAULT_COSTS, virt);
    this.cpu = cpu;
    reset(cpu);
    const { s } = cpu;
    ram.write32(GDT + 8, 0x0000ffff);
    ram.write32(GDT + 12, 0x00cf9b00);
    ram.write32(GDT + 16, 0x0000ffff);
    ram.write32(GDT + 20, 0x00cf9300);
    for (let vector = 0; vector < 256; vector++) {
      ram.write32(IDT + 8 * vector, 0x80000 | ((HANDLERS + vector) & 0xffff));
      ram.write32(IDT + 8 * vector + 4, (HANDLERS & 0xffff0000) | 0x8e00);
    }
    ram.fill(HANDLERS, 256, 0xf4);
    s[at.cr0] = CR0_PE | 0x10;
    [s[at.gdtrBase], s[at.gdtrLimit], s[at.idtrBase], s[at.idtrLimit]] = [GDT, 0x17, IDT, 0x7ff];
    setSegment(cpu, 1, 8, 0, -1, bits === 32 ? 0xc09b : 0x809b);
    for (const segment of [0, 2, 3, 4, 5]) setSegment(cpu, segment, 16, 0, -1, 0xc093);
    s[at.esp] = STACK;
    s[at.eip] = CODE;
    for (const [name, value] of Object.entries(registers)) s[at[name as Register]] = value;
    setFlags(cpu, eflags);
    flushTlb(cpu, false);
    cpu.events = { ...SILENT, fault: (vector, errorCode, eip) => this.faults.push({ vector, errorCode, eip: eip >>> 0 }) };
  }

  /** Address of a label. */
  at(label: string): number {
    const value = this.labels.get(label);
    if (value === undefined) throw new Error(`no label ${label}`);
    return value;
  }

  get ram(): Ram {
    return this.bus.memory;
  }

  /** Runs `steps` more steps. */
  step(steps = 1): Stop {
    return runCpu(this.cpu, this.cpu.steps + steps);
  }

  /** Runs until the processor halts. */
  toHalt(most = 10_000): this {
    const end = this.step(most);
    if (end !== 'asleep') throw new Error(`it did not halt: ${end} at ${this.eip.toString(16)}`);
    return this;
  }

  register(name: Register): number {
    return this.cpu.s[at[name]] >>> 0;
  }

  get eip(): number {
    return this.cpu.s[at.eip] >>> 0;
  }

  get eflags(): number {
    return flags(this.cpu);
  }

  get steps(): number {
    return this.cpu.steps;
  }
}

/** One or a few instructions, run one after the other: what they left. */
export function run(source: string, start: Start = {}): Record<Register, number> & { eflags: number; steps: number; program: Program } {
  const program = new Program(`${source}\nend_of_test:`, start);
  const end = CODE + program.size;
  for (let k = 0; k < 1000 && program.eip !== end && program.faults.length === 0; k++) program.step();
  const registers = Object.fromEntries(REGISTERS.map((name) => [name, program.register(name)])) as Record<Register, number>;
  return { ...registers, eflags: program.eflags, steps: program.steps, program };
}
