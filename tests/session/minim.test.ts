import { describe, expect, test } from 'vitest';
import { at } from '../../src/cpu/state.ts';
import { Session } from '../../src/session/session.ts';
import { explored } from './support/sessions.ts';

const SYSTEM = { scenario: 'one-system' } as const;

/** The first step from here on, by way of the events, at which the view is as wanted. */
function until(session: Session, wanted: (session: Session) => boolean): void {
  while (!wanted(session)) {
    const { n } = session;
    for (const _ of session.nextEvent());
    if (session.n === n) expect.unreachable('it never came');
  }
}

describe('minim on the stage', () => {
  test('types what the scenario says, and then waits for the reader', () => {
    const session = explored(SYSTEM);
    session.seek(Number.MAX_SAFE_INTEGER);
    const { end, consoles } = session.view();
    expect([end, session.machine.awaitsInput]).toEqual(['listening', true]);
    expect(session.view().sentence).toBe('The kernel halts, and only a key typed at its console will wake the processor.');
    expect(consoles[0].text).toMatch(
      /\$ cat note\nI was here\n\$ forks 3\nforks: 3 processes came and went\n\$ crash kernel\ncrash: .* killed\n\$ $/,
    );
    session.type(0, [...new TextEncoder().encode('halt\n')]);
    session.seek(Number.MAX_SAFE_INTEGER);
    expect([session.view().end, session.machine.awaitsInput]).toEqual(['halted', false]);
    expect(session.view().consoles[0].text).toMatch(/\$ halt\nminim: halted\n$/);
  });

  test('a program from the disk is known by name, with its source', () => {
    const session = explored(SYSTEM);
    until(session, (there) => there.view().rings.vms[0].processes.some(({ name, current }) => name === 'count' && current));
    while (session.machine.cpu.s[at.cpl] !== 3) session.step();
    const view = session.view();
    expect(view.who).toMatchObject({ role: 'program', name: 'count', ring: '3' });
    expect(view.stream.current).toMatchObject({ who: { name: 'count' } });
    expect(view.rings.vms[0].processes).toEqual([
      { name: 'shell', current: false },
      { name: 'count', current: true },
    ]);
  });

  test('the processes are those that live: at first none, then the shell, then what it has begun', () => {
    const session = explored(SYSTEM);
    const names = () => session.view().rings.vms[0].processes.map(({ name }) => name);
    expect(names()).toEqual([]);
    const seen = new Set<string>();
    until(session, () => {
      seen.add(names().join(' '));
      return session.view().consoles[0].text.includes('came and went');
    });
    expect([...seen]).toEqual(
      expect.arrayContaining(['shell', 'shell ls', 'shell count', 'shell write', 'shell forks', 'shell forks forks']),
    );
  });

  test('a page fault names the program that met it, and the kernel that answers', () => {
    const session = explored(SYSTEM);
    until(session, (there) => {
      const last = there.view().rings.past.at(-1);
      return last?.label === '#PF' && last.n === there.n && last.from === '3';
    });
    const view = session.view();
    expect(view.who).toMatchObject({ role: 'kernel', ring: '0' });
    expect(view.sentence).toMatch(/page fault|#PF/);
  });

  test('what is written to the disk is gone again in the past', () => {
    const session = Session.open(SYSTEM);
    const before = session.diskContents()[0];
    session.seek(Number.MAX_SAFE_INTEGER);
    const after = session.diskContents()[0];
    expect(after).not.toEqual(before);
    session.seek(0);
    expect(session.diskContents()[0]).toEqual(before);
    session.seek(Number.MAX_SAFE_INTEGER);
    expect(session.diskContents()[0]).toEqual(after);
  });
});
