/**
 * A 64-bit hash in two 32-bit lanes, for comparing states of the machine: the same numbers give the same hash in every engine.
 * It is no defence against anybody; the rounds are MurmurHash3's, with other constants in the second lane.
 */

const number64 = new Float64Array(1);
const number32 = new Int32Array(number64.buffer);

export class Hash {
  lo = 0;
  hi = 0;
  #a = 0;
  #b = 0;
  #count = 0;

  constructor() {
    this.reset();
  }

  reset(): this {
    this.#a = 0x243f6a88;
    this.#b = 0x85a308d3 | 0;
    this.#count = 0;
    return this;
  }

  /** One 32-bit integer. */
  word(value: number): this {
    let k = Math.imul(value, 0xcc9e2d51);
    k = (k << 15) | (k >>> 17);
    let a = this.#a ^ Math.imul(k, 0x1b873593);
    a = (a << 13) | (a >>> 19);
    this.#a = (Math.imul(a, 5) + 0xe6546b64) | 0;
    k = Math.imul(value ^ 0x5bd1e995, 0x239b961b);
    k = (k << 17) | (k >>> 15);
    let b = this.#b ^ Math.imul(k, 0xab0e9789);
    b = (b << 16) | (b >>> 16);
    this.#b = (Math.imul(b, 5) + 0x561ccd1b) | 0;
    this.#count++;
    return this;
  }

  /** Integers `from` up to, not including, `to`. */
  words(values: Int32Array, from = 0, to = values.length): this {
    let a = this.#a;
    let b = this.#b;
    for (let i = from; i < to; i++) {
      const value = values[i];
      let k = Math.imul(value, 0xcc9e2d51);
      k = (k << 15) | (k >>> 17);
      a ^= Math.imul(k, 0x1b873593);
      a = (a << 13) | (a >>> 19);
      a = (Math.imul(a, 5) + 0xe6546b64) | 0;
      k = Math.imul(value ^ 0x5bd1e995, 0x239b961b);
      k = (k << 17) | (k >>> 15);
      b ^= Math.imul(k, 0xab0e9789);
      b = (b << 16) | (b >>> 16);
      b = (Math.imul(b, 5) + 0x561ccd1b) | 0;
    }
    this.#a = a;
    this.#b = b;
    this.#count += to - from;
    return this;
  }

  /** A number of any size: step and cycle counts go beyond 32 bits. */
  number(value: number): this {
    number64[0] = value + 0;
    return this.word(number32[0]).word(number32[1]);
  }

  numbers(values: readonly number[]): this {
    for (let i = 0; i < values.length; i++) this.number(values[i]);
    return this.word(values.length);
  }

  /** Puts the hash of all that came in since `reset` into `lo` and `hi`. */
  finish(): this {
    let a = this.#a ^ this.#count;
    let b = this.#b ^ this.#count;
    a = (a + b) | 0;
    b = (b + a) | 0;
    a = avalanche(a);
    b = avalanche(b);
    a = (a + b) | 0;
    this.lo = a >>> 0;
    this.hi = (b + a) >>> 0;
    return this;
  }

  /** Sixteen hexadecimal digits of the last `finish`. */
  toString(): string {
    return this.hi.toString(16).padStart(8, '0') + this.lo.toString(16).padStart(8, '0');
  }
}

function avalanche(k: number): number {
  k ^= k >>> 16;
  k = Math.imul(k, 0x85ebca6b);
  k ^= k >>> 13;
  k = Math.imul(k, 0xc2b2ae35);
  return k ^ (k >>> 16);
}

/** The hash of a list of numbers as sixteen hexadecimal digits. */
export function hashOf(values: readonly number[]): string {
  return new Hash().numbers(values).finish().toString();
}
