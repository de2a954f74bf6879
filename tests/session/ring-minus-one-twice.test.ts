/** A monitor in a monitor on the stage: who runs, what is passed on, and a core around the core. */
import { expect, test } from 'vitest';
import { ringsFigure } from '../../src/figures/rings.ts';
import { ringsTitles } from '../../src/figures/rings-titles.ts';
import { printNode } from '../../src/figures/svg.ts';
import type { Session } from '../../src/session/session.ts';
import { opened } from './support/sessions.ts';

/** The sentences of the next events, each step by step. */
const nextSentences = (session: Session, count: number): string[] =>
  Array.from({ length: count }, () => {
    session.view();
    session.seek(session.log.stepOf(session.log.firstAt(session.n + 1)));
    return session.view(true).sentence;
  });

test('an exit of the innermost guest goes to the outer monitor, is passed on, and comes back by an exit of the inner one', () => {
  const session = opened({ scenario: 'ring-minus-one-twice' });
  const { who, rings, timeline, sentence, stream, walk } = session.view();
  expect(who).toMatchObject({ mode: 'guest', ring: '0', vm: 1, role: 'kernel' });
  expect(stream.current).toMatchObject({ mnemonic: 'mov', operands: 'cr3, eax' });
  expect(sentence).toMatch(/^VM 1’s kernel is about to run mov cr3, eax, which leaves the guest: to the outer hypervisor/);
  expect(rings.vms.map(({ name }) => name)).toEqual(['VM 1', 'VM 2']);
  expect(rings.inner).toMatchObject({ vm: 3, name: 'Inner hypervisor', running: false, saved: '0' });
  expect(rings.future.slice(0, 2).map(({ label, vm, from, to }) => [label, vm, from, to])).toEqual([
    ['VM exit 28', 1, '0', 'm'],
    ['passed on', 3, 'm', '0'],
  ]);
  expect(timeline.lanes.map(({ vm, ring, label }) => `${vm}/${ring} ${label}`)).toEqual([
    '1/3 VM 1',
    '1/0 ',
    '2/3 VM 2',
    '2/0 ',
    '3/0 inner hypervisor',
    '0/m outer hypervisor',
  ]);
  expect(walk).toMatchObject({ walked: 'nested', fault: '' });

  const [left, passed, reads, read] = nextSentences(session, 4);
  expect(left).toMatch(/^VM 1 leaves at mov cr3, eax, VM exit 28: to the outer hypervisor/);
  expect(passed).toMatch(/^The outer hypervisor passes on VM 1’s VM exit 28: the inner one wakes at [0-9A-F]{8}, its host EIP/);
  expect(reads).toMatch(/^The inner hypervisor leaves at vmread ebx, eax, VM exit 23: it is not in root operation/);
  expect(read).toMatch(/^The outer hypervisor lets the inner one go on/);
  const inner = session.view();
  expect(inner.who).toMatchObject({ mode: 'guest', ring: '0', vm: 3, role: 'monitor' });
  expect(inner.rings.active).toEqual({ vm: 3, ring: '0' });
  expect(inner.stream.current?.source).toMatch(/^exits\.inc:/);
  expect(printNode(ringsFigure(inner.rings, { width: 412, height: 412, n: inner.n, titles: ringsTitles }))).toMatch(
    /class="cell r0 live"[^>]*><title>Inner hypervisor/,
  );
});
