/** An address as it was typed; null when it is none. */
export function readAddress(text: string): number | null {
  const digits = text.trim().replace(/^0x/i, '').replace(/h$/i, '').replace(/[\s_]/g, '');
  return /^[0-9a-f]{1,8}$/i.test(digits) ? Number.parseInt(digits, 16) : null;
}

/** A linear address, or an offset in a segment: `C0101A40`, `ds:1234`; null when it is neither. */
export function readWithSegment(text: string): { readonly segment: string; readonly offset: number } | null {
  const [, name = '', rest = ''] = /^(?:\s*([c-gs]s)\s*:)?(.*)$/i.exec(text) ?? [];
  const offset = readAddress(rest);
  return offset === null ? null : { segment: name.toUpperCase(), offset };
}
