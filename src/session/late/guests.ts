/** In the place of src/session/guests.ts: images come ready made, a script each; the assembler and the sources come late. */
import type { Assembled, FileProvider } from '../../asm/index.ts';
import { imageFile } from '../../lib/image-file.ts';
import type { Changes } from '../guests.ts';
import { type ReadyImage, unpacked } from '../ready-image.ts';
import { late, run } from './load.ts';

export { SourceErrors } from '../source-errors.ts';

/** By scenario and monitor the paths of the images; the first of each is the one that opens. The build says them. */
declare const RM1_NEEDS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const made = globalThis as unknown as { readonly rm1Images?: Readonly<Record<string, ReadyImage>> };
const known = new Set(Object.values(RM1_NEEDS).flatMap((each) => Object.values(each).flat()));
const ready = new Map<string, Assembled>();

export function provide(images: Readonly<Record<string, ReadyImage>>): void {
  for (const [path, image] of Object.entries(images)) ready.set(path, unpacked(image));
}

/** Loads images side by side. */
function load(paths: readonly string[]): void {
  const missing = paths.filter((path) => !ready.has(path));
  if (missing.length === 0) return;
  run(...missing.map(imageFile));
  for (const path of missing) ready.set(path, unpacked(made.rm1Images![path]!));
}

/** Loads what an opening will ask for one by one; where that fails, it is the opening that says so. */
export function expect({ scenario = Object.keys(RM1_NEEDS)[0]!, vmm }: { readonly scenario?: string; readonly vmm?: string }): void {
  const needs = RM1_NEEDS[scenario] ?? {};
  try {
    load(needs[vmm ?? Object.keys(needs)[0]!] ?? []);
  } catch {}
}

export function guestImage(path: string, changes: Changes = {}): Assembled {
  if (Object.keys(changes).length > 0 || !known.has(path)) return late().guestImage(path, changes);
  load([path]);
  return ready.get(path)!;
}

export const guestFiles = (changes?: Changes): FileProvider => ({ text: (path) => late().guestFiles(changes).text(path) });

type PortOf = typeof import('../porting.ts').portOf;
export const portOf: PortOf = (...given) => late().portOf(...given);
