/** Images assembled when the site is built, so that a page needs neither their sources nor the assembler. */
import type { Assembled, DebugMap } from '../asm/index.ts';

type Section = DebugMap['sections'][number];
type Span = Section['spans'][number];

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

/** Plain data that survives JSON. */
export interface ReadyImage {
  readonly org: number;
  readonly entry: number;
  /** Two hexadecimal digits a byte. */
  readonly bytes: string;
  readonly map: Omit<DebugMap, 'sections'> & { readonly sections: readonly (Omit<Section, 'spans'> & { readonly spans: Spans })[] };
}

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

function rows(section: Omit<Section, 'spans'>, { kinds, lengths, files, lines, gaps, comments, vias }: Spans): Span[] {
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
  const sections = map.sections.map((section) => ({ ...section, spans: columns(section) }));
  return { org, entry, bytes, map: { ...map, sections } };
}

export function unpacked({ org, entry, bytes, map: ready }: ReadyImage): Assembled {
  const image = Uint8Array.from({ length: bytes.length / 2 }, (_, k) => Number.parseInt(bytes.slice(2 * k, 2 * k + 2), 16));
  const sections = ready.sections.map((section) => ({ ...section, spans: rows(section, section.spans) }));
  const map: DebugMap = { ...ready, sections };
  return { ok: true, image, org, entry, symbols: map.symbols, listing: '', map, warnings: [] };
}
