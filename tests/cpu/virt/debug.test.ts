/** Breakpoints of a guest: SDM vol 3, 26.6.3 (pending debug exceptions), 27.1 and 27.2.1 (exits for #DB). */
import { describe, expect, test } from 'vitest';
import { BLOCKED_BY_MOV_SS } from '../../../src/cpu/registers.ts';
import { run } from '../../../src/cpu/run.ts';
import { at } from '../../../src/cpu/state.ts';
import { REASON } from '../../../src/cpu/virt/vmx/reasons.ts';
import { Guest, HANDLER } from './guest.ts';
import { type Fields, GUEST_CODE } from './root-operation.ts';

const WATCHED = 0x150000;
const ENABLED = 1 << 12;
const BD = 1 << 13;
const BS = 1 << 14;
const DB_BITMAP: Fields = { exceptionBitmap: 2 };
/** DR7 for a breakpoint in DR0: on execution, or on accesses of a doubleword. */
const EXECUTION = 0x401;
const ACCESS = 0xf0401;

function guest(source: string, dr7: number, address: number, fields: Fields = {}): Guest {
  const made = new Guest(source, { guestDr7: dr7, ...fields }).tables();
  made.set(fields);
  made.cpu.s[at.dr0] = address;
  made.cpu.s[at.dr6] = 0xffff0ff0 | 0;
  return made.with('ebx', WATCHED).with('ecx', 0x10);
}

describe('an exit for #DB', () => {
  test.each([
    ['an instruction breakpoint', 'nop', EXECUTION, GUEST_CODE, 1, 0],
    ['a data breakpoint', 'mov eax, [ebx]', ACCESS, WATCHED, 1, 2],
    ['general detect', 'mov eax, dr0', 0x2400, 0, BD, 0],
  ])('for %s qualifies it, and leaves DR6 and DR7.GD to the host', (_, source, dr7, address, qualification, behind) => {
    const left = guest(source, dr7, address, DB_BITMAP).run();
    expect(left.exit).toMatchObject({ code: REASON.EXCEPTION_NMI, interruptionInfo: 0x80000301, qualification });
    expect(left.eip).toBe(behind);
    expect([left.cpu.s[at.dr6], left.read('guestDr7') >>> 0, left.read('guestPendingDebug')]).toEqual([0xffff0ff0 | 0, dr7, 0]);
  });

  test('without the exception bitmap is a #DB of the guest', () => {
    const left = guest('nop', EXECUTION, GUEST_CODE).run();
    expect(left.exit).toMatchObject({ code: REASON.VMCALL, guestEip: HANDLER });
    expect(left.cpu.s[at.dr6]).toBe(0xffff0ff1 | 0);
  });

  test('does not come in the host, whose DR7 is 400h', () => {
    const left = guest('', ACCESS, WATCHED).run();
    expect(left.cpu.s[at.dr7]).toBe(0x400);
  });

  test('in the middle of its delivery finds DR6 written', () => {
    const left = guest('nop', EXECUTION, GUEST_CODE, { exceptionBitmap: 1 << 13 });
    left.set({ guestIdtrLimit: 7 });
    left.run();
    expect(left.exit).toMatchObject({ code: REASON.EXCEPTION_NMI, interruptionInfo: 0x80000b0d });
    expect([left.read('vectoringInfo') >>> 0, left.cpu.s[at.dr6]]).toEqual([0x80000301, 0xffff0ff1 | 0]);
  });
});

describe('pending debug exceptions', () => {
  test('are saved by an exit under the shadow of MOV SS, and enter again', () => {
    const left = guest('mov ss, [ebx]\ncpuid\nnop', ACCESS, WATCHED, DB_BITMAP);
    left.cpu.memory.dwords[WATCHED >>> 2] = 0x10;
    left.run();
    expect(left.exit?.code).toBe(REASON.CPUID);
    expect([left.read('guestPendingDebug'), left.read('guestInterruptibility')]).toEqual([ENABLED | 1, BLOCKED_BY_MOV_SS]);
    left.set({ guestEip: GUEST_CODE + 5, guestInterruptibility: 0 });
    left.run(false);
    expect(left.exit).toMatchObject({ code: REASON.EXCEPTION_NMI, guestEip: GUEST_CODE + 5, qualification: 1 });
  });

  test('count with an enabled breakpoint or a single step', () => {
    const met = (pending: number): number => guest('nop', 0x400, 0, { ...DB_BITMAP, guestPendingDebug: pending }).run().exit!.code;
    expect([met(3), met(ENABLED | 3), met(BS)]).toEqual([REASON.VMCALL, REASON.EXCEPTION_NMI, REASON.EXCEPTION_NMI]);
  });

  test('become DR6 in the guest, without what is not in DR6', () => {
    const left = guest('nop', 0x400, 0, { guestPendingDebug: ENABLED | 3 }).run();
    expect([left.exit?.guestEip, left.cpu.s[at.dr6]]).toEqual([HANDLER, 0xffff0ff3 | 0]);
  });
});

test('a breakpoint in the code of the handler is met behind the injection of an event', () => {
  const left = guest('nop', EXECUTION, HANDLER, { ...DB_BITMAP, entryInterruptionInfo: 0x80000020, guestEflags: 0x202 }).run();
  expect(left.exit).toMatchObject({ code: REASON.EXCEPTION_NMI, guestEip: HANDLER, qualification: 1 });
});

test('what the injection of an event pushes may meet one', () => {
  const left = guest('nop', ACCESS, 0, { ...DB_BITMAP, entryInterruptionInfo: 0x80000020, guestEflags: 0x202 });
  left.cpu.s[at.dr0] = left.read('guestEsp') - 4;
  left.run();
  expect(left.exit).toMatchObject({ code: REASON.EXCEPTION_NMI, guestEip: HANDLER, qualification: 1 });
});

test('a host that has breakpoints of its own meets them again once it sets DR7', () => {
  const left = guest('cpuid', 0x400, 0).run();
  const { s } = left.cpu;
  s[at.dr0] = s[at.eip];
  s[at.dr7] = EXECUTION;
  run(left.cpu, left.cpu.steps + 1);
  expect(s[at.dr6]).toBe(0xffff0ff1 | 0);
});
