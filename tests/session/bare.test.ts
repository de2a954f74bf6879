import { describe, expect, test } from 'vitest';
import { explored, opened } from './support/sessions.ts';

const BARE = { scenario: 'two-kernels', vmm: 'none' } as const;

describe('duet on the bare machine', () => {
  test('starts in ring 0, with nothing behind it', () => {
    const view = opened(BARE).view();
    expect([view.n, view.cycle, view.ended]).toEqual([0, 0, false]);
    expect(view.who).toEqual({ mode: 'none', cpl: 0, ring: '0', vm: 0, role: 'kernel', name: '' });
    expect(view.rings).toMatchObject({ kind: 'bare', active: { vm: 1, ring: '0' }, past: [] });
    expect(view.rings.vms).toHaveLength(1);
    expect(view.rings.vms[0]).toMatchObject({ name: 'This machine', status: 'running', saved: null });
    expect(view.stream.past).toEqual([]);
    expect(view.registers.some(({ changed }) => changed)).toBe(false);
    expect(view.timeline.lanes.map(({ label }) => label)).toEqual(['programs', 'kernel']);
    expect(view.consoles).toEqual([
      { title: 'Console', vm: 0, text: '', active: true, image: { name: 'duet', digest: expect.stringMatching(/^[0-9a-f]{64}$/) } },
    ]);
  });

  test('counts interrupts, faults and system calls by their vector', () => {
    const session = explored(BARE);
    session.seek(Number.MAX_SAFE_INTEGER);
    const { exits, consoles, end } = session.view();
    expect(end).toBe('halted');
    expect(exits.kind).toBe('interrupts');
    expect(exits.latest).toEqual([]);
    expect(exits.counts.map(({ title }) => title)).toEqual(expect.arrayContaining(['System call, int 80h', 'IRQ 0 (timer)']));
    expect(exits.total).toBe(exits.counts.reduce((sum, { count }) => sum + count, 0));
    expect(consoles[0].text).toMatch(/^duet .*duet: halted\n$/s);
  });

  test('the next milestone is an interrupt or a fault, the one before it is found again', () => {
    const session = opened(BARE);
    for (const _ of session.nextEvent());
    const { n } = session;
    const view = session.view();
    expect(view.stream.past.at(-1)).toMatchObject({ kind: 'event', n, text: expect.stringMatching(/^(IRQ 0|#)/) });
    for (const _ of session.nextEvent());
    expect(session.n).toBeGreaterThan(n);
    session.previousEvent();
    expect(session.n).toBe(n);
    session.previousEvent();
    expect(session.n).toBe(0);
  });

  test('a tick takes the processor from a program, and the sentence says from which', () => {
    const session = explored(BARE);
    for (let view = session.view(); ; view = session.view()) {
      for (const _ of session.nextEvent());
      const crossing = session.view().rings.past.at(-1);
      if (crossing?.kind === 'interrupt' && crossing.from === '3') break;
      if (session.ended || session.n === view.n) expect.unreachable('no tick met a program');
    }
    const view = session.view();
    expect(view.sentence).toMatch(/^IRQ 0 \(timer\) takes the processor from \*(count|hello)\*: the kernel handles it in ring 0\.$/);
    expect(view.rings.past.at(-1)).toMatchObject({ label: 'IRQ 0', from: '3', to: '0', vm: 1, process: expect.any(Number) });
  });
});
