/** Flat binaries: a boot sector at 7C00h in real mode, as the BIOS enters it, or flat protected mode. */

import { say } from '../../lib/say.ts';
import type { Ram } from '../ram.ts';
import { type EntryState, type ImageFile, LoadError, place } from './image.ts';

export const BOOT_SECTOR = 0x7c00;
const LOW_MEMORY_END = 0x9fc00;

export interface FlatOptions {
  /** Where the first byte goes. */
  readonly org?: number;
  /** Where execution starts: an address, `org` if absent. */
  readonly entry?: number;
  readonly mode?: 16 | 32;
}

/** The stack starts below 7C00h, or below 9FC00h when the image lies there. In real mode DL is 80h, the first disk. */
export function loadFlat(ram: Ram, file: ImageFile, options: FlatOptions = {}): EntryState {
  const { org = BOOT_SECTOR, mode = 16 } = options;
  const entry = options.entry ?? org;
  if (file.bytes.length === 0) throw new LoadError(say`${file.name}: the file is empty`);
  place(ram, file, 0, file.bytes.length, org);
  const below = org < BOOT_SECTOR && org + file.bytes.length > BOOT_SECTOR - 0x1000;
  const esp = below ? LOW_MEMORY_END : BOOT_SECTOR;
  if (mode === 32) return { mode: 'protected', cs: 0x08, ds: 0x10, eip: entry, registers: { esp } };
  if (entry >= 0x10_0000)
    throw new LoadError(
      say`${file.name}: entry ${entry.toString(16)}h is out of reach in real mode; expected an address below 1 MiB, or mode 32`,
    );
  const cs = entry <= 0xffff ? 0 : entry >> 4;
  return { mode: 'real', cs, ds: 0, eip: entry - cs * 16, registers: { esp: below ? 0xfffe : esp, edx: 0x80 } };
}
