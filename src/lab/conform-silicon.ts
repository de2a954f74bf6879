/** One-instruction vectors from a real processor at CPL 3 (silicon-vectors/1), run on the simulated one. */
import { DEFAULT_COSTS } from '../cpu/costs.ts';
import { Cpu } from '../cpu/cpu.ts';
import { flags, setFlags } from '../cpu/flags.ts';
import type { Profile } from '../cpu/profiles.ts';
import { CR0_AM, CR0_NE, CR0_PE, CR0_PG, CR0_WP, CR4_TSD, RF } from '../cpu/registers.ts';
import { reset } from '../cpu/reset.ts';
import { run } from '../cpu/run.ts';
import { fetchDescriptor, setCpl, setFromDescriptor, setNull, setSegment } from '../cpu/segments.ts';
import { at, LDTR, TR } from '../cpu/state.ts';
import { hex } from '../lib/hex.ts';
import { LabBus } from './lab-bus.ts';
import { bytesOf, type Initial, type MemoryPiece, type Outcome, REGISTERS, SEGMENTS, type Undefined } from './vectors.ts';

type Rights = 'rw' | 'r' | 'np';

interface Environment {
  readonly map: readonly (readonly [number, number, Rights])[];
  readonly ldt: Readonly<Record<string, string>>;
}

export interface SiliconHeader {
  readonly format: 'silicon-vectors/1';
  readonly family: string;
  readonly cpu: string;
  readonly envs: Readonly<Record<string, Environment>>;
  readonly gdt: Readonly<Record<string, string>>;
}

export interface SiliconVector {
  readonly id: string;
  readonly code: string;
  readonly env: string;
  readonly asm?: string;
  readonly step?: 1;
  readonly tsd?: 1;
  readonly map?: Environment['map'];
  readonly ldt?: Environment['ldt'];
  readonly init: Initial;
  readonly mem: readonly MemoryPiece[];
  readonly final: Readonly<Record<string, number>> & { readonly mem?: readonly MemoryPiece[] };
  readonly exc?: { readonly vec: number; readonly kind: 'fault' | 'trap'; readonly err?: number; readonly cr2?: number };
  readonly undef?: Undefined;
}

/* Physical memory: tables, then the system's own page frames, then the vector's. */
const RAM_SIZE = 4 << 20;
const DIRECTORY = 0x1000;
const TABLES = 0x2000;
const SYSTEM = 0x40000;
const FRAMES = 0x80000;
/* Linear addresses of what the processor itself reads. */
const SYSTEM_LINEAR = 0xc0000000;
const GDT = SYSTEM_LINEAR;
const LDT = SYSTEM_LINEAR + 0x1000;
const IDT = SYSTEM_LINEAR + 0x2000;
const TSS = SYSTEM_LINEAR + 0x3000;
const STACK_TOP = SYSTEM_LINEAR + 0x6000;
const HANDLERS = SYSTEM_LINEAR + 0x7000;
const SYSTEM_PAGES = 8;
const KERNEL_CODE = 0x08;
const KERNEL_STACK = 0x18;
const LONGEST_REP = 100_000;
const FILL = 0xf4;

export class SiliconBench {
  private readonly bus = new LabBus(RAM_SIZE);
  private readonly cpu: Cpu;
  private readonly header: SiliconHeader;
  private mapped = '';
  /** Physical page of each linear page. */
  private readonly frames = new Map<number, number>();

  constructor(header: SiliconHeader, profile: Profile) {
    this.header = header;
    this.cpu = new Cpu(this.bus, profile, DEFAULT_COSTS, null);
    reset(this.cpu);
    this.layOutSystem();
  }

  check(vector: SiliconVector): Outcome {
    this.prepare(vector);
    const { cpu } = this;
    const start = vector.init.eip | 0;
    const end = start + vector.code.length / 2;
    let left = LONGEST_REP;
    do {
      if (run(cpu, cpu.steps + 1) === 'missing') return { differences: [], missing: cpu.missing?.what ?? '' };
    } while (cpu.s[at.eip] >= start && cpu.s[at.eip] < end && cpu.s[at.cpl] === 3 && --left > 0 && cpu.s[at.activity] === 0);
    if (cpu.s[at.pendingDebug] !== 0 && cpu.s[at.cpl] === 3) run(cpu, cpu.steps + 1);
    return { differences: this.compare(vector) };
  }

  private layOutSystem(): void {
    const { ram } = this.bus;
    for (const [slot, text] of Object.entries(this.header.gdt)) {
      const value = BigInt(`0x${text}`);
      ram.write32(SYSTEM + 8 * Number(slot), Number(value & 0xffffffffn));
      ram.write32(SYSTEM + 8 * Number(slot) + 4, Number(value >> 32n));
    }
    ram.write32(SYSTEM + 8 * 8, ((TSS & 0xffff) << 16) | 0x67);
    ram.write32(SYSTEM + 8 * 8 + 4, ((TSS >>> 16) & 0xff) | (TSS & 0xff000000) | 0x8b00);
    ram.write32(SYSTEM + 8 * 10, ((LDT & 0xffff) << 16) | 511);
    ram.write32(SYSTEM + 8 * 10 + 4, ((LDT >>> 16) & 0xff) | (LDT & 0xff000000) | 0x8200);
    for (let vector = 0; vector < 256; vector++) {
      const handler = HANDLERS + vector;
      const dpl = vector === 3 || vector === 4 || vector === 0x80 ? 0x6000 : 0;
      ram.write32(SYSTEM + 0x2000 + 8 * vector, (KERNEL_CODE << 16) | (handler & 0xffff));
      ram.write32(SYSTEM + 0x2000 + 8 * vector + 4, (handler & 0xffff0000) | 0x8e00 | dpl);
    }
    ram.write32(SYSTEM + 0x3000 + 4, STACK_TOP);
    ram.write32(SYSTEM + 0x3000 + 8, KERNEL_STACK);
    ram.write32(SYSTEM + 0x3000 + 0x64, 0x68 << 16);
  }

  private prepare(vector: SiliconVector): void {
    const { cpu } = this;
    const { s } = cpu;
    const environment = this.header.envs[vector.env];
    this.mapPages(vector.map ?? environment.map);
    this.refill();
    this.writeLdt({ ...environment.ldt, ...vector.ldt });
    cpu.blocks.dropAll(cpu);
    s[at.cr0] = CR0_PE | CR0_PG | CR0_WP | CR0_AM | CR0_NE;
    s[at.cr3] = DIRECTORY;
    s[at.cr4] = vector.tsd === 1 ? CR4_TSD : 0;
    s[at.gdtrBase] = GDT | 0;
    s[at.gdtrLimit] = 0x7f;
    s[at.idtrBase] = IDT | 0;
    s[at.idtrLimit] = 0x7ff;
    s[at.activity] = 0;
    s[at.interruptibility] = 0;
    s[at.pendingDebug] = 0;
    s[at.dr6] = 0xffff0ff0 | 0;
    s[at.cr2] = 0;
    this.bus.flush(cpu);
    setSegment(cpu, LDTR, 0x50, LDT | 0, 511, 0x82);
    setSegment(cpu, TR, 0x40, TSS | 0, 0x67, 0x8b);
    REGISTERS.forEach((name, r) => {
      s[at[name]] = vector.init.reg[r];
    });
    SEGMENTS.forEach(([, number], k) => {
      const selector = vector.init.seg[k];
      if ((selector & 0xfffc) === 0 || !fetchDescriptor(cpu, selector)) setNull(cpu, number, selector);
      else setFromDescriptor(cpu, number, selector);
    });
    setCpl(cpu, 3);
    s[at.eip] = vector.init.eip;
    setFlags(cpu, vector.init.eflags);
    for (const [linear, text] of vector.mem) this.poke(linear, bytesOf(text));
    this.poke((s[at.csBase] + vector.init.eip) >>> 0, bytesOf(vector.code));
  }

  private mapPages(map: Environment['map']): void {
    const key = JSON.stringify(map);
    if (key === this.mapped) return;
    this.mapped = key;
    const { ram } = this.bus;
    ram.fill(DIRECTORY, SYSTEM - DIRECTORY, 0);
    this.frames.clear();
    let table = TABLES;
    let frame = FRAMES;
    const add = (linear: number, physical: number, flags: number) => {
      const slot = DIRECTORY + (linear >>> 22) * 4;
      if (ram.read32(slot) === 0) {
        ram.write32(slot, table | 7);
        table += 0x1000;
      }
      ram.write32((ram.read32(slot) & ~0xfff) + ((linear >>> 12) & 0x3ff) * 4, physical | flags);
    };
    for (let k = 0; k < SYSTEM_PAGES; k++) add(SYSTEM_LINEAR + k * 0x1000, SYSTEM + k * 0x1000, 0x63);
    for (const [linear, size, rights] of map) {
      for (let offset = 0; offset < size; offset += 0x1000) {
        this.frames.set((linear + offset) >>> 12, frame);
        add(linear + offset, frame, rights === 'np' ? 0x66 : rights === 'rw' ? 0x67 : 0x65);
        ram.fill(frame, 0x1000, FILL);
        frame += 0x1000;
      }
    }
  }

  /** Brings the pages that the last vector wrote back to their filling. */
  private refill(): void {
    const { ram } = this.bus;
    for (let k = 0; k < ram.touched; k++) {
      const page = ram.touchedPages[k];
      if (page >= FRAMES >>> 12) ram.bytes.fill(FILL, page << 12, (page + 1) << 12);
    }
    ram.clean();
    this.cpu.translation.dropWrites();
  }

  private writeLdt(ldt: Environment['ldt']): void {
    const { ram } = this.bus;
    ram.fill(SYSTEM + 0x1000, 512, 0);
    for (const [slot, text] of Object.entries(ldt)) ram.write(SYSTEM + 0x1000 + 8 * Number(slot), bytesOf(text));
  }

  private poke(linear: number, bytes: readonly number[]): void {
    bytes.forEach((byte, k) => {
      const address = (linear + k) >>> 0;
      const frame = this.frames.get(address >>> 12);
      if (frame !== undefined) this.bus.ram.write8(frame + (address & 0xfff), byte);
    });
  }

  private peek(linear: number): number {
    const frame = this.frames.get(linear >>> 12);
    return frame === undefined ? -1 : this.bus.ram.bytes[frame + (linear & 0xfff)];
  }

  /** What the kernel's stack says of the exception that was delivered; null when none was. */
  private delivered(): { vec: number; err: number | null; eip: number; eflags: number; esp: number; cs: number; ss: number } | null {
    const { cpu } = this;
    const { s } = cpu;
    if (s[at.cpl] !== 0) return null;
    const words = (STACK_TOP - (s[at.esp] >>> 0)) / 4;
    const base = SYSTEM + ((s[at.esp] >>> 0) - SYSTEM_LINEAR);
    const { ram } = this.bus;
    const first = words === 6 ? base + 4 : base;
    return {
      vec: (s[at.eip] >>> 0) - HANDLERS,
      err: words === 6 ? ram.read32(base) : null,
      eip: ram.read32(first) >>> 0,
      cs: ram.read32(first + 4) & 0xffff,
      eflags: ram.read32(first + 8),
      esp: ram.read32(first + 12) >>> 0,
      ss: ram.read32(first + 16) & 0xffff,
    };
  }

  private compare(vector: SiliconVector): string[] {
    const { cpu } = this;
    const { s } = cpu;
    const differences: string[] = [];
    const differ = (what: string, found: number, expected: number, mask = 0) => {
      if (((found ^ expected) & ~mask) !== 0) differences.push(`${what} is ${hex(found >>> 0, 8)}, expected ${hex(expected >>> 0, 8)}`);
    };
    const delivered = this.delivered();
    const { exc, undef, final, init } = vector;
    if ((delivered?.vec ?? -1) !== (exc?.vec ?? -1)) {
      return [`exception ${delivered === null ? 'none' : delivered.vec}, expected ${exc === undefined ? 'none' : exc.vec}`];
    }
    if (exc?.err !== undefined) differ('error code', delivered?.err ?? -1, exc.err, undef?.err);
    if (exc?.cr2 !== undefined) differ('CR2', s[at.cr2], exc.cr2);
    const value = (name: string): number => {
      if (name === 'eip') return delivered?.eip ?? s[at.eip];
      if (name === 'esp') return delivered?.esp ?? s[at.esp];
      if (name === 'eflags') return (delivered?.eflags ?? flags(cpu)) & ~RF;
      return s[at[name as (typeof REGISTERS)[number]]];
    };
    REGISTERS.forEach((name, r) => {
      differ(name.toUpperCase(), value(name), final[name] ?? init.reg[r], undef?.reg?.[name]);
    });
    differ('EIP', value('eip'), final.eip ?? init.eip);
    differ('EFLAGS', value('eflags'), (final.eflags ?? init.eflags) & ~RF, undef?.eflags);
    SEGMENTS.forEach(([name, number], k) => {
      if (undef?.seg?.includes(name)) return;
      const own = s[at.esSelector + 4 * number];
      const found = name === 'cs' ? (delivered?.cs ?? own) : name === 'ss' ? (delivered?.ss ?? own) : own;
      if (delivered !== null && name !== 'cs' && name !== 'ss' && final[name] === undefined && found === 0) return;
      differ(name.toUpperCase(), found, final[name] ?? init.seg[k]);
    });
    this.compareMemory(vector, differences);
    return differences;
  }

  private compareMemory({ mem, final, undef, code, init }: SiliconVector, differences: string[]): void {
    const expected = new Map<number, number>();
    const put = (linear: number, text: string) => {
      bytesOf(text).forEach((byte, k) => {
        expected.set((linear + k) >>> 0, byte);
      });
    };
    for (const [linear, text] of mem) put(linear, text);
    put((this.codeBase(init.seg[0]) + init.eip) >>> 0, code);
    for (const [linear, text] of final.mem ?? []) put(linear, text);
    const masked = (linear: number) => (undef?.mem ?? []).some(([from, length]) => linear >= from && linear < from + length);
    for (const [linear, byte] of expected) {
      const found = this.peek(linear);
      if (found >= 0 && found !== byte && !masked(linear))
        differences.push(`byte at ${hex(linear, 8)} is ${hex(found, 2)}, expected ${hex(byte, 2)}`);
    }
  }

  private codeBase(selector: number): number {
    return fetchDescriptor(this.cpu, selector) ? this.bus.descriptorBase() : 0;
  }
}
