/** The one facade: a machine, its history, a loaded image, and the view of the present step. Worker, CLI and tests drive this. */

import { at } from '../cpu/state.ts';
import { disassemble } from '../isa/disasm.ts';
import type { Input } from '../machine/machine.ts';
import { History, RECENT } from '../trace/history.ts';
import { type Standpoint, standpoint } from '../trace/recent.ts';
import { AS_IT_IS, choose, type Made, type OpenOptions } from './choose.ts';
import { findRows, isMilestone, STRIDE } from './events.ts';
import { type Changes, guestFiles, portOf } from './guests.ts';
import { partView } from './parts/parts.ts';
import { isEvent } from './places.ts';
import { type Powered, type PowerOn, powerOn } from './power-on.ts';
import { type AskedBefore, ask } from './questions/questions.ts';
import { DEFAULT_SCENARIO, type Opening, type Scenario, type Vmm } from './scenarios.ts';
import type { Stage } from './stage.ts';
import { Stops } from './stops.ts';
import { bytesOf, type Given, givenTo, typedOf } from './typed.ts';
import { aheadOf, NOTHING_AHEAD } from './view/ahead.ts';
import { blockView } from './view/block.ts';
import { consolesView } from './view/consoles.ts';
import { diskRequest } from './view/disk.ts';
import { exitsView, Tally } from './view/exits.ts';
import { failureView } from './view/failure.ts';
import { flagsView, registersView } from './view/registers.ts';
import { ringsView } from './view/rings.ts';
import { asleepSentence, eventSentence, quietSentence, toldAt } from './view/sentence.ts';
import { streamView } from './view/stream.ts';
import { Timeline, type Window } from './view/timeline.ts';
import { translationView } from './view/translation.ts';
import { walkView } from './view/walk.ts';
import { whoAt } from './view/who.ts';
import type {
  EventPlace,
  Paging,
  PartRequest,
  QuestionWish,
  Ring,
  Setup,
  SourceFile,
  StageView,
  StaysView,
  WalkWish,
  Who,
  Why,
} from './views.ts';
import { askable } from './why/askable.ts';
import { why } from './why/why.ts';

export type { Input, OpenOptions };

/** One machine, switched on, with every step it has taken. */
export class Session implements Stage {
  readonly machine: Powered['machine'];
  readonly images: Powered['images'];
  readonly vmm: Vmm;
  readonly paging: Paging | null;
  readonly compressed: boolean;
  readonly history: History;
  readonly scenario: Scenario;
  /** Also give hash(n) in every view. */
  readonly hashed: boolean;
  readonly disks: number;
  private readonly configured: number;
  readonly inner: number;
  /** The first console that is an image's and not a monitor's, by number. */
  readonly keyboard: number;
  private readonly tally: Tally;
  private readonly timeline: Timeline;
  private span: Window | null = null;
  private readonly changes: Changes;
  private readonly asked: AskedBefore = new Map();
  /** Also give the VMCS or VMCB in every view, or the translation unit. */
  withBlock = false;
  /** The step of an exit that every view is to have in full. */
  chosen: number | null = null;
  /** Also give these tables, devices or bytes. */
  part: PartRequest | null = null;
  /** The address that is followed through the tables; undefined before anybody has asked. */
  followed: WalkWish | undefined;
  /** The virtual machine whose guest is meant where the bare machine's is spoken of. */
  lastVm = 1;
  readonly stops: Stops;
  private readonly made: Made;
  /** What came with the power. */
  private readonly given: Given;
  /** What the narration says of the step to which a search has led. */
  said: { readonly n: number; readonly sentence: string } | null = null;

  /** Powers on what `powerOn` takes. Throws Refused or SourceErrors. */
  constructor(options: PowerOn, scenario: Scenario = DEFAULT_SCENARIO, hashed = false, detailed = false, made = AS_IT_IS) {
    const powered = powerOn(options);
    this.made = made;
    this.given = givenTo(powered.machine);
    this.machine = powered.machine;
    this.images = powered.images;
    this.compressed = powered.images.compressed;
    this.configured = powered.vms;
    this.inner = powered.inner;
    this.keyboard = powered.keyboard;
    this.disks = powered.disks;
    this.vmm = options.vmm;
    this.paging = powered.paging;
    this.scenario = scenario;
    this.hashed = hashed;
    this.changes = options.changes ?? {};
    this.history = new History(this.machine, detailed);
    this.history.log.inner = powered.inner;
    this.history.log.lookup = (vm, linear) => this.images.guestLookup(vm, linear);
    this.history.log.disk = () => diskRequest(this);
    if (this.compressed) this.history.log.deprivileged = () => this.images.variable('current_vm');
    this.tally = new Tally(this);
    this.timeline = new Timeline(this);
    this.stops = new Stops(this);
  }

  /** Opens a scenario, or a source in its place. Throws SourceErrors or Refused. */
  static open(options: OpenOptions): Session {
    const { power, scenario, made } = choose(options);
    const session = new Session(power, scenario, options.hash, options.detailed, made);
    if (options.inputs !== undefined && options.inputs.length > 0) session.feed(bytesOf(session.machine, options.inputs));
    return session;
  }

  /** The sources of the images, and of programs on a disk, those of the program first, in the order in which they are included. */
  sources(): readonly SourceFile[] {
    const { own, guest, onDisk } = this.images;
    const files = guestFiles(this.changes);
    const seen = new Set<string>();
    const ported = portOf(guest?.name ?? '', guest?.map.files ?? [], files.text);
    return [guest, own, ...onDisk].flatMap((image) =>
      (image ? [image.name, ...image.map.files] : []).flatMap((path) => {
        const text = seen.has(path) ? undefined : files.text(path);
        const port = ported.get(path);
        seen.add(path);
        return text === undefined ? [] : [{ path, text, image: image?.name ?? '', ...(port !== undefined && { port }) }];
      }),
    );
  }

  /** What makes this machine another one than its scenario and technique say. */
  get setup(): Setup {
    return { ...this.made, inputs: typedOf(this.machine, this.given) };
  }

  get log(): History['log'] {
    return this.history.log;
  }

  get bare(): boolean {
    return this.configured === 0;
  }

  /** Those of the monitor it was powered on with; of one that came later, those it has entered by now, while VMX is on. */
  get vms(): number {
    const { cpu } = this.machine;
    if (this.inner > 0) return this.configured;
    const on = cpu.s[at.vmxOn] !== 0;
    if (this.bare && !on && cpu.virt?.vendor === 'vmx') return 0;
    return Math.max(this.configured, this.log.vmcsUpTo(this.n), on ? 1 : 0);
  }

  /** Steps since power-on: instructions, and what is delivered between them. */
  get n(): number {
    return this.machine.n;
  }

  /** True when no further step can happen without input. */
  get ended(): boolean {
    return this.machine.end !== null;
  }

  /** The instruction that an exit's row of the log is about, in NASM's syntax; empty for an event. */
  instructionOfExit(row: number): string {
    const insn = this.log.instructionOf(row);
    if (insn === null) return '';
    const { mnemonic, operands } = disassemble(insn, this.log.valueOf(row, 2) >>> 0);
    return `${mnemonic} ${operands}`.trim();
  }

  /** The step at which the scenario opens. */
  *opening(): Generator<number, void> {
    const opening: Opening | undefined = this.scenario.opening[this.paging === 'nested' ? 'nested' : this.vmm];
    if (opening === undefined || opening.before === 'start') return;
    const { event, name, count } = opening.before;
    const { log } = this;
    const wanted = (row: number) => log.vmOf(row) === 1 && isEvent(log, row, { event, name });
    for (const found of findRows(this, wanted, count)) {
      yield this.n;
      if (found >= 0) this.seek(found - 1 - opening.lead);
    }
  }

  /** So many steps on, or to the end. */
  step(count = 1): void {
    this.history.seek(this.n + count);
  }

  /** So many steps back, or to the start. */
  back(count = 1): void {
    this.history.seek(Math.max(0, this.n - count));
  }

  /** To the state after `n` steps, forwards or backwards; to the end where there are not so many. */
  seek(n: number): void {
    this.history.seek(n);
  }

  /** Forward to the next VM exit, on the bare machine the next interrupt or fault. Yields while it looks; the machine then stands there, or has ended. */
  *nextEvent(): Generator<number, void> {
    for (const found of findRows(this, (row) => isMilestone(this, row), 1)) {
      yield this.n;
      if (found >= 0) this.seek(found);
    }
  }

  /** Back to the event before this step; the start when there is none. */
  previousEvent(): void {
    let row = this.log.firstAt(this.n) - 1;
    while (row >= 0 && !isMilestone(this, row)) row--;
    this.seek(row < 0 ? 0 : this.log.stepOf(row));
  }

  /** To the k-th VM exit, from 1. */
  *toExit(k: number): Generator<number, void> {
    while (this.log.exits.length < k && !this.ended) {
      this.history.fast(Math.max(this.n, this.history.reached) + STRIDE);
      yield this.n;
    }
    const row = this.log.exits[k - 1];
    this.seek(row === undefined ? this.n : this.log.stepOf(row));
  }

  /** To a place by its event; the end of the run, and false, when there are not so many. */
  *toPlace(place: EventPlace): Generator<number, boolean> {
    this.seek(0);
    if (place.event === 'start') {
      for (; this.n < place.steps && !this.ended; yield this.n) this.history.fast(Math.min(place.steps, this.n + STRIDE));
      this.seek(place.steps);
      return this.n === place.steps;
    }
    let arrived = false;
    for (const found of findRows(this, (row) => isEvent(this.log, row, place), place.count)) {
      yield this.n;
      if (found < 0) continue;
      arrived = true;
      this.seek(Math.max(0, found + place.steps));
    }
    return arrived;
  }

  /** Full speed to step count `until`. */
  run(until: number): void {
    this.history.fast(until);
  }

  /** After a run at full speed, before it is looked at: the next few steps one by one, so that the view knows where it comes from. */
  slowDown(): void {
    if (!this.history.known) this.step(RECENT);
  }

  /** Types at a console, from this step on; what was reached beyond it is forgotten. */
  type(console: number, bytes: readonly number[]): void {
    this.history.fork((machine) => {
      for (const byte of bytes) machine.type(console, byte);
    });
  }

  /** Records inputs for the steps they name, in place of all others that have not entered yet. */
  feed(inputs: readonly Input[]): void {
    this.history.fork((machine) => machine.feed(inputs));
  }

  /** What the processor compared at this step; null when that cannot be told. */
  why(): Why | null {
    return why(this, (there) => {
      const { n } = this;
      this.history.seek(n - 1);
      const answer = there();
      this.history.seek(n);
      return answer;
    });
  }

  /** The timeline's window in cycles; null follows the cursor. */
  look(span: Window | null): void {
    this.span = span;
  }

  /** What the run so far says of a place of the ring diagram. */
  stays(place: { readonly vm: number; readonly ring: Ring }): StaysView {
    return this.timeline.stays(place);
  }

  /** What is on the disk of each image now, in the order of the virtual machines. */
  diskContents(): readonly Uint8Array[] {
    const all = this.machine.diskContents;
    if (all === null) return [];
    const size = all.length / this.disks;
    return Array.from({ length: this.disks }, (_, k) => all.slice(k * size, (k + 1) * size));
  }

  /**
   * Everything the stage shows of the present step.
   *
   * @param running what comes is not worth finding out
   * @param wish which question about the coming step it is to bring; null for none
   */
  view(running = false, wish: QuestionWish | null = null): StageView {
    const { machine, log, history } = this;
    if (!running && !history.known) history.seek(machine.n);
    const last = history.recent[history.recent.length - 1] ?? null;
    const here = standpoint(machine, log);
    const who = whoAt(this.images, here.place, here.vm, here.physical);
    const ahead = running || machine.end !== null ? NOTHING_AHEAD : aheadOf(this, here);
    const stream = streamView(this, here, ahead.rows);
    const rings = ringsView(this, who, ahead.crossings);
    const end = machine.end;
    const question = wish === null || running ? null : ask(this, rings, wish, this.asked);
    // Which memory a step uses tells whether it faults, and is a part of what comes.
    const accesses = question === null ? ahead.accesses : [];
    return {
      n: machine.n,
      cycle: machine.cycle,
      linear: here.linear,
      ended: end !== null,
      end: machine.awaitsInput ? 'listening' : (end?.kind ?? ''),
      who,
      sentence: this.said?.n === machine.n ? this.said.sentence : this.sentence(here, last, who, ahead.coming),
      vendor: machine.cpu.virt?.vendor ?? null,
      paging: this.paging,
      rings,
      stream,
      exits: exitsView(this, this.tally, this.chosen),
      registers: registersView(this, here, last, stream.current),
      flags: flagsView(here, last),
      walk: walkView(this, here, accesses, this.followed ?? null),
      consoles: consolesView(this, who),
      timeline: this.timeline.view(this.span),
      failure: failureView(this),
      stops: this.stops.views,
      block: this.withBlock ? blockView(this) : undefined,
      translates: this.images.translation !== null,
      translation: this.withBlock ? translationView(this, here) : undefined,
      part: this.part === null ? null : partView(this, this.part, running),
      askable: askable(this) >= 0,
      question,
      hash: this.hashed ? machine.hash() : '',
    };
  }

  private sentence(here: Standpoint, last: Standpoint | null, who: Who, coming: string): string {
    const before = last === null ? null : whoAt(this.images, last.place, last.vm, last.physical);
    let told = '';
    for (const row of toldAt(this, this.n))
      told = eventSentence(this, row, { before, after: who, instruction: this.instructionOfExit(row) }) || told;
    if (told !== '') return told;
    if (coming !== '') return coming;
    if (here.halted) return asleepSentence(this, who);
    const located = this.images.locate(here.physical, here.vm);
    return quietSentence(this, who, located?.place.function ?? '', located?.place.goal ?? '');
  }
}
