/** One-instruction vectors over the whole system state (system-vectors/1), run on the simulated processor. */
import { DEFAULT_COSTS } from '../cpu/costs.ts';
import { Cpu } from '../cpu/cpu.ts';
import { SILENT } from '../cpu/events.ts';
import { flags, setFlags } from '../cpu/flags.ts';
import type { Profile } from '../cpu/profiles.ts';
import {
  BLOCKED_BY_MOV_SS,
  BLOCKED_BY_STI,
  CR0_PE,
  IF,
  pushesErrorCode,
  RF,
  RIGHTS_DB,
  RIGHTS_UNUSABLE,
  SHUTDOWN,
  VM,
} from '../cpu/registers.ts';
import { reset } from '../cpu/reset.ts';
import { run } from '../cpu/run.ts';
import { setCpl, setNull, setSegment } from '../cpu/segments.ts';
import { stackMask } from '../cpu/stack.ts';
import { at, BASE, LDTR, LIMIT, RIGHTS, type StateName, segmentAt, TR } from '../cpu/state.ts';
import { hex } from '../lib/hex.ts';
import { currentStack, type Stack, VectorMemory } from './conform-memory.ts';
import { LabBus } from './lab-bus.ts';
import { bytesOf, type Initial, type MemoryPiece, type Outcome, REGISTERS, SEGMENTS, type Undefined } from './vectors.ts';

interface SystemRegisters {
  readonly cr0: number;
  readonly cr2: number;
  readonly cr3: number;
  readonly cr4: number;
  readonly gdtr: readonly [number, number];
  readonly idtr: readonly [number, number];
  readonly ldtr: number;
  readonly tr: number;
  readonly msr: readonly [number, number, number];
  readonly dr: readonly [number, number, number, number, number, number];
}

export interface SystemHeader {
  readonly format: 'system-vectors/1';
  readonly family: string;
  readonly source: string;
  readonly fill: number;
  readonly ram: readonly (readonly [number, number])[];
  readonly sys: SystemRegisters;
  readonly mem: readonly MemoryPiece[];
}

/** Base, limit in bytes, rights; null: unusable. */
type Hidden = readonly [number, number, number] | null;

interface Final {
  readonly mem?: readonly MemoryPiece[];
  readonly hidden?: Readonly<Record<string, Hidden>>;
  readonly gdtr?: readonly [number, number];
  readonly idtr?: readonly [number, number];
  readonly msr?: readonly [number, number, number];
  readonly state?: 'hlt' | 'shutdown';
  readonly shadow?: number;
}

export interface SystemVector {
  readonly id: string;
  readonly code: string;
  readonly asm?: string;
  readonly init: Initial;
  readonly sys?: Partial<SystemRegisters>;
  readonly mem: readonly MemoryPiece[];
  readonly final: Final & Readonly<Record<string, unknown>>;
  readonly exc?: readonly { readonly vec: number; readonly err?: number; readonly soft?: 1 }[];
  readonly undef?: Undefined;
  readonly dispute?: string;
}

const ACTIVITIES = ['active', 'hlt', 'shutdown', 'waiting'];
const REAL_DATA = 0x93;
const VM86_DATA = 0xf3;
const REAL_LDT = 0x82;
const REAL_TSS = 0x8b;
/** The type of CS does not count in real mode. */
const SEGMENT_TYPE = 0xf;

/** State compared by name in the vector. */
const CONTROLS: readonly StateName[] = ['cr0', 'cr2', 'cr3', 'cr4', 'dr0', 'dr1', 'dr2', 'dr3', 'dr6', 'dr7'];
const MSRS = ['sysenterCs', 'sysenterEsp', 'sysenterEip'] as const;

interface Raised {
  readonly vector: number;
  readonly errorCode: number;
}

export class SystemBench {
  private readonly header: SystemHeader;
  private readonly bus: LabBus;
  private readonly cpu: Cpu;
  private readonly memory: VectorMemory;
  /** The stacks there are before the step: the present one, and those of the TSS. */
  private stacks: Stack[] = [];
  private raised: Raised[] = [];

  constructor(header: SystemHeader, profile: Profile) {
    this.header = header;
    const size = Math.max(...header.ram.map(([, end]) => end));
    this.bus = new LabBus(size);
    const { ram } = this.bus;
    for (const [from, to] of header.ram) ram.fill(from, to - from, header.fill);
    for (const [address, text] of header.mem) ram.write(address, bytesOf(text));
    this.memory = new VectorMemory(ram, header.ram);
    this.cpu = new Cpu(this.bus, profile, DEFAULT_COSTS, null);
    reset(this.cpu);
    this.cpu.events = { ...SILENT, fault: (vector, errorCode) => this.raised.push({ vector, errorCode }) };
  }

  check(vector: SystemVector): Outcome {
    if (vector.dispute !== undefined) return { differences: [], disputed: true };
    this.prepare(vector);
    const { cpu } = this;
    if (run(cpu, cpu.steps + 1) === 'missing') return { differences: [], missing: cpu.missing?.what ?? '' };
    const unknown = ((vector.final.cr4 as number | undefined) ?? 0) & ~cpu.profile.cr4;
    if (unknown !== 0 && cpu.s[at.cr4] !== vector.final.cr4) return { differences: [], missing: `CR4 bits ${hex(unknown >>> 0, 4)}` };
    return { differences: this.compare(vector) };
  }

  private prepare({ init, mem, sys }: SystemVector): void {
    const { cpu, header } = this;
    const { s } = cpu;
    this.memory.restore();
    cpu.blocks.dropAll(cpu);
    for (const [address, text] of mem) this.bus.ram.write(address, bytesOf(text));
    const system = { ...header.sys, ...sys };
    CONTROLS.slice(0, 4).forEach((name) => {
      s[at[name]] = system[name as 'cr0'];
    });
    CONTROLS.slice(4).forEach((name, k) => {
      s[at[name]] = system.dr[k];
    });
    MSRS.forEach((name, k) => {
      s[at[name]] = system.msr[k];
    });
    [s[at.gdtrBase], s[at.gdtrLimit]] = system.gdtr;
    [s[at.idtrBase], s[at.idtrLimit]] = system.idtr;
    s[at.activity] = 0;
    s[at.interruptibility] = 0;
    s[at.pendingDebug] = 0;
    this.bus.flush(cpu);
    const real = (system.cr0 & CR0_PE) === 0;
    const vm86 = !real && (init.eflags & VM) !== 0;
    this.loadHidden(LDTR, system.ldtr, real ? REAL_LDT : null);
    this.loadHidden(TR, system.tr, real ? REAL_TSS : null);
    SEGMENTS.forEach(([, number], k) => {
      const selector = init.seg[k];
      if (real || vm86) setSegment(cpu, number, selector, selector << 4, 0xffff, real ? REAL_DATA : VM86_DATA);
      else this.loadHidden(number, selector, null);
    });
    setCpl(cpu, real ? 0 : vm86 ? 3 : init.seg[0] & 3);
    REGISTERS.forEach((name, r) => {
      s[at[name]] = init.reg[r];
    });
    s[at.eip] = init.eip;
    setFlags(cpu, init.eflags);
    this.raised = [];
    this.stacks = [currentStack(cpu), ...this.innerStacks()];
  }

  private innerStacks(): Stack[] {
    const { s } = this.cpu;
    const { ram } = this.bus;
    const is32 = (s[at.trRights] & 8) !== 0;
    if ((s[at.trSelector] & 0xfffc) === 0) return [];
    return [0, 1, 2].map((level) => {
      const at32 = s[at.trBase] + 4 + 8 * level;
      const at16 = s[at.trBase] + 2 + 4 * level;
      const { base, rights } = this.descriptor(ram.read16(is32 ? at32 + 4 : at16 + 2));
      return { base, pointer: is32 ? ram.read32(at32) : ram.read16(at16), mask: (rights & RIGHTS_DB) !== 0 ? -1 : 0xffff };
    });
  }

  /** The segment a selector names, from memory and without checks. */
  private descriptor(selector: number): { base: number; limit: number; rights: number } {
    const { ram } = this.bus;
    const table = (selector & 4) !== 0 ? this.cpu.s[segmentAt(LDTR) + BASE] : this.cpu.s[at.gdtrBase];
    const address = table + (selector & 0xfff8);
    const low = ram.read32(address);
    const high = ram.read32(address + 4);
    const limit = (low & 0xffff) | (high & 0xf0000);
    return {
      base: (low >>> 16) | ((high & 0xff) << 16) | (high & 0xff000000),
      limit: (high & (1 << 23)) !== 0 ? (limit << 12) | 0xfff : limit,
      rights: (high >>> 8) & 0xf0ff,
    };
  }

  /** Loads a segment register from memory without checks; a null selector is unusable, or in real mode has the rights given. */
  private loadHidden(segment: number, selector: number, nullRights: number | null): void {
    const { cpu } = this;
    if ((selector & 0xfffc) === 0) {
      if (nullRights === null) setNull(cpu, segment, selector);
      else setSegment(cpu, segment, selector, 0, 0xffff, nullRights);
      return;
    }
    const { base, limit, rights } = this.descriptor(selector);
    setSegment(cpu, segment, selector, base, limit, rights);
  }

  private compare(vector: SystemVector): string[] {
    const { cpu } = this;
    const { s } = cpu;
    const { init, final, undef } = vector;
    const system = { ...this.header.sys, ...vector.sys };
    const differences: string[] = [];
    const differ = (what: string, found: number, expected: number, mask = 0) => {
      if (((found ^ expected) & ~mask) !== 0) differences.push(`${what} is ${hex(found >>> 0, 8)}, expected ${hex(expected >>> 0, 8)}`);
    };
    const wanted = (name: string, before: number): number => (final[name] as number | undefined) ?? before;
    this.compareRaised(vector, differences);
    REGISTERS.forEach((name, r) => {
      differ(name.toUpperCase(), s[at[name]], wanted(name, init.reg[r]), undef?.reg?.[name]);
    });
    differ('EIP', s[at.eip], wanted('eip', init.eip));
    differ('EFLAGS', flags(cpu), wanted('eflags', init.eflags), (undef?.eflags ?? 0) | (s[at.activity] === SHUTDOWN ? RF | IF : 0));
    const before = [system.cr0, system.cr2, system.cr3, system.cr4, ...system.dr];
    CONTROLS.forEach((name, k) => {
      differ(name.toUpperCase(), s[at[name]], wanted(name, before[k]));
    });
    const msrs = final.msr ?? system.msr;
    MSRS.forEach((name, k) => {
      differ(name, s[at[name]], msrs[k]);
    });
    const [gdtBase, gdtLimit] = final.gdtr ?? system.gdtr;
    differ('GDTR base', s[at.gdtrBase], gdtBase);
    differ('GDTR limit', s[at.gdtrLimit], gdtLimit);
    const [idtBase, idtLimit] = final.idtr ?? system.idtr;
    differ('IDTR base', s[at.idtrBase], idtBase);
    differ('IDTR limit', s[at.idtrLimit], idtLimit);
    SEGMENTS.forEach(([name, number], k) => {
      this.compareSegment(name, number, wanted(name, init.seg[k]), final.hidden?.[name], differ);
    });
    this.compareSegment('ldtr', LDTR, wanted('ldtr', system.ldtr), final.hidden?.ldtr, differ);
    this.compareSegment('tr', TR, wanted('tr', system.tr), final.hidden?.tr, differ);
    const activity = ACTIVITIES[s[at.activity]];
    const activityWanted = final.state ?? 'active';
    if (activity !== activityWanted) differences.push(`the processor is ${activity}, expected ${activityWanted}`);
    const blocking = s[at.interruptibility] & (BLOCKED_BY_STI | BLOCKED_BY_MOV_SS);
    differ('interrupt shadow', blocking, final.shadow === undefined ? 0 : final.shadow === 1 ? BLOCKED_BY_STI : BLOCKED_BY_MOV_SS);
    const faulted = (vector.exc ?? []).some(({ soft }) => soft === undefined);
    const standing = s[at.activity] === SHUTDOWN ? null : s[at.ssBase] + (s[at.esp] & stackMask(cpu));
    this.memory.compare(vector, faulted ? this.stacks : [], standing, differences);
    return differences;
  }

  private compareRaised({ exc = [], undef }: SystemVector, differences: string[]): void {
    const name = (vector: number, errorCode: number | undefined) =>
      errorCode === undefined ? `${vector}` : `${vector}(${hex(errorCode, 4)})`;
    const expected = exc.filter(({ soft }) => soft === undefined);
    const mask = ~(undef?.err ?? 0);
    const found = this.raised.map(({ vector, errorCode }, k) =>
      name(vector, pushesErrorCode(vector) && expected[k]?.err !== undefined ? errorCode & mask : undefined),
    );
    const wanted = expected.map(({ vec, err }) => name(vec, err === undefined ? undefined : err & mask));
    if (found.join() !== wanted.join()) differences.push(`raised [${found.join(', ')}], expected [${wanted.join(', ')}]`);
  }

  /** The hidden part is compared where the vector says that it has changed. */
  private compareSegment(
    name: string,
    number: number,
    selector: number,
    hidden: Hidden | undefined,
    differ: (what: string, found: number, expected: number, mask?: number) => void,
  ): void {
    const { s } = this.cpu;
    const seg = segmentAt(number);
    const what = name.toUpperCase();
    differ(what, s[seg], selector);
    if (hidden === undefined) return;
    differ(`${what} unusable`, s[seg + RIGHTS] & RIGHTS_UNUSABLE, hidden === null ? RIGHTS_UNUSABLE : 0);
    if (hidden === null) return;
    differ(`${what} base`, s[seg + BASE], hidden[0]);
    differ(`${what} limit`, s[seg + LIMIT], hidden[1]);
    const isReal = (s[at.cr0] & CR0_PE) === 0;
    differ(`${what} rights`, s[seg + RIGHTS] & ~RIGHTS_UNUSABLE, hidden[2], isReal && name === 'cs' ? SEGMENT_TYPE : 0);
  }
}
