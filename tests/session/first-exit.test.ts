import { describe, expect, test } from 'vitest';
import { guestFiles } from '../../src/session/guests.ts';
import { Session } from '../../src/session/session.ts';
import { exitText, stageText, wholeStream } from './support/print.ts';
import { changes, explored, lastExit, opened } from './support/sessions.ts';

const FIRST_EXIT = { scenario: 'first-exit' };
const golden = (name: string) => `../golden/${name}.txt`;

/** first-exit, so many steps from the one that is its first VM exit. */
function fromTheExit(steps: number) {
  const session = opened(FIRST_EXIT);
  for (const _ of session.nextEvent());
  session.seek(session.n + steps);
  return session;
}

describe('a kernel loads CR3 under VT-x', () => {
  test('it opens four steps before', () => {
    const session = opened(FIRST_EXIT);
    const { n } = session;
    for (const _ of session.nextEvent());
    expect(session.n).toBe(n + 5);
  });

  test('before: what it is about to do, and what will come of it', () => {
    const view = fromTheExit(-1).view();
    expect(view.who).toEqual({ mode: 'guest', cpl: 0, ring: '0', vm: 1, role: 'kernel', name: '' });
    expect(view.sentence).toBe(
      'VM 1’s kernel is about to load CR3 for another address space; under VT-x that instruction leaves the guest and wakes the hypervisor.',
    );
    expect(view.stream.current).toMatchObject({ bytes: '0F 22 D8', mnemonic: 'mov', operands: 'cr3, eax', comment: 'new page tables' });
    expect(view.stream.current?.touches).toEqual(expect.arrayContaining(['cr3', 'eax']));
    expect(view.stream.future[0]).toMatchObject({
      kind: 'event',
      text: 'Will exit → hypervisor, ring −1',
      note: 'reason 28, control-register access',
    });
    expect(view.stream.future[1]).toMatchObject({ kind: 'instruction', label: 'on_exit', mnemonic: 'pushad', who: { ring: 'm' } });
    expect(view.rings.future.map(({ kind, from, to }) => [kind, from, to])).toEqual([
      ['exit', '0', 'm'],
      ['entry', 'm', '0'],
      ['return', '0', '3'],
      ['call', '3', '0'],
    ]);
    expect(view.exits.total).toBe(0);
    expect(view.registers.filter(({ used }) => used).map(({ name }) => name)).toEqual(['EAX', 'CR3']);
  });

  test('at it: the processor is in the hypervisor, and the exit is explained', () => {
    const view = fromTheExit(0).view();
    expect(view.who).toMatchObject({ mode: 'root', ring: 'm', vm: 0, role: 'monitor' });
    expect(view.sentence).toBe(
      'VM 1’s kernel leaves the guest at mov cr3, eax, VM exit 28: the hypervisor keeps the real control register to itself.',
    );
    expect(view.rings).toMatchObject({ kind: 'vmx', active: { vm: 0, ring: 'm' } });
    expect(view.rings.vms[0]).toMatchObject({ status: 'exited, waiting', running: false, saved: '0' });
    expect(view.rings.past.at(-1)).toMatchObject({ kind: 'exit', label: 'VM exit 28', vm: 1, from: '0', to: 'm', n: view.n });
    expect(view.stream.past.at(-1)).toMatchObject({ kind: 'event', text: 'VM exit → hypervisor, ring −1', n: view.n });
    expect(view.stream.past.at(-2)).toMatchObject({ mnemonic: 'mov', operands: 'cr3, eax', n: view.n - 1 });
    expect(view.stream.current).toMatchObject({ label: 'on_exit' });
    const exit = lastExit(view);
    expect(exit).toMatchObject({
      index: 1,
      n: view.n,
      vm: 1,
      code: 28,
      name: 'CR_ACCESS',
      title: 'Control-register access',
      codeText: '28',
      vendor: 'vmx',
      instructionLength: 3,
      instruction: 'mov cr3, eax',
      cause: 'cr-write',
      cpl: 0,
      done: false,
    });
    expect(exit.infos.map(({ name, value }) => `${name} ${value}`)).toEqual(['Exit qualification 00000003h']);
    expect(exit.infos[0].fields.map(({ bits, value, meaning }) => `${bits}=${value} ${meaning}`)).toEqual([
      '3:0=3 CR3',
      '5:4=0 MOV to CR',
      '11:8=0 from EAX',
    ]);
    expect(changes(view)).toEqual([expect.stringMatching(/^ESP/), 'CR3: 104000 -> 108000', 'CR4: 10 -> 2010', 'DS: 23 -> 10']);
    expect(view.walk).toMatchObject({ walked: 'own', guestPhysical: null, fault: '', chosen: 'stack', segment: 'SS' });
  });

  test('behind it: the guest’s tables stay as they were until the monitor has written its VMCS', () => {
    const view = fromTheExit(1).view();
    expect(view.sentence).toMatch(/^The hypervisor/);
    expect(view.stream.past.slice(-3).map(({ kind }) => kind)).toEqual(['instruction', 'event', 'instruction']);
    expect(changes(view)).toEqual([expect.stringMatching(/^ESP/)]);
    expect(lastExit(view).done).toBe(false);
  });

  test('the round trip ends with the entry, on the other tables', () => {
    const session = fromTheExit(0);
    const before = session.n;
    while (session.view().who.vm === 0) session.step();
    const view = session.view();
    const exit = lastExit(view);
    expect(exit.done).toBe(true);
    expect(exit.cycles.exit + exit.cycles.entry + exit.cycles.handler).toBe(
      view.timeline.segments
        .filter(({ from, ring }) => ring === 'm' && from >= before && from <= view.n)
        .reduce((sum, s) => sum + s.toCycle - s.fromCycle, 0),
    );
    expect(view.sentence).toMatch(/^The hypervisor enters VM 1 at 00101067, ring 0/);
    expect(view.registers.find(({ name }) => name === 'CR3')).toMatchObject({ value: 0x105000, previous: 0x108000 });
    expect(view.stream.current).toMatchObject({ mnemonic: 'mov', operands: 'esp, [ecx]', comment: 'take the next stack' });
  });
});

describe('the whole run, to read', () => {
  test('every step', async () => {
    await expect(wholeStream(explored(FIRST_EXIT))).toMatchFileSnapshot(golden('first-exit-stream'));
  });

  test('the stage one step before the exit, at it, and one step behind', async () => {
    const text = [-1, 0, 1].map((steps) => stageText(fromTheExit(steps).view())).join(`\n${'='.repeat(80)}\n\n`);
    await expect(text).toMatchFileSnapshot(golden('first-exit-stage'));
  });

  test('every exit', async () => {
    const session = explored(FIRST_EXIT);
    const records: string[] = [];
    for (let k = 1; ; k++) {
      for (const _ of session.toExit(k));
      const { exits } = session.view();
      if (exits.total < k) break;
      session.step(60);
      records.push(exitText(session.view().exits.latest.filter(({ index }) => index === k)[0]));
      if (session.ended) break;
    }
    await expect(`${records.join('\n\n')}\n`).toMatchFileSnapshot(golden('first-exit-exits'));
  });
});

describe('a monitor that a reader wrote, powered on bare', () => {
  const source = guestFiles().text('first-exit/first-exit.asm') ?? '';

  test('is a bare machine until it switches VMX on, and then a hypervisor', () => {
    const session = Session.open({ source });
    expect(session.view().rings.kind).toBe('bare');
    expect(session.view().exits.kind).toBe('interrupts');
    for (const _ of session.toExit(1));
    const view = session.view();
    expect(view.who).toMatchObject({ mode: 'root', ring: 'm' });
    expect(view.rings).toMatchObject({ kind: 'vmx', active: { vm: 0, ring: 'm' } });
    expect(view.exits).toMatchObject({ kind: 'exits', total: 1 });
    expect(lastExit(view)).toMatchObject({ code: 28, vm: 1 });
    expect(view.timeline.lanes.map(({ ring }) => ring)).toEqual(['3', '0', 'm']);
    for (const _ of session.nextEvent());
    expect(session.view().exits.total).toBe(2);
  });
});
