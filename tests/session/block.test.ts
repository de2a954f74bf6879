import { describe, expect, test } from 'vitest';
import { Session } from '../../src/session/session.ts';
import type { BlockField, BlockView } from '../../src/session/views.ts';

/** Step of the first exit of first-exit: its MOV CR3. */
const EXIT = 613;

function blockAt(n: number): BlockView | null | undefined {
  const session = Session.open({ scenario: 'first-exit' });
  session.withBlock = true;
  session.seek(n);
  return session.view().block;
}

const fieldOf = (block: ReturnType<typeof blockAt>, id: string): BlockField =>
  block!.groups.flatMap((group) => group.fields).find((field) => field.id === id)!;

describe('the VMCS, field by field', () => {
  test('only when asked for', () => {
    const session = Session.open({ scenario: 'first-exit' });
    session.seek(EXIT);
    expect(session.view().block).toBeUndefined();
  });

  test('there is none before VMPTRLD', () => {
    expect(blockAt(1)).toBeNull();
  });

  test('before the exit and behind it: what the processor wrote', () => {
    const [before, after] = [blockAt(EXIT - 1), blockAt(EXIT)];
    expect(before).toMatchObject({ kind: 'VMCS', vm: 1, state: 'launched', refusal: '' });
    expect(fieldOf(before, '4402h').value).toBe('00000000');
    expect(fieldOf(after, '4402h')).toMatchObject({ name: 'Exit reason', value: '0000001C', meaning: 'Control-register access' });
    expect(fieldOf(after, '6400h').value).toBe('00000003');
    expect(fieldOf(after, '440Ch').value).toBe('00000003');
  });

  test('what is in force, in words', () => {
    const block = blockAt(EXIT);
    expect(fieldOf(block, '4002h').meaning).toContain('CR3-load exiting');
    expect(fieldOf(block, '6800h').meaning).toMatch(/^PE .*PG$/);
    expect(fieldOf(block, '4816h').meaning).toBe('code, readable, DPL 0, 32-bit');
    expect(fieldOf(block, '4820h').meaning).toBe('unusable');
  });

  test('a Core Duo has no fields of later processors', () => {
    const ids = blockAt(EXIT)!.groups.flatMap((group) => group.fields.map(({ id }) => id));
    expect(ids).not.toContain('201Ah');
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('every field says what it is for', () => {
    const session = Session.open({ scenario: 'two-kernels', vmm: 'vtx', paging: 'nested' });
    session.withBlock = true;
    session.run(60_000);
    const amd = Session.open({ scenario: 'two-kernels', vmm: 'svm' });
    amd.withBlock = true;
    amd.run(60_000);
    for (const block of [blockAt(EXIT), session.view().block, amd.view().block]) {
      const silent = block!.groups.flatMap(({ fields }) => fields.filter(({ about }) => about === '').map(({ name }) => name));
      expect(silent).toEqual([]);
    }
  });

  test('the checks of an entry, as they stand: all hold behind one, and the one that refuses it is marked', () => {
    const checks = blockAt(EXIT)!.checks;
    expect(checks.length).toBeGreaterThan(80);
    expect(new Set(checks.map(({ rule }) => rule)).size).toBe(checks.length);
    expect(checks.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
    const session = Session.open({ scenario: 'refused-entry' });
    session.withBlock = true;
    session.seek(500);
    for (let n = 0; n < 400 && session.view().block?.refusal === ''; n++) session.step();
    const { block } = session.view();
    const failed = block!.checks.find(({ outcome }) => outcome === 'failed');
    expect(block!.refusal).toContain(failed!.rule);
  });

  test('every field lies in one group, and each group says when it is read and written', () => {
    for (const group of blockAt(EXIT)!.groups) {
      expect(group.when).not.toBe('');
      expect(group.fields.length).toBeGreaterThan(5);
    }
  });
});
