/** Entries of the GDT, the LDT and the IDT in words: SDM vol 3, 3.4.5, 5.8.3 and 6.11. */
import { RIGHTS_P, RIGHTS_S } from '../../cpu/registers.ts';
import { baseIn, dplOf, limitIn, rightsIn } from '../../cpu/segments.ts';
import { hex4, hex8 } from '../../lib/hex.ts';
import { say } from '../../lib/say.ts';
import { rightsText } from '../view/bit-names.ts';

/*
 * Segment descriptor: src/cpu/segments.ts. Gate:
 *
 *   high  31                    16 15 14 13 12      8 7    5 4             0
 *         [ offset 31:16          ][P][ DPL ][0][type][ 000 ][ parameters  ]
 *   low   31                    16 15                                      0
 *         [ selector              ][ offset 15:0                           ]
 */
const typeOf = (high: number): number => rightsIn(high) & 15;
const isSegment = (high: number): boolean => (rightsIn(high) & RIGHTS_S) !== 0;

const CALL_GATE_16 = 4;
const TASK_GATE = 5;

/** Types of system descriptors that are gates. */
function gateName(type: number): string {
  switch (type) {
    case CALL_GATE_16:
      return say`16-bit call gate`;
    case TASK_GATE:
      return say`task gate`;
    case 6:
      return say`16-bit interrupt gate`;
    case 7:
      return say`16-bit trap gate`;
    case 12:
      return say`call gate`;
    case 14:
      return say`interrupt gate`;
    case 15:
      return say`trap gate`;
    default:
      return '';
  }
}

/** The limit that every VM exit sets: it says nothing of the table. */
export const NO_LIMIT = 0xffff;

const RESERVED: ReadonlySet<number> = new Set([0, 8, 10, 13]);

/** Of a type that the manual reserves (table 3-2): no descriptor. */
export const isReserved = (high: number): boolean => !isSegment(high) && RESERVED.has(typeOf(high));

export type EntryKind = 'segment' | 'system' | 'gate';

export function kindOf(high: number): EntryKind {
  if (isSegment(high)) return 'segment';
  return gateName(typeOf(high)) === '' ? 'system' : 'gate';
}

export const baseOf = (low: number, high: number): number => baseIn(low, high) >>> 0;
export const limitOf = (low: number, high: number): number => limitIn(low, high) >>> 0;

/** `code, readable, DPL 0, 32-bit`; `interrupt gate, DPL 3` */
export function entryWhat(high: number): string {
  if (kindOf(high) !== 'gate') return rightsText(rightsIn(high));
  const gate = `${gateName(typeOf(high))}, DPL ${dplOf(rightsIn(high))}`;
  return (rightsIn(high) & RIGHTS_P) !== 0 ? gate : say`${gate}, not present`;
}

export const gateSelector = (low: number): number => low >>> 16;

/** Where a gate leads in its segment; null for a task gate, which leads to a TSS. */
export function gateOffset(low: number, high: number): number | null {
  const type = typeOf(high);
  if (type === TASK_GATE) return null;
  const upper = type < 8 ? 0 : high & 0xffff0000;
  return (upper | (low & 0xffff)) >>> 0;
}

/** `base 00000000, limit FFFFFFFF`; `0008:00100230 timer` */
export function entryTo(low: number, high: number, label: string): string {
  if (kindOf(high) !== 'gate') return say`base ${hex8(baseOf(low, high))}, limit ${hex8(limitOf(low, high))}`;
  const offset = gateOffset(low, high);
  const to = offset === null ? hex4(gateSelector(low)) : `${hex4(gateSelector(low))}:${hex8(offset)}`;
  return label === '' ? to : `${to} ${label}`;
}
