import { describe, expect, test } from 'vitest';
import { SourceErrors } from '../../src/session/guests.ts';
import { Session } from '../../src/session/session.ts';

const GUEST = 'first-exit/guest.inc';

const textOf = (session: Session, path: string): string => session.sources().find((file) => file.path === path)!.text;

describe('the reader’s changes', () => {
  test('the sources of an image, the main one first, each once, with the image they belong to', () => {
    const files = Session.open({ scenario: 'two-kernels', vmm: 'vtx' }).sources();
    expect(files[0]).toMatchObject({ path: 'duet/duet.asm', image: 'duet/duet.asm' });
    expect(files.map(({ path }) => path)).toContain('vmm/vtx/exits.inc');
    expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
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
