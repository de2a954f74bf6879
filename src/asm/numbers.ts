/** Numbers and strings as NASM writes them. Values are 64-bit two's complement. */

const RADIX: Readonly<Record<string, number>> = { x: 16, h: 16, q: 8, o: 8, b: 2, y: 2, d: 10, t: 10 };

/** The value of a numeric literal, or undefined when its text is none (`0x`, `12g4h`, `3b`). */
export function readNumber(text: string): bigint | undefined {
  let digits = text.toLowerCase();
  let radix = 10;
  if (digits[0] === '$') {
    digits = digits.slice(1);
    radix = 16;
  } else {
    const prefix = digits.length > 2 && digits[0] === '0' ? (RADIX[digits[1]] ?? 0) : 0;
    const suffix = digits.length > 1 ? (RADIX[digits[digits.length - 1]] ?? 0) : 0;
    if (prefix > suffix) {
      radix = prefix;
      digits = digits.slice(2);
    } else if (suffix > prefix) {
      radix = suffix;
      digits = digits.slice(0, -1);
    }
  }
  digits = digits.replaceAll('_', '');
  if (digits === '') return undefined;
  for (const c of digits) {
    const d = c >= '0' && c <= '9' ? c.charCodeAt(0) - 48 : c >= 'a' && c <= 'f' ? c.charCodeAt(0) - 87 : 99;
    if (d >= radix) return undefined;
  }
  if (radix === 10 && digits.length < 16) return BigInt(Number(digits));
  if (radix !== 10 && digits.length < 12) return BigInt(Number.parseInt(digits, radix));
  let value = 0n;
  for (const c of digits) value = (value * BigInt(radix) + BigInt(Number.parseInt(c, radix))) & 0xffffffffffffffffn;
  return BigInt.asIntN(64, value);
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The bytes of a quoted string: UTF-8, and C escapes between back quotes. */
export function stringBytes(text: string): Uint8Array {
  const inner = text.slice(1, -1);
  return text[0] === '`' && inner.includes('\\') ? unescapeString(inner) : encoder.encode(inner);
}

/** The characters of bytes read as UTF-8. */
export function bytesToText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

const SIMPLE_ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, e: 27 };

function unescapeString(text: string): Uint8Array {
  const out: number[] = [];
  const push = (s: string): void => {
    for (const byte of encoder.encode(s)) out.push(byte);
  };
  for (let i = 0; i < text.length; i++) {
    const at = text.codePointAt(i) as number;
    if (text[i] !== '\\' || i + 1 >= text.length) {
      push(String.fromCodePoint(at));
      if (at > 0xffff) i++;
      continue;
    }
    const c = text[++i];
    const digits = (pattern: RegExp): string => pattern.exec(text.slice(i + 1))?.[0] ?? '';
    if (c in SIMPLE_ESCAPES) out.push(SIMPLE_ESCAPES[c]);
    else if (c === 'x') {
      const hex = digits(/^[0-9a-fA-F]{1,2}/);
      out.push(hex === '' ? 0x78 : Number.parseInt(hex, 16));
      i += hex.length;
    } else if (c === 'u' || c === 'U') {
      const hex = digits(c === 'u' ? /^[0-9a-fA-F]{1,4}/ : /^[0-9a-fA-F]{1,8}/);
      push(hex === '' ? c : String.fromCodePoint(Math.min(Number.parseInt(hex, 16), 0x10ffff)));
      i += hex.length;
    } else if (c >= '0' && c <= '7') {
      const octal = c + digits(/^[0-7]{0,2}/);
      out.push(Number.parseInt(octal, 8) & 255);
      i += octal.length - 1;
    } else push(c);
  }
  return Uint8Array.from(out);
}

/** A character constant as a number: little-endian, its first four bytes. */
export function stringNumber(bytes: Uint8Array): bigint {
  let value = 0;
  for (let i = Math.min(bytes.length, 4) - 1; i >= 0; i--) value = value * 256 + bytes[i];
  return BigInt(value);
}
