/** What the table of one guest under every technique has in its cells. */
import { say, told, worded } from '../../../lib/say.ts';
import type { CostsView } from '../../../session/costs/view.ts';
import type { Ring, RingsView } from '../../../session/views.ts';

type BySide = NonNullable<CostsView['cells'][string][string]>['bySide'];
export type Side = keyof BySide;

/** The only load that is programs, a kernel and its devices together. */
const LOAD = 'forkwait';
const BARE = 'none';

export interface Part {
  readonly side: Side;
  /** That the processor was in; null of what only changes sides. */
  readonly ring: Ring | null;
  /** Of the greatest that any technique spends on this column, for all columns by one scale. */
  readonly share: number;
  /** Cycles. */
  readonly spent: number;
}

export interface SameGuest {
  readonly title: string;
  readonly what: string;
  readonly columns: readonly { readonly side: Side; readonly title: string }[];
  readonly rows: readonly {
    readonly id: string;
    readonly title: string;
    readonly kind: RingsView['kind'];
    /** Null where the guest does not get to its end. */
    readonly parts: readonly Part[] | null;
    readonly why: string;
    readonly cycles: number;
    /** `2.67×` as much as the bare machine. */
    readonly times: string;
  }[];
}

/** Who had the processor. */
export const SIDES: readonly (readonly [side: Side, title: string])[] = [
  ['program', worded('program')],
  ['kernel', worded('guest’s kernel')],
  ['monitor', worded('monitor')],
  ['crossing', worded('between them')],
];

/** Why there are no cycles of a technique. */
export const withoutCycles = (id: string): string =>
  id === 'para' ? say`this kernel has no port` : say`the guest does not get to its end`;

const ringOf = (side: Side, deprivileged: boolean): Ring | null => {
  if (side === 'program') return '3';
  if (side === 'kernel') return deprivileged ? '1' : '0';
  return side === 'monitor' ? (deprivileged ? '0' : 'm') : null;
};

/** Null before the load is measured. */
export function sameGuest({ ways, loads, cells }: CostsView): SameGuest | null {
  const load = loads.find(({ id }) => id === LOAD);
  const bare = cells[BARE]?.[LOAD]?.cycles;
  if (load === undefined || bare === undefined) return null;
  const most = (side: Side) => Math.max(0, ...ways.map(({ id }) => cells[id]?.[LOAD]?.bySide[side] ?? 0));
  const whole = SIDES.reduce((sum, [side]) => sum + most(side), 0);
  return {
    title: load.title,
    what: load.what,
    columns: SIDES.map(([side, title]) => ({ side, title: told(title) })),
    rows: ways.map(({ id, title, deprivileged }) => {
      const account = cells[id]?.[LOAD] ?? null;
      return {
        id,
        title,
        kind: id === BARE ? 'bare' : deprivileged ? 'ring0' : 'vmx',
        parts:
          account &&
          SIDES.map(([side]) => ({
            side,
            ring: ringOf(side, deprivileged),
            share: account.bySide[side] / whole,
            spent: account.bySide[side],
          })),
        why: account ? '' : withoutCycles(id),
        cycles: account?.cycles ?? 0,
        times: account ? `${(account.cycles / bare).toFixed(2)}×` : '',
      };
    }),
  };
}
