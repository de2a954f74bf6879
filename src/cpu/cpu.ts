/** One logical processor: its state, and what is derived from it. Behaviour lies in the files beside this one. */
import { type Insn, SS } from '../isa/insn.ts';
import type { AccessWatch } from './accesses.ts';
import { BlockCache } from './blocks.ts';
import type { CpuBus, PhysicalMemory } from './bus.ts';
import type { CostEvent, CostProfile } from './costs.ts';
import { type EventSink, MODE_GUEST, MODE_NONE, MODE_ROOT, type Place, SILENT } from './events.ts';
import type { Vectoring } from './interrupts.ts';
import type { Marks, PageWatch } from './marks.ts';
import type { Profile } from './profiles.ts';
import { FAULT, type NotImplemented, TIME_PASSED } from './signals.ts';
import { ARENA_SIZE, at, counterAt } from './state.ts';
import { Translation } from './translation.ts';
import type { VirtExtension } from './virt/extension.ts';
import { type TableFormats, tableFormats } from './walk/formats.ts';
import { LinearWalk, NestedWalk } from './walk/processor-walk.ts';

export class Cpu {
  readonly arena = new ArrayBuffer(ARENA_SIZE);
  /** The arena as doublewords, words, bytes and doubles. */
  readonly s = new Int32Array(this.arena);
  readonly w = new Uint16Array(this.arena);
  readonly b = new Uint8Array(this.arena);
  readonly f = new Float64Array(this.arena);

  readonly bus: CpuBus;
  readonly memory: PhysicalMemory;
  readonly profile: Profile;
  readonly costs: CostProfile;
  /** The virtualization extension, or null on a processor without one. */
  readonly virt: VirtExtension | null;
  events: EventSink = SILENT;
  /** Instructions that somebody waits for. Who sets or changes it drops the decoded blocks. */
  marks: Marks | null = null;
  /** Who is told of stores to pages with PAGE_WATCHED. */
  pageWatch: PageWatch | null = null;
  /** Who is told of data accesses; set by `watchAccesses`. */
  accessWatch: AccessWatch | null = null;

  /** Derived from the arena, at any time to be thrown away and found anew. */
  readonly blocks: BlockCache;
  readonly translation: Translation;
  /** The table formats of this processor, and its walks through them. */
  readonly formats: TableFormats;
  readonly linear: LinearWalk;
  readonly nested: NestedWalk;
  /** Bit n: segment n may be read (written) at any offset and has base 0. */
  flatRead = 0;
  flatWrite = 0;
  /** Why the block under way may have to end after its present instruction: bits of signals.ts. */
  attention = 0;

  /** False while instructions run whose EIP and counters are those of the start of their block. */
  exact = true;

  /** The exception behind a thrown FAULT. */
  faultVector = 0;
  faultErrorCode = 0;
  faultAddress = 0;
  /** Linear address that `readForWrite` checked, for the store that follows. */
  storeAddress = 0;
  /** The instruction under way: faults and exits need its length. */
  current: Insn<Cpu> | null = null;
  /** What unwound an instruction of a block. It is kept: to throw it on would cost as much again. */
  thrown: unknown = null;
  /** The conditions behind a #DB that was raised, as DR6 has them. */
  debugCause = 0;
  /** Breakpoints that the instruction or delivery under way has met, as the pending debug exceptions have them. */
  met = 0;
  /** 1 while an event is being delivered: bit 0 of selector error codes. */
  ext = 0;
  /** The event under delivery. */
  readonly vectoring: Vectoring = { info: 0, errorCode: 0, length: 0 };
  /** BLOCKED_BY_STI or BLOCKED_BY_MOV_SS when the instruction under way shadows the next one. */
  nextShadow = 0;
  /** A single-step trap follows the instruction under way: TF was 1 before it, and no event was delivered in it. */
  stepping = false;
  /** What the simulator lacks, once a machine has run into it. */
  missing: NotImplemented | null = null;

  constructor(bus: CpuBus, profile: Profile, costs: CostProfile, virt: VirtExtension | null) {
    this.bus = bus;
    this.memory = bus.memory;
    this.profile = profile;
    this.costs = costs;
    this.virt = virt;
    this.blocks = new BlockCache(bus.memory.size);
    this.translation = new Translation(this.s, this.memory);
    this.formats = tableFormats(profile);
    this.linear = new LinearWalk(this);
    this.nested = new NestedWalk(this);
  }

  /** Steps since power-on (architecture: time). */
  get steps(): number {
    return this.f[counterAt.steps];
  }

  get cycles(): number {
    return this.f[counterAt.cycles];
  }

  get place(): Place {
    const s = this.s;
    const mode = s[at.guest] !== 0 ? MODE_GUEST : s[at.vmxOn] !== 0 ? MODE_ROOT : MODE_NONE;
    return mode * 4 + s[at.cpl];
  }

  /** Adds the cycles of an event from the cost profile. */
  charge(event: CostEvent): void {
    this.f[counterAt.cycles] += this.costs.events[event];
  }

  /** A page walk happened: of the two references that the cost profile counts, or of more in nested tables. */
  walked(nestedReferences: number): void {
    this.f[counterAt.cycles] += this.costs.events.walk * (1 + nestedReferences / 2);
    this.attention |= TIME_PASSED;
  }

  /** Raises an exception with an error code of 0 or without one. */
  raise(vector: number, errorCode = 0): never {
    this.faultVector = vector;
    this.faultErrorCode = errorCode;
    throw FAULT;
  }

  /** #SS(0) for the stack segment, #GP(0) for the others. */
  raiseLimit(segment: number): never {
    return this.raise(segment === SS ? 12 : 13, 0);
  }
}
