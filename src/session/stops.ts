/** Where a run is to stop: before an instruction, or behind a write to a piece of memory. Forward to the next, or back to the last. */

import type { Cpu } from '../cpu/cpu.ts';
import type { PageWatch } from '../cpu/marks.ts';
import { counted } from '../lib/counted.ts';
import { hex8 } from '../lib/hex.ts';
import { say } from '../lib/say.ts';
import { standpoint } from '../trace/recent.ts';
import { type GuestAddress, PlaceMarks, type Visitor } from './arrivals.ts';
import { addressAt } from './guest-place.ts';
import { Refused } from './refused.ts';
import type { Session } from './session.ts';
import { addressOfLine } from './source-lines.ts';
import { out, over } from './stepping.ts';
import { instructionAt } from './view/stream.ts';
import { capital, nameOf, whoAt } from './view/who.ts';
import type { StopView } from './views.ts';

const PAGE_SHIFT = 12;
/** Steps at full speed between two looks. */
const STRIDE = 1 << 16;
/** A block of instructions has no more. */
const LONGEST_BLOCK = 40;
/** At most so many bytes are watched. */
export const MOST_WATCHED = 4096;

interface InstructionStop {
  readonly view: StopView;
  readonly place: GuestAddress;
}

interface WriteStop {
  readonly view: StopView;
  /** Physical addresses, the last included. */
  readonly first: number;
  readonly last: number;
}

type Stop = InstructionStop | WriteStop;
const isWrite = (stop: Stop): stop is WriteStop => stop.view.kind === 'write';

/** A stop that a run has met, and the step count: before the instruction, or before one of a block of instructions that wrote. */
interface Meeting {
  readonly n: number;
  readonly stop: Stop;
}

/** Lets a machine run, and notes the stops that it meets behind a step count. */
class Search implements PageWatch {
  first: Meeting | null = null;
  last: Meeting | null = null;
  private readonly session: Session;
  private readonly writes: readonly WriteStop[];
  private readonly marks: PlaceMarks;
  private readonly pages: ReadonlySet<number>;

  constructor(session: Session, instructions: readonly InstructionStop[], writes: readonly WriteStop[], behind: number) {
    this.session = session;
    this.writes = writes;
    const visitors = instructions.map((stop): Visitor => ({ place: stop.place, begins: (n) => n > behind && this.note(n, stop) }));
    this.marks = new PlaceMarks(session, visitors);
    this.pages = new Set(writes.flatMap(({ first, last }) => pagesOf(first, last)));
  }

  has(page: number): boolean {
    return this.pages.has(page);
  }

  written(cpu: Cpu, address: number, size: number): void {
    for (const stop of this.writes) if (address <= stop.last && address + size - 1 >= stop.first) this.note(cpu.steps, stop);
  }

  *run(until: number, enough: () => boolean): Generator<number, void> {
    const { session } = this;
    const { machine } = session;
    machine.watch(this.marks, this);
    try {
      while (machine.n < until && !session.ended && !enough()) {
        session.run(Math.min(until, machine.n + STRIDE));
        yield machine.n;
      }
    } finally {
      machine.watch(null, null);
    }
  }

  private note(n: number, stop: Stop): void {
    this.last = { n, stop };
    this.first ??= this.last;
  }
}

function pagesOf(first: number, last: number): readonly number[] {
  const from = first >>> PAGE_SHIFT;
  return Array.from({ length: (last >>> PAGE_SHIFT) - from + 1 }, (_, k) => from + k);
}

/** The step count right behind the write that a search has met among some instructions: they are run one by one. */
function behindWrite(session: Session, { n, stop }: Meeting, which: 'first' | 'last', end: number): number {
  session.seek(n);
  let found = n;
  for (let k = 0; k < LONGEST_BLOCK && session.n < end && !session.ended; k++) {
    const search = new Search(session, [], [stop as WriteStop], -1);
    const before = session.n;
    for (const _ of search.run(before + 1, () => false));
    if (search.first === null) continue;
    found = session.n;
    if (which === 'first') break;
  }
  return found;
}

export class Stops {
  private readonly session: Session;
  private instructions: InstructionStop[] = [];
  private writes: WriteStop[] = [];
  private next = 1;

  constructor(session: Session) {
    this.session = session;
  }

  get views(): readonly StopView[] {
    return [...this.instructions, ...this.writes].map(({ view }) => view).sort((a, b) => a.id - b.id);
  }

  /** Before the instruction at which the processor stands at step count `n`, whenever it is run. */
  addInstruction(n: number): void {
    this.keep(this.instructionStop(n, this.next));
  }

  private keep(stop: InstructionStop): void {
    const { linear, vm, program } = stop.place;
    if (this.instructions.some(({ place }) => place.linear === linear && place.vm === vm && place.program === program)) return;
    this.instructions.push(stop);
    this.next++;
  }

  /** Before the instruction that a line of a source has become, whenever it is run. Throws Refused where it has become none. */
  addLine(path: string, line: number): void {
    this.keep(this.lineStop(path, line, this.next));
  }

  /**
   * Behind every write to these bytes. Throws Refused where there is no such memory now.
   *
   * @param linear by the tables that are in use now; `physical` takes the address as it is
   */
  addWrite(address: number, size: number, physical: boolean): void {
    const { log, machine } = this.session;
    if (!(size >= 1 && size <= MOST_WATCHED)) throw new Refused(say`${size} bytes cannot be watched: there can be 1 to ${MOST_WATCHED}.`);
    const first = physical ? address : log.physicalAt(address);
    if (first < 0)
      throw new Refused(say`${hex8(address)} is not present in the tables that are in use now: it lies nowhere that could be watched.`);
    if (first + size > machine.ram.size)
      throw new Refused(say`${hex8(address)} does not lie in RAM, which ends at ${hex8(machine.ram.size)}.`);
    const view: StopView = {
      id: this.next++,
      kind: 'write',
      vm: physical ? 0 : log.runningVm(),
      address,
      size,
      text: physical ? 'physical' : hex8(first),
    };
    this.writes.push({ view, first, last: first + size - 1 });
  }

  remove(id: number): void {
    this.instructions = this.instructions.filter(({ view }) => view.id !== id);
    this.writes = this.writes.filter(({ view }) => view.id !== id);
  }

  /** Runs to step count `until`, or to a stop before; true when one was met. */
  run(until: number): boolean {
    const { session } = this;
    if (this.instructions.length + this.writes.length === 0) {
      session.run(until);
      return false;
    }
    const search = new Search(session, this.instructions, this.writes, session.n);
    for (const _ of search.run(until, () => search.first !== null));
    if (search.first !== null) this.stand(search.first, 'first', until);
    return search.first !== null;
  }

  /** On to the next stop; the end of the run when none comes. Yields while it runs. */
  *forward(only: InstructionStop | null = null): Generator<number, void> {
    const { session } = this;
    const { n } = session;
    const search = only === null ? new Search(session, this.instructions, this.writes, n) : new Search(session, [only], [], n);
    yield* search.run(Number.POSITIVE_INFINITY, () => search.first !== null);
    if (search.first !== null) this.stand(search.first, 'first', Number.POSITIVE_INFINITY);
    else {
      session.seek(session.n);
      session.said = { n: session.n, sentence: say`No stop came in the ${counted(session.n - n)} steps to the end of the run.` };
    }
  }

  /** On to the next arrival at the instruction before which the processor stands at step count `n`. */
  *toInstruction(n: number): Generator<number, void> {
    yield* this.forward(this.instructionStop(n, 0));
  }

  /** On to the next arrival at a line of a source. */
  *toLine(path: string, line: number): Generator<number, void> {
    yield* this.forward(this.lineStop(path, line, 0));
  }

  /** Over what is called next, or out of what runs now. */
  stepping(way: 'over' | 'out'): Generator<number, void> {
    return way === 'over' ? over(this.session) : out(this.session);
  }

  /** Back to the last stop before this step; stays where there is none. */
  *back(): Generator<number, void> {
    const { session } = this;
    const { n } = session;
    for (let [end, width] = [n - 1, STRIDE]; end > 0; end -= width, width *= 2) {
      const start = Math.max(0, end - width);
      session.seek(start);
      const search = new Search(session, this.instructions, this.writes, start - 1);
      yield* search.run(end, () => false);
      if (search.last === null) continue;
      this.stand(search.last, 'last', end);
      return;
    }
    session.seek(n);
    session.said = { n, sentence: say`No stop lies behind this step.` };
  }

  private stand(meeting: Meeting, which: 'first' | 'last', end: number): void {
    const { session } = this;
    const { stop } = meeting;
    const n = isWrite(stop) ? behindWrite(session, meeting, which, end) : meeting.n;
    session.seek(n);
    session.said = {
      n,
      sentence: isWrite(stop) ? this.writeSentence(stop, n) : say`Stopped before ${stop.view.text} at ${hex8(stop.view.address)}.`,
    };
  }

  /** Who wrote what; the machine stands right behind the write. */
  private writeSentence({ view, first, last }: WriteStop, n: number): string {
    const { session } = this;
    const size = Math.min(4, last - first + 1);
    const value = () => valueAt(session, first, size);
    const after = value();
    session.seek(n - 1);
    const here = standpoint(session.machine, session.log);
    const who = whoAt(session.images, here.place, here.vm, here.physical);
    const instruction = instructionAt(session, here);
    const before = value();
    session.seek(n);
    const [subject, there, eip] = [capital(nameOf(who)), hex8(view.address), hex8(here.eip)];
    if (instruction === null) return say`${subject} wrote to ${there} at ${eip}: ${before} became ${after}.`;
    const text = `${instruction.mnemonic} ${instruction.operands}`.trimEnd();
    return say`${subject} wrote to ${there} with ${text} at ${eip}: ${before} became ${after}.`;
  }

  private lineStop(path: string, line: number, id: number): InstructionStop {
    const place = addressOfLine(this.session.images, path, line);
    if (place === null)
      throw new Refused(say`No instruction comes from line ${line} of ${path}, or from a line behind it, in what runs now.`);
    const text = `${path.replace(/^.*\//, '')}:${place.line}`;
    return { view: { id, kind: 'instruction', vm: place.vm, address: place.linear, size: 0, text }, place };
  }

  private instructionStop(n: number, id: number): InstructionStop {
    const { session } = this;
    const back = session.n;
    session.seek(n);
    const here = standpoint(session.machine, session.log);
    const place = addressAt(session, here);
    const instruction = instructionAt(session, here);
    session.seek(back);
    const text = instruction === null ? '' : `${instruction.mnemonic} ${instruction.operands}`.trim();
    return { view: { id, kind: 'instruction', vm: place.vm, address: place.linear, size: 0, text }, place };
  }
}

/** Memory as a number of so many bytes, in hex. */
function valueAt({ machine }: Session, address: number, size: number): string {
  let value = 0;
  for (let k = size - 1; k >= 0; k--) value = value * 256 + machine.ram.bytes[address + k];
  return value
    .toString(16)
    .toUpperCase()
    .padStart(2 * size, '0');
}
