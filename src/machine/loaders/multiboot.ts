/** Multiboot Specification 0.6.96: the header in the first 8 KiB, the information structure, the state at entry. */

import { h, hex } from '../../lib/hex.ts';
import { say } from '../../lib/say.ts';
import { PAGE_SIZE, type Ram } from '../ram.ts';
import { loadElf32 } from './elf32.ts';
import { type EntryState, type ImageFile, LoadError, loadError, place } from './image.ts';

const HEADER_MAGIC = 0x1badb002;
const BOOT_MAGIC = 0x2badb002;
const SEARCH = 8192;
const HEADER_VIDEO = 1 << 2;
const HEADER_ADDRESSES = 1 << 16;
/** Bits of the header's lower half that a loader must know or refuse. */
const HEADER_REQUIRED = 0xffff;
const HEADER_KNOWN = 0x0003;

const INFO_MEMORY = 1 << 0;
const INFO_CMDLINE = 1 << 2;
const INFO_MODULES = 1 << 3;
const INFO_MMAP = 1 << 6;
const INFO_LOADER_NAME = 1 << 9;
const INFO_SIZE = 116;

const LOADER_NAME = 'RingMinusOne';
const LOW_MEMORY_END = 0x9fc00;
const HIGH_MEMORY = 0x10_0000;

export interface MultibootModule {
  readonly file: ImageFile;
  /** The string passed with it; the file's name if absent. */
  readonly string?: string;
}

export interface MultibootOptions {
  readonly cmdline?: string;
  readonly modules?: readonly MultibootModule[];
}

/** What `loadMultiboot` put where. */
export interface LoadedMultiboot {
  readonly entry: EntryState;
  /** Physical address of the information structure, EBX at entry. */
  readonly info: number;
  /** Physical ranges [from, to) of the image and of each module. */
  readonly image: readonly (readonly [number, number])[];
  readonly modules: readonly (readonly [number, number])[];
}

/** One entry of the memory map: type 1 is RAM, 2 reserved. */
export interface MemoryRange {
  readonly base: number;
  readonly length: number;
  readonly type: 1 | 2;
}

/** The file offset of the header, or -1. */
export function findMultibootHeader(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = Math.min(SEARCH, bytes.length) - 12;
  for (let at = 0; at <= end; at += 4) {
    if (view.getUint32(at, true) !== HEADER_MAGIC) continue;
    const sum = HEADER_MAGIC + view.getUint32(at + 4, true) + view.getUint32(at + 8, true);
    if (sum % 0x1_0000_0000 === 0) return at;
  }
  return -1;
}

/** The map a PC with `size` bytes of RAM reports. */
export function memoryMap(size: number): readonly MemoryRange[] {
  if (size <= HIGH_MEMORY) return [{ base: 0, length: Math.min(size, LOW_MEMORY_END), type: 1 }];
  return [
    { base: 0, length: LOW_MEMORY_END, type: 1 },
    { base: LOW_MEMORY_END, length: 0xa0000 - LOW_MEMORY_END, type: 2 },
    { base: 0xf0000, length: 0x10000, type: 2 },
    { base: HIGH_MEMORY, length: size - HIGH_MEMORY, type: 1 },
  ];
}

/** Loads the image and its modules, builds the information structure in low memory. */
export function loadMultiboot(ram: Ram, file: ImageFile, options: MultibootOptions = {}): LoadedMultiboot {
  const header = findMultibootHeader(file.bytes);
  if (header < 0) {
    throw loadError(
      file,
      0,
      say`no Multiboot header: expected ${h(HEADER_MAGIC)}, flags and a checksum that makes the sum 0, 4-byte aligned in the first 2000h bytes`,
    );
  }
  const view = new DataView(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength);
  const flags = view.getUint32(header + 4, true);
  if ((flags & HEADER_VIDEO) !== 0)
    throw loadError(file, header + 4, say`the image requires a video mode (flag 2), and this PC has no display`);
  const unknown = flags & HEADER_REQUIRED & ~HEADER_KNOWN;
  if (unknown !== 0) throw loadError(file, header + 4, say`the image requires features ${h(unknown)} that Multiboot 1 does not know`);
  const { entry, ranges } = (flags & HEADER_ADDRESSES) !== 0 ? loadByAddresses(ram, file, view, header) : loadElf32(ram, file);

  const modules = placeModules(ram, ranges, options.modules ?? []);
  const info = buildInfo(ram, ranges, modules, options);
  return {
    entry: { mode: 'protected', cs: 0x08, ds: 0x10, eip: entry, registers: { eax: BOOT_MAGIC, ebx: info } },
    info,
    image: ranges,
    modules,
  };
}

type Range = readonly [number, number];

function loadByAddresses(ram: Ram, file: ImageFile, view: DataView, header: number): { entry: number; ranges: Range[] } {
  if (header + 32 > file.bytes.length) throw loadError(file, header + 12, say`flag 16 announces five address fields, the file ends before`);
  const field = (offset: number) => view.getUint32(header + offset, true);
  const headerAddress = field(12);
  const loadAddress = field(16);
  const loadEnd = field(20);
  const bssEnd = field(24);
  const start = header - (headerAddress - loadAddress);
  if (headerAddress < loadAddress || start < 0) {
    throw loadError(
      file,
      header + 12,
      say`header_addr ${h(headerAddress)} and load_addr ${h(loadAddress)} put the first byte to load at file offset ${start}`,
    );
  }
  const length = loadEnd === 0 ? file.bytes.length - start : loadEnd - loadAddress;
  if (length <= 0) throw loadError(file, header + 20, say`load_end_addr ${h(loadEnd)} is not above load_addr ${h(loadAddress)}`);
  if (bssEnd !== 0 && bssEnd < loadAddress + length) {
    throw loadError(file, header + 24, say`bss_end_addr ${h(bssEnd)} is below the end of the loaded bytes, ${h(loadAddress + length)}`);
  }
  const size = bssEnd === 0 ? length : bssEnd - loadAddress;
  place(ram, file, start, length, loadAddress, size);
  return { entry: field(28), ranges: [[loadAddress, loadAddress + size]] };
}

/** Modules follow the image, each on a page boundary. */
function placeModules(ram: Ram, image: readonly Range[], modules: readonly MultibootModule[]): Range[] {
  let next = HIGH_MEMORY;
  for (const [, to] of image) if (to > next) next = to;
  return modules.map(({ file }) => {
    const from = Math.ceil(next / PAGE_SIZE) * PAGE_SIZE;
    place(ram, file, 0, file.bytes.length, from);
    next = from + file.bytes.length;
    return [from, next] as const;
  });
}

function buildInfo(ram: Ram, image: readonly Range[], modules: readonly Range[], options: MultibootOptions): number {
  const map = memoryMap(ram.size);
  const strings = (options.modules ?? []).map((module) => latin1(module.string ?? module.file.name));
  const cmdline = latin1(options.cmdline ?? '');
  const loader = latin1(LOADER_NAME);
  const total =
    INFO_SIZE + 24 * map.length + 16 * modules.length + cmdline.length + loader.length + strings.reduce((n, s) => n + s.length, 0);
  const info = gap(ram, image, total);
  const mmap = info + INFO_SIZE;
  const mods = mmap + 24 * map.length;
  let text = mods + 16 * modules.length;
  const put = (bytes: Uint8Array) => {
    const at = text;
    ram.write(at, bytes);
    text += bytes.length;
    return at;
  };

  ram.fill(info, total, 0);
  ram.write32(info, INFO_MEMORY | INFO_CMDLINE | (modules.length > 0 ? INFO_MODULES : 0) | INFO_MMAP | INFO_LOADER_NAME);
  ram.write32(info + 4, Math.min(ram.size, LOW_MEMORY_END) >> 10);
  ram.write32(info + 8, Math.max(0, ram.size - HIGH_MEMORY) >> 10);
  ram.write32(info + 16, put(cmdline));
  if (modules.length > 0) {
    ram.write32(info + 20, modules.length);
    ram.write32(info + 24, mods);
  }
  modules.forEach(([from, to], i) => {
    ram.write32(mods + 16 * i, from);
    ram.write32(mods + 16 * i + 4, to);
    ram.write32(mods + 16 * i + 8, put(strings[i]));
  });
  ram.write32(info + 44, 24 * map.length);
  ram.write32(info + 48, mmap);
  map.forEach((range, i) => {
    ram.write32(mmap + 24 * i, 20);
    ram.write32(mmap + 24 * i + 4, range.base);
    ram.write32(mmap + 24 * i + 12, range.length);
    ram.write32(mmap + 24 * i + 20, range.type);
  });
  ram.write32(info + 64, put(loader));
  return info;
}

/** The first page boundary in low memory with room for `size` bytes beside the image. */
function gap(ram: Ram, image: readonly Range[], size: number): number {
  const end = Math.min(ram.size, LOW_MEMORY_END);
  for (let at = PAGE_SIZE; at + size <= end; at += PAGE_SIZE) {
    if (image.every(([from, to]) => to <= at || from >= at + size)) return at;
  }
  throw new LoadError(say`no room for ${hex(size)}h bytes of Multiboot information below ${hex(end)}h: the image fills low memory`);
}

function latin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length + 1);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
