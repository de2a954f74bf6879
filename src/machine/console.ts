/** A terminal that only ever prints: every byte since power-on. Going back in time is a truncation. */
export class Console {
  readonly title: string;
  /** The virtual machine whose console it is; 0 for the machine itself or its monitor. */
  readonly vm: number;
  length = 0;
  #bytes = new Uint8Array(4096);
  /** The text of the first bytes, up to an ASCII byte. */
  #text = '';
  #textLength = 0;

  constructor(title: string, vm = 0) {
    this.title = title;
    this.vm = vm;
  }

  append(byte: number): void {
    if (this.length === this.#bytes.length) {
      const grown = new Uint8Array(this.length * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes[this.length++] = byte;
  }

  /** Bytes `from` up to, not including, `to`: a view, valid until the next `append`. */
  bytes(from = 0, to = this.length): Uint8Array {
    return this.#bytes.subarray(from, Math.min(to, this.length));
  }

  /** Everything printed so far, as UTF-8. */
  get text(): string {
    let settled = this.length;
    while (settled > this.#textLength && this.#bytes[settled - 1] >= 0x80) settled--;
    if (settled > this.#textLength) {
      this.#text += decode(this.bytes(this.#textLength, settled));
      this.#textLength = settled;
    }
    return settled === this.length ? this.#text : this.#text + decode(this.bytes(settled));
  }

  /** Goes to where `length` bytes were printed, back or forth: bytes behind are kept until others take their place. */
  rewind(length: number): void {
    if (length < this.length) this.truncate(length);
    this.length = length;
  }

  truncate(length: number): void {
    if (length > this.length) throw new Error(`console ${this.title} holds ${this.length} bytes, cannot go to ${length}`);
    this.length = length;
    if (this.#textLength > length) {
      this.#text = '';
      this.#textLength = 0;
    }
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function decode(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
