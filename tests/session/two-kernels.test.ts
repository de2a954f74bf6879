import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { guestImage } from '../../src/session/guests.ts';
import { Session } from '../../src/session/session.ts';
import type { StageView } from '../../src/session/views.ts';
import { lastExit, opened } from './support/sessions.ts';

const TWO = { scenario: 'two-kernels' };

/** On to the first view that satisfies `wanted`, exit by exit. */
function until(session: Session, wanted: (view: StageView) => boolean): StageView {
  for (let view = session.view(); !session.ended; view = session.view()) {
    if (wanted(view)) return view;
    for (const _ of session.nextEvent());
  }
  return expect.unreachable('it never came');
}

describe('two kernels under one monitor', () => {
  test('it opens before a MOV CR3, with both machines on the stage', () => {
    const session = opened(TWO);
    const view = session.view();
    expect(view.rings.kind).toBe('vmx');
    expect(view.rings.vms.map(({ vm, name }) => [vm, name])).toEqual([
      [1, 'VM 1'],
      [2, 'VM 2'],
    ]);
    expect(view.timeline.lanes.map(({ vm, ring }) => `${vm}/${ring}`)).toEqual(['1/3', '1/0', '2/3', '2/0', '0/m']);
    session.step(5);
    expect(lastExit(session.view())).toMatchObject({ code: 28, cause: 'cr-write', instruction: 'mov cr3, eax', vm: 1 });
  });

  test('each machine has its console, and only what runs is active', () => {
    const view = opened(TWO).view();
    expect(view.consoles.map(({ title, active }) => [title, active])).toEqual([
      ['VM 1 console', true],
      ['VM 2 console', false],
    ]);
    expect(view.consoles[0].text).toMatch(/^duet /);
  });

  test('what runs in each is the very image that runs on the bare machine', () => {
    const of = (session: Session) => session.view().consoles.map(({ image }) => image);
    const [first, second] = of(Session.open(TWO));
    const alone = of(Session.open({ ...TWO, vmm: 'none' }))[0];
    expect(first).toEqual({ name: 'duet', digest: createHash('sha256').update(guestImage('duet/duet.asm').image).digest('hex') });
    expect([second, alone]).toEqual([first, first]);
  });

  test('an instruction that the shadow tables do not hold yet is shown all the same', () => {
    const session = Session.open(TWO);
    for (const _ of session.toExit(1));
    session.back();
    const view = session.view();
    expect(view.stream.current).toMatchObject({
      who: { vm: 1, role: 'kernel' },
      address: 0x100020,
      bytes: expect.stringMatching(/^[0-9A-F]{2}/),
    });
    expect(view.stream.future[0]).toMatchObject({ kind: 'event', note: expect.stringContaining('reason 0') });
    expect(view.walk).toMatchObject({
      walked: 'shadow',
      physical: null,
      guestPhysical: 0x100020,
      fault: expect.stringContaining('shadow'),
    });
  });

  test('an I/O exit is told field by field', () => {
    const view = until(Session.open(TWO), (candidate) => candidate.exits.latest.at(-1)?.code === 30);
    const exit = lastExit(view);
    expect(exit.name).toBe('IO_INSTRUCTION');
    expect(exit.instruction).toMatch(/^(in|out) /);
    expect(exit.infos[0].fields.map(({ bits }) => bits)).toEqual(['2:0', '3', '4', '5', '6', '31:16']);
  });

  test('a page fault under shadow paging names the address', () => {
    const view = until(Session.open(TWO), (candidate) => candidate.exits.latest.at(-1)?.code === 0);
    expect(lastExit(view)).toMatchObject({ cause: 'page-fault', instructionLength: 0, instruction: '' });
    expect(lastExit(view).interruptionInfo).toBe(0x80000b0e);
    expect(lastExit(view).infos[0].fields[0].value).toMatch(/h$/);
  });

  test('a tick injected into a guest lands in its kernel, and says from which program', () => {
    const session = Session.open(TWO);
    for (const _ of session.toExit(400));
    for (let k = 0; k < 4000; k++) {
      session.step();
      const tick = session.view(true).rings.past.at(-1);
      if (tick?.kind === 'interrupt' && tick.n === session.n) {
        expect(tick).toMatchObject({ from: '3', to: '0', label: 'IRQ 0' });
        expect(tick.process).toBeGreaterThanOrEqual(0);
        return;
      }
    }
    expect.unreachable('no tick came');
  });

  test('at the end both have halted, and what each printed is what it prints alone', () => {
    const session = Session.open(TWO);
    session.seek(Number.MAX_SAFE_INTEGER);
    const view = session.view();
    expect(view.end).toBe('halted');
    const bare = Session.open({ scenario: 'two-kernels', vmm: 'none' });
    bare.seek(Number.MAX_SAFE_INTEGER);
    const alone = bare.view().consoles[0].text.split('\n').sort();
    for (const { text, vm } of view.consoles) if (vm > 0) expect(text.split('\n').sort()).toEqual(alone);
  });
});
