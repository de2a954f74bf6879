/** The guests of this repository, assembled when they are first asked for. */
import { type Assembled, assemble, type FileProvider } from '../asm/index.ts';
import { GUEST_SOURCES } from './guest-sources.ts';
import { packed, type ReadyImage, unpacked } from './ready-image.ts';
import { SourceErrors } from './source-errors.ts';

export { portOf } from './porting.ts';
export { SourceErrors } from './source-errors.ts';

const PREFIX = /^(\.\/)?(src\/guest\/)?/;

/** The sources by their path in src/guest; `extra` is found first. */
export function guestFiles(extra: Readonly<Record<string, string>> = {}): FileProvider {
  return { text: (path) => extra[path] ?? GUEST_SOURCES[path.replace(PREFIX, '')] };
}

const assembled = new Map<string, Assembled>();

const asked = new Set<string>();

/** The images that were asked for since this was asked last. */
export function imagesAskedFor(): readonly string[] {
  const paths = [...asked];
  asked.clear();
  return paths;
}

/** Takes images that were assembled elsewhere in place of their sources. */
export function provide(images: Readonly<Record<string, ReadyImage>>): void {
  for (const [path, image] of Object.entries(images)) assembled.set(path, unpacked(image));
}

/** Where images are kept from one run of a program to the next. */
export interface ImageStore {
  read(path: string): ReadyImage | undefined;
  write(path: string, image: ReadyImage): void;
}

let store: ImageStore | null = null;

/** From now on images are looked for in the store before they are assembled, and left in it. Only for a store whose images are of these sources. */
export function keepImages(next: ImageStore | null): void {
  store = next;
}

/** Texts that stand in for sources of src/guest, by their path there. */
export type Changes = Readonly<Record<string, string>>;

const NO_CHANGES: Changes = {};

/** An image of the catalogue, with the reader's changes. Throws SourceErrors. */
export function guestImage(path: string, changes: Changes = NO_CHANGES): Assembled {
  asked.add(path);
  const asItIs = Object.keys(changes).every((changed) => !sourcesOf(path).has(changed));
  return asItIs ? asItStands(path) : assembledWith(path, changes);
}

function asItStands(path: string): Assembled {
  const known = assembled.get(path);
  if (known !== undefined) return known;
  const kept = store?.read(path);
  const image = kept === undefined ? assembledWith(path, NO_CHANGES) : unpacked(kept);
  if (kept === undefined) store?.write(path, packed(image));
  assembled.set(path, image);
  return image;
}

function assembledWith(path: string, changes: Changes): Assembled {
  const result = assemble(guestFiles(changes), path);
  if (!result.ok) throw new SourceErrors(result.errors);
  return result;
}

const included = new Map<string, ReadonlySet<string>>();

/** A source of this repository and all that it may include; an image's map names only those that left code or data in it. */
function sourcesOf(path: string): ReadonlySet<string> {
  let sources = included.get(path);
  if (sources === undefined) {
    const found = new Set([path]);
    for (const one of found)
      for (const [, next = ''] of (GUEST_SOURCES[one] ?? '').matchAll(/^[ \t]*%include[ \t]+"([^"]+)"/gm)) found.add(next);
    sources = found;
    included.set(path, sources);
  }
  return sources;
}

/**
 * A reader's source, which may include the sources of this repository, and other files if `read` finds them. Throws SourceErrors.
 */
export function assembleSource(name: string, text: string, read?: (path: string) => Uint8Array | undefined): Assembled {
  const own = guestFiles({ [name]: text });
  const decoder = new TextDecoder();
  const files: FileProvider = {
    text: (path) => {
      const found = path === name ? undefined : read?.(path);
      return found === undefined ? own.text(path) : decoder.decode(found);
    },
    bytes: (path) => read?.(path),
  };
  const result = assemble(files, name);
  if (!result.ok) throw new SourceErrors(result.errors);
  return result;
}
