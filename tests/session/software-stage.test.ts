/** The stage where a monitor in ring 0 has put its guests' kernels into ring 1, or beside itself. */
import { describe, expect, test } from 'vitest';
import { at as state } from '../../src/cpu/state.ts';
import { type OpenOptions, Session } from '../../src/session/session.ts';

/** Physical address of VM 1's memory. */
const VM_1 = 0x1000000;

type Where = { readonly cpl: number; readonly eip: number; readonly ram: Uint8Array; readonly physical: number };

/** A session at the first step, and not before `from`, at which the processor stands where `wanted` says: found by a machine that runs ahead. */
function at(options: OpenOptions, wanted: (where: Where) => boolean, from = 0, most = 400_000): Session {
  const { machine } = Session.open(options);
  const { s } = machine.cpu;
  machine.run(from);
  for (let k = 0; k < most && machine.end === null; k++, machine.run(machine.n + 1)) {
    const eip = s[state.eip] >>> 0;
    if (!wanted({ cpl: s[state.csSelector] & 3, eip, ram: machine.ram.bytes, physical: (eip - 0xffc00000) >>> 0 })) continue;
    const session = Session.open(options);
    session.seek(machine.n);
    return session;
  }
  return expect.unreachable('it never came');
}

describe('two kernels, translated', () => {
  const TRANSLATED = { scenario: 'two-kernels', vmm: 'translate' } as const;
  const open = () => Session.open(TRANSLATED);

  test('the monitor is the core, kernels are in ring 1, the timeline has their lanes', () => {
    const session = open();
    session.run(20_000);
    const view = session.view();
    expect(view.rings.kind).toBe('ring0');
    expect(view.rings.vms.map(({ name }) => name)).toEqual(['VM 1', 'VM 2']);
    expect(view.timeline.lanes.map(({ vm, ring }) => `${vm}/${ring}`)).toEqual(['1/3', '1/1', '2/3', '2/1', '0/0']);
    expect(view.exits.kind).toBe('interrupts');
  });

  test('a translated instruction names the original, and what was done with it', () => {
    const session = at(TRANSLATED, ({ cpl, ram, physical }) => cpl === 1 && ram[physical] === 0xcd && ram[physical + 1] === 0x30);
    const view = session.view();
    expect(view.stream.current?.comment).toMatch(/^callout for /);
    expect(view.who).toMatchObject({ vm: 1, ring: '1', role: 'translated' });
    expect(view.stream.current).toMatchObject({ mnemonic: 'int', operands: '30h', source: expect.stringMatching(/\.inc:\d+$/) });
    expect(view.sentence).toMatch(/VM 1’s translated kernel/);
    session.step();
    const callout = session.view();
    expect(callout.who).toMatchObject({ vm: 0, ring: '0', role: 'monitor' });
    expect(callout.rings.active).toEqual({ vm: 0, ring: '0' });
    expect(callout.rings.past.at(-1)).toMatchObject({ kind: 'call', from: '1', to: '0', vm: 1 });
  });

  test('the unit at hand: the guest’s instructions beside what they became, as both lie in memory', () => {
    const session = at(TRANSLATED, ({ cpl, ram, physical }) => cpl === 1 && ram[physical] === 0xcd && ram[physical + 1] === 0x30);
    session.withBlock = true;
    const { translation, stream } = session.view();
    const current = translation?.unit?.rows.find((row) => row.current);
    expect(current).toMatchObject({ kind: 'callout', made: [{ address: stream.current?.address, text: 'int 30h' }] });
    expect(stream.current?.original).toEqual({ kind: 'callout', address: current?.original, text: current?.text, begins: true });
    const { rows = [], ways = [] } = translation?.unit ?? {};
    for (const { kind, text, made } of rows) if (kind === 'copied') expect(made.map((one) => one.text)).toEqual([text]);
    const leads = [...rows.flatMap(({ made }) => made), ...ways].filter(({ text }) => text.includes('→'));
    for (const { text } of leads) expect(text).toMatch(/^(int 31h|jmp) → [0-9A-F]{8}$/);
    expect(translation?.kinds.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(rows.length);
  });

  test('the table of units says which instructions became what', () => {
    const session = open();
    session.run(400_000);
    const { translation } = session.images;
    const units = translation?.units(1) ?? [];
    expect(units.length).toBeGreaterThan(30);
    const all = units.flatMap(({ instructions }) => instructions);
    const kinds = new Set(all.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['callout', 'copied', 'rewritten', 'substituted']);
    for (const { kind, originalLength, translatedLength, translated } of all) {
      if (kind === 'copied' && translatedLength < 20) expect(translatedLength).toBeGreaterThanOrEqual(originalLength);
      expect(translation?.at(1, (translated - 0xffc00000) >>> 0)?.translated).toBe(translated);
    }
  });

  test('a program runs directly, by its name', () => {
    const view = at(TRANSLATED, ({ cpl }) => cpl === 3).view();
    expect(view.who).toEqual({ mode: 'none', cpl: 3, ring: '3', vm: 1, role: 'program', name: expect.stringMatching(/^(count|hello)$/) });
  });

  test('a step is that step, from wherever one comes to it', () => {
    const session = open();
    session.run(60_000);
    const stops = [51_234, 30_001, 12_345];
    const back = stops.map((n) => {
      session.seek(n);
      return [n, session.machine.hash(), session.view().sentence];
    });
    const again = open();
    const forward = [...stops].reverse().map((n) => {
      again.seek(n);
      return [n, again.machine.hash(), again.view().sentence];
    });
    expect(forward.reverse()).toEqual(back);
  });
});

test('trap: a fault of the kernel in ring 1 goes to the monitor, and says so', () => {
  const options = { scenario: 'two-kernels', vmm: 'trap' } as const;
  const session = at(
    options,
    ({ cpl, ram, eip }) => cpl === 1 && eip < 0x200000 && ram[VM_1 + eip] === 0x0f && ram[VM_1 + eip + 1] === 0x22,
  );
  session.step();
  const view = session.view();
  expect(view.rings.past.at(-1)).toMatchObject({ kind: 'exception', label: '#GP', from: '1', to: '0', vm: 1 });
  expect(view.sentence).toMatch(/^VM 1’s kernel raises #GP: the IDT leads to the monitor, ring 0\.$/);
});

test('peers: first the monitor, then the guest, on one machine', () => {
  const options = { scenario: 'peers' };
  const first = Session.open(options).view();
  expect(first.who).toMatchObject({ role: 'monitor', ring: '0' });
  expect(first.rings.kind).toBe('bare');
  const view = at(options, ({ eip, ram }) => eip === 0x100020 && ram[eip] === 0xfc, 100).view();
  expect(view.who).toMatchObject({ ring: '0', role: 'kernel' });
  expect(view.stream.past.at(-1)).toMatchObject({ mnemonic: 'jmp', operands: 'ecx' });
});
