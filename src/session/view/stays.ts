/** When the processor was in one place of the ring diagram, and how long. */
import type { Stage } from '../stage.ts';
import type { Stay, StaysView } from '../views.ts';
import type { Account, Occupancy, Place } from './occupancy.ts';
import { crossing } from './rings.ts';
import { firstWhere } from './ticks.ts';
import { eventLabel } from './words.ts';

/** Stays that are listed. */
const BEFORE = 5;
const AFTER = 3;

/** A stay of an account; the last one has no end as long as it is open. */
interface Found {
  readonly account: Account;
  readonly stay: number;
  readonly from: number;
  readonly to: number | null;
}

/** The core is one place, whatever the processor calls its ring there. */
const isIn = (place: Place, { vm, ring }: Account): boolean => vm === place.vm && (vm === 0 || ring === place.ring);

/** @param occupancy has followed the run */
export function staysView(stage: Stage, occupancy: Occupancy, place: Place): StaysView {
  const { n } = stage.machine;
  const before: Found[] = [];
  const after: Found[] = [];
  let here: Found | null = null;
  let steps = 0;
  for (const account of occupancy.places.filter((one) => isIn(place, one))) {
    const { rows, ran } = account;
    const at = (stay: number): Found => {
      const from = occupancy.stepOf(rows[stay]);
      return { account, stay, from, to: stay + 1 < ran.length ? from + ran[stay + 1] - ran[stay] : null };
    };
    const begun = firstWhere(0, rows.length, (stay) => occupancy.stepOf(rows[stay]) > n);
    const last = begun > 0 ? at(begun - 1) : null;
    const isHere = last !== null && (last.to === null || last.to > n);
    if (isHere) here = last;
    if (last !== null) steps += ran[begun - 1] + Math.min(n, last.to ?? n) - last.from;
    take(before, BEFORE, (k) => (isHere ? begun - 2 : begun - 1) - k, at, rows.length);
    take(after, AFTER, (k) => begun + k, at, rows.length);
  }
  const shown = (found: Found): Stay => stayOf(stage, found);
  return {
    vm: place.vm,
    ring: place.ring,
    n,
    steps,
    here: here && shown(here),
    before: before
      .sort((a, b) => b.from - a.from)
      .slice(0, BEFORE)
      .map(shown),
    after: after
      .sort((a, b) => a.from - b.from)
      .slice(0, AFTER)
      .map(shown),
  };
}

/** The next few stays in a direction; one in which no step was taken is none. */
function take(into: Found[], most: number, stayAt: (k: number) => number, at: (stay: number) => Found, length: number): void {
  for (let k = 0, left = most; left > 0 && stayAt(k) >= 0 && stayAt(k) < length; k++) {
    const found = at(stayAt(k));
    if (found.to === found.from) continue;
    into.push(found);
    left--;
  }
}

function stayOf(stage: Stage, { account, stay, from, to }: Found): Stay {
  const row = account.rows[stay];
  const process = row < 0 || account.ring !== '3' ? -1 : (crossing(stage, row)?.process ?? -1);
  return {
    from,
    to,
    fromCycle: account.began[stay],
    by: row < 0 ? '' : eventLabel(stage, row),
    program: process < 0 ? '' : (stage.images.processes(stage.log.vmOf(row))[process]?.name ?? ''),
  };
}
