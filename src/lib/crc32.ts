const encoder = new TextEncoder();

/** CRC-32 (as in zip and gzip) of a text in UTF-8, as eight hexadecimal digits. */
export function crc32(text: string): string {
  let crc = -1;
  for (const byte of encoder.encode(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (~crc >>> 0).toString(16).padStart(8, '0');
}
