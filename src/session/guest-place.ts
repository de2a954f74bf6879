/** Where a guest stands: an address of its own, and which arrival there it is. The same under every technique, as long as the guest goes the same way. */
import { MODE_GUEST, placeCpl, placeMode } from '../cpu/events.ts';
import { type Standpoint, standpoint } from '../trace/recent.ts';
import { Arrivals, type GuestAddress, PlaceMarks } from './arrivals.ts';
import type { Session } from './session.ts';
import { whoAt } from './view/who.ts';

/** Of an instruction that a guest stands before, at a step. */
export interface GuestStand extends GuestAddress {
  /** Step count. */
  readonly n: number;
}

export interface GuestPlace extends GuestStand {
  /** Which arrival there, from 1. */
  readonly arrival: number;
}

/** Steps at full speed between two looks. */
const STRIDE = 1 << 16;
/** Looks back for the guest, each over the steps that the history keeps. */
const LOOKS = 4096;

/** The guest's instruction at a standpoint; null where a monitor runs, or what it has put between two of the guest's instructions. */
function guestAddress({ images, compressed, vms }: Session, p: Standpoint): GuestAddress | null {
  if (p.halted) return null;
  const user = placeCpl(p.place) === 3;
  const here = (vm: number) => ({ vm, linear: p.linear, program: user ? whoAt(images, p.place, vm, p.physical).name : '' });
  if (vms === 0) return here(0);
  if (p.vm === 0) return null;
  if (compressed && images.translation !== null && placeCpl(p.place) === 1) {
    const linear = images.translation.originalAt(p.vm, p.physical);
    return linear === -1 ? null : { vm: p.vm, linear, program: '' };
  }
  return compressed || placeMode(p.place) === MODE_GUEST ? here(p.vm) : null;
}

/** The instruction at a standpoint, whoever's it is: a guest's by its own address, else as it lies there. */
export const addressAt = (session: Session, p: Standpoint): GuestAddress =>
  guestAddress(session, p) ?? { vm: p.vm, linear: p.linear, program: '' };

/** Goes back to the last step before which a guest stood at an instruction of its own; null when none has yet. Yields while it looks. */
export function* leftOff(session: Session): Generator<number, GuestStand | null> {
  const { machine, log, history, vms } = session;
  for (let look = 0; look < LOOKS; look++) {
    const steps = [...history.recent, standpoint(machine, log)].reverse();
    for (const p of steps) {
      const address = guestAddress(session, p);
      if (address !== null) return { ...address, n: p.n };
    }
    const oldest = steps[steps.length - 1].n;
    const crossings = Array.from({ length: vms }, (_, k) => log.lastCrossing(k + 1, oldest));
    const row = Math.max(-1, ...crossings);
    if (oldest === 0 || (vms > 0 && row < 0)) return null;
    session.seek(row < 0 ? oldest : Math.min(oldest, log.stepOf(row)));
    yield session.n;
  }
  return null;
}

/** Runs from power-on to step count `until`, or until it is enough, and counts. The machine may then stand further on. */
function* counting(session: Session, all: readonly Arrivals[], until: number, enough: () => boolean): Generator<number, void> {
  const { machine } = session;
  session.seek(0);
  machine.watch(new PlaceMarks(session, all));
  try {
    while (machine.n < until && !session.ended && !enough()) {
      session.run(Math.min(until, machine.n + STRIDE));
      yield machine.n;
    }
    for (const one of all) one.settle(machine.n);
  } finally {
    machine.watch(null);
  }
}

/** Which arrivals these are. */
export function* arrivalsAt(session: Session, stands: readonly GuestStand[]): Generator<number, readonly GuestPlace[]> {
  const all = stands.map((stand) => new Arrivals(session, stand, { until: stand.n }));
  yield* counting(session, all, Math.max(0, ...stands.map(({ n }) => n)), () => false);
  return stands.map((stand, k) => ({ ...stand, arrival: all[k].count + 1 }));
}

/** How a run has met a place. */
export interface Meeting {
  /** Step count at which the guest first stood there for the wanted arrival, and for the last of all; -1 when it has not. */
  readonly met: number;
  readonly last: number;
  /** How many arrivals there were. */
  readonly count: number;
}

/** Runs from power-on until these places have all been met, their virtual machines or the run have ended, or to step count `most`. */
export function* meet(session: Session, places: readonly GuestPlace[], most: number): Generator<number, readonly Meeting[]> {
  const all = places.map((place) => new Arrivals(session, place, { wanted: place.arrival }));
  const enough = () => all.every(({ met }) => met >= 0) || places.every(({ vm }) => session.images.isEnded(vm));
  yield* counting(session, all, most, enough);
  return all;
}
