/** Rows that need not be read again: a loop's rounds but one, and what a call did that has returned. */
import { say } from '../lib/say.ts';
import type { StreamInstruction, StreamRow } from '../session/views.ts';
import { count } from './words.ts';

/** A loop folds when it has gone round so many times. */
const ROUNDS = 3;
const LONGEST_ROUND = 12;
/** So many instructions of a call fold. */
const LONG_CALL = 8;

interface Fold {
  readonly from: number;
  readonly to: number;
  readonly id: string;
  readonly text: string;
}

/**
 * The rows with folds in the place of others. What an open fold stands for is there, too, on its side away from now.
 *
 * @param next the row behind the last, where it is known
 * @param isPast a loop's last round stays, else its first
 * @param open the folds that are open, by id
 */
export function folded(rows: readonly StreamRow[], next: StreamRow | null, isPast: boolean, open: ReadonlySet<string>): StreamRow[] {
  const result: StreamRow[] = [];
  for (let i = 0; i < rows.length; ) {
    const fold = foldAt(rows, i, next, isPast);
    result.push(...rows.slice(i, fold?.from ?? i + 1));
    i = fold?.to ?? i + 1;
    if (fold === null) continue;
    const { id, text } = fold;
    const hidden = rows.slice(fold.from, fold.to) as StreamInstruction[];
    const { n, who, goal } = hidden[0]!;
    const isOpen = open.has(id);
    const shared = hidden.every((row) => row.goal === goal) ? goal : '';
    const said = isOpen ? say`fold again` : text;
    const row: StreamRow = { kind: 'fold', n, who, count: instructions(hidden), text: said, goal: shared, id, isOpen };
    result.push(...(isOpen ? (isPast ? [...hidden, row] : [row, ...hidden]) : [row]));
  }
  return result;
}

const foldAt = (rows: readonly StreamRow[], i: number, next: StreamRow | null, isPast: boolean): Fold | null =>
  callAt(rows, i, next) ?? loopAt(rows, i, isPast);

/** What was called by the row before, where its RET leads back to behind the call and nobody else ran. */
function callAt(rows: readonly StreamRow[], i: number, next: StreamRow | null): Fold | null {
  const call = rows[i - 1];
  if (call?.kind !== 'instruction' || call.mnemonic !== 'call') return null;
  let depth = 1;
  for (let to = i + 1; to <= rows.length; to++) {
    const row = rows[to - 1]!;
    if (row.kind !== 'instruction' || row.who.vm !== call.who.vm || row.who.ring !== call.who.ring) return null;
    if (row.mnemonic === 'call') depth++;
    else if (row.mnemonic === 'ret' && --depth === 0) {
      const back = rows[to] ?? next;
      if (to - i < LONG_CALL || back?.kind !== 'instruction' || back.address !== call.address + lengthOf(call)) return null;
      return { from: i, to, id: idOf(call), text: say`${count(to - i)} instructions more in ${call.operands}` };
    }
  }
  return null;
}

/** Rounds of a loop that begins here or, where what came before is no longer known, in the midst of one: then they are counted as the least there were. */
function loopAt(rows: readonly StreamRow[], i: number, isPast: boolean): Fold | null {
  for (let round = 1; round <= LONGEST_ROUND && i + ROUNDS * round <= rows.length; round++) {
    let end = i + round;
    while (end < rows.length && isSame(rows[end]!, rows[end - round]!)) end++;
    if (end - i < ROUNDS * round) continue;
    const head = headOf(rows, i, round);
    const whole = end - ((end - head) % round);
    const [from, to] = isPast ? [i, whole - round] : [head + round, end === rows.length ? end : whole];
    if (to - from < 2 * round) continue;
    const times = Math.floor((to - from) / round);
    const hidden = count(instructions(rows.slice(from, to)));
    const goesOn = isPast ? from === 0 && startOf(rows) > 0 : to === rows.length;
    const text = goesOn
      ? say`at least ${hidden} instructions more, ${times} times round`
      : say`${hidden} instructions more, ${times} times round`;
    return { from, to, id: idOf(rows[head] as StreamInstruction), text };
  }
  return null;
}

/** The step that is the first of those known. */
const startOf = ([first]: readonly StreamRow[]): number => (first?.kind === 'instruction' ? first.n : 0);

/** Where a round begins: its lowest address. */
function headOf(rows: readonly StreamRow[], i: number, round: number): number {
  const addresses = rows.slice(i, i + round).map((row) => (row as StreamInstruction).address);
  return i + addresses.indexOf(Math.min(...addresses));
}

const isSame = (a: StreamRow, b: StreamRow): boolean =>
  a.kind === 'instruction' && b.kind === 'instruction' && a.address === b.address && a.who.vm === b.who.vm && a.who.ring === b.who.ring;

const idOf = ({ who, address }: StreamInstruction): string => `${who.vm} ${address}`;

const lengthOf = ({ bytes }: StreamInstruction): number => (bytes.length + 1) / 3;

/** Iterations of a REP count each. */
const instructions = (rows: readonly StreamRow[]): number =>
  rows.reduce((sum, row) => sum + (row.kind === 'instruction' ? Math.max(1, row.iteration) : 0), 0);
