/** An error of the floating-point unit with CR0.NE = 0 in a guest: AMD64 manual vol 2, 15.12 and 15.13 (FERR_FREEZE). */
import { expect, test } from 'vitest';
import { CR0_NE, HALTED } from '../../../src/cpu/registers.ts';
import { at } from '../../../src/cpu/state.ts';
import { CODE, CR0, SvmGuest } from './guest.ts';

/** An invalid operation that is not masked waits for the next instruction. */
function failing(cr0: number): SvmGuest {
  const guest = new SvmGuest('nop\nfwait', { cr0 });
  guest.cpu.s[at.fcw] = 0x37e;
  guest.cpu.s[at.fsw] = 0x8081;
  return guest;
}

test('intercepted, it exits in front of the instruction', () => {
  const guest = failing(CR0 & ~CR0_NE)
    .intercept(CODE.FERR_FREEZE)
    .run();
  expect(guest.exit).toMatchObject({ code: CODE.FERR_FREEZE, name: 'FERR_FREEZE', instructionLength: 0 });
  expect([guest.eip, guest.read('exitInfo1')]).toEqual([1, 0]);
});

test('not intercepted, the guest freezes, and an interrupt leaves it there', () => {
  const guest = failing(CR0 & ~CR0_NE)
    .intercept(CODE.NMI)
    .enter();
  guest.step();
  guest.step();
  expect(guest.cpu.s[at.activity]).toBe(HALTED);
  guest.cpu.s[at.nmiPending] = 1;
  guest.step();
  expect([guest.exit?.code, guest.eip]).toEqual([CODE.NMI, 1]);
});

test('with NE = 1 it is #MF', () => {
  const guest = failing(CR0 | CR0_NE)
    .exceptions()
    .intercept(CODE.FERR_FREEZE)
    .run();
  expect(guest.exit).toMatchObject({ code: CODE.EXCEPTION + 16 });
});
