/** Descriptors and gates as the manual draws them, field by field: SDM vol 3, figures 3-8, 5-8 and 6-2. */
import { type BitLayout, bits, decode } from '../lib/bits.ts';
import { told } from '../lib/say.ts';
import { hex } from './words.ts';

const SEGMENT_HIGH = bits(`
  31:24  base   base 31:24
  23     G      limit counts 4 KiB
  22     D/B    32-bit
  21     L      64-bit code
  20     AVL    for software
  19:16  limit  limit 19:16
  15     P      present
  14:13  DPL    descriptor privilege level
  12     S      code or data
  11:8   type   type
  7:0    base   base 23:16
`);
const SEGMENT_LOW = bits(`
  31:16  base   base 15:0
  15:0   limit  limit 15:0
`);
const GATE_HIGH = bits(`
  31:16  offset  offset 31:16
  15     P       present
  14:13  DPL     descriptor privilege level
  12     S       0: system
  11:8   type    type
  4:0    count   doublewords copied by a call gate
`);
const GATE_LOW = bits(`
  31:16  selector  segment selector
  15:0   offset    offset 15:0
`);
const VECTOR = bits(`
  31:16  segment  segment
  15:0   offset   offset
`);

export interface DrawnField {
  readonly bits: string;
  readonly value: string;
  /** `DPL: descriptor privilege level`; of a field whose name is a word of it, the meaning alone: `base 31:24`. */
  readonly text: string;
}

/** A doubleword of an entry, drawn from its highest bit on. */
export interface DrawnWord {
  /** Bytes from the start of the entry. */
  readonly offset: number;
  readonly value: number;
  readonly fields: readonly DrawnField[];
}

const SINGLE = 9;

function word(offset: number, value: number, layout: BitLayout): DrawnWord {
  const fields = decode(layout, value).map(({ field, bits: place, value: content }): DrawnField => {
    const width = field.high - field.low + 1;
    const digits = width === 1 || content <= SINGLE ? String(content) : `${hex(content, Math.ceil(width / 4))}h`;
    const meaning = told(field.meaning);
    return { bits: place, value: digits, text: field.meaning.split(' ').includes(field.name) ? meaning : `${field.name}: ${meaning}` };
  });
  return { offset, value, fields };
}

/** The doublewords of an entry: of a descriptor or gate the high one first, as the manual draws it. */
export function drawnEntry(kind: 'segment' | 'system' | 'gate' | 'vector', low: number, high: number): readonly DrawnWord[] {
  if (kind === 'vector') return [word(0, low, VECTOR)];
  const [upper, lower] = kind === 'gate' ? [GATE_HIGH, GATE_LOW] : [SEGMENT_HIGH, SEGMENT_LOW];
  return [word(4, high, upper), word(0, low, lower)];
}

/** Texts that stand in the drawings: which there are, for scripts/messages.mjs. */
export const drawnTexts = (): readonly string[] =>
  [SEGMENT_HIGH, SEGMENT_LOW, GATE_HIGH, GATE_LOW, VECTOR].flatMap(({ fields }) => fields.map(({ meaning }) => meaning));
