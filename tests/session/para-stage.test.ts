/** What the stage says of a ported kernel: hypercalls by name, rings, and page tables that are the guest's own. */
import { describe, expect, test } from 'vitest';
import { Session } from '../../src/session/session.ts';
import { Kind, TRANSFERS } from '../../src/trace/log.ts';

const open = () => Session.open({ scenario: 'one-system', vmm: 'para', vms: 1 });
const finish = (work: Generator<number, void>) => {
  while (work.next().done !== true);
};

describe('the first hypercalls', () => {
  const session = open();
  const said: string[] = [];
  const coming: string[] = [];
  for (let k = 0; k < 6; k++) {
    finish(session.nextEvent());
    said.push(session.view().sentence);
    session.back();
    coming.push(session.view().sentence);
    session.step();
  }

  test('each is an event to run to, told by its name and by what it stands for', () => {
    const calls = said.filter((sentence) => sentence.includes('hypercall'));
    expect(calls.slice(0, 2)).toEqual([
      'VM 1’s kernel makes a hypercall, int 82h (HYPER_TRAPS), in place of LIDT, and a table of gates: the gate leads to the monitor, ring 0.',
      'VM 1’s kernel makes a hypercall, int 82h (HYPER_CALLBACKS), in place of gates for interrupts, and WRMSR for SYSENTER: the gate leads to the monitor, ring 0.',
    ]);
    expect(coming[0]).toBe('VM 1’s kernel is about to make a hypercall, int 82h (HYPER_TRAPS), in place of LIDT, and a table of gates.');
  });

  test('they are counted as what they are, and drawn between ring 1 and ring 0', () => {
    const view = session.view();
    expect(view.exits.counts.map(({ title }) => title)).toContain('Hypercall, int 82h');
    expect(view.rings.kind).toBe('ring0');
    expect(view.rings.past.some(({ label, from, to }) => label === 'int 82h' && from === '1' && to === '0')).toBe(true);
  });
});

describe('where a program runs', () => {
  const session = open();
  const isSystemCall = (row: number) =>
    session.log.kindOf(row) === Kind.TRANSFER && TRANSFERS[session.log.valueOf(row, 0)] === 'int' && session.log.valueOf(row, 2) === 0x80;
  const first = () => Array.from({ length: session.log.length }, (_, row) => row).find(isSystemCall);
  while (first() === undefined && !session.ended) session.run(session.n + 20_000);
  const step = session.log.stepOf(first() ?? 0);

  test('a system call goes from ring 3 straight to ring 1', () => {
    session.seek(step);
    const { sentence, rings } = session.view();
    expect(sentence).toBe('*shell* asks for a service with int 80h: the gate leads to VM 1’s kernel, ring 1, on a stack from the TSS.');
    expect(rings.past.at(-1)).toMatchObject({ label: 'int 80h', from: '3', to: '1' });
  });

  test('the processor walks the guest’s own tables, and there are no others', () => {
    session.seek(step - 1);
    const { walk, who } = session.view();
    expect([who.role, who.name, who.cpl]).toEqual(['program', 'shell', 3]);
    expect(walk).toMatchObject({ walked: 'own', guestEntries: [], fault: '' });
    const base = session.images.memoryOf(1)?.base ?? -1;
    expect(walk?.entries.every(({ address }) => address >= base)).toBe(true);
    expect(walk?.guestPhysical).toBe((walk?.physical ?? 0) - base);
  });
});
