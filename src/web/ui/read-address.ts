/** An address as it was typed; null when it is none. */
export function readAddress(text: string): number | null {
  const digits = text.trim().replace(/^0x/i, '').replace(/h$/i, '').replace(/[\s_]/g, '');
  return /^[0-9a-f]{1,8}$/i.test(digits) ? Number.parseInt(digits, 16) : null;
}
