/** What every loader takes and yields. */

import { hex } from '../../lib/hex.ts';
import { say } from '../../lib/say.ts';
import type { Ram } from '../ram.ts';

export interface ImageFile {
  /** For messages. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export type GeneralRegister = 'eax' | 'ecx' | 'edx' | 'ebx' | 'esp' | 'ebp' | 'esi' | 'edi';

/**
 * The processor's state in which the image is entered; what is not named is as after RESET#.
 *
 * `real`: CR0.PE 0, each segment's base is 16 times its selector.
 * `protected`: CR0.PE 1, CR0.PG 0, CPL 0, EFLAGS.IF 0; CS a flat 32-bit code segment, the others flat writable data segments,
 * with these selectors although no GDT holds them.
 */
export interface EntryState {
  readonly mode: 'real' | 'protected';
  readonly cs: number;
  /** DS, ES, FS, GS and SS. */
  readonly ds: number;
  readonly eip: number;
  readonly registers: { readonly [name in GeneralRegister]?: number };
}

/** The file is not what it should be, or does not fit. The message is complete. */
export class LoadError extends Error {
  override readonly name = 'LoadError';
}

/** `kernel.elf: offset 18h: machine is 3Eh, expected 3h (80386)` */
export function loadError(file: ImageFile, offset: number, message: string): LoadError {
  return new LoadError(say`${file.name}: offset ${hex(offset)}h: ${message}`);
}

/** Places bytes of the file (from `offset` on) in RAM, and zeros behind them up to `size`. */
export function place(ram: Ram, file: ImageFile, offset: number, length: number, address: number, size: number = length): void {
  if (offset + length > file.bytes.length) {
    throw loadError(
      file,
      offset,
      say`${hex(length)}h bytes expected, the file ends ${hex(offset + length - file.bytes.length)}h bytes before`,
    );
  }
  if (address + size > ram.size) {
    throw loadError(
      file,
      offset,
      say`to be loaded at ${hex(address)}h-${hex(address + size - 1)}h, but RAM ends at ${hex(ram.size)}h; give the machine more memory`,
    );
  }
  ram.write(address, file.bytes.subarray(offset, offset + length));
  ram.fill(address + length, size - length, 0);
}
