/** The machine of the experiments: it stands in front of one instruction, with one thing in it changed or nothing. */
import { type Assembled, assemble, formatError } from '../asm/index.ts';
import { DEFAULT_COSTS } from '../cpu/costs.ts';
import { Cpu } from '../cpu/cpu.ts';
import { SILENT } from '../cpu/events.ts';
import type { Profile } from '../cpu/profiles.ts';
import { CR0_ET, CR0_PE, IF, IOPL } from '../cpu/registers.ts';
import { reset } from '../cpu/reset.ts';
import { run, type Stop } from '../cpu/run.ts';
import { deriveSegments, FLAT_CODE, FLAT_DATA, setSegment } from '../cpu/segments.ts';
import { at, counterAt } from '../cpu/state.ts';
import { createVirtExtension } from '../cpu/virt/create.ts';
import { PAGE_SIZE } from '../machine/ram.ts';
import groundCode from './ground.asm?raw';
import groundChanges from './ground-changes.asm?raw';
import groundTables from './ground-tables.asm?raw';
import { LabBus } from './lab-bus.ts';
import type { State, Symbols } from './states.ts';

/** Bytes of an instruction at most, and of the place for one. */
const INSTRUCTION = 16;
const BLANK = `
        align 4096
experiment: times ${INSTRUCTION} nop
        int     VECTOR_BACK
state:  times 8 dd 2
operand_image: times IMAGE db 0
stack_image: times IMAGE db 0
trials: dd 0, vary_nothing, 0
trials_end: dd trials_end
`;

/** The source of the ground with a tail of its own: an instruction, a state and trials. */
export const groundWith = (tail: string): string => `${groundCode}\n${groundChanges}\n${groundTables}${tail}`;

/** Throws where the ground itself is at fault. */
export function assembleGround(tail: string): Assembled {
  const text = groundWith(tail);
  const assembled = assemble({ text: () => text }, 'ground.asm');
  if (!assembled.ok) throw new Error(assembled.errors.map(formatError).join('\n'));
  return assembled;
}

let blank: { readonly assembled: Assembled; readonly symbol: Symbols } | null = null;

/** The ground without an experiment, and where things are in it. */
export function blankGround(): { readonly assembled: Assembled; readonly symbol: Symbols } {
  if (blank === null) {
    const assembled = assembleGround(BLANK);
    const values = new Map(assembled.symbols.map(({ name, value }) => [name, value]));
    const symbol = (name: string): number => {
      const value = values.get(name);
      if (value === undefined) throw new Error(`ground.asm has no ${name}`);
      return value;
    };
    blank = { assembled, symbol };
  }
  return blank;
}

/** RAM, the mask of the first 8259 as ports that remember, and an interrupt line. */
class GroundBus extends LabBus {
  override intr = false;
  /** What was written to the scratch port last; and how often any port was. */
  latch = 0xff;
  writes = 0;
  private readonly scratch: number;

  constructor(size: number, scratch: number) {
    super(size);
    this.scratch = scratch;
  }

  override in(port: number, size: number): number {
    const nothing = super.in(port, size);
    return port === this.scratch ? (nothing & ~0xff) | this.latch : nothing;
  }
  override out(port?: number, _size?: number, value = 0): void {
    this.writes++;
    if (port === this.scratch) this.latch = value & 0xff;
  }
}

/** What is the same whenever the same trial begins. */
export interface Standpoint {
  readonly arena: Int32Array;
  readonly latch: number;
  /** Pages that are not as in the standpoint that was made first. */
  readonly pages: readonly (readonly [number: number, bytes: Uint8Array])[];
}

/** What a trial is, besides its instruction and its state. */
export interface Place {
  readonly ring: number;
  /** A routine of ground.asm. */
  readonly vary: string;
  /** Bits of SETTINGS, IN_VMX, IN_SVM. */
  readonly settings: number;
}

export interface Fault {
  readonly vector: number;
  readonly errorCode: number;
}

/** The routine that changes all that can be changed outside VMX operation. */
export const EVERYTHING = 'vary_everything';
/** INT 30h. */
const END_OF_TRIAL = [0xcd, 0x30];
const GENERAL = ['eax', 'ecx', 'edx', 'ebx', 'ebp', 'esi', 'edi'] as const;

/** Every trial begins at the same time. */
const BEGINNING = 1_000_000;
const LATER = 1_000_777;
/** Steps in which the ground reaches its experiment. */
const MOST_STEPS = 20_000;

export class Ground {
  readonly profile: Profile;
  readonly cpu: Cpu;
  readonly bus: GroundBus;
  readonly symbol: Symbols;
  private readonly image: Assembled;
  /** Pages from the first to the one behind the last whose contents are compared. */
  readonly seen: readonly [number, number];
  /** Entries of the data and of the instruction TLB when the trial began. */
  cached: readonly [number, number] = [0, 0];
  private base: Uint8Array | null = null;
  private baseWords: Int32Array = new Int32Array(0);
  private present: Standpoint | null = null;
  private readonly standpoints = new Map<string, Standpoint | null>();
  private state: State | null = null;
  /** The fault that the step met first. */
  private met: Fault | null = null;

  constructor(profile: Profile) {
    const { assembled, symbol } = blankGround();
    this.profile = profile;
    this.image = assembled;
    this.symbol = symbol;
    const end = assembled.org + assembled.image.length;
    this.seen = [symbol('vmxon_region') / PAGE_SIZE, symbol('operand') / PAGE_SIZE + 2];
    this.bus = new GroundBus((Math.ceil(end / PAGE_SIZE) + 1) * PAGE_SIZE, symbol('SCRATCH_PORT'));
    this.cpu = new Cpu(this.bus, profile, DEFAULT_COSTS, createVirtExtension(profile));
    this.cpu.events = {
      ...SILENT,
      fault: (vector, errorCode) => {
        this.met ??= { vector, errorCode };
      },
      vmexit: ({ name }) => {
        this.said = name;
      },
      vmentryFailed: (_code, rule) => {
        this.said = rule;
      },
      vmfail: (_kind, _error, rule) => {
        this.said = rule;
      },
    };
  }

  /** RAM as every trial finds it. */
  get original(): Int32Array {
    return this.baseWords;
  }

  /** What a page is to the processor, where it is more than memory. */
  regionOf(page: number): 'VMCS' | null {
    const { symbol } = this;
    return page >= symbol('vmcs_a') / PAGE_SIZE && page < symbol('stacks') / PAGE_SIZE ? 'VMCS' : null;
  }

  /** Where a trial begins; null where this processor cannot get there. */
  standpoint(place: Place): Standpoint | null {
    const key = `${place.ring} ${place.vary} ${place.settings}`;
    let found = this.standpoints.get(key);
    if (found === undefined) {
      found = this.walkTo(place);
      this.standpoints.set(key, found);
    }
    return found;
  }

  /** Power on, and the ground's own code, as far as the instruction. */
  private walkTo({ ring, vary, settings }: Place): Standpoint | null {
    const { cpu, bus, symbol, image } = this;
    const { memory: ram } = bus;
    ram.fill(0, ram.size, 0);
    ram.write(image.org, image.image);
    ram.write32(symbol('trials'), ring);
    ram.write32(symbol('trials') + 4, symbol(vary));
    ram.write32(symbol('trials') + 8, settings);
    bus.latch = 0xff;
    reset(cpu);
    cpu.s[at.cr0] = CR0_PE | CR0_ET;
    setSegment(cpu, 1, 0x08, 0, -1, FLAT_CODE);
    for (const segment of [0, 2, 3, 4, 5]) setSegment(cpu, segment, 0x10, 0, -1, FLAT_DATA);
    cpu.s[at.eip] = image.entry;
    cpu.translation.renew();
    this.present = null;
    this.met = null;
    const experiment = symbol('experiment');
    for (let k = 0; cpu.s[at.eip] !== experiment; k++) {
      if (k === MOST_STEPS || this.met !== null) return null;
      run(cpu, cpu.steps + 1);
    }
    cpu.f[counterAt.cycles] = vary === 'vary_tsc' || vary === EVERYTHING ? LATER : BEGINNING;
    cpu.f[counterAt.steps] = BEGINNING;
    // What lies below a stack pointer is nobody's.
    ram.fill(symbol('stacks'), symbol('kernel_stack') - symbol('stacks'), 0);
    if (this.base === null) {
      this.base = ram.bytes.slice();
      this.baseWords = new Int32Array(this.base.buffer);
    }
    const pages: [number, Uint8Array][] = [];
    for (let start = 0; start < symbol('operand'); start += PAGE_SIZE) {
      const bytes = ram.bytes.subarray(start, start + PAGE_SIZE);
      if (!isSame(bytes, this.base, start)) pages.push([start / PAGE_SIZE, bytes.slice()]);
    }
    return { arena: cpu.s.slice(), latch: bus.latch, pages };
  }

  /** Puts the machine where the trial begins. */
  stand(standpoint: Standpoint): void {
    const { cpu, bus, base } = this;
    const { memory: ram } = bus;
    if (base === null) throw new Error('no standpoint yet');
    const restore = (page: number): void => {
      ram.bytes.set(base.subarray(page * PAGE_SIZE, (page + 1) * PAGE_SIZE), page * PAGE_SIZE);
    };
    if (this.present === null) ram.bytes.set(base);
    else {
      for (let k = 0; k < ram.touched; k++) restore(ram.touchedPages[k]);
      for (const [page] of this.present.pages) restore(page);
    }
    ram.clean();
    for (const [page, bytes] of standpoint.pages) ram.bytes.set(bytes, page * PAGE_SIZE);
    this.present = standpoint;
    cpu.s.set(standpoint.arena);
    bus.latch = standpoint.latch;
    bus.writes = 0;
    bus.intr = false;
    cpu.translation.renew();
    this.cached = [cpu.translation.filled.count, cpu.translation.codeFilled.count];
    deriveSegments(cpu);
    cpu.vectoring.info = 0;
    cpu.ext = 0;
    cpu.nextShadow = 0;
    cpu.missing = null;
    this.met = null;
    const { state } = this;
    if (state === null) return;
    GENERAL.forEach((name, k) => {
      cpu.s[at[name]] = state.registers[k];
    });
    cpu.s[at.eflags] = (cpu.s[at.eflags] & (IF | IOPL)) | state.eflags;
  }

  /** The registers, the memory and the instruction of the trials to come. Memory that was there before the trial is not memory that it wrote. */
  use(state: State): void {
    const { cpu, bus, symbol, base } = this;
    if (base === null) throw new Error('no standpoint yet');
    this.state = state;
    const lay = (name: string, bytes: ArrayLike<number>): void => {
      base.set(bytes, symbol(name));
      bus.memory.bytes.set(bytes, symbol(name));
    };
    lay('operand', state.operand);
    lay('stack_top', state.stack);
    lay('experiment', [...state.bytes, ...END_OF_TRIAL]);
    cpu.blocks.written(cpu, symbol('experiment'), INSTRUCTION + END_OF_TRIAL.length);
  }

  /** One step. Returns the first fault met in it, or null. */
  step(): Fault | null {
    this.met = null;
    this.stop = run(this.cpu, this.cpu.steps + 1);
    return this.met;
  }

  stop: Stop = 'limit';
  /** Name of the last VM exit, or why the last entry failed. */
  said = '';

  /** The clock goes on a little. */
  later(): void {
    this.cpu.f[counterAt.cycles] = LATER;
  }

  /** The arena was changed by hand. */
  forgetDerived(): void {
    this.cpu.translation.renew();
    deriveSegments(this.cpu);
  }
}

function isSame(bytes: Uint8Array, base: Uint8Array, start: number): boolean {
  for (let k = 0; k < bytes.length; k++) if (bytes[k] !== base[start + k]) return false;
  return true;
}
