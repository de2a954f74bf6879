/** The instruction table is whole: a behaviour for each row, a row for each behaviour, and no encoding that two rows claim. */
import { describe, expect, test } from 'vitest';
import { EXEC } from '../../src/cpu/exec/table.ts';
import { type Candidate, OPCODES } from '../../src/isa/opcodes.ts';
import type { Row } from '../../src/isa/row.ts';
import { ROWS } from '../../src/isa/table.ts';

/** What the decoder gives for bytes that are no instruction. */
const NOT_ROWS = ['undefined', 'undefinedEscape', 'tooLong'];

function behaviours(row: Row): string[] {
  if (row.size === undefined) return [row.exec];
  if (row.size === 'b') return [`${row.exec}8`];
  if (row.size === 'v') return [`${row.exec}16`, `${row.exec}32`];
  return [`${row.exec}${row.size}`];
}

const name = (row: Row): string => `${row.mnemonic} ${row.operands.join(',')} (${row.encoding})`;

/** The conditions under which the decoder takes a candidate, one number for each combination of prefixes, operand size and ModRM byte. */
function claims(c: Candidate): Set<number> {
  const claimed = new Set<number>();
  for (const rep of [0, 0xf2, 0xf3])
    for (const size66 of [0, 1])
      for (const operandSize of [16, 32])
        for (let modrm = 0; modrm < 256; modrm++) {
          if (c.prefix === 0x66 ? size66 === 0 || rep !== 0 : c.prefix !== 0 && rep !== c.prefix) continue;
          if (c.noPrefix && (size66 !== 0 || rep !== 0)) continue;
          if (c.exact >= 0 && (modrm & c.exactMask) !== c.exact) continue;
          if (c.digit >= 0 && ((modrm >> 3) & 7) !== c.digit) continue;
          if (c.memoryOnly && modrm >= 0xc0) continue;
          if (c.operandSize !== 0 && c.operandSize !== operandSize) continue;
          claimed.add((rep << 12) | (size66 << 11) | ((operandSize === 16 ? 1 : 0) << 10) | modrm);
        }
  return claimed;
}

/** A row with a mandatory prefix goes before one without: `F3 90` is PAUSE, not NOP. */
const precedes = (a: Candidate, b: Candidate): boolean => a.prefix !== 0 && b.prefix === 0;

describe('the instruction table', () => {
  test.each(ROWS.map((row) => [name(row), row] as const))('%s has a behaviour', (_, row) => {
    for (const key of behaviours(row)) expect(EXEC[key], key).toBeTypeOf('function');
  });

  test('every behaviour has a row', () => {
    const wanted = new Set([...ROWS.flatMap(behaviours), ...NOT_ROWS]);
    expect(Object.keys(EXEC).filter((key) => !wanted.has(key))).toEqual([]);
  });

  test('no two rows claim the same bytes', () => {
    const overlaps: string[] = [];
    for (const candidates of OPCODES) {
      for (let a = 0; a < candidates.length; a++) {
        const first = claims(candidates[a]);
        for (let b = a + 1; b < candidates.length; b++) {
          if (precedes(candidates[a], candidates[b])) continue;
          for (const claim of claims(candidates[b])) {
            if (!first.has(claim)) continue;
            overlaps.push(`${name(candidates[a].row)} and ${name(candidates[b].row)}`);
            break;
          }
        }
      }
    }
    expect(overlaps).toEqual([]);
  });

  test('rows of one opcode agree on whether a ModRM byte follows', () => {
    for (const candidates of OPCODES) expect(new Set(candidates.map(({ modrm }) => modrm)).size).toBeLessThanOrEqual(1);
  });
});
