/** The last transfer of control, and which entries of the tables it went through. */
import { placeMode } from '../../cpu/events.ts';
import { at } from '../../cpu/state.ts';
import { h, hex4 } from '../../lib/hex.ts';
import { say } from '../../lib/say.ts';
import { Kind, TRANSFERS } from '../../trace/log.ts';
import type { Stage } from '../stage.ts';
import { eventLabel } from '../view/words.ts';

export interface Transfer {
  /** -1: it used no entry of the IDT. */
  readonly vector: number;
  /** Selectors with RPL 0, of the entries of the GDT or LDT. */
  readonly selectors: readonly number[];
  readonly sentence: string;
}

/** Rows looked back for one. */
const MOST = 64;

/** The last transfer that the tables in use have served; null when it is another mode's, or too long ago. */
export function lastTransfer(stage: Stage): Transfer | null {
  const { log, machine } = stage;
  const { s, place } = machine.cpu;
  const end = log.firstAt(machine.n + 1);
  for (let row = end - 1; row >= 0 && row >= end - MOST; row--) {
    const kind = log.kindOf(row);
    if (kind === Kind.VMEXIT || kind === Kind.VMENTRY) return null;
    if (kind !== Kind.EXCEPTION && kind !== Kind.INTERRUPT && kind !== Kind.TRANSFER) continue;
    if (placeMode(log.toOf(row)) !== placeMode(place)) return null;
    return describe(stage, row, s[at.csSelector], s[at.ssSelector]);
  }
  return null;
}

function describe(stage: Stage, row: number, cs: number, ss: number): Transfer | null {
  const { log } = stage;
  const kind = log.kindOf(row);
  const how = kind === Kind.TRANSFER ? TRANSFERS[log.valueOf(row, 0)] : 'event';
  if (how === 'sysenter' || how === 'sysexit') return null;
  const isGated = how === 'event' || how === 'int';
  const vector = how === 'event' ? log.valueOf(row, 0) & 0xff : how === 'int' ? log.valueOf(row, 2) & 0xff : -1;
  const code = cs & 0xfffc;
  const changesStack = log.fromOf(row) !== log.toOf(row);
  const label = eventLabel(stage, row);
  const step = String(log.stepOf(row));
  return {
    vector,
    selectors: [...new Set([code, ...(changesStack ? [ss & 0xfffc] : [])])].filter((selector) => selector > 3),
    sentence: isGated
      ? say`Step ${step}, ${label}: gate ${h(vector)} of the IDT led to CS ${hex4(cs)}.`
      : say`Step ${step}, ${label}: CS ${hex4(cs)} was loaded.`,
  };
}
