/** Byte for byte as NASM, line by line: each form of each row with every kind of operand, and each way to write an address. */
import { describe, expect, test } from 'vitest';
import { type Assembled, assemble } from '../../src/asm/index.ts';
import { ROWS } from '../../src/isa/table.ts';
import { addressingForms, corpus } from './support/corpus.ts';
import { covered, isBeyondCorpus, missingAddresses } from './support/coverage.ts';
import { hasNasm, NO_NASM, nasm } from './support/nasm.ts';

/** Lines to compare in both code sizes together, at least. */
const LINES = 20_000;
/** Of each form with operands. */
const ROUNDS = 10;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const HEAD = ['org 0x100', 'constant equ 5', 'here:'];
const TAIL = ['ahead: nop', 'times 70000 db 0', 'far_away: nop'];

const text = (bits: number, lines: readonly string[]): string => `${[`bits ${bits}`, ...HEAD, ...lines, ...TAIL].join('\n')}\n`;

const ours = (source: string) => assemble({ text: (path) => (path === 'main.asm' ? source : undefined) }, 'main.asm');

/** Lines that both assemblers take, found by leaving out what either refuses until both are content. */
function commonLines(bits: number, all: readonly string[]): { lines: string[]; assembled: Assembled; expected: Uint8Array } {
  let lines = [...all];
  for (let round = 0; round < 12; round++) {
    const source = text(bits, lines);
    const theirs = nasm({ text: source });
    const mine = ours(source);
    if (mine.ok && theirs.image !== undefined) return { lines, assembled: mine, expected: theirs.image };
    const refused = new Set([...theirs.errorLines, ...(mine.ok ? [] : mine.errors.map((error) => error.line))]);
    if (refused.size === 0) throw new Error(theirs.stderr);
    lines = lines.filter((_, i) => !refused.has(i + HEAD.length + 2));
  }
  throw new Error('no common lines were found');
}

describe.skipIf(!hasNasm)(hasNasm ? 'byte for byte as nasm -f bin' : NO_NASM, () => {
  test.each([32, 16] as const)(
    'every form of every row in %i-bit code, with all kinds of operands, and every addressing form',
    { timeout: 120_000 },
    (bits) => {
      const all = [...corpus(7 + bits, ROUNDS), ...addressingForms()];
      const { lines, assembled, expected } = commonLines(bits, all);
      console.log(`${bits}-bit code: ${lines.length} lines compared`);
      expect(lines.length).toBeGreaterThan(LINES / 2);
      expect(lines.length).toBeGreaterThan(all.length * 0.85);
      const same = hex(assembled.image) === hex(expected);
      for (const line of same ? [] : lines) {
        const single = text(bits, [line]);
        const mine = ours(single);
        expect(`${line}: ${mine.ok ? hex(mine.image) : ''}`).toBe(`${line}: ${hex(nasm({ text: single }).image ?? new Uint8Array())}`);
      }
      expect(same).toBe(true);
      const { rows, addresses } = covered(assembled, bits);
      expect(
        ROWS.filter((row) => !rows.has(row) && !isBeyondCorpus(row)).map(({ mnemonic, encoding }) => `${mnemonic} ${encoding}`),
      ).toEqual([]);
      expect(ROWS.filter((row) => rows.has(row) && isBeyondCorpus(row))).toEqual([]);
      expect(missingAddresses(addresses)).toEqual([]);
    },
  );
});
