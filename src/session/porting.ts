/** A ported kernel's sources, line by line beside those they were made from. */
import { commonLines } from './common-lines.ts';
import { PORTS } from './ports.ts';
import type { PortedSource, PortLine, PortPart } from './views.ts';

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/** Without its comment; a semicolon in quotes begins none. */
const codeOf = (line: string): string => line.replace(/^((?:[^;"']|"[^"]*"|'[^']*')*);.*$/, '$1').trim();

const codeLines = (lines: readonly PortLine[]): number => lines.filter(({ text }) => codeOf(text) !== '').length;

/** `;@ port REASON`: for who compares, and in no source that was not ported. */
const REASON = /^\s*;@ port (.*)$/;

const linesOf = (text: string): readonly PortLine[] =>
  text
    .replace(/\n$/, '')
    .split('\n')
    .map((line, k) => ({ line: k + 1, text: line.trimEnd() }));

function differing(old: readonly PortLine[], now: readonly PortLine[]): PortPart {
  const why = now.flatMap(({ text }) => REASON.exec(text)?.[1] ?? []).join('; ');
  return { alike: false, why, old, now: now.filter(({ text }) => !REASON.test(text)) };
}

function partsOf(old: readonly PortLine[], now: readonly PortLine[]): readonly PortPart[] {
  const parts: PortPart[] = [];
  let [a, b] = [0, 0];
  let alike: [PortLine[], PortLine[]] = [[], []];
  const close = () => {
    if (alike[0].length > 0) parts.push({ alike: true, why: '', old: alike[0], now: alike[1] });
    alike = [[], []];
  };
  const texts = (lines: readonly PortLine[]) => lines.map(({ text }) => text);
  for (const [x, y] of [...commonLines(texts(old), texts(now)), [old.length, now.length] as const]) {
    if (a < x || b < y) {
      close();
      parts.push(differing(old.slice(a, x), now.slice(b, y)));
    }
    if (x < old.length) {
      alike[0].push(old[x]);
      alike[1].push(now[y]);
    }
    [a, b] = [x + 1, y + 1];
  }
  close();
  return parts;
}

/** @param from path of the source it was made from, `was` its text; empty for a new source */
export function comparePort(from: string, was: string, text: string): PortedSource {
  const now = linesOf(text);
  const parts = partsOf(from === '' ? [] : linesOf(was), now);
  const others = parts.filter(({ alike }) => !alike);
  const sum = (lines: (part: PortPart) => readonly PortLine[]): number => others.reduce((all, part) => all + codeLines(lines(part)), 0);
  return { from, code: codeLines(now), changed: sum((part) => part.now), gone: sum((part) => part.old), parts };
}

/**
 * How each source of an image was ported, by its path; empty for an image that is no port of another's sources.
 *
 * @param image path of the image's own source
 * @param paths all its sources
 */
export function portOf(
  image: string,
  paths: readonly string[],
  textOf: (path: string) => string | undefined,
): ReadonlyMap<string, PortedSource> {
  const original = Object.entries(PORTS).find(([, ported]) => ported === image)?.[0];
  if (original === undefined) return new Map();
  const [folder, was] = [folderOf(image), folderOf(original)];
  const isPorted = (path: string) => path.startsWith(folder);
  const kept = paths.filter((path) => path.startsWith(was) && !isPorted(path));
  if (kept.length === 0) return new Map();
  return new Map(
    paths.flatMap((path): [string, PortedSource][] => {
      const text = textOf(path);
      if (text === undefined) return [];
      if (kept.includes(path)) return [[path, { from: path, code: codeLines(linesOf(text)), changed: 0, gone: 0, parts: [] }]];
      if (!isPorted(path)) return [];
      const from = was + path.slice(folder.length);
      const before = textOf(from);
      return [[path, before === undefined ? comparePort('', '', text) : comparePort(from, before, text)]];
    }),
  );
}
