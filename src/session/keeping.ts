/** From one technique to another without leaving the place in the guest: the same address, and the same count of arrivals there. */

import { counted } from '../lib/counted.ts';
import { hex8 } from '../lib/hex.ts';
import { say, told, within, worded } from '../lib/say.ts';
import { Kind } from '../trace/log.ts';
import { standpoint } from '../trace/recent.ts';
import { arrivalsAt, type GuestPlace, type GuestStand, leftOff, type Meeting, meet } from './guest-place.ts';
import { TECHNIQUES } from './scenarios.ts';
import type { Session } from './session.ts';
import { instructionAt } from './view/stream.ts';
import { capital } from './view/who.ts';
import { interruptName } from './view/words.ts';

/** What became of it. The machine that was opened stands at the place, or where its guest parts from the other, or at its start. */
export interface Kept {
  readonly found: boolean;
  /** Where the guest stood; null when none had run. */
  readonly place: GuestPlace | null;
  /** Step count at which the machine that was opened stands. */
  readonly n: number;
  /** What the narration says of it. */
  readonly sentence: string;
}

/** A technique gets so many times the steps of the other, and these besides, to come to a place. */
const PATIENCE = 30;
const LEAST_BUDGET = 10_000_000;
/** Places compared in one run, to find where two runs part. */
const SAMPLES = 48;

/** `on bare metal`, `under VT-x with nested paging` */
function under({ vmm, paging }: Session): string {
  if (vmm === 'none') return say`on bare metal`;
  const title = within(told(TECHNIQUES[vmm].title));
  if (paging === null) return say`under ${title}`;
  return paging === 'nested' ? say`under ${title} with nested paging` : say`under ${title} with shadow paging`;
}

const times = (arrivals: number): string => (arrivals === 1 ? say`once` : arrivals === 2 ? say`twice` : say`${counted(arrivals)} times`);

/** Of the image that the guests run. */
const digestOf = ({ images: { views } }: Session): string => (views.guest ?? views.own)?.digest ?? '';

/** `VM 1`, `the bare machine`, `*count* in VM 2` */
function ownerOf({ vm, program }: GuestStand): string {
  if (vm === 0) return program === '' ? say`the bare machine` : say`*${program}* on the bare machine`;
  return program === '' ? `VM ${vm}` : say`*${program}* in VM ${vm}`;
}

/**
 * Takes a machine that has just been opened to where the guest of another one stands. Yields while it runs; given up, it leaves the other machine at
 * the step where it was.
 *
 * @param from the same scenario under another technique
 */
export function* keepPlace(from: Session, to: Session): Generator<number, Kept> {
  const { n } = from;
  try {
    const stand = yield* leftOff(from);
    const place = stand === null ? null : (yield* arrivalsAt(from, [stand]))[0];
    if (place === null) return atStart(to, null, say`No guest has run yet ${under(from)}. This is where its run begins ${under(to)}.`);
    carryInputs(from, to, place.vm);
    const vm = to.vms === 0 ? 0 : place.vm === 0 ? from.lastVm : place.vm;
    to.lastVm = place.vm === 0 ? from.lastVm : place.vm;
    const wanted = { ...place, vm };
    if (vm > to.vms) return atStart(to, place, say`There is no VM ${vm} ${under(to)}. This is where the run begins.`);
    if (place.program === '' && digestOf(from) !== digestOf(to))
      return atStart(to, place, say`The kernel ${under(to)} is another build, with other addresses. This is where its run begins.`);
    const budget = Math.max(LEAST_BUDGET, PATIENCE * place.n);
    const [meeting] = yield* meet(to, [wanted], budget);
    if (meeting.met < 0) return yield* parted(from, to, wanted, meeting, budget);
    to.seek(meeting.met);
    const sentence = say`The same place, ${ownerOf(wanted)}: arrival ${counted(place.arrival)} at ${hex8(place.linear)}; ${counted(meeting.met)} steps here, ${counted(place.n)} ${under(from)}.`;
    return { found: true, place, n: to.n, sentence };
  } finally {
    from.seek(n);
  }
}

function atStart(to: Session, place: GuestPlace | null, sentence: string): Kept {
  to.seek(0);
  return { found: false, place, n: 0, sentence };
}

/** What was typed since power-on at the console of the guest; the scenario's own words are there already. */
function carryInputs(from: Session, to: Session, vm: number): void {
  const source = vm === 0 ? 0 : vm;
  const scripted = from.scenario.typed?.length ?? 0;
  const typed = from.machine.inputs.filter(({ console }) => console === source).slice(scripted);
  if (typed.length === 0) return;
  const target = to.vms === 0 ? 0 : Math.max(1, source);
  to.type(
    target,
    typed.map(({ byte }) => byte),
  );
}

/** Takes the machine to the last place that both runs share, and says what follows it in one and not in the other. */
function* parted(from: Session, to: Session, wanted: GuestPlace, meeting: Meeting, budget: number): Generator<number, Kept> {
  const why = whyNot(to, wanted, budget);
  const [owner, there] = [capital(ownerOf(wanted)), hex8(wanted.linear)];
  const head =
    meeting.count === 0
      ? say`${owner} comes to ${there} never ${under(to)}`
      : say`${owner} comes to ${there} only ${times(meeting.count)} ${under(to)}`;
  const stay = (sentence: string): Kept => ({ found: false, place: wanted, n: to.n, sentence });
  if (textAt(from, wanted.n) === 'hlt' && meeting.last >= 0) {
    to.seek(meeting.last);
    return stay(
      say`${head}, ${counted(wanted.arrival)} times ${under(from)}: how often a kernel sleeps depends on how long all else takes. This is the last time.`,
    );
  }
  const shared = yield* lastShared(from, to, wanted);
  to.seek(shared === null ? to.n : shared.here);
  if (shared === null) return stay(say`${head}: ${why}.`);
  const { text, last, next } = shared;
  return stay(
    say`${head}: ${why}. Both run alike up to ${text} at ${hex8(last.linear)}; what follows ${under(from)}, ${next}, does not follow here.`,
  );
}

/** The instruction at a step count, to which the machine goes. */
function textAt(session: Session, n: number): string {
  session.seek(n);
  const instruction = instructionAt(session, standpoint(session.machine, session.log));
  return instruction === null ? say`an instruction` : `${instruction.mnemonic} ${instruction.operands}`.trim();
}

const ENDS: Readonly<Record<string, string>> = {
  halted: worded('the machine has halted for good'),
  shutdown: worded('the machine has shut down: triple fault'),
  reset: worded('the guest has reset the machine'),
  'debug-exit': worded('the guest has ended the run'),
  'not-implemented': worded('the simulator lacks what the guest asks for'),
};

/** Why a place is not come to: how the run ended, as far as it was run. */
function whyNot({ images, machine, n }: Session, { vm }: GuestPlace, budget: number): string {
  if (images.isEnded(vm)) {
    const said = machine.board.consoles[0].text.trimEnd().split('\n').at(-1) ?? '';
    return said === '' ? say`its monitor has ended it` : say`its monitor has ended it (“${said}”)`;
  }
  if (machine.awaitsInput) return say`it waits for a key, after ${counted(n)} steps`;
  if (machine.end !== null) return say`${told(ENDS[machine.end.kind])}, after ${counted(n)} steps`;
  return say`not in ${counted(Math.min(n, budget))} steps`;
}

interface Shared {
  readonly last: GuestPlace;
  /** Step count of the machine that was opened. */
  readonly here: number;
  /** The instruction there. */
  readonly text: string;
  /** What the other machine runs next. */
  readonly next: string;
}

/**
 * The last place before a wanted one that both runs come to; null when they share none. Each round compares some places between the last that is
 * shared and the first that is not.
 */
function* lastShared(from: Session, to: Session, wanted: GuestPlace): Generator<number, Shared | null> {
  const vm = from.vms === 0 ? 0 : wanted.vm;
  let last: GuestPlace | null = null;
  let missing = wanted;
  let here = 0;
  for (let width = Number.POSITIVE_INFINITY; missing.n - (last?.n ?? -1) < width; ) {
    width = missing.n - (last?.n ?? -1);
    const stands: readonly GuestStand[] = yield* sample(from, last?.n ?? -1, missing.n, vm);
    const places: readonly GuestPlace[] = (yield* arrivalsAt(from, stands)).map((place) => ({ ...place, vm: wanted.vm }));
    const found: readonly Meeting[] = yield* meet(to, places, here + PATIENCE * width + LEAST_BUDGET / 8);
    const missed = found.findIndex(({ met }) => met < 0);
    const shared = (missed < 0 ? places.length : missed) - 1;
    if (shared >= 0) {
      last = places[shared];
      here = Math.max(here, found[shared].met);
    }
    if (missed >= 0) missing = places[missed];
  }
  if (last === null) return null;
  return { last, here, text: textAt(from, last.n), next: nextOf(from, last, missing) };
}

/** Where a virtual machine's guest stands at some steps between two, in order. */
function* sample(session: Session, after: number, before: number, vm: number): Generator<number, readonly GuestStand[]> {
  const stands = new Map<number, GuestStand>();
  const apart = Math.max(1, (before - after) / (SAMPLES + 1));
  for (let step = after + apart; step < before; step += apart) {
    session.seek(Math.round(step));
    const stand = yield* leftOff(session);
    if (stand !== null && stand.vm === vm && stand.n > after && stand.n < before) stands.set(stand.n, stand);
  }
  return [...stands.values()].sort((a, b) => a.n - b.n);
}

/** What a guest runs behind `last`, which another run does not come to. */
function nextOf({ log }: Session, last: GuestStand, next: GuestStand): string {
  for (let row = log.firstAt(last.n + 1); row < log.length && log.stepOf(row) <= next.n; row++)
    if (log.kindOf(row) === Kind.INTERRUPT) return say`${hex8(next.linear)} by ${interruptName(log.valueOf(row, 0))}`;
  return hex8(next.linear);
}
