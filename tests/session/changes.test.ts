import { describe, expect, test } from 'vitest';
import { crc32 } from '../../src/lib/crc32.ts';
import { applied, editsOf } from '../../src/session/edits.ts';
import { guestFiles, SourceErrors } from '../../src/session/guests.ts';
import { Session } from '../../src/session/session.ts';
import fc, { runs } from '../support/cases.ts';

const GUEST = 'first-exit/guest.inc';

const textOf = (session: Session, path: string): string => session.sources().find((file) => file.path === path)!.text;

describe('the reader’s changes', () => {
  test('the sources of an image, the main one first, each once, with the image they belong to', () => {
    const files = Session.open({ scenario: 'two-kernels', vmm: 'vtx' }).sources();
    expect(files[0]).toMatchObject({ path: 'duet/duet.asm', image: 'duet/duet.asm' });
    expect(files.map(({ path }) => path)).toContain('vmm/vtx/exits.inc');
    expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
  });

  test('of a source that leaves no code of its own: it is among the sources, and counts', () => {
    const path = 'first-exit/refused.asm';
    const text = textOf(Session.open({ scenario: 'refused-entry' }), path);
    const mended = Session.open({ scenario: 'refused-entry', changes: { [path]: text.replace('%define FORGETS_THE_LINK', '') } });
    mended.run(5000);
    expect(mended.view().exits.total).toBe(11);
    const numbers = Session.open({
      scenario: 'first-exit',
      changes: { 'vmm/lib/vmcs.inc': guestFiles().text('vmm/lib/vmcs.inc')!.replace('681Eh', '681Ch') },
    });
    numbers.run(5000);
    expect(numbers.view().exits.total).not.toBe(11);
  });

  test('run: another character on the console, at the same place', () => {
    const original = Session.open({ scenario: 'first-exit' });
    const changed = Session.open({
      scenario: 'first-exit',
      changes: { [GUEST]: textOf(original, GUEST).replace("'1'", "'A'").replace('"1"', '"A"') },
    });
    original.run(5000);
    changed.run(5000);
    const text = (session: Session) =>
      session
        .view()
        .consoles.map((one) => one.text)
        .join('\n');
    expect(textOf(changed, GUEST)).not.toBe(textOf(original, GUEST));
    expect(text(changed)).not.toBe(text(original));
  });

  test('of a monitor as well; and the catalogue’s own image stays as it was', () => {
    const path = 'vmm/vtx/exits.inc';
    const text = textOf(Session.open({ scenario: 'two-kernels', vmm: 'vtx' }), path);
    expect(() => Session.open({ scenario: 'two-kernels', vmm: 'vtx', changes: { [path]: `${text}\n moov eax\n` } })).toThrow(SourceErrors);
    expect(textOf(Session.open({ scenario: 'two-kernels', vmm: 'vtx' }), path)).toBe(text);
  });
});

describe('changes as lines', () => {
  const textOf = guestFiles().text;
  const lines = (path: string) => textOf(path)!.split('\n');

  test('lead to the same texts again, and are none where nothing changed', () => {
    const path = 'vmm/vtx/exits.inc';
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: lines(path).length - 1 }), fc.nat({ max: 3 }), fc.array(fc.string())), { maxLength: 4 }),
        (cuts) => {
          const changed = lines(path);
          for (const [at, gone, come] of cuts) changed.splice(at, gone, ...come);
          const text = changed.join('\n');
          const edits = editsOf({ [path]: text }, textOf);
          expect(edits).toHaveLength(text === textOf(path) ? 0 : 1);
          expect(applied(edits, textOf)[path] ?? textOf(path)).toBe(text);
        },
      ),
      { numRuns: runs(40) },
    );
  });

  test('of another text, of no source, beyond the end: refused in words', () => {
    const edit = { path: GUEST, of: crc32(textOf(GUEST)!), hunks: [] };
    expect(() => applied([{ ...edit, of: '00000000' }], textOf)).toThrow('another text here');
    expect(() => applied([{ ...edit, path: 'no/such.inc' }], textOf)).toThrow('no such source');
    expect(() => applied([{ ...edit, hunks: [[100_000, 1]] }], textOf)).toThrow('does not fit');
    expect(() =>
      applied(
        [
          {
            ...edit,
            hunks: [
              [9, 2],
              [8, 1],
            ],
          },
        ],
        textOf,
      ),
    ).toThrow('does not fit');
  });

  test('and typed keys make the same machine elsewhere, in any order of steps', () => {
    const here = Session.open({
      scenario: 'one-system',
      vmm: 'none',
      changes: { 'minim/syscall.inc': `; mine\n${textOf('minim/syscall.inc')}` },
    });
    here.seek(40_000);
    here.type(0, [108, 115]);
    here.seek(90_000);
    here.type(0, [13]);
    here.seek(160_000);
    const { edits, inputs } = here.setup;
    expect(inputs).toEqual([
      [40_000, 0, 'ls'],
      [90_000, 0, '\r'],
    ]);
    const there = Session.open({ scenario: 'one-system', vmm: 'none', edits, inputs });
    there.seek(160_000);
    expect(there.machine.hash()).toBe(here.machine.hash());
    expect(there.setup).toEqual(here.setup);
    expect(() => Session.open({ scenario: 'one-system', inputs: [[0, 9, 'x']] })).toThrow('console 9');
  });
});
