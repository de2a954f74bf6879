/** Hexadecimal as the manuals print it: upper case, unsigned 32-bit. */

/** At least `digits` digits: `hex(0x28, 4)` is `0028`. */
export function hex(value: number, digits = 1): string {
  return (value >>> 0).toString(16).toUpperCase().padStart(digits, '0');
}

export function hex2(value: number): string {
  return hex(value & 0xff, 2);
}

export function hex4(value: number): string {
  return hex(value & 0xffff, 4);
}

export function hex8(value: number): string {
  return hex(value, 8);
}

/** With the manuals' suffix and no leading zeros: `28h`, `3F8h`, `FFh`. */
export function h(value: number): string {
  return `${hex(value)}h`;
}

/** An address in JSON and in C: `0x00100042`. */
export function hex0x(value: number): string {
  return `0x${(value >>> 0).toString(16).padStart(8, '0')}`;
}

/** Bytes in pairs: `0F 22 D8`. */
export function hexBytes(bytes: ArrayLike<number>): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += (i === 0 ? '' : ' ') + hex2(bytes[i]);
  return text;
}
