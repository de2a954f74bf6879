/** Exceptions that exit, events under delivery, event injection, task switches, shutdown. */
import { describe, expect, test } from 'vitest';
import { BLOCKED_BY_NMI, SHUTDOWN } from '../../../src/cpu/registers.ts';
import { ABANDONED, INTERCEPTED } from '../../../src/cpu/signals.ts';
import { at } from '../../../src/cpu/state.ts';
import { Svm } from '../../../src/cpu/virt/svm/svm.ts';
import { CODE, DATA, GUEST_CODE, HANDLER, IDT, SvmGuest, VMCB } from './guest.ts';

const exceptionCode = (vector: number): number => CODE.EXCEPTION + vector;
const INJECT = 1 << 31;
const STACK = 0x80000;

/** A gate that is not present. */
function absent(guest: SvmGuest, vector: number): SvmGuest {
  guest.cpu.memory.dwords[(IDT >>> 2) + 2 * vector + 1] &= ~0x8000;
  return guest;
}

const pushed = (guest: SvmGuest, from: number, count: number): number[] => [
  ...guest.cpu.memory.dwords.subarray((STACK - from) >>> 2, ((STACK - from) >>> 2) + count),
];

describe('exceptions', () => {
  test.each([
    ['ud2', 6, 0, 0],
    ['div bl', 0, 0, 0],
    ['mov eax, [40000123h]', 14, 0, 0x40000123],
    ['mov [40000127h], eax', 14, 2, 0x40000127],
    ['mov ds, bp', 13, 0xfff0, 0],
    ['int3', 3, 0, 0],
  ])('%s: vector %i', (asm, vector, info1, info2) => {
    const guest = new SvmGuest(asm, { interceptException: 1 << vector }).with({ ebx: 0, ebp: 0xfff3 });
    guest.cpu.s[at.cr2] = 0x55;
    expect(guest.set({ cr2: 0x77 }).run().exit).toMatchObject({ code: exceptionCode(vector), guestEip: GUEST_CODE, info1, info2 });
    expect([guest.read('exitInfo1'), guest.read('exitInfo2'), guest.read('rflags'), guest.read('cr2')]).toEqual([info1, info2, 2, 0x77]);
    expect(guest.exit!.interruptionInfo & 0xff).toBe(vector);
    guest.set({ interceptException: 0, rip: GUEST_CODE });
    guest.cpu.s[at.ebx] = 0;
    expect(guest.run().exit).toMatchObject({ code: CODE.VMMCALL, guestEip: HANDLER });
  });

  test('INTO is #OF, and what it overflowed stays', () => {
    const guest = new SvmGuest('into', { interceptException: 1 << 4, rflags: 0x802 });
    expect(guest.run().exit).toMatchObject({ code: exceptionCode(4), guestEip: GUEST_CODE });
  });

  test('the #DB intercept does not see INT1', () => {
    expect(new SvmGuest('int1', { interceptException: -1 }).run().exit).toMatchObject({ code: CODE.VMMCALL, guestEip: HANDLER });
  });

  test('the exception intercepts do not see INT n', () => {
    expect(new SvmGuest('int 0dh', { interceptException: -1 }).run().exit).toMatchObject({ code: CODE.VMMCALL, guestEip: HANDLER });
  });

  test('a single step exits behind the instruction, with DR6 as a handler would see it', () => {
    const guest = new SvmGuest('nop\nnop', { interceptException: 2, rflags: 0x102 }).run();
    expect(guest.exit).toMatchObject({ code: exceptionCode(1), guestEip: GUEST_CODE + 1 });
    expect([guest.read('dr6') >>> 0, guest.cpu.s[at.pendingDebug]]).toEqual([0xffff4ff0, 0]);
  });

  test('without an intercept CR2 is written and the guest handles it', () => {
    const guest = new SvmGuest('mov eax, [40000123h]').run();
    expect(guest.exit).toMatchObject({ guestEip: HANDLER });
    expect(guest.read('cr2')).toBe(0x40000123);
    expect(pushed(guest, 16, 2)).toEqual([0, GUEST_CODE]);
  });
});

describe('EXITINTINFO', () => {
  test.each([
    ['INT n', 'int 50h', 0x80000450, 0],
    ['an exception', 'ud2', 0x80000306, 0],
    ['an exception with an error code', 'mov ds, bp', 0x80000b0d, 0xfff0],
    ['INT3, as an exception', 'int3', 0x80000303, 0],
    ['INT1, as an exception', 'int1', 0x80000301, 0],
  ])('%s that meets an absent gate', (_, asm, info, errorCode) => {
    const guest = new SvmGuest(asm, { interceptException: 1 << 11 }).with({ ebp: 0xfff3 });
    for (const vector of [0x50, 6, 13, 3, 1]) absent(guest, vector);
    guest.run();
    expect(guest.exit).toMatchObject({ code: exceptionCode(11), guestEip: GUEST_CODE, eventInfo: info });
    expect([guest.read('exitIntInfo') >>> 0, guest.read('exitIntInfo', 1)]).toEqual([info, errorCode]);
  });

  test('an external interrupt that meets an absent gate', () => {
    const guest = absent(new SvmGuest('nop', { interceptException: 1 << 11, rflags: 0x202 }), 0x20);
    guest.interrupt(0x20).run();
    expect([guest.read('exitCode'), guest.read('exitIntInfo') >>> 0]).toEqual([exceptionCode(11), 0x80000020]);
  });

  test('#DF that exits tells no event', () => {
    const guest = new SvmGuest('mov ds, bp', { interceptException: 1 << 8 }).with({ ebp: 0xfff3 });
    for (const vector of [13, 11]) absent(guest, vector);
    guest.run();
    expect([guest.read('exitCode'), guest.read('exitIntInfo'), guest.read('exitInfo1')]).toEqual([exceptionCode(8), 0, 0]);
  });

  test('a page fault under delivery of an interrupt', () => {
    const guest = new SvmGuest('int 51h', { interceptException: 1 << 14, rsp: 0x40000100 }).run();
    expect([guest.read('exitCode'), guest.read('exitIntInfo') >>> 0, guest.read('exitInfo2')]).toEqual([
      exceptionCode(14),
      0x80000451,
      0x400000fc,
    ]);
  });
});

describe('event injection', () => {
  const injecting = (event: number, more = {}): SvmGuest => new SvmGuest('nop', { eventInj: event | INJECT, ...more });

  test('an interrupt, whatever IF is', () => {
    const guest = injecting(0x20).run();
    expect([guest.exit!.guestEip, guest.delivered]).toEqual([HANDLER, ['external 20']]);
    expect(pushed(guest, 12, 3)).toEqual([GUEST_CODE, 8, 2]);
    expect(guest.read('eventInj')).toBe(0x20);
  });

  test('an exception pushes the error code of EVENTINJ', () => {
    const guest = injecting(0xb0d).setHigh('eventInj', 0x1238).run();
    expect(guest.delivered).toEqual(['exception 13']);
    expect(pushed(guest, 16, 4)).toEqual([0x1238, GUEST_CODE, 8, 2]);
  });

  test('INT n pushes EIP as the VMCB has it, and DPL of the gate counts', () => {
    const guest = injecting(0x451).run();
    expect(guest.delivered).toEqual(['int 51']);
    expect(pushed(guest, 12, 1)).toEqual([GUEST_CODE]);
    const user = injecting(0x420, { interceptException: -1 }).user();
    user.cpu.memory.dwords[(IDT >>> 2) + 2 * 0x20 + 1] &= ~0x6000;
    expect(user.run().exit).toMatchObject({ code: exceptionCode(13), info1: 0x102, eventInfo: 0x80000420 });
  });

  test('an NMI has vector 2, and blocks no further ones', () => {
    const guest = injecting(0x255).enter();
    expect([guest.delivered, guest.cpu.s[at.interruptibility] & BLOCKED_BY_NMI]).toEqual([['NMI 2'], 0]);
    const blocked = injecting(0x202);
    blocked.cpu.s[at.interruptibility] = BLOCKED_BY_NMI;
    expect(blocked.enter().cpu.s[at.interruptibility] & BLOCKED_BY_NMI).toBe(BLOCKED_BY_NMI);
  });

  test('it is not intercepted itself, a fault of its delivery is', () => {
    expect(injecting(0x30d, { interceptException: -1 }).run().exit).toMatchObject({ guestEip: HANDLER });
    const guest = absent(injecting(0xb0d, { interceptException: -1 }), 13).setHigh('eventInj', 0x10);
    expect(guest.run().exit).toMatchObject({ code: exceptionCode(11), eventInfo: 0x80000b0d });
    expect(guest.read('exitIntInfo', 1)).toBe(0x10);
  });
});

describe('task switches', () => {
  const gate = (guest: SvmGuest, vector: number): SvmGuest => {
    guest.cpu.memory.dwords.set([0x30 << 16, 0xe500], (IDT >>> 2) + 2 * vector);
    return guest.intercept(CODE.TASK_SWITCH);
  };

  test('by far JMP and CALL', () => {
    const jump = new SvmGuest('jmp 30h:0').intercept(CODE.TASK_SWITCH).run();
    expect(jump.exit).toMatchObject({ code: CODE.TASK_SWITCH, guestEip: GUEST_CODE, info1: 0x30, info2: 2 ** 38, instructionLength: 7 });
    const call = new SvmGuest('call 30h:0').intercept(CODE.TASK_SWITCH).run();
    expect(call.exit).toMatchObject({ code: CODE.TASK_SWITCH, guestEip: GUEST_CODE, info1: 0x30, info2: 0 });
  });

  test('by a task gate: INT n, and an exception with an error code', () => {
    const int = gate(new SvmGuest('int 52h'), 0x52).run();
    expect(int.exit).toMatchObject({ code: CODE.TASK_SWITCH, guestEip: GUEST_CODE, info1: 0x30, info2: 0, eventInfo: 0x80000452 });
    const fault = gate(new SvmGuest('nop\nmov ds, bp').with({ ebp: 0xfff3 }), 13).run();
    expect(fault.exit).toMatchObject({ guestEip: GUEST_CODE + 1, info2: 2 ** 44 + 0xfff0, eventInfo: 0x80000b0d, instructionLength: 0 });
  });

  test('not intercepted it happens', () => {
    const guest = new SvmGuest('jmp 30h:0').enter();
    expect(guest.step()).toBe('limit');
    expect(guest.cpu.s[at.trSelector]).toBe(0x30);
  });
});

describe('shutdown', () => {
  const dying = (): SvmGuest => {
    const guest = new SvmGuest('ud2');
    guest.cpu.memory.dwords[(VMCB + 0x484) >>> 2] = 0;
    return guest;
  };

  test('intercepted, it exits', () => {
    const guest = dying().run();
    expect(guest.exit).toMatchObject({ code: CODE.SHUTDOWN, cause: 'triple-fault' });
    expect(guest.cpu.s[at.activity]).toBe(0);
  });

  test('not intercepted, the processor shuts down', () => {
    const guest = dying().intercept(CODE.SHUTDOWN, false).enter();
    guest.step();
    expect([guest.step(), guest.cpu.s[at.activity]]).toEqual(['shutdown', SHUTDOWN]);
  });
});

describe('nested page faults', () => {
  const report = (raise: (svm: Svm, guest: SvmGuest) => void): SvmGuest => {
    const guest = new SvmGuest('nop').enter();
    const svm = guest.cpu.virt as Svm;
    expect(svm).toBeInstanceOf(Svm);
    let signal: unknown = ABANDONED;
    try {
      raise(svm, guest);
    } catch (thrown) {
      signal = thrown;
    }
    expect(signal).toBe(INTERCEPTED);
    svm.intercepted(guest.cpu);
    return guest;
  };

  test('the address, the error code, and which of the two walks', () => {
    const guest = report((svm, { cpu }) => svm.nestedViolation(cpu, 0x1234000, 2, 1, 0x5000, true));
    expect(guest.exit).toMatchObject({ code: CODE.NPF, info1: 2 ** 32 + 7, info2: 0x1234000, cause: 'nested-page-fault' });
    expect([guest.read('exitInfo1'), guest.read('exitInfo1', 1), guest.read('exitInfo2')]).toEqual([7, 1, 0x1234000]);
    const walk = report((svm, { cpu }) => svm.nestedViolation(cpu, DATA, 1, 0, 0x5000, false));
    expect(walk.exit!.info1).toBe(2 ** 33 + 4);
    const bad = report((svm, { cpu }) => svm.nestedMisconfiguration(cpu, DATA));
    expect(bad.exit!.info1).toBe(2 ** 32 + 13);
  });
});
