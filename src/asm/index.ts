/** The assembler: NASM's syntax and, byte for byte, NASM's flat binaries. */
import { say } from '../lib/say.ts';
import { buildDebugMap, type DebugMap, MapRecorder, sectionBase } from './debug-map.ts';
import type { AsmError } from './errors.ts';
import { renderListing } from './listing.ts';
import { runPasses } from './passes.ts';
import { type Layout, LayoutError, layOut, type Section } from './sections.ts';
import type { Symbols } from './symbols.ts';

export type { DebugMap, MapGoal, MapLabel, MapSection, MapSpan, MapSymbol } from './debug-map.ts';
export { type AsmError, formatError } from './errors.ts';
export { MapIndex, type MapPlace } from './map-index.ts';

/**
 * Gives the files that sources name: text for %include, bytes for incbin.
 * A name is tried as it is written, then beside the file that names it.
 */
export interface FileProvider {
  text(path: string): string | undefined;
  bytes?(path: string): Uint8Array | undefined;
}

export interface Assembled {
  readonly ok: true;
  readonly image: Uint8Array;
  /** Address of the image's first byte. */
  readonly org: number;
  /** Address of `_start` or `start`, else of the image. */
  readonly entry: number;
  readonly symbols: DebugMap['symbols'];
  readonly listing: string;
  readonly map: DebugMap;
  readonly warnings: readonly AsmError[];
}

export interface Failed {
  readonly ok: false;
  readonly errors: readonly AsmError[];
  readonly warnings: readonly AsmError[];
}

const MAX_IMAGE = 1 << 28;

/** Assembles a source and what it includes. Never throws, whatever the source. */
export function assemble(files: FileProvider, main: string): Assembled | Failed {
  const recorder = new MapRecorder();
  const finished = runPasses(
    {
      main,
      readText: (name, from) => {
        for (const path of paths(name, from)) {
          const text = files.text(path);
          if (text !== undefined) return { path, text };
        }
        return undefined;
      },
      readBytes: (name, from) => {
        for (const path of paths(name, from)) {
          const bytes = files.bytes?.(path);
          if (bytes !== undefined) return bytes;
        }
        return undefined;
      },
    },
    recorder,
  );
  const { assembler, symbols, errors, warnings } = finished;
  const fail = (message: string): Failed => ({
    ok: false,
    errors: [...errors, { file: main, line: 1, column: 1, message, hint: '' }],
    warnings,
  });
  if (errors.length > 0) return { ok: false, errors, warnings };
  let layout: Layout;
  try {
    layout = layOut(assembler.sections, assembler.origin);
  } catch (error) {
    if (!(error instanceof LayoutError)) throw error;
    return fail(error.message);
  }
  const size = Math.max(
    0,
    ...layout.image.map((section) => (section.size === 0 ? 0 : (section.start ?? 0) - layout.origin + section.size)),
  );
  if (size > MAX_IMAGE) return fail(say`the image would be larger than 256 MiB: sections lie too far apart`);
  for (const section of layout.image) applyFixups(section, layout);
  const image = new Uint8Array(size);
  for (const section of layout.image) image.set(section.bytes, section.size === 0 ? 0 : (section.start ?? 0) - layout.origin);
  const map = buildDebugMap(recorder, layout, symbols);
  const listing = renderListing(finished.lines, recorder.emissions, assembler.sections);
  const entry = entryOf(symbols, layout) ?? layout.origin;
  return { ok: true, image, org: layout.origin, entry, symbols: map.symbols, listing, map, warnings };
}

function applyFixups(section: Section, layout: Layout): void {
  for (const fixup of section.fixups) {
    let value = 0;
    for (const { section: number, factor } of fixup.terms) value += factor * sectionBase(layout, number);
    section.patch(fixup, value);
  }
}

function entryOf(symbols: Symbols, layout: Layout): number | undefined {
  for (const name of ['_start', 'start']) {
    const found = symbols.lookup(name);
    if (found !== undefined) return sectionBase(layout, found.section) + Number(found.offset);
  }
  return undefined;
}

/** Where a file may be that another one names. */
function paths(name: string, from: string | undefined): string[] {
  const slash = from?.lastIndexOf('/') ?? -1;
  return from === undefined || slash < 0 || name.startsWith('/') ? [name] : [name, from.slice(0, slash + 1) + name];
}
