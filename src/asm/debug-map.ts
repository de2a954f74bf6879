/**
 * The debug map: which source line, label and role belongs to each byte of an image. Plain data that survives JSON.
 * Views read it through `MapIndex` (map-index.ts), as a debugger does.
 */
import type { Emission, Recorder } from './emission.ts';
import { shownComment } from './pragmas.ts';
import type { Line } from './preprocess/frames.ts';
import type { Origin } from './preprocess/source.ts';
import { NO_ROLE, type Role } from './role.ts';
import type { Layout } from './sections.ts';
import type { SymbolKind, Symbols } from './symbols.ts';
import { NO_SECTION } from './vector.ts';

/** A line of a source file. */
export interface MapLine {
  /** Index into `files`. */
  readonly file: number;
  /** From 1. */
  readonly line: number;
}

/** An instruction, data, or reserved bytes, and the line that made it. */
export interface MapSpan extends MapLine {
  readonly kind: 'instruction' | 'data' | 'reserve';
  /** Virtual: where the code runs. */
  readonly address: number;
  /** In the image; -1 when it is not stored there. */
  readonly offset: number;
  readonly length: number;
  /** The comment behind the line; empty when there is none. */
  readonly comment: string;
  /** Where the outermost macro was used, when the line lies inside one. */
  readonly via?: MapLine & { readonly macro: string };
}

/** Spans that lie in one section; sections may overlap in virtual addresses, never in the image. */
export interface MapSection {
  readonly name: string;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  /** Sorted by address. */
  readonly spans: readonly MapSpan[];
  /** Sorted by address: from there on, up to the next. */
  readonly roles: readonly (Role & { readonly address: number })[];
  /** Sorted by address. */
  readonly labels: readonly MapLabel[];
}

export interface MapLabel {
  /** In full: `wait.again` of a local label. */
  readonly name: string;
  readonly address: number;
  readonly local: boolean;
}

export interface MapSymbol {
  readonly name: string;
  readonly value: number;
  /** A place in memory, a number by equ, or a field of a structure. */
  readonly kind: SymbolKind;
  /** Empty for numbers. */
  readonly section: string;
}

/** What the code from an address on is for, up to the next goal or the next function. */
export interface MapGoal extends MapLine {
  readonly text: string;
  readonly address: number;
  /** The section's name. */
  readonly section: string;
}

export interface DebugMap {
  readonly version: 1;
  readonly files: readonly string[];
  readonly sections: readonly MapSection[];
  readonly symbols: readonly MapSymbol[];
  readonly goals: readonly MapGoal[];
}

/** Gathers what the final pass does. */
export class MapRecorder implements Recorder {
  readonly emissions: Emission[] = [];
  readonly goals: (Pick<Emission, 'section' | 'absolute' | 'offset'> & { readonly text: string; readonly line: Line })[] = [];
  role: Role = NO_ROLE;

  emit(emission: Emission): void {
    this.emissions.push(emission);
  }

  setRole(role: Role): void {
    this.role = role;
  }

  goal(text: string, line: Line, at: Pick<Emission, 'section' | 'absolute' | 'offset'>): void {
    this.goals.push({ text, line, ...at });
  }
}

/** Builds the map when everything has its place. */
export function buildDebugMap(recorder: MapRecorder, layout: Layout, symbols: Symbols): DebugMap {
  const files: string[] = [];
  const fileIndex = new Map<string, number>();
  const fileOf = (name: string): number => {
    let index = fileIndex.get(name);
    if (index === undefined) {
      index = files.push(name) - 1;
      fileIndex.set(name, index);
    }
    return index;
  };
  const sections = [
    ...layout.all.map((section) => {
      const start = section.vstart ?? 0;
      const offset = section.kind === 'nobits' ? -1 : (section.start ?? 0) - layout.origin;
      const own = recorder.emissions.filter((e) => e.section === section.virtual && !e.absolute);
      return buildSection(section.name, start, start, offset, section.size, own, section.virtual, symbols, fileOf);
    }),
    ...absoluteSections(recorder, layout, symbols, fileOf),
  ];
  const goals = recorder.goals.map(({ text, line, section, absolute, offset }) => ({
    text,
    file: fileOf(line.source.file),
    line: line.source.line,
    address: sectionBase(layout, section) + offset,
    section: absolute ? 'absolute' : (layout.all.find((candidate) => candidate.virtual === section)?.name ?? ''),
  }));
  return { version: 1, files, sections, symbols: buildSymbols(layout, symbols), goals };
}

/** Bases of section numbers; a plain number has base 0. */
export function sectionBase(layout: Layout, number: number): number {
  if (number === NO_SECTION) return 0;
  const section = layout.all.find((candidate) => candidate.index === number >> 1);
  return (number % 2 === 0 ? section?.vstart : section?.start) ?? 0;
}

function outermost(origin: Origin | undefined): Origin | undefined {
  let found = origin;
  while (found?.parent !== undefined) found = found.parent;
  return found;
}

type FileOf = (name: string) => number;

function buildSection(
  name: string,
  address: number,
  base: number,
  offset: number,
  size: number,
  emissions: readonly Emission[],
  number: number,
  symbols: Symbols,
  fileOf: FileOf,
): MapSection {
  const sorted = [...emissions].sort((a, b) => a.offset - b.offset);
  const roles: (Role & { address: number })[] = [];
  const spans = sorted.map((e): MapSpan => {
    const at = base + e.offset;
    const last = roles[roles.length - 1];
    if (last === undefined || last.role !== e.role.role || last.name !== e.role.name) roles.push({ ...e.role, address: at });
    const { source, comment, origin } = e.line;
    const use = outermost(origin);
    return {
      kind: e.kind,
      address: at,
      offset: offset < 0 ? -1 : offset + e.offset,
      length: e.length,
      file: fileOf(source.file),
      line: source.line,
      comment: shownComment(comment),
      ...(use !== undefined && { via: { file: fileOf(use.file), line: use.line, macro: use.macro } }),
    };
  });
  const low = address - base;
  const labels: MapLabel[] = [];
  for (const [label, entry] of symbols.all()) {
    const at = Number(entry.offset);
    if (entry.kind !== 'label' || entry.section !== number || at < low || at > low + size || label.startsWith('..')) continue;
    labels.push({ name: label, address: base + at, local: label.includes('.') });
  }
  labels.sort((a, b) => a.address - b.address || Number(a.local) - Number(b.local));
  return { name, address, offset, size, spans, roles, labels };
}

/** What `absolute` laid out beside the sections, by what it is relative to. */
function absoluteSections(recorder: MapRecorder, layout: Layout, symbols: Symbols, fileOf: FileOf): MapSection[] {
  const groups = new Map<number, Emission[]>();
  for (const e of recorder.emissions) {
    if (!e.absolute) continue;
    const list = groups.get(e.section);
    if (list === undefined) groups.set(e.section, [e]);
    else list.push(e);
  }
  return [...groups].map(([number, emissions]) => {
    const base = sectionBase(layout, number);
    const low = Math.min(...emissions.map((e) => e.offset));
    const high = Math.max(...emissions.map((e) => e.offset + e.length));
    return buildSection('absolute', base + low, base, -1, high - low, emissions, number, symbols, fileOf);
  });
}

function buildSymbols(layout: Layout, symbols: Symbols): MapSymbol[] {
  const found: MapSymbol[] = [];
  for (const [name, { section, offset, kind }] of symbols.all()) {
    if (name.startsWith('..')) continue;
    const owner = layout.all.find((candidate) => section !== NO_SECTION && candidate.index === section >> 1);
    found.push({ name, value: sectionBase(layout, section) + Number(offset), kind, section: owner?.name ?? '' });
  }
  return found;
}
