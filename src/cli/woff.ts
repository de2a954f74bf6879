/** WOFF 1.0 (W3C Recommendation, 2012): a font whose tables are compressed one by one. */
import { unzlibSync } from 'fflate';

/*
 * WOFF header, 44 bytes, big-endian:
 *   0 'wOFF'   4 flavor   8 length   12 numTables (16 bits)   14 reserved   16 totalSfntSize   ...
 * then for each table 20 bytes:
 *   0 tag   4 offset   8 compLength   12 origLength   16 origChecksum
 */
const HEADER = 44;
const ENTRY = 20;
const SIGNATURE = 0x774f4646;

/** The TrueType or OpenType file that was packed. */
export function sfnt(woff: Uint8Array): Uint8Array {
  const from = new DataView(woff.buffer, woff.byteOffset, woff.byteLength);
  if (from.getUint32(0) !== SIGNATURE) throw new Error('expected a WOFF 1.0 font');
  const tables = from.getUint16(12);
  const log = Math.floor(Math.log2(tables));
  const out = new Uint8Array(from.getUint32(16));
  const to = new DataView(out.buffer);
  to.setUint32(0, from.getUint32(4));
  to.setUint16(4, tables);
  to.setUint16(6, 16 << log);
  to.setUint16(8, log);
  to.setUint16(10, tables * 16 - (16 << log));
  let place = 12 + tables * 16;
  for (let i = 0; i < tables; i++) {
    const entry = HEADER + i * ENTRY;
    const offset = from.getUint32(entry + 4);
    const packed = woff.subarray(offset, offset + from.getUint32(entry + 8));
    const length = from.getUint32(entry + 12);
    out.set(packed.length < length ? unzlibSync(packed) : packed, place);
    to.setUint32(12 + i * 16, from.getUint32(entry));
    to.setUint32(16 + i * 16, from.getUint32(entry + 16));
    to.setUint32(20 + i * 16, place);
    to.setUint32(24 + i * 16, length);
    place += (length + 3) & ~3;
  }
  return out;
}

/*
 * name table: 0 version  2 count  4 offset of the strings; then for each record 12 bytes:
 *   0 platform (1 Macintosh: one byte a character, else two)  2 encoding  4 language  6 nameID (1 the family)  8 length  10 offset
 */
const FAMILY = 1;

/** Cuts the family's name (`Inter SemiBold`) to the one that all weights share (`Inter`), so that a weight is found by its number. */
export function shareFamily(font: Uint8Array, family: string): Uint8Array {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  for (let i = 0; i < view.getUint16(4); i++) {
    const entry = 12 + i * 16;
    if (view.getUint32(entry) !== 0x6e616d65) continue;
    const table = view.getUint32(entry + 8);
    for (let k = 0; k < view.getUint16(table + 2); k++) {
      const record = table + 6 + k * 12;
      if (view.getUint16(record + 6) !== FAMILY) continue;
      const length = family.length * (view.getUint16(record) === 1 ? 1 : 2);
      view.setUint16(record + 8, Math.min(length, view.getUint16(record + 8)));
    }
  }
  return font;
}
