import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assemble } from '../../src/asm/index.ts';
import { corpus } from './support/corpus.ts';
import { FEATURES } from './support/features.ts';
import { hasNasm, NO_NASM, nasm } from './support/nasm.ts';
import { program } from './support/programs.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const HEAD = ['org 0x100', 'constant equ 5', 'here:'];
const TAIL = ['ahead: nop', 'times 70000 db 0', 'far_away: nop'];

const text = (bits: number, lines: readonly string[]): string => `${[`bits ${bits}`, ...HEAD, ...lines, ...TAIL].join('\n')}\n`;

const ours = (source: string) => assemble({ text: (path) => (path === 'main.asm' ? source : undefined) }, 'main.asm');

/** Lines that both assemblers take, found by leaving out what either refuses until both are content. */
function commonLines(bits: number, all: readonly string[]): { lines: string[]; image: Uint8Array; expected: Uint8Array } {
  let lines = [...all];
  for (let round = 0; round < 12; round++) {
    const source = text(bits, lines);
    const theirs = nasm({ text: source });
    const mine = ours(source);
    if (mine.ok && theirs.image !== undefined) return { lines, image: mine.image, expected: theirs.image };
    const refused = new Set([...theirs.errorLines, ...(mine.ok ? [] : mine.errors.map((error) => error.line))]);
    if (refused.size === 0) throw new Error(theirs.stderr);
    lines = lines.filter((_, i) => !refused.has(i + HEAD.length + 2));
  }
  throw new Error('no common lines were found');
}

function sourcesUnder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? sourcesUnder(path) : path.endsWith('.asm') ? [path] : [];
  });
}

describe.skipIf(!hasNasm)(hasNasm ? 'byte for byte as nasm -f bin' : NO_NASM, () => {
  test.each([32, 16])('every form of every row in %i-bit code, with all kinds of operands', (bits) => {
    const all = corpus(7 + bits, 4);
    const { lines, image, expected } = commonLines(bits, all);
    expect(lines.length).toBeGreaterThan(all.length * 0.85);
    if (hex(image) === hex(expected)) return;
    for (const line of lines) {
      const single = text(bits, [line]);
      const mine = ours(single);
      expect(`${line}: ${mine.ok ? hex(mine.image) : ''}`).toBe(`${line}: ${hex(nasm({ text: single }).image ?? new Uint8Array())}`);
    }
  });

  test('random programs, whose jumps and numbers depend on each other', () => {
    let compared = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const source = program(seed);
      const theirs = nasm({ text: source });
      if (theirs.image === undefined) continue;
      const mine = ours(source);
      expect(mine.ok && hex(mine.image), `seed ${seed}`).toBe(hex(theirs.image));
      compared++;
    }
    expect(compared).toBeGreaterThan(20);
  });

  test.each(Object.entries(FEATURES))('%s', (_name, source) => {
    const theirs = nasm({ text: source });
    expect(theirs.stderr).toBe('');
    const mine = ours(source);
    expect(mine.ok ? [] : mine.errors).toEqual([]);
    expect(mine.ok && hex(mine.image)).toBe(hex(theirs.image ?? new Uint8Array()));
  });

  const guests = sourcesUnder('src/guest');
  test.each(guests)('%s', (file) => {
    const read = (path: string): string | undefined =>
      [path, `src/guest/${path}`].filter((place) => existsSync(place)).map((place) => readFileSync(place, 'utf8'))[0];
    const theirs = nasm({ file, include: ['src/guest'] });
    expect(theirs.stderr).toBe('');
    const mine = assemble({ text: read, bytes: (path) => readFileSync(path) }, file);
    expect(mine.ok ? [] : mine.errors).toEqual([]);
    expect(mine.ok && hex(mine.image) === hex(theirs.image ?? new Uint8Array())).toBe(true);
  });
});
