/** Sections of a flat binary, and where they come to lie: attributes and order as NASM's bin format has them. */
import { say } from '../lib/say.ts';

export interface Fixup {
  readonly at: number;
  readonly size: number;
  /** Sections whose addresses are added, and how often. */
  readonly terms: readonly { readonly section: number; readonly factor: number }[];
}

export type Attribute = 'start' | 'align' | 'vstart' | 'valign';

/** A section has two numbers: 2k stands for its virtual address, 2k+1 for its place in the image. */
export class Section {
  readonly name: string;
  readonly index: number;
  /** Set when it is given or when everything is laid out. */
  start: number | undefined;
  vstart: number | undefined;
  align: number | undefined;
  valign: number | undefined;
  follows: string | undefined;
  vfollows: string | undefined;
  kind: 'progbits' | 'nobits' | undefined;
  size = 0;
  readonly fixups: Fixup[] = [];
  #bytes = new Uint8Array(256);

  constructor(name: string, index: number) {
    this.name = name;
    this.index = index;
    if (name === '.bss') this.kind = 'nobits';
    else if (name === '.text' || name === '.data') this.kind = 'progbits';
  }

  get virtual(): number {
    return this.index * 2;
  }

  get physical(): number {
    return this.index * 2 + 1;
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.size);
  }

  append(bytes: ArrayLike<number>, count = 1): void {
    const length = bytes.length * count;
    this.reserve(length);
    if (this.kind === 'nobits') return;
    const from = this.size - length;
    if (bytes.length === 1) this.#bytes.fill(bytes[0], from, this.size);
    else for (let n = 0; n < count; n++) this.#bytes.set(bytes, from + n * bytes.length);
  }

  reserve(length: number): void {
    const needed = this.size + length;
    if (this.kind !== 'nobits' && needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      larger.set(this.bytes);
      this.#bytes = larger;
    }
    this.size = needed;
  }

  /** Adds a number to a field, little-endian. */
  patch({ at, size }: Fixup, value: number): void {
    let carry = value;
    for (let i = 0; i < size; i++) {
      const sum = this.#bytes[at + i] + (((carry % 256) + 256) % 256);
      this.#bytes[at + i] = sum & 255;
      carry = Math.floor(carry / 256) + (sum >> 8);
    }
  }
}

export interface Layout {
  /** Progbits sections in the order of the image. */
  readonly image: readonly Section[];
  readonly all: readonly Section[];
  readonly origin: number;
}

/** Thrown with the reason when sections cannot be laid out. */
export class LayoutError extends Error {}

const alignUp = (value: number, alignment: number): number => Math.ceil(value / alignment) * alignment;

/** Gives every section its start and vstart. */
export function layOut(sections: readonly Section[], origin: number | undefined): Layout {
  for (const section of sections) section.kind ??= 'progbits';
  const nobits = sections.filter((section) => section.kind === 'nobits');
  for (const section of nobits) onlyVirtual(section);
  let order = sections.filter((section) => section.kind === 'progbits');
  order = byStart(placeFollowers(order, sections));
  const first = order[0];
  const begin = first.start ?? (origin !== undefined && first.align !== undefined ? alignUp(origin, first.align) : (origin ?? 0));
  if (origin !== undefined && begin < origin) throw new LayoutError(say`section ${first.name} begins before the origin`);
  first.start = begin;
  let end = begin;
  const previous: Section[] = [];
  for (const section of order) {
    section.start ??= alignUp(end, (section.align ??= 4));
    if (section.vstart === undefined && section.vfollows === undefined) {
      section.vstart = section.valign !== undefined ? alignUp(end, section.valign) : section.start;
    }
    if (section.size === 0) continue;
    const other = previous[previous.length - 1];
    if (section.start < end && other !== undefined) throw new LayoutError(say`sections ${other.name} and ${section.name} overlap`);
    end = section.start + section.size;
    previous.push(section);
  }
  virtualStarts([...order, ...nobits], sections, order[order.length - 1]);
  return { image: order, all: [...order, ...nobits], origin: origin ?? begin };
}

/** Without bytes in the image, real and virtual attributes mean the same. */
function onlyVirtual(section: Section): void {
  const real = section.start !== undefined || section.align !== undefined || section.follows !== undefined;
  if (real && (section.vstart !== undefined || section.valign !== undefined || section.vfollows !== undefined)) {
    throw new LayoutError(
      say`section ${section.name} has no bytes in the image: give it either start, align, follows or vstart, valign, vfollows`,
    );
  }
  section.vstart ??= section.start;
  section.valign ??= section.align;
  section.vfollows ??= section.follows;
  section.start = section.vstart;
}

/** Moves each group that begins with a `follows=` behind the section it names. */
function placeFollowers(order: readonly Section[], all: readonly Section[]): Section[] {
  const rest = [...order];
  for (const leader of order) {
    if (leader.follows === undefined) continue;
    if (!all.some((section) => section.name === leader.follows))
      throw new LayoutError(say`section ${leader.name} follows an unknown section ${leader.follows}`);
    if (leader.follows === leader.name) throw new LayoutError(say`section ${leader.name} follows itself`);
    const from = rest.indexOf(leader);
    if (from > 0 && rest[from - 1].name === leader.follows) continue;
    let to = from + 1;
    while (to < rest.length && rest[to].start === undefined && rest[to].follows === undefined && rest[to].name !== leader.follows) to++;
    const group = rest.splice(from, to - from);
    const target = rest.findIndex((section) => section.name === leader.follows);
    rest.splice(target + 1, 0, ...group);
  }
  return rest;
}

/** Groups that begin with a `start=`, by that start. */
function byStart(order: readonly Section[]): Section[] {
  const groups: Section[][] = [];
  for (const section of order) {
    if (section.start !== undefined || groups.length === 0) groups.push([section]);
    else groups[groups.length - 1].push(section);
  }
  const sorted: Section[][] = [];
  for (const group of groups) {
    const start = group[0].start ?? 0;
    const before = sorted.findIndex((other) => other[0].start !== undefined && start < other[0].start);
    sorted.splice(before < 0 ? sorted.length : before, 0, group);
  }
  return sorted.flat();
}

function virtualStarts(order: readonly Section[], inSource: readonly Section[], lastProgbits: Section): void {
  for (let progress = true; progress; ) {
    progress = false;
    for (const section of order) {
      if (section.vstart !== undefined) continue;
      const before = section.name === '.bss' && section.vfollows === undefined ? lastProgbits : predecessor(section, inSource);
      if (before?.vstart === undefined) continue;
      section.vstart = alignUp(before.vstart + before.size, (section.valign ??= 4));
      if (section.kind === 'nobits') section.start = section.vstart;
      progress = true;
    }
  }
  const lost = order.find((section) => section.vstart === undefined);
  if (lost !== undefined) throw new LayoutError(say`section ${lost.name} follows in a circle`);
  for (const section of order) section.start ??= section.vstart;
}

function predecessor(section: Section, inSource: readonly Section[]): Section | undefined {
  if (section.vfollows !== undefined) {
    const found = inSource.find((other) => other.name === section.vfollows);
    if (found === undefined) throw new LayoutError(say`section ${section.name} virtually follows an unknown section ${section.vfollows}`);
    return found;
  }
  return inSource[section.index - 1];
}
