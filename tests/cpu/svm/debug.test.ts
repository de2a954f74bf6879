/** Breakpoints of a guest, and the global interrupt flag: AMD64 manual vol 2, 15.12.2 and 15.17. */
import { expect, test } from 'vitest';
import { RF } from '../../../src/cpu/registers.ts';
import { at } from '../../../src/cpu/state.ts';
import { CODE, DATA, GUEST_CODE, HANDLER, SvmGuest } from './guest.ts';

const EXECUTION = 0x401;
const ACCESS = 0xf0401;

function guest(source: string, dr7: number, address: number, intercepted = true): SvmGuest {
  const made = new SvmGuest(source, { dr7 });
  if (intercepted) made.intercept(CODE.EXCEPTION + 1);
  made.cpu.s[at.dr0] = address;
  made.cpu.s[at.ebx] = DATA;
  return made;
}

test.each([
  ['an instruction breakpoint', 'nop', EXECUTION, GUEST_CODE, 0],
  ['a data breakpoint', 'mov eax, [ebx]', ACCESS, DATA, 2],
])('%s exits with DR6 as the handler would see it', (_, source, dr7, address, behind) => {
  const left = guest(source, dr7, address).run();
  expect(left.exit).toMatchObject({ code: CODE.EXCEPTION + 1, guestEip: GUEST_CODE + behind });
  expect([left.read('dr6') >>> 0, left.read('dr7') >>> 0]).toEqual([0xffff0ff1, dr7]);
});

test('RF of the VMCB passes an instruction breakpoint by', () => {
  const left = guest('nop', EXECUTION, GUEST_CODE);
  left.set({ rflags: RF | 2 });
  expect(left.run().exit).toMatchObject({ code: CODE.VMMCALL });
});

test('without the intercept it is a #DB of the guest', () => {
  expect(guest('nop', EXECUTION, GUEST_CODE, false).run().exit).toMatchObject({ code: CODE.VMMCALL, guestEip: HANDLER });
});

test('while GIF is 0 none is met', () => {
  const left = guest('clgi\nmov eax, [ebx]\nnop\nstgi\nmov eax, [ebx]\nnop', ACCESS, DATA);
  expect(left.run().exit).toMatchObject({ code: CODE.EXCEPTION + 1, guestEip: GUEST_CODE + 11 });
});
