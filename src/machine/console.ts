/** Where a console stood: its first `length` bytes. They are shared with the console and never overwritten. */
export interface ConsoleState {
  readonly bytes: Uint8Array;
  readonly length: number;
}

/**
 * A terminal that only ever prints: every byte since power-on. Going back in time shortens it, and printing the same again costs nothing;
 * where the past is left for another one, the common part is copied.
 */
export class Console {
  readonly title: string;
  /** The virtual machine whose console it is; 0 for the machine itself or its monitor. */
  readonly vm: number;
  length = 0;
  #bytes: Uint8Array = new Uint8Array(256);
  /** Bytes of `#bytes` that hold a past, and that some state may refer to. */
  #written = 0;
  /** `#bytes` came from a state: another console may be writing there. */
  #borrowed = false;
  /** The text of the first bytes, up to an ASCII byte. */
  #text = '';
  #textLength = 0;

  constructor(title: string, vm = 0) {
    this.title = title;
    this.vm = vm;
  }

  append(byte: number): void {
    const at = this.length++;
    if (at < this.#written && this.#bytes[at] === byte) return;
    if (at < this.#written || at === this.#bytes.length || this.#borrowed) this.#own(at);
    this.#bytes[at] = byte;
    this.#written = at + 1;
  }

  /** Bytes `from` up to, not including, `to`: a view. */
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

  save(): ConsoleState {
    return { bytes: this.#bytes, length: this.length };
  }

  load({ bytes, length }: ConsoleState): void {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#written = length;
      this.#borrowed = true;
      this.#forget();
    }
    if (length < this.#textLength) this.#forget();
    this.length = length;
  }

  /** Moves the first `kept` bytes to where only this console writes. */
  #own(kept: number): void {
    const fresh = new Uint8Array(Math.max(this.#bytes.length, kept * 2));
    fresh.set(this.#bytes.subarray(0, kept));
    this.#bytes = fresh;
    this.#borrowed = false;
  }

  #forget(): void {
    this.#text = '';
    this.#textLength = 0;
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function decode(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
