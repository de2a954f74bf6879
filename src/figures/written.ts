import type { Numbers } from './numbers.ts';
import { count, hex } from './words.ts';

/** A value of so many hexadecimal digits; bits in groups of eight. */
export function written(value: number, digits: number, numbers: Numbers): string {
  if (numbers === 'dec') return count(value >>> 0);
  if (numbers === 'hex') return hex(value, digits);
  const bits = (value >>> 0).toString(2).padStart(4 * digits, '0');
  return bits.replace(/.{8}(?=.)/g, '$& ');
}
