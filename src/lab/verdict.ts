/** Popek and Goldberg's verdict for each processor: without an extension, and for a guest of the one it has. */
import { PROFILES, type Profile } from '../cpu/profiles.ts';
import type { Resource } from '../isa/row.ts';
import { ROWS } from '../isa/table.ts';
import { holds } from './again.ts';
import { type Extension, extensionOf, runInGuest } from './guest.ts';
import { hasRow, idOf, type Laboratory, type LabRow } from './report.ts';

/** What became of one instruction in guests, over the states of its witnesses. */
export interface GuestRow {
  readonly id: string;
  readonly name: string;
  /** Names of the exits that there were. */
  readonly exits: readonly string[];
  /** In some state it reads and writes the guest's own. */
  readonly own: boolean;
  /** What the monitor must swap when it goes on, because the guest wrote it in the processor. */
  readonly swapped: readonly Resource[];
  /** What it reached that is not the guest's: `ports`, `the board`, `result`, `interrupts`. */
  readonly real: readonly string[];
}

export interface GuestVerdict {
  /** Every control that makes an instruction exit is set, or none but what must be. */
  readonly intercepts: 'all' | 'least';
  readonly rows: readonly GuestRow[];
  /** Each sensitive instruction exits or has what is the guest's own. */
  readonly virtualizable: boolean;
}

export interface Verdict {
  readonly cpu: string;
  readonly title: string;
  /** Sensitive and not privileged, shown on this very processor: while there are any, trap and emulate fails. */
  readonly critical: readonly string[];
  readonly virtualizable: boolean;
  readonly extension: Extension | null;
  readonly guests: readonly GuestVerdict[];
}

const tableRows = new Map(ROWS.map((row) => [idOf(row), row]));

function guestRow(laboratory: Laboratory, profile: Profile, told: LabRow, all: boolean): GuestRow {
  const lab = laboratory.labOn(profile.name);
  const row = tableRows.get(told.id) as (typeof ROWS)[number];
  const exits = new Set<string>();
  const swapped = new Set<Resource>();
  const real = new Set<string>();
  let own = false;
  const tried = new Set<string>();
  for (const { witness } of told.evidence)
    for (const { ring } of witness.places) {
      const { form, state } = witness;
      const key = `${form.memory} ${form.size} ${state} ${ring}`;
      if (tried.has(key)) continue;
      tried.add(key);
      const run = runInGuest(lab, row, form, state, ring, all);
      if (run === null) continue;
      if (run.how === 'exits') exits.add(run.exit);
      else if (run.how === 'real' || run.how === 'refused') real.add(run.exit);
      else own = true;
      for (const resource of run.left) swapped.add(resource);
    }
  return { id: told.id, name: told.name, exits: [...exits], own, swapped: [...swapped], real: [...real] };
}

function guestVerdict(laboratory: Laboratory, profile: Profile, sensitive: readonly LabRow[], all: boolean): GuestVerdict {
  const rows = sensitive.map((told) => guestRow(laboratory, profile, told, all));
  return { intercepts: all ? 'all' : 'least', rows, virtualizable: rows.every(({ real }) => real.length === 0) };
}

/**
 * The verdict for each processor, or for one.
 *
 * @param rows what the lab has found; each witness is run again on the processor that is judged
 */
export function* verdicts(laboratory: Laboratory, rows: readonly LabRow[], only?: string): Generator<Verdict> {
  for (const profile of PROFILES) {
    if (only !== undefined && profile.name !== only) continue;
    const there = rows.filter(
      ({ id, reads, writes }) => reads.length + writes.length > 0 && hasRow(profile, tableRows.get(id) as (typeof ROWS)[number]),
    );
    const lab = laboratory.labOn(profile.name);
    const isShown = (told: LabRow): boolean =>
      told.evidence.some(
        (one) =>
          (one.shows === 'reads' || one.shows === 'writes') && holds(lab, tableRows.get(told.id) as (typeof ROWS)[number], one, false),
      );
    const critical = there.filter((told) => !told.privileged && isShown(told)).map(({ id }) => id);
    const extension = extensionOf(profile);
    yield {
      cpu: profile.name,
      title: profile.title,
      critical,
      virtualizable: critical.length === 0,
      extension,
      guests: extension === null ? [] : [true, false].map((all) => guestVerdict(laboratory, profile, there, all)),
    };
  }
}
