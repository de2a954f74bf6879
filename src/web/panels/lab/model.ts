/** From what the lab has found to what its table shows. */
import { say, worded } from '../../../lib/say.ts';
import type { GuestRow, LabClass, LabRowView, LabVerdictView } from '../../../session/lab.ts';

export type Filter = 'critical' | LabClass | 'all';

export const FILTERS: readonly { readonly value: Filter; readonly title: string }[] = [
  { value: 'critical', title: worded('Sensitive, not privileged') },
  { value: 'privileged', title: worded('Privileged') },
  { value: 'innocuous', title: worded('Innocuous') },
  { value: 'all', title: worded('All') },
];

/** Rows of a class, in which every word sought is somewhere. */
export function shown(rows: readonly LabRowView[], filter: Filter, sought: string): LabRowView[] {
  const words = sought.toLowerCase().split(/\s+/);
  return rows.filter((row) => {
    if (filter === 'critical' ? !row.critical : filter !== 'all' && row.class !== filter) return false;
    const text = [row.name, row.encoding, row.class, ...row.reads, ...row.writes, row.listed ?? ''].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** What becomes of an instruction in a guest whose monitor intercepts all that it can. */
export function inGuest(verdict: LabVerdictView | undefined, id: string): string {
  const row = verdict?.guests.find(({ intercepts }) => intercepts === 'all')?.rows.find((one) => one.id === id);
  return row === undefined ? '' : guestWords(row);
}

function guestWords({ exits, own, real }: GuestRow): string {
  if (real.length > 0) return say`not its own`;
  if (exits.length > 0) return own ? say`exits, or its own` : say`exits`;
  return say`its own`;
}

export const list = (names: readonly string[]): string => names.join(' ') || '–';
