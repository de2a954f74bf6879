import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assemble } from '../../src/asm/index.ts';
import { FEATURES } from './support/features.ts';
import { hasNasm, NO_NASM, nasm } from './support/nasm.ts';
import { program } from './support/programs.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const ours = (source: string) => assemble({ text: (path) => (path === 'main.asm' ? source : undefined) }, 'main.asm');

function sourcesUnder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? sourcesUnder(path) : path.endsWith('.asm') ? [path] : [];
  });
}

describe.skipIf(!hasNasm)(hasNasm ? 'byte for byte as nasm -f bin' : NO_NASM, () => {
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
