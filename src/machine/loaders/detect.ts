/** Which loader a file is for. */

import { isElf } from './elf32.ts';
import type { ImageFile } from './image.ts';
import { findMultibootHeader } from './multiboot.ts';

export type ImageFormat = 'asm' | 'flat' | 'multiboot' | 'bzimage';

const HDRS = 0x53726448;

/** By the name for sources, by the content for the rest. An ELF file without a Multiboot header counts as Multiboot, whose loader says what is missing. */
export function detectFormat(file: ImageFile): ImageFormat {
  if (/\.(asm|s|nasm)$/i.test(file.name)) return 'asm';
  const { bytes } = file;
  if (isElf(bytes) || findMultibootHeader(bytes) >= 0) return 'multiboot';
  if (bytes.length >= 0x206) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (view.getUint16(0x1fe, true) === 0xaa55 && view.getUint32(0x202, true) === HDRS) return 'bzimage';
  }
  return 'flat';
}
