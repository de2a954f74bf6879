/** Repeatable random numbers (xoshiro128**), begun from any number of words: the same words give the same sequence in every engine. */

function splitMix(state: number): number {
  let z = (state + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return z ^ (z >>> 15);
}

export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(...words: readonly number[]) {
    let state = 0x52696e67;
    for (const word of words) state = splitMix(state ^ splitMix(word | 0));
    this.#a = splitMix(state);
    this.#b = splitMix(state + 1);
    this.#c = splitMix(state + 2);
    this.#d = splitMix(state + 3) | 1;
  }

  /** 32 bits, unsigned. */
  next(): number {
    const five = Math.imul(this.#b, 5);
    const result = Math.imul((five << 7) | (five >>> 25), 9);
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result >>> 0;
  }

  /** 32 bits, signed. */
  dword(): number {
    return this.next() | 0;
  }

  /** 0 up to, not including, `limit`. */
  below(limit: number): number {
    return Math.floor((this.next() / 4294967296) * limit);
  }

  /** True once in `n`. */
  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)];
  }
}
