/** The images on our machine print what they printed when they were last held against the peers. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { hasNasm, NO_NASM, nasm } from '../asm/support/nasm.ts';
import { compare, fromText, isUnexplained } from './support/compare.ts';
import { imageOf } from './support/images.ts';
import { runOurs } from './support/ours.ts';
import { fileOf, RUNS } from './support/runs.ts';

const folder = fileURLToPath(new URL('.', import.meta.url)).replace(/[\\/]$/, '');
const expected = (file: string) => fromText(readFileSync(`${folder}/expected/${file}`, 'utf8'));

const images = new Map<string, Uint8Array>();
function assembled(name: string): Uint8Array {
  const image = images.get(name) ?? imageOf(folder, name);
  images.set(name, image);
  return image;
}

const guests = [...new Map(RUNS.map((run) => [`${run.image} as ${run.processor}`, run]))];

describe('hypervisor images beside Bochs and QEMU', () => {
  test.each(guests)('%s', (_, run) => {
    const lines = runOurs(run.image, assembled(run.image), run.processor);
    for (const other of RUNS.filter(({ image, processor }) => image === run.image && processor === run.processor)) {
      expect(lines, `beside ${other.peer}`).toEqual(expected(fileOf(other)).ours);
    }
  });

  test.skipIf(!hasNasm)(hasNasm ? 'each image is the one that nasm makes' : NO_NASM, () => {
    const wrong = [...new Set(RUNS.map(({ image }) => image))].filter((name) => {
      const theirs = nasm({ file: `${folder}/images/${name}.asm`, include: [`${folder}/images/lib`] });
      return Buffer.compare(assembled(name), theirs.image ?? new Uint8Array()) !== 0;
    });
    expect(wrong).toEqual([]);
  });

  test('every difference from a peer has a reason', () => {
    const unexplained = RUNS.flatMap((run) => {
      const { ours, theirs } = expected(fileOf(run));
      return compare(run, ours, theirs).filter(isUnexplained);
    });
    expect(unexplained).toEqual([]);
  });

  test('nothing else is kept', () => {
    expect(readdirSync(`${folder}/expected`).sort()).toEqual(RUNS.map(fileOf).sort());
  });
});
