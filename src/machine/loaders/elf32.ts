/** ELF32 executables for the 80386 (System V ABI, chapter 4 and 5; Intel386 supplement). */

import { hex } from '../../lib/hex.ts';
import { say } from '../../lib/say.ts';
import type { Ram } from '../ram.ts';
import { type ImageFile, loadError, place } from './image.ts';

const PT_LOAD = 1;
const EM_386 = 3;

export interface LoadedElf {
  /** Physical address: a virtual entry point in a segment is moved to where the segment was loaded. */
  readonly entry: number;
  /** Physical range of each segment, [from, to). */
  readonly ranges: readonly (readonly [number, number])[];
}

export function isElf(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
}

export function loadElf32(ram: Ram, file: ImageFile): LoadedElf {
  const { bytes } = file;
  if (!isElf(bytes)) throw loadError(file, 0, say`expected the ELF magic 7F 45 4C 46`);
  if (bytes.length < 52) throw loadError(file, 0, say`the ELF header is 34h bytes long, the file only ${hex(bytes.length)}h`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes[4] !== 1) throw loadError(file, 4, say`ELF class is ${bytes[4]}, expected 1 (32-bit)`);
  if (bytes[5] !== 1) throw loadError(file, 5, say`ELF data encoding is ${bytes[5]}, expected 1 (little-endian)`);
  const machine = view.getUint16(18, true);
  if (machine !== EM_386) throw loadError(file, 18, say`ELF machine is ${hex(machine)}h, expected 3h (80386)`);
  let entry = view.getUint32(24, true);
  const table = view.getUint32(28, true);
  const entrySize = view.getUint16(42, true);
  const count = view.getUint16(44, true);
  if (count > 0 && entrySize < 32) throw loadError(file, 42, say`program header size is ${hex(entrySize)}h, expected 20h`);
  if (table + count * entrySize > bytes.length)
    throw loadError(file, 28, say`${count} program headers at ${hex(table)}h reach beyond the end of the file`);

  const ranges: [number, number][] = [];
  let moved = false;
  for (let i = 0; i < count; i++) {
    const at = table + i * entrySize;
    if (view.getUint32(at, true) !== PT_LOAD) continue;
    const offset = view.getUint32(at + 4, true);
    const virtual = view.getUint32(at + 8, true);
    const physical = view.getUint32(at + 12, true);
    const fileSize = view.getUint32(at + 16, true);
    const memorySize = view.getUint32(at + 20, true);
    if (memorySize === 0) continue;
    if (fileSize > memorySize)
      throw loadError(file, at + 16, say`segment has ${hex(fileSize)}h bytes in the file, more than its ${hex(memorySize)}h in memory`);
    place(ram, file, offset, fileSize, physical, memorySize);
    ranges.push([physical, physical + memorySize]);
    if (!moved && entry >= virtual && entry - virtual < memorySize) {
      entry = entry - virtual + physical;
      moved = true;
    }
  }
  if (ranges.length === 0) throw loadError(file, 28, say`no segment to load: expected a program header of type 1 (PT_LOAD)`);
  return { entry, ranges };
}
