import { hex } from '../../../figures/words.ts';
import { say, told, worded } from '../../../lib/say.ts';
import type { MemoryView, Space } from '../../../session/views.ts';

export const SPACE_NAMES: Readonly<Record<Space, string>> = {
  linear: worded('linear address'),
  'guest-physical': worded('guest-physical address'),
  physical: worded('physical address'),
  disk: worded('byte of the disk'),
};

export interface DumpByte {
  readonly address: number;
  readonly text: string;
  readonly changed: boolean;
}

export interface DumpRow {
  readonly address: number;
  readonly bytes: readonly DumpByte[];
  readonly text: string;
  /** What begins in it. */
  readonly what: string;
}

/** The bytes as rows of so many; beside each what begins there. */
export function dumpRows({ address, bytes, spans, changed }: MemoryView, across: number): readonly DumpRow[] {
  const lit = new Set(changed);
  const rows: DumpRow[] = [];
  for (let from = 0; from < bytes.length; from += across) {
    const own = bytes.slice(from, from + across);
    rows.push({
      address: address + from,
      bytes: own.map((byte, k) => ({ address: address + from + k, text: byte < 0 ? '··' : hex(byte, 2), changed: lit.has(from + k) })),
      text: own.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join(''),
      what: spans
        .filter((span) => span.from >= from && span.from < from + across)
        .map((span) => (span.from === from ? span.what : `+${span.from - from} ${span.what}`))
        .join(', '),
    });
  }
  return rows;
}

/** Where the first byte lies, as a sentence: `linear address C0100000 is physical 01100000`. */
export function whereSentence({ space, address, physical }: MemoryView): string {
  const name = told(SPACE_NAMES[space]);
  if (space === 'disk') return say`Byte ${hex(address)} of the disk is in sector ${physical}.`;
  if (space === 'physical') return say`Physical memory from ${hex(address)}.`;
  if (physical < 0) return say`${name} ${hex(address)} lies nowhere in RAM.`;
  return say`${name} ${hex(address)} is physical ${hex(physical)}.`;
}
