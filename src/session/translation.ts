/** What a monitor that translates has made of a guest kernel's code: read from its own table of translation units (src/guest/vmm/translate/unit.inc). */
import type { MapIndex } from '../asm/index.ts';
import type { TranslationKind } from './views.ts';

/* COPIED, REWRITTEN, CALLED_OUT, SUBSTITUTED of vmm/translate/unit.inc */
export const KINDS: readonly TranslationKind[] = ['copied', 'rewritten', 'callout', 'substituted'];

export interface TranslatedInstruction {
  readonly kind: TranslationKind;
  /** Linear address in the guest. */
  readonly original: number;
  readonly originalLength: number;
  /** Linear address of its translation, in the monitor's cache. */
  readonly translated: number;
  readonly translatedLength: number;
}

export interface TranslationUnit {
  readonly vm: number;
  /** From 1, in the order in which they were made. */
  readonly number: number;
  /** Linear address in the guest, and guest-physical. */
  readonly address: number;
  readonly physical: number;
  readonly instructions: readonly TranslatedInstruction[];
  /** Where the translation ends: behind the last instruction's lie the ways out. */
  readonly end: number;
}

/** How the table is read: a doubleword of host-physical memory, and a field of a virtual machine's record. */
export interface TranslationReader {
  readonly index: MapIndex;
  peek(physical: number): number;
  field(vm: number, name: string): number | null;
}

/** Linear less physical of all that is the monitor's. */
const TOP = 0xffc00000;

export class Translation {
  private readonly reader: TranslationReader;

  constructor(reader: TranslationReader) {
    this.reader = reader;
  }

  private constant(name: string): number {
    return this.reader.index.symbol(name)?.value ?? 0;
  }

  /** The part of memory that holds a virtual machine's translations, host-physical; null without any. */
  cache(vm: number): { readonly from: number; readonly to: number } | null {
    const from = this.reader.field(vm, 'SOFT.cache');
    const to = this.reader.field(vm, 'SOFT.cache_next');
    return from === null || to === null || from === 0 ? null : { from: (from - TOP) >>> 0, to: (to - TOP) >>> 0 };
  }

  /** A counter or another doubleword of a virtual machine's record. */
  field(vm: number, name: string): number {
    return this.reader.field(vm, name) ?? 0;
  }

  /** The vector by which a unit asks where it goes on. */
  get chainVector(): number {
    return this.constant('CHAIN');
  }

  /** Host-physical address of what is the monitor's own. */
  physicalOf(linear: number): number {
    return (linear - TOP) >>> 0;
  }

  /** All units of a virtual machine, in the order in which they were made. */
  units(vm: number): readonly TranslationUnit[] {
    const count = this.reader.field(vm, 'SOFT.unit_count') ?? 0;
    return Array.from({ length: count }, (_, k) => this.unit(vm, k));
  }

  /** The unit that holds a translated address, host-physical; null when none does. */
  unitAt(vm: number, physical: number): TranslationUnit | null {
    const cache = this.cache(vm);
    if (cache === null || physical < cache.from || physical >= cache.to) return null;
    let low = 0;
    let high = (this.reader.field(vm, 'SOFT.unit_count') ?? 0) - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const [from, to] = this.bounds(vm, middle);
      if (physical < from) high = middle - 1;
      else if (physical >= to) low = middle + 1;
      else return this.unit(vm, middle);
    }
    return null;
  }

  /** The instruction that a translated address is part of; null when there is none. */
  at(vm: number, physical: number): TranslatedInstruction | null {
    const linear = (physical + TOP) >>> 0;
    const found = this.unitAt(vm, physical)?.instructions.filter(({ translated }) => translated <= linear);
    return found?.at(-1) ?? null;
  }

  /** Linear address in the guest of the instruction whose translation begins at a host-physical address; -1 when none does. */
  originalAt(vm: number, physical: number): number {
    const found = this.at(vm, physical);
    return found !== null && found.translated === this.linearOf(physical) ? found.original : -1;
  }

  /** Linear address of what is the monitor's own, by where it lies. */
  linearOf(physical: number): number {
    return (physical + TOP) >>> 0;
  }

  private record(vm: number, k: number): number {
    return ((this.reader.field(vm, 'SOFT.units') ?? 0) + k * this.constant('UNIT_SIZE') - TOP) >>> 0;
  }

  private bounds(vm: number, k: number): readonly [number, number] {
    const record = this.record(vm, k);
    const read = (field: string) => (this.reader.peek(record + this.constant(field)) - TOP) >>> 0;
    return [read('UNIT.native'), read('UNIT.end')];
  }

  private unit(vm: number, k: number): TranslationUnit {
    const record = this.record(vm, k);
    const dword = (field: string) => this.reader.peek(record + this.constant(field)) >>> 0;
    const byte = (field: string, i = 0) => this.reader.peek(record + this.constant(field) + i) & 0xff;
    const address = dword('UNIT.eip');
    const native = dword('UNIT.native');
    const end = dword('UNIT.end');
    const count = byte('UNIT.count');
    const instructions = Array.from({ length: count }, (_, i): TranslatedInstruction => {
      const [guest, code] = [byte('UNIT.guest', i), byte('UNIT.code', i)];
      const last = i === count - 1;
      return {
        kind: KINDS[byte('UNIT.kind', i)] ?? 'copied',
        original: (address + guest) >>> 0,
        originalLength: (last ? byte('UNIT.bytes') : byte('UNIT.guest', i + 1)) - guest,
        translated: (native + code) >>> 0,
        translatedLength: last ? end - native - code : byte('UNIT.code', i + 1) - code,
      };
    });
    return { vm, number: k + 1, address, physical: dword('UNIT.place'), instructions, end };
  }
}
