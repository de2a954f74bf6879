/** Where the cycles between two steps went, by the log of what happened in between. */
import { MODE_GUEST, MODE_ROOT, placeCpl, placeMode } from '../../cpu/events.ts';
import type { Machine } from '../../machine/machine.ts';
import { type EventLog, Kind } from '../../trace/log.ts';

/** A program in ring 3, the kernel in ring 0 or 1, the monitor, and between guest and monitor while the processor changes sides. */
export type Side = 'program' | 'kernel' | 'monitor' | 'crossing';
export const SIDES: readonly Side[] = ['program', 'kernel', 'monitor', 'crossing'];

export interface Account {
  readonly cycles: number;
  readonly steps: number;
  readonly bySide: Readonly<Record<Side, number>>;
  /** How often the processor went from one side to another. */
  readonly crossings: number;
  /** Ways into the monitor, by the name of what led there. */
  readonly exits: Readonly<Record<string, number>>;
}

/** How the log is to be read. */
export interface Reading {
  /** The monitor is in ring 0, and a guest's kernel in ring 1. */
  readonly compressed: boolean;
  /** What a row is called that leads into the monitor. */
  nameOf(log: EventLog, row: number): string;
}

const PLACED = new Set<number>([Kind.EXCEPTION, Kind.INTERRUPT, Kind.TRANSFER, Kind.VMEXIT, Kind.VMENTRY]);

function sideOf(place: number, compressed: boolean): Side {
  if (placeCpl(place) === 3 && placeMode(place) !== MODE_ROOT) return 'program';
  if (placeMode(place) === MODE_GUEST) return 'kernel';
  return placeMode(place) === MODE_ROOT || (compressed && placeCpl(place) === 0) ? 'monitor' : 'kernel';
}

/** A point of a run, at which the guest's kernel is at work. */
export interface Mark {
  readonly n: number;
  readonly cycle: number;
}

export const markOf = ({ n, cycle }: Machine): Mark => ({ n, cycle });

/** What happened from one mark to another. */
export function account(machine: Machine, log: EventLog, from: Mark, to: Mark, { compressed, nameOf }: Reading): Account {
  const { exit, entry } = machine.cpu.costs.events;
  const bySide: Record<Side, number> = { program: 0, kernel: 0, monitor: 0, crossing: 0 };
  const exits: Record<string, number> = {};
  let crossings = 0;
  let side: Side = 'kernel';
  let cycle = from.cycle;
  const spend = (on: Side, until: number) => {
    bySide[on] += until - cycle;
    cycle = until;
  };
  for (let row = log.firstAt(from.n + 1); row < log.length && log.stepOf(row) <= to.n; row++) {
    const kind = log.kindOf(row);
    if (!PLACED.has(kind)) continue;
    const crossing = kind === Kind.VMEXIT ? exit : kind === Kind.VMENTRY ? entry : 0;
    spend(side, log.cycleOf(row) - crossing);
    spend('crossing', log.cycleOf(row));
    const next = sideOf(log.toOf(row), compressed);
    if (next === side) continue;
    crossings++;
    if (next === 'monitor') {
      const name = nameOf(log, row);
      exits[name] = (exits[name] ?? 0) + 1;
    }
    side = next;
  }
  spend(side, to.cycle);
  return { cycles: to.cycle - from.cycle, steps: to.n - from.n, bySide, crossings, exits };
}

/** What one account has more than another, divided by `times`. */
export function each(more: Account, less: Account, times = 1): Account {
  const part = (a: number, b: number) => (a - b) / times;
  const bySide = Object.fromEntries(SIDES.map((side) => [side, part(more.bySide[side], less.bySide[side])])) as Record<Side, number>;
  const names = [...new Set([...Object.keys(more.exits), ...Object.keys(less.exits)])];
  const exits = names.map((name) => [name, part(more.exits[name] ?? 0, less.exits[name] ?? 0)] as const).filter(([, count]) => count !== 0);
  return {
    cycles: part(more.cycles, less.cycles),
    steps: part(more.steps, less.steps),
    bySide,
    crossings: part(more.crossings, less.crossings),
    exits: Object.fromEntries(exits),
  };
}

/** Nothing happened. */
export const NOTHING: Account = {
  cycles: 0,
  steps: 0,
  bySide: { program: 0, kernel: 0, monitor: 0, crossing: 0 },
  crossings: 0,
  exits: {},
};
