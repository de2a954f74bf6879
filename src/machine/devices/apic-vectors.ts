/** A register of 256 bits, one for each vector: IRR, ISR and TMR of a local APIC (SDM vol 3, 10.8.4). */

const WORDS = 8;

export class VectorSet {
  readonly words = new Int32Array(WORDS);

  has(vector: number): boolean {
    return ((this.words[vector >>> 5] >>> (vector & 31)) & 1) !== 0;
  }

  set(vector: number, value: boolean): void {
    const bit = 1 << (vector & 31);
    if (value) this.words[vector >>> 5] |= bit;
    else this.words[vector >>> 5] &= ~bit;
  }

  /** -1 when it is empty. */
  get highest(): number {
    for (let word = WORDS - 1; word >= 0; word--) if (this.words[word] !== 0) return word * 32 + 31 - Math.clz32(this.words[word]);
    return -1;
  }

  clear(): void {
    this.words.fill(0);
  }
}

/** Which interrupts a local APIC has accepted, which are in service, and which the processor is told of next (10.8). */
export class Priorities {
  readonly irr = new VectorSet();
  readonly isr = new VectorSet();
  readonly tmr = new VectorSet();
  /** Task priority. */
  tpr = 0;

  /** Processor priority: of the task or of what is in service. */
  get ppr(): number {
    const serviced = Math.max(this.isr.highest, 0);
    return this.tpr >>> 4 >= serviced >>> 4 ? this.tpr : serviced & 0xf0;
  }

  /** The vector that an INTA cycle would give, -1 when none is urgent enough. */
  get next(): number {
    const vector = this.irr.highest;
    return vector >= 0 && vector >>> 4 > this.ppr >>> 4 ? vector : -1;
  }

  request(vector: number, level: boolean): void {
    this.irr.set(vector, true);
    this.tmr.set(vector, level);
  }

  serve(vector: number): void {
    this.irr.set(vector, false);
    this.isr.set(vector, true);
  }

  /** Ends the most urgent interrupt in service; its vector if it was level-triggered, else -1. */
  end(): number {
    const vector = this.isr.highest;
    if (vector < 0) return -1;
    this.isr.set(vector, false);
    return this.tmr.has(vector) ? vector : -1;
  }

  clear(): void {
    for (const set of [this.irr, this.isr, this.tmr]) set.clear();
    this.tpr = 0;
  }
}
