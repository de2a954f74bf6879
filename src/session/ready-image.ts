/** Images assembled when the site is built, so that a page needs neither their sources nor the assembler. */
import type { Assembled, DebugMap } from '../asm/index.ts';

type Section = DebugMap['sections'][number];
type Span = Section['spans'][number];
type Label = Section['labels'][number];
type Symbols = DebugMap['symbols'];
type Goal = DebugMap['goals'][number];

/** A section's spans in columns, each of which packs well. Lines and addresses are told from the span before; the rest follows from the section. */
interface Spans {
  /** First letters of the kinds. */
  readonly kinds: string;
  readonly lengths: readonly number[];
  readonly files: readonly number[];
  /** More than the line before. */
  readonly lines: readonly number[];
  /** Bytes between the span before and this one. */
  readonly gaps: readonly number[];
  readonly comments: readonly string[];
  /** By index of their span: where a macro was used. */
  readonly vias: Readonly<Record<number, Span['via']>>;
}

/** Symbols in columns. */
interface Names {
  /** Separated by spaces. */
  readonly names: string;
  /** More than the value before. */
  readonly values: readonly number[];
  /** First letters of the kinds. */
  readonly kinds: string;
  readonly sections: readonly string[];
  /** By symbol the index of its section. */
  readonly section: string;
}

/** Purposes in columns. */
interface Goals {
  readonly texts: readonly string[];
  /** More than the address before. */
  readonly addresses: readonly number[];
  readonly files: readonly number[];
  /** More than the line before. */
  readonly lines: readonly number[];
  readonly sections: readonly string[];
  /** By purpose the index of its section. */
  readonly section: string;
}

interface ReadySection extends Omit<Section, 'spans' | 'labels'> {
  readonly spans: Spans;
  /** Null where the symbols say them. */
  readonly labels: readonly Label[] | null;
}

/** Plain data that survives JSON. */
export interface ReadyImage {
  readonly org: number;
  readonly entry: number;
  /** Two hexadecimal digits a byte. */
  readonly bytes: string;
  readonly map: Omit<DebugMap, 'sections' | 'symbols' | 'goals'> & {
    readonly sections: readonly ReadySection[];
    readonly symbols: Names;
    readonly goals: Goals;
  };
}

const SYMBOL_KINDS: readonly Symbols[number]['kind'][] = ['label', 'constant', 'field'];
const KINDS: readonly Span['kind'][] = ['instruction', 'data', 'reserve'];

function columns({ address, spans }: Section): Spans {
  const before = (k: number) => spans[k - 1];
  const endBefore = (k: number) => (k === 0 ? address : before(k)!.address + before(k)!.length);
  return {
    kinds: spans.map(({ kind }) => kind[0]).join(''),
    lengths: spans.map(({ length }) => length),
    files: spans.map(({ file }) => file),
    lines: spans.map(({ line }, k) => line - (before(k)?.line ?? 0)),
    gaps: spans.map((span, k) => span.address - endBefore(k)),
    comments: spans.map(({ comment }) => comment),
    vias: Object.fromEntries(spans.flatMap(({ via }, k) => (via === undefined ? [] : [[k, via]]))),
  };
}

function namesOf(symbols: Symbols): Names {
  const sections = [...new Set(symbols.map(({ section }) => section))];
  return {
    names: symbols.map(({ name }) => name).join(' '),
    values: differences(symbols.map(({ value }) => value)),
    kinds: symbols.map(({ kind }) => kind[0]).join(''),
    sections,
    section: symbols.map(({ section }) => String.fromCharCode(48 + sections.indexOf(section))).join(''),
  };
}

const differences = (values: readonly number[]): number[] => values.map((value, k) => value - (values[k - 1] ?? 0));

/** The numbers of which these are the differences. */
function summed(differences: readonly number[]): number[] {
  let value = 0;
  return differences.map((difference) => (value += difference));
}

function goalColumns(goals: readonly Goal[]): Goals {
  const sections = [...new Set(goals.map(({ section }) => section))];
  return {
    texts: goals.map(({ text }) => text),
    addresses: differences(goals.map(({ address }) => address)),
    files: goals.map(({ file }) => file),
    lines: differences(goals.map(({ line }) => line)),
    sections,
    section: goals.map(({ section }) => String.fromCharCode(48 + sections.indexOf(section))).join(''),
  };
}

function goalsOf({ texts, addresses, files, lines, sections, section }: Goals): Goal[] {
  const [at, line] = [summed(addresses), summed(lines)];
  return texts.map((text, k) => ({
    text,
    file: files[k]!,
    line: line[k]!,
    address: at[k]!,
    section: sections[section.charCodeAt(k) - 48]!,
  }));
}

function symbolsOf({ names, values, kinds, sections, section }: Names): Symbols {
  const known = summed(values);
  return (names === '' ? [] : names.split(' ')).map((name, k) => {
    const kind = SYMBOL_KINDS.find((each) => each[0] === kinds[k])!;
    return { name, value: known[k]!, kind, section: sections[section.charCodeAt(k) - 48]! };
  });
}

/** What src/asm/debug-map.ts makes the labels of a section that is laid out as it is stored. */
const labelsOf = (symbols: Symbols, name: string): Label[] =>
  symbols
    .filter(({ kind, section }) => kind === 'label' && section === name)
    .map((symbol) => ({ name: symbol.name, address: symbol.value, local: symbol.name.includes('.') }))
    .sort((a, b) => a.address - b.address || Number(a.local) - Number(b.local));

function rows(section: Pick<Section, 'address' | 'offset'>, { kinds, lengths, files, lines, gaps, comments, vias }: Spans): Span[] {
  let line = 0;
  let address = section.address;
  return lengths.map((length, k) => {
    line += lines[k]!;
    address += gaps[k]!;
    const via = vias[k];
    const span: Span = {
      kind: KINDS.find((kind) => kind[0] === kinds[k])!,
      address,
      offset: section.offset < 0 ? -1 : section.offset + address - section.address,
      length,
      file: files[k]!,
      line,
      comment: comments[k]!,
      ...(via !== undefined && { via }),
    };
    address += length;
    return span;
  });
}

export function packed({ org, entry, image, map }: Assembled): ReadyImage {
  const bytes = Array.from(image, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const sections = map.sections.map((section): ReadySection => {
    const said = JSON.stringify(labelsOf(map.symbols, section.name)) === JSON.stringify(section.labels);
    return { ...section, spans: columns(section), labels: said ? null : section.labels };
  });
  return { org, entry, bytes, map: { ...map, sections, symbols: namesOf(map.symbols), goals: goalColumns(map.goals) } };
}

export function unpacked({ org, entry, bytes, map: ready }: ReadyImage): Assembled {
  const image = Uint8Array.from({ length: bytes.length / 2 }, (_, k) => Number.parseInt(bytes.slice(2 * k, 2 * k + 2), 16));
  const symbols = symbolsOf(ready.symbols);
  const sections = ready.sections.map((section) => ({
    ...section,
    spans: rows(section, section.spans),
    labels: section.labels ?? labelsOf(symbols, section.name),
  }));
  const map: DebugMap = { ...ready, sections, symbols, goals: goalsOf(ready.goals) };
  return { ok: true, image, org, entry, symbols, listing: '', map, warnings: [] };
}
