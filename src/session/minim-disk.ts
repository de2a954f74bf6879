/**
 * The disk that minim finds when nobody brings another: its programs and modules, assembled from their sources, and a text. The format is that of
 * src/guest/minim/files.inc. Equal sources give equal disks.
 */
import type { Assembled } from '../asm/index.ts';
import { SECTOR } from '../machine/devices/ata-disk.ts';
import { type Changes, guestImage } from './guests.ts';

/** Its source, in src/guest. */
export const MINIM = 'minim/minim.asm';

const SECTORS = 256;
const MAGIC = 'minimfs1';
/* Sectors: behind the superblock the directory, then a link for each sector, then files. */
export const FIRST_OF_DIRECTORY = 1;
export const FIRST_OF_LINKS = 4;
export const FIRST_FREE = 8;
const DIRECTORY = FIRST_OF_DIRECTORY * SECTOR;
const LINKS = FIRST_OF_LINKS * SECTOR;
const MOST_LINKS = 1024;
const LAST = 0xffff;

/** A FILE: name 16, size 4, first sector 2, kind 2, 8 not used. */
const FILE_SIZE = 32;
const NAME_SIZE = 16;

export type FileKind = 'text' | 'program' | 'module';
const KINDS: readonly FileKind[] = ['text', 'program', 'module'];

export interface DiskFile {
  readonly name: string;
  readonly kind: FileKind;
  readonly bytes: Uint8Array;
}

/** Lays files on an empty disk of `sectors` sectors, in their order, one behind the other. */
export function makeFileSystem(files: readonly DiskFile[], sectors = SECTORS): Uint8Array {
  const disk = new Uint8Array(sectors * SECTOR);
  const view = new DataView(disk.buffer);
  const encoder = new TextEncoder();
  const link = (sector: number, next: number) => view.setUint16(LINKS + 2 * sector, next, true);
  disk.set(encoder.encode(MAGIC));
  for (let sector = 0; sector < MOST_LINKS; sector++) if (sector < FIRST_FREE || sector >= sectors) link(sector, LAST);
  let free = FIRST_FREE;
  files.forEach(({ name, kind, bytes }, k) => {
    const encoded = encoder.encode(name);
    const length = Math.ceil(bytes.length / SECTOR);
    const entry = DIRECTORY + k * FILE_SIZE;
    if (encoded.length === 0 || encoded.length >= NAME_SIZE) throw new Error(`${name}: a name has 1 to ${NAME_SIZE - 1} bytes`);
    if (entry >= LINKS || free + length > sectors) throw new Error(`${name} does not fit on a disk of ${sectors} sectors`);
    disk.set(encoded, entry);
    view.setUint32(entry + NAME_SIZE, bytes.length, true);
    view.setUint16(entry + NAME_SIZE + 4, length === 0 ? 0 : free, true);
    view.setUint16(entry + NAME_SIZE + 6, KINDS.indexOf(kind), true);
    disk.set(bytes, free * SECTOR);
    for (let sector = free; sector < free + length; sector++) link(sector, sector + 1 === free + length ? LAST : sector + 1);
    free += length;
  });
  return disk;
}

/** Whether a disk begins as such a file system does. */
export const isFileSystem = (disk: Uint8Array): boolean => new TextDecoder().decode(disk.subarray(0, MAGIC.length)) === MAGIC;

/** A file where it lies: its sectors in the order of its bytes. */
export interface PlacedFile {
  readonly name: string;
  readonly kind: FileKind;
  readonly size: number;
  readonly sectors: readonly number[];
}

/** The directory of such a disk; throws where there is none. A file whose links lead off the disk, or in a circle, ends there. */
export function placesOf(disk: Uint8Array): readonly PlacedFile[] {
  if (!isFileSystem(disk)) throw new Error('there is no file system of minim on this disk');
  const view = new DataView(disk.buffer, disk.byteOffset, disk.byteLength);
  const decoder = new TextDecoder();
  const files: PlacedFile[] = [];
  for (let entry = DIRECTORY; entry < LINKS; entry += FILE_SIZE) {
    if (disk[entry] === 0) continue;
    const name = decoder.decode(disk.subarray(entry, Math.min(disk.indexOf(0, entry), entry + NAME_SIZE)));
    const size = view.getUint32(entry + NAME_SIZE, true);
    const sectors: number[] = [];
    let sector = view.getUint16(entry + NAME_SIZE + 4, true);
    while (sectors.length * SECTOR < size && (sector + 1) * SECTOR <= disk.length && sectors.length < MOST_LINKS) {
      sectors.push(sector);
      sector = view.getUint16(LINKS + 2 * sector, true);
    }
    files.push({ name, kind: KINDS[view.getUint16(entry + NAME_SIZE + 6, true)] ?? 'text', size, sectors });
  }
  return files;
}

/** The files of such a disk, as the directory names them. */
export function filesOf(disk: Uint8Array): readonly DiskFile[] {
  return placesOf(disk).map(({ name, kind, size, sectors }) => {
    const bytes = new Uint8Array(Math.min(size, sectors.length * SECTOR));
    sectors.forEach((sector, k) => {
      bytes.set(disk.subarray(sector * SECTOR, sector * SECTOR + Math.min(SECTOR, bytes.length - k * SECTOR)), k * SECTOR);
    });
    return { name, kind, bytes };
  });
}

const PROGRAMS = ['shell', 'count', 'hello', 'clock', 'cat', 'write', 'ls', 'hog', 'tables', 'calls', 'forks', 'crash', 'pill'] as const;
const MODULES = ['greet', 'launch'] as const;

const README = `Programs: ${PROGRAMS.slice(1).join(', ')}.
The shell itself: insmod MODULE, halt; & at the end of a line does not wait.
`;

/** A program or module of minim, in the order of the disk's directory, with its debug map. */
export interface MinimProgram {
  readonly name: string;
  readonly assembled: Assembled;
}

/** What minim can run, with the reader's changes. Throws SourceErrors. */
export function minimPrograms(changes: Changes = {}): readonly MinimProgram[] {
  return [
    ...PROGRAMS.map((name) => ({ name, assembled: guestImage(`minim/programs/${name}.asm`, changes) })),
    ...MODULES.map((name) => ({ name, assembled: guestImage(`minim/modules/${name}.asm`, changes) })),
  ];
}

/** What a machine needs besides its image, if that is minim: the disk, and the names of what is on it. Throws SourceErrors. */
export function diskFor(source: string, changes: Changes = {}): { readonly disk?: Uint8Array; readonly onDisk?: readonly MinimProgram[] } {
  if (source !== MINIM) return {};
  const onDisk = minimPrograms(changes);
  return { disk: Object.keys(changes).length === 0 ? minimDisk() : diskOf(onDisk), onDisk };
}

function diskOf(programs: readonly MinimProgram[]): Uint8Array {
  return makeFileSystem([
    ...programs.map(({ name, assembled }, k) => ({
      name,
      kind: k < PROGRAMS.length ? ('program' as const) : ('module' as const),
      bytes: assembled.image,
    })),
    { name: 'readme', kind: 'text', bytes: new TextEncoder().encode(README) },
  ]);
}

let made: Uint8Array | null = null;

/** The disk as the repository has it; shared, and not to be written to. */
export function minimDisk(): Uint8Array {
  made ??= diskOf(minimPrograms());
  return made;
}
