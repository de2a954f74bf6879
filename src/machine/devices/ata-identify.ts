/** IDENTIFY DEVICE: what an ATA disk says of itself in 256 words (ATA/ATAPI-4, 8.12). */

/** The geometry that old software is told, and computes addresses with. */
export const HEADS = 16;
export const SECTORS_PER_TRACK = 63;
/** Cylinders stop here, however large the disk is. */
const MOST_CYLINDERS = 16_383;

const MODEL = 'RingMinusOne disk';
const SERIAL = 'RM1-0001';
const FIRMWARE = '1.0';

/** Text fields hold two characters a word, the first in the high byte. */
function text(words: Uint16Array, first: number, count: number, value: string): void {
  const padded = value.padEnd(2 * count, ' ');
  for (let k = 0; k < count; k++) words[first + k] = (padded.charCodeAt(2 * k) << 8) | padded.charCodeAt(2 * k + 1);
}

/** @param sectors of 512 bytes, addressable by LBA */
export function identify(sectors: number): Uint16Array {
  const words = new Uint16Array(256);
  const cylinders = Math.min(MOST_CYLINDERS, Math.max(1, Math.floor(sectors / (HEADS * SECTORS_PER_TRACK))));
  const capacity = cylinders * HEADS * SECTORS_PER_TRACK;
  /* a fixed disk */
  words[0] = 0x0040;
  words[1] = words[54] = cylinders;
  words[3] = words[55] = HEADS;
  words[6] = words[56] = SECTORS_PER_TRACK;
  text(words, 10, 10, SERIAL);
  text(words, 23, 4, FIRMWARE);
  text(words, 27, 20, MODEL);
  /* 49: LBA; no DMA. 51: PIO mode 2. 53: words 54 to 58 hold */
  words[49] = 0x0200;
  words[51] = 0x0200;
  words[53] = 0x0001;
  words[57] = capacity & 0xffff;
  words[58] = capacity >>> 16;
  words[60] = sectors & 0xffff;
  words[61] = sectors >>> 16;
  /* 80: ATA-1 to ATA-4. 83 and 86: FLUSH CACHE, which later standards name here */
  words[80] = 0x001e;
  words[83] = 0x5000;
  words[84] = 0x4000;
  words[86] = 0x1000;
  words[87] = 0x4000;
  return words;
}
