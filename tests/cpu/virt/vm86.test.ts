/** Virtual-8086 mode in a guest: how processors without unrestricted guests run real-mode code. */
import { expect, test } from 'vitest';
import { at } from '../../../src/cpu/state.ts';
import { REASON } from '../../../src/cpu/virt/vmx/reasons.ts';
import { Guest, HANDLER } from './guest.ts';
import { type Fields, V86 } from './root-operation.ts';

const CODE = 0x30000;
const INT = [0xcd, 0x60];
const VMCALL = [0x0f, 0x01, 0xc1];

function guestOf(code: readonly number[], handler?: readonly number[], fields: Fields = {}): Guest {
  const guest = new Guest('nop', { ...V86, guestEip: 0, guestEsp: 0x800, guestEflags: 0x23002, ...fields }).tables(handler);
  guest.cpu.memory.bytes.set(code, CODE);
  return guest.gate(0x60, 8, HANDLER, 0xee);
}

test('an interrupt goes to CPL 0, with all segments on the stack and then null', () => {
  const guest = guestOf(INT).run();
  expect(guest.exit).toMatchObject({ code: REASON.VMCALL, guestEip: HANDLER, cpl: 0 });
  const esp = guest.read('guestEsp');
  expect(esp).toBe(0x80000 - 36);
  expect([...guest.cpu.memory.dwords.subarray(esp >>> 2, (esp >>> 2) + 9)]).toEqual([
    2, 0x3000, 0x23002, 0x800, 0x3000, 0x3000, 0x3000, 0x3000, 0x3000,
  ]);
  expect([guest.read('guestEflags') & 0x20000, guest.read('guestDsRights'), guest.read('guestGsSelector')]).toEqual([0, 0x10000, 0]);
});

test('IRETD goes back', () => {
  const guest = guestOf([...INT, ...VMCALL], [0xcf]).run();
  expect(guest.exit).toMatchObject({ code: REASON.VMCALL, guestEip: 2, cpl: 3 });
  expect([guest.read('guestEflags'), guest.read('guestEsp'), guest.read('guestDsBase'), guest.read('guestSsRights')]).toEqual([
    0x23002, 0x800, 0x30000, 0xf3,
  ]);
});

test('a gate to a level that is not 0 is #GP', () => {
  const guest = guestOf(INT, undefined, { exceptionBitmap: 1 << 13 });
  guest.cpu.memory.dwords[(0x160000 + 12) >>> 2] = 0x00cffb00;
  expect(guest.run().exit).toMatchObject({ code: 0, interruptionInfo: 0x80000b0d, interruptionErrorCode: 8 });
});

test('INT n, IRET and CLI with IOPL below 3 are #GP(0), before anything else', () => {
  for (const code of [INT, [0xcf], [0xfa]]) {
    const guest = guestOf(code, undefined, { guestEflags: 0x20002, exceptionBitmap: 1 << 13 }).run();
    expect(guest.exit).toMatchObject({ code: 0, interruptionInfo: 0x80000b0d, interruptionErrorCode: 0, guestEip: 0 });
    expect(guest.read('vectoringInfo')).toBe(0);
  }
});

test('IRET with IOPL 3 stays in virtual-8086 mode, and leaves IOPL as it is', () => {
  const guest = guestOf([0xcf, 0x90]);
  guest.cpu.memory.words.set([0x10, 0x3000, 0x0202], 0x30800 >>> 1);
  guest.cpu.memory.bytes.set(VMCALL, CODE + 0x10);
  expect(guest.run().exit).toMatchObject({ code: REASON.VMCALL, guestEip: 0x10 });
  expect([guest.read('guestEflags'), guest.read('guestEsp'), guest.cpu.s[at.guest]]).toEqual([0x23202, 0x806, 0]);
});
