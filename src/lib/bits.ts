/** Bit layouts, drawn once where they are defined and read by every view that shows them. */

export interface BitField {
  readonly name: string;
  readonly high: number;
  readonly low: number;
  /** In place, as an unsigned 32-bit number. */
  readonly mask: number;
  readonly meaning: string;
}

export interface BitLayout {
  readonly fields: readonly BitField[];
  /** The field of that name; an unknown name is a mistake in the program. */
  field(name: string): BitField;
}

export interface BitValue {
  readonly field: BitField;
  /** `13:12` or `9` */
  readonly bits: string;
  readonly value: number;
}

/**
 * A layout from a drawing, one field a line: bits, name, meaning.
 *
 *     const ACCESS = bits(`
 *       7    P     segment present
 *       6:5  DPL   descriptor privilege level
 *     `);
 */
export function bits(drawing: string): BitLayout {
  const fields: BitField[] = [];
  let taken = 0;
  for (const line of drawing.split('\n')) {
    const text = line.trim();
    if (text === '') continue;
    const match = /^(\d+)(?::(\d+))?\s+(\S+)\s*(.*)$/.exec(text);
    if (match === null) throw new Error(`bit layout: expected 'high:low NAME meaning', found '${text}'`);
    const high = Number(match[1]);
    const low = Number(match[2] ?? match[1]);
    if (high > 31 || low > high) throw new Error(`bit layout: bits ${high}:${low} of ${match[3]} are no field of a doubleword`);
    const mask = maskOf(high, low);
    if ((taken & mask) !== 0) throw new Error(`bit layout: ${match[3]} lies over another field`);
    taken |= mask;
    fields.push({ name: match[3], high, low, mask, meaning: match[4] });
  }
  return {
    fields,
    field(name) {
      const found = fields.find((field) => field.name === name);
      if (found === undefined) throw new Error(`bit layout: no field ${name}`);
      return found;
    },
  };
}

/** The field's value, shifted down. */
export function extract(field: BitField, value: number): number {
  return (value & field.mask) >>> field.low;
}

/** `value` with the field replaced. */
export function insert(field: BitField, value: number, content: number): number {
  return ((value & ~field.mask) | ((content << field.low) & field.mask)) >>> 0;
}

/** Every field of a value, in the order of the drawing. */
export function decode(layout: BitLayout, value: number): readonly BitValue[] {
  return layout.fields.map((field) => ({
    field,
    bits: field.high === field.low ? `${field.low}` : `${field.high}:${field.low}`,
    value: extract(field, value),
  }));
}

/** The names of the one-bit fields that are set: `['P', 'A']`. */
export function names(layout: BitLayout, value: number): readonly string[] {
  return layout.fields.filter((field) => field.high === field.low && (value & field.mask) !== 0).map((field) => field.name);
}

function maskOf(high: number, low: number): number {
  const width = high - low + 1;
  return (width === 32 ? 0xffffffff : ((1 << width) - 1) << low) >>> 0;
}
