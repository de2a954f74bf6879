/** The VT-x that vtx shows to a guest: a kernel that asks VMX instructions for every answer gets those of a first Core Duo. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { processorProfile } from '../../src/cpu/profiles.ts';
import { loadMultiboot } from '../../src/machine/loaders/multiboot.ts';
import { Machine } from '../../src/machine/machine.ts';
import { assembleSource, guestImage } from '../../src/session/guests.ts';

const MIB = 1 << 20;
const ENOUGH = 3_000_000;
const MEMORY = 8;

const source = new URL('support/vmx-manners.asm', import.meta.url);
const manners = { name: 'vmx-manners', bytes: assembleSource('vmx-manners.asm', readFileSync(source, 'utf8')).image };

function onBare(profile: string): string {
  const machine = new Machine({ memory: MEMORY * MIB, profile: processorProfile(profile) });
  machine.enter(loadMultiboot(machine.ram, manners).entry);
  machine.run(ENOUGH);
  expect(machine.end).toEqual({ kind: 'halted' });
  return machine.board.consoles[0].text;
}

function asGuest(profile: string, options: string): { readonly said: string; readonly monitor: string } {
  const machine = new Machine({ memory: (16 + MEMORY) * MIB, vms: 2, inner: true, profile: processorProfile(profile) });
  const vtx = { name: 'vtx', bytes: guestImage('vmm/vtx/vtx.asm').image };
  machine.enter(loadMultiboot(machine.ram, vtx, { cmdline: `vms=1 memory=${MEMORY} ${options}`, modules: [{ file: manners }] }).entry);
  machine.run(ENOUGH);
  const [monitor, said] = machine.board.consoles.map(({ text }) => text);
  return { said, monitor };
}

const alone = onBare('yonah');

test('the kernel asks what it means to ask', () => {
  for (const line of [
    'vmxon again:FFFFFFFF',
    'vmxon a third time:0000000F',
    'vmwrite of no field:0000000C',
    'vmwrite of exit information:0000000D',
    'vmresume of a clear vmcs:00000005',
    'vmlaunch of what was launched:00000004',
    'vmlaunch in the shadow:0000001A',
    'exit 80000021',
    'exit 0000001C 00000003',
    '!',
    'vmxoff:00000000',
  ])
    expect(alone).toContain(`\n${line}`);
});

test.each(['westmere', 'lynnfield', 'haswell'])('on %s it is told in a guest what it is told on a Core Duo', (profile) => {
  const { said, monitor } = asGuest(profile, 'nested=1 inner=1');
  expect(said.split('\n')).toEqual(alone.split('\n'));
  expect(monitor).toBe('vm1: halted\nvtx: no virtual machine is left\n');
});

test('a guest that is no monitor has no VT-x', () => {
  expect(asGuest('westmere', 'nested=1').said).toMatch(/^$/);
});
