/**
 * Translation once more, written from the manual and from nothing else: recursion over BigInt, a level at a time, without TLBs. It stands beside
 * the processor's walker so that two accounts of chapter 4 and 28.2 can be held against each other.
 */

export type Outcome =
  | { kind: 'page'; address: bigint }
  | { kind: 'fault'; code: number }
  | { kind: 'violation'; address: bigint; qualification: number }
  | { kind: 'misconfiguration'; address: bigint }
  | { kind: 'npf'; address: bigint; code: number; final: boolean };

export interface ReferenceMode {
  readonly pae: boolean;
  readonly pse: boolean;
  readonly nxe: boolean;
  readonly wp: boolean;
  readonly cr3: bigint;
  readonly pdptes: readonly bigint[];
  readonly nested: 'none' | 'ept' | 'ept-flags' | 'npt' | 'npt-pae';
  readonly nestedRoot: bigint;
}

class Stopped extends Error {
  readonly outcome: Outcome;
  constructor(outcome: Outcome) {
    super(outcome.kind);
    this.outcome = outcome;
  }
}

const stop = (outcome: Outcome): never => {
  throw new Stopped(outcome);
};

const bit = (value: bigint, n: number): boolean => ((value >> BigInt(n)) & 1n) === 1n;
const field = (value: bigint, high: number, low: number): bigint => (value >> BigInt(low)) & ((1n << BigInt(high - low + 1)) - 1n);
const WIDTH = 32;

/** The processor's translations, on its own copy of memory. */
export class Reference {
  readonly memory: DataView;
  readonly mode: ReferenceMode;

  constructor(memory: Uint8Array, mode: ReferenceMode) {
    this.memory = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
    this.mode = mode;
  }

  translate(linear: number, access: 'read' | 'write' | 'fetch', user: boolean): Outcome {
    try {
      return { kind: 'page', address: this.#linear(BigInt(linear >>> 0), access, user) };
    } catch (stopped) {
      if (!(stopped instanceof Stopped)) throw stopped;
      return stopped.outcome;
    }
  }

  #load(address: bigint, bytes: number): bigint {
    if (address + BigInt(bytes) > BigInt(this.memory.byteLength)) return (1n << BigInt(8 * bytes)) - 1n;
    return bytes === 8 ? this.memory.getBigUint64(Number(address), true) : BigInt(this.memory.getUint32(Number(address), true));
  }

  #store(address: bigint, value: bigint): void {
    if (address + 4n <= BigInt(this.memory.byteLength)) this.memory.setUint32(Number(address), Number(value & 0xffffffffn), true);
  }

  #linear(linear: bigint, access: 'read' | 'write' | 'fetch', user: boolean): bigint {
    const { pae, pse, nxe, wp, cr3, pdptes, nested } = this.mode;
    const write = access === 'write';
    const fault = (p: boolean, reserved: boolean): never =>
      stop({
        kind: 'fault',
        code: (p ? 1 : 0) + (write ? 2 : 0) + (user ? 4 : 0) + (reserved ? 8 : 0) + (access === 'fetch' && pae && nxe ? 16 : 0),
      });
    const used: { guest: bigint; entry: bigint; leaf: boolean }[] = [];
    const size = pae ? 8 : 4;
    const read = (guest: bigint): bigint => this.#load(this.#nested(guest, linear, 'read', false), size);
    let page: bigint;
    if (!pae) {
      const pdeAt = field(cr3, 31, 12) * 4096n + field(linear, 31, 22) * 4n;
      const pde = read(pdeAt);
      if (!bit(pde, 0)) fault(false, false);
      if (pse && bit(pde, 7)) {
        if (field(pde, 21, 13) !== 0n) fault(true, true);
        used.push({ guest: pdeAt, entry: pde, leaf: true });
        page = field(pde, 31, 22) * 0x400000n + field(linear, 21, 0);
      } else {
        const pteAt = field(pde, 31, 12) * 4096n + field(linear, 21, 12) * 4n;
        const pte = read(pteAt);
        if (!bit(pte, 0)) fault(false, false);
        used.push({ guest: pdeAt, entry: pde, leaf: false }, { guest: pteAt, entry: pte, leaf: true });
        page = field(pte, 31, 12) * 4096n + field(linear, 11, 0);
      }
    } else {
      const isReserved = (entry: bigint): boolean => field(entry, 62, WIDTH) !== 0n || (!nxe && bit(entry, 63));
      const index = field(linear, 31, 30);
      const fromMemory = nested === 'npt' || nested === 'npt-pae';
      const pdpte = fromMemory ? read(field(cr3, 31, 5) * 32n + index * 8n) : pdptes[Number(index)];
      if (!bit(pdpte, 0)) fault(false, false);
      if (fromMemory && (field(pdpte, 2, 1) !== 0n || field(pdpte, 8, 5) !== 0n || field(pdpte, 63, WIDTH) !== 0n)) fault(true, true);
      const pdeAt = field(pdpte, 51, 12) * 4096n + field(linear, 29, 21) * 8n;
      const pde = read(pdeAt);
      if (!bit(pde, 0)) fault(false, false);
      if (isReserved(pde)) fault(true, true);
      if (bit(pde, 7)) {
        if (field(pde, 20, 13) !== 0n) fault(true, true);
        used.push({ guest: pdeAt, entry: pde, leaf: true });
        page = field(pde, 51, 21) * 0x200000n + field(linear, 20, 0);
      } else {
        const pteAt = field(pde, 51, 12) * 4096n + field(linear, 20, 12) * 8n;
        const pte = read(pteAt);
        if (!bit(pte, 0)) fault(false, false);
        if (isReserved(pte)) fault(true, true);
        used.push({ guest: pdeAt, entry: pde, leaf: false }, { guest: pteAt, entry: pte, leaf: true });
        page = field(pte, 51, 12) * 4096n + field(linear, 11, 0);
      }
    }
    const all = (n: number): boolean => used.every(({ entry }) => bit(entry, n));
    if (user && !all(2)) fault(true, false);
    if (write && !all(1) && (user || wp)) fault(true, false);
    if (access === 'fetch' && pae && nxe && used.some(({ entry }) => bit(entry, 63))) fault(true, false);
    for (const { guest, entry, leaf } of used) {
      const wanted = entry | (1n << 5n) | (leaf && write ? 1n << 6n : 0n);
      if (wanted !== entry) this.#store(this.#nested(guest, linear, 'write', false), wanted);
    }
    return this.#nested(page, linear, access, true);
  }

  #nested(guest: bigint, linear: bigint, access: 'read' | 'write' | 'fetch', final: boolean): bigint {
    const { nested } = this.mode;
    if (nested === 'none') return guest;
    return nested === 'npt' || nested === 'npt-pae' ? this.#npt(guest, access, final) : this.#ept(guest, linear, access, final);
  }

  #ept(guest: bigint, _linear: bigint, access: 'read' | 'write' | 'fetch', final: boolean): bigint {
    const flags = this.mode.nested === 'ept-flags';
    const asWrite = flags && !final;
    const asked = asWrite ? 3 : { read: 1, write: 2, fetch: 4 }[access];
    const violation = (allowed: number): never =>
      stop({ kind: 'violation', address: guest, qualification: asked + allowed * 8 + 0x80 + (final ? 0x100 : 0) });
    let table = field(this.mode.nestedRoot, 51, 12) * 4096n;
    let allowed = 7;
    const used: { at: bigint; entry: bigint; leaf: boolean }[] = [];
    for (const low of [39, 30, 21, 12]) {
      const at = table + field(guest, low + 8, low) * 8n;
      const entry = this.#load(at, 8);
      const rights = Number(entry & 7n);
      if (rights === 0) violation(0);
      const leaf = low === 12 || (low === 21 && bit(entry, 7));
      const bad =
        rights === 2 ||
        rights === 6 ||
        field(entry, 51, WIDTH) !== 0n ||
        (!leaf && field(entry, 7, 3) !== 0n) ||
        (leaf && low === 21 && field(entry, 20, 12) !== 0n) ||
        (leaf && [2n, 3n, 7n].includes(field(entry, 5, 3)));
      if (bad) stop({ kind: 'misconfiguration', address: guest });
      allowed &= rights;
      used.push({ at, entry, leaf });
      table = field(entry, 51, 12) * 4096n;
      if (leaf) {
        if ((allowed & asked) !== asked) violation(allowed);
        const write = access === 'write' || asWrite;
        if (flags) for (const u of used) this.#store(u.at, u.entry | (1n << 8n) | (u.leaf && write ? 1n << 9n : 0n));
        return low === 21 ? field(entry, 51, 21) * 0x200000n + field(guest, 20, 0) : table + field(guest, 11, 0);
      }
    }
    throw new Error('not reached');
  }

  #npt(guest: bigint, access: 'read' | 'write' | 'fetch', final: boolean): bigint {
    const pae = this.mode.nested === 'npt-pae';
    const write = access === 'write' || !final;
    const code = 4 + (write ? 2 : 0) + (pae && access === 'fetch' ? 16 : 0);
    const fault = (more: number): never => stop({ kind: 'npf', address: guest, code: code + more, final });
    const used: { at: bigint; entry: bigint; leaf: boolean }[] = [];
    let table = pae ? field(this.mode.nestedRoot, 31, 5) * 32n : field(this.mode.nestedRoot, 31, 12) * 4096n;
    const levels = pae ? [30, 21, 12] : [22, 12];
    for (const low of levels) {
      const bits = pae ? (low === 30 ? 2 : 9) : 10;
      const at = table + field(guest, low + bits - 1, low) * (pae ? 8n : 4n);
      const entry = this.#load(at, pae ? 8 : 4);
      if (!bit(entry, 0)) fault(0);
      const leaf = low === 12 || ((low === 21 || low === 22) && bit(entry, 7));
      if (low === 30 && (field(entry, 2, 1) !== 0n || field(entry, 8, 5) !== 0n || field(entry, 63, WIDTH) !== 0n)) fault(9);
      if (pae && low !== 30 && field(entry, 62, WIDTH) !== 0n) fault(9);
      if (leaf && low === 21 && field(entry, 20, 13) !== 0n) fault(9);
      if (leaf && low === 22 && field(entry, 21, 13) !== 0n) fault(9);
      if (low !== 30) used.push({ at, entry, leaf });
      table = field(entry, 51, 12) * 4096n;
      if (leaf) {
        const all = (n: number): boolean => used.every((u) => bit(u.entry, n));
        if (!all(2) || (write && !all(1))) fault(1);
        if (pae && access === 'fetch' && used.some((u) => bit(u.entry, 63))) fault(1);
        for (const u of used) this.#store(u.at, u.entry | (1n << 5n) | (u.leaf && write ? 1n << 6n : 0n));
        const offset = field(guest, low - 1, 0);
        return low === 12 ? table + offset : (entry >> BigInt(low)) * (1n << BigInt(low)) - (entry >> 52n) * (1n << 52n) + offset;
      }
    }
    throw new Error('not reached');
  }
}
