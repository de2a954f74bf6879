import type { Stage } from '../stage.ts';
import type { TimelineTick } from '../views.ts';
import { countedCode } from './exits.ts';
import { extensionOf } from './extension.ts';

/** The first of a range that holds, where all behind it hold too. */
export function firstWhere(from: number, to: number, holds: (index: number) => boolean): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The last entry that counts in each slice, of entries in the order of time. What it costs grows with the slices, and with the entries behind
 * the last that counts in each, not with all of them.
 * @param sliceOf never falls from one entry to the next; entries below slice 0 are left out
 */
export function lastOfEachSlice(length: number, sliceOf: (entry: number) => number, counts: (entry: number) => boolean): number[] {
  const firstIn = (slice: number, from: number) => firstWhere(from, length, (entry) => sliceOf(entry) >= slice);
  const result: number[] = [];
  for (let first = firstIn(0, 0); first < length; ) {
    const next = firstIn(sliceOf(first) + 1, first + 1);
    let last = next - 1;
    while (last >= first && !counts(last)) last--;
    if (last >= first) result.push(last);
    first = next;
  }
  return result;
}

/**
 * VM exits of a window of cycles, or where there are none (`exits`) interrupts, faults and system calls; of those in one slice the last. An exit
 * stands where it begins, and its row where it has ended.
 */
export function ticks(stage: Stage, span: { readonly from: number; readonly to: number }, slices: number, exits: boolean): TimelineTick[] {
  const { log, history, machine } = stage;
  const { codeText } = extensionOf(stage);
  const rowOf = exits ? (entry: number) => log.exits[entry] : (entry: number) => entry;
  const cost = exits ? machine.cpu.costs.events.exit : 0;
  const apart = Math.max(1, span.to - span.from) / slices;
  const cycleOf = (entry: number) => log.cycleOf(rowOf(entry)) - cost;
  const sliceOf = (entry: number) => Math.floor((cycleOf(entry) - span.from) / apart);
  const inView = (entry: number) => log.cycleOf(rowOf(entry)) <= span.to && log.stepOf(rowOf(entry)) <= history.reached;
  const length = firstWhere(0, exits ? log.exits.length : log.length, (entry) => !inView(entry));
  return lastOfEachSlice(length, sliceOf, (entry) => countedCode(stage, rowOf(entry), exits) >= 0).map((entry) => {
    const row = rowOf(entry);
    const code = countedCode(stage, row, exits);
    return { n: log.stepOf(row), cycle: cycleOf(entry), code, codeText: exits ? codeText(code) : String(code), vm: log.vmOf(row) };
  });
}
