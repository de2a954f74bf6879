/** Physical and virtual interrupts, NMIs, GIF, and the interrupt shadow. */
import { describe, expect, test } from 'vitest';
import { BLOCKED_BY_NMI, BLOCKED_BY_STI, HALTED, IF } from '../../../src/cpu/registers.ts';
import { at, SIGNAL_INIT } from '../../../src/cpu/state.ts';
import { CODE, code, type Fields, GUEST_CODE, HANDLER, HOST_CODE, SvmGuest } from './guest.ts';

const MASKING = 1 << 24;
const V_IRQ = 1 << 8;
const IGNORE_TPR = 1 << 20;
const priority = (level: number): number => level << 16;
const vintr =
  (control: number, vector = 0): ((guest: SvmGuest) => SvmGuest) =>
  (guest) =>
    guest.set({ vintr: control }).setHigh('vintr', vector);

/** Runs host code from behind the exit; `steps` at most. */
function hostRuns(guest: SvmGuest, source: string, steps: number): SvmGuest {
  const { cpu } = guest;
  cpu.memory.bytes.set(code(source, HOST_CODE + 0x100), HOST_CODE + 0x100);
  cpu.blocks.dropAll(cpu);
  cpu.s[at.eip] = HOST_CODE + 0x100;
  for (let i = 0; i < steps; i++) guest.step();
  return guest;
}

describe('physical interrupts', () => {
  const guestWith = (fields: Fields, hostIf = false): SvmGuest => {
    const guest = new SvmGuest('nop\nnop', fields).interrupt(0x20);
    guest.cpu.s[at.eflags] = hostIf ? 2 | IF : 2;
    guest.cpu.s[at.gif] = 0;
    return guest;
  };

  test.each([
    ['guest IF = 1', { rflags: 0x202 }, false, true],
    ['guest IF = 0', { rflags: 2 }, true, false],
    ['V_INTR_MASKING, host IF = 1, guest IF = 0', { rflags: 2, vintr: MASKING }, true, true],
    ['V_INTR_MASKING, host IF = 0, guest IF = 1', { rflags: 0x202, vintr: MASKING }, false, false],
  ])('the INTR intercept: %s', (_, fields, hostIf, taken) => {
    const guest = guestWith(fields, hostIf).intercept(CODE.INTR).run();
    expect(guest.exit).toMatchObject({ code: taken ? CODE.INTR : CODE.VMMCALL, guestEip: GUEST_CODE + (taken ? 0 : 2) });
    expect([guest.delivered, guest.cpu.bus.intr]).toEqual([[], true]);
    const plain = guestWith(fields, hostIf).run();
    expect([plain.delivered, plain.exit!.guestEip]).toEqual(taken ? [['external 20'], HANDLER] : [[], GUEST_CODE + 2]);
  });

  test('it stays pending, and the host takes it after STGI', () => {
    const guest = guestWith({ rflags: 0x202 }, true).intercept(CODE.INTR).run();
    hostRuns(guest, 'nop\nnop\nstgi\nnop', 2);
    expect(guest.delivered).toEqual([]);
    guest.step();
    guest.step();
    expect(guest.delivered).toEqual(['external 20']);
  });

  test('it ends HLT in the guest', () => {
    const guest = new SvmGuest('hlt', { rflags: 0x202 }).intercept(CODE.INTR).enter();
    guest.step();
    expect(guest.cpu.s[at.activity]).toBe(HALTED);
    guest.interrupt(0x20).step();
    expect(guest.exit).toMatchObject({ code: CODE.INTR, guestEip: GUEST_CODE + 1 });
  });
});

describe('virtual interrupts', () => {
  test.each([
    ['priority above V_TPR', V_IRQ | priority(5) | 4, 0x202, true],
    ['priority equal to V_TPR', V_IRQ | priority(4) | 4, 0x202, false],
    ['priority below, but V_IGN_TPR', V_IRQ | priority(1) | 4 | IGNORE_TPR, 0x202, true],
    ['guest IF = 0', V_IRQ | priority(5), 2, false],
    ['V_IRQ = 0', priority(5), 0x202, false],
  ])('%s', (_, control, rflags, taken) => {
    const guest = vintr(control, 0x41)(new SvmGuest('nop\nnop', { rflags })).run();
    expect([guest.delivered, guest.exit!.guestEip]).toEqual(taken ? [['external 41'], HANDLER] : [[], GUEST_CODE + 2]);
    expect(guest.read('vintr')).toBe(taken ? control & ~V_IRQ : control);
    const window = vintr(control, 0x41)(new SvmGuest('nop\nnop', { rflags })).intercept(CODE.VINTR).run();
    expect(window.exit!.code).toBe(taken ? CODE.VINTR : CODE.VMMCALL);
    expect([window.delivered, window.read('vintr')]).toEqual([[], control]);
  });

  test('the window opens with STI, behind its shadow', () => {
    const guest = vintr(
      V_IRQ | priority(1),
      0x41,
    )(new SvmGuest('nop\nsti\nnop\nnop'))
      .intercept(CODE.VINTR)
      .run();
    expect(guest.exit).toMatchObject({ code: CODE.VINTR, guestEip: GUEST_CODE + 3, cause: 'interrupt-window' });
  });

  test('physical ones come first', () => {
    const guest = vintr(
      V_IRQ | priority(1),
      0x41,
    )(new SvmGuest('nop', { rflags: 0x202 }))
      .intercept(CODE.INTR)
      .interrupt(0x20)
      .run();
    expect([guest.exit!.code, guest.read('vintr') & V_IRQ]).toEqual([CODE.INTR, V_IRQ]);
  });

  test('it ends HLT in the guest', () => {
    const guest = new SvmGuest('hlt\nnop', { rflags: 0x202 }).enter();
    guest.step();
    vintr(V_IRQ | priority(1), 0x41)(guest).step();
    expect([guest.delivered, guest.cpu.s[at.activity]]).toEqual([['external 41'], 0]);
  });
});

describe('NMIs', () => {
  test('intercepted, it exits and stays pending for the host', () => {
    const guest = new SvmGuest('nop').intercept(CODE.NMI);
    const { s } = guest.cpu;
    s[at.gif] = 0;
    s[at.nmiPending] = 1;
    guest.run();
    expect([guest.exit!.code, guest.exit!.guestEip, s[at.nmiPending]]).toEqual([CODE.NMI, GUEST_CODE, 1]);
    hostRuns(guest, 'stgi\nnop', 2);
    expect([guest.delivered, s[at.nmiPending]]).toEqual([['NMI 2'], 0]);
  });

  test('not intercepted, the guest takes it, and its IRET ends the blocking', () => {
    const guest = new SvmGuest('nop');
    guest.cpu.memory.bytes.set([0xcf], HANDLER);
    guest.cpu.s[at.nmiPending] = 1;
    guest.cpu.s[at.gif] = 0;
    guest.enter();
    guest.step();
    expect([guest.delivered, guest.cpu.s[at.interruptibility] & BLOCKED_BY_NMI]).toEqual([['NMI 2'], BLOCKED_BY_NMI]);
    guest.step();
    expect(guest.cpu.s[at.interruptibility]).toBe(0);
  });

  test('blocked, it waits through an exit', () => {
    const guest = new SvmGuest('nop').intercept(CODE.NMI);
    guest.cpu.s[at.interruptibility] = BLOCKED_BY_NMI;
    guest.cpu.s[at.nmiPending] = 1;
    expect(guest.run().exit!.code).toBe(CODE.VMMCALL);
    expect(guest.cpu.s[at.interruptibility]).toBe(BLOCKED_BY_NMI);
  });
});

test('INIT exits where it is intercepted, before an NMI, and stays pending', () => {
  for (const asm of ['nop', 'hlt']) {
    const guest = new SvmGuest(asm).intercept(CODE.INIT).intercept(CODE.NMI).enter();
    guest.step();
    guest.cpu.s[at.signals] = SIGNAL_INIT;
    guest.cpu.s[at.nmiPending] = 1;
    guest.step();
    expect(guest.exit).toMatchObject({ code: CODE.INIT, guestEip: GUEST_CODE + 1 });
    expect(guest.cpu.s[at.signals]).toBe(SIGNAL_INIT);
  }
});

test('INIT that is not intercepted leaves the guest alone', () => {
  const guest = new SvmGuest('nop\nnop');
  guest.cpu.s[at.signals] = SIGNAL_INIT;
  expect(guest.run().exit).toMatchObject({ code: CODE.VMMCALL });
});

describe('GIF', () => {
  test('while it is 0, interrupts and NMIs are held; single steps are not', () => {
    const guest = new SvmGuest();
    const { s } = guest.cpu;
    s[at.gif] = 0;
    s[at.nmiPending] = 1;
    s[at.eflags] = 2 | IF;
    guest.interrupt(0x20);
    hostRuns(guest, 'nop\nnop\nnop\nnop', 3);
    expect([guest.delivered, s[at.eip]]).toEqual([[], HOST_CODE + 0x103]);
    s[at.eflags] = 0x102;
    guest.step();
    guest.step();
    expect(guest.delivered).toEqual(['exception 1']);
  });

  test('HLT with GIF = 0 sleeps for ever', () => {
    const guest = new SvmGuest();
    const { s } = guest.cpu;
    s[at.gif] = 0;
    s[at.eflags] = 2 | IF;
    guest.interrupt(0x20);
    hostRuns(guest, 'hlt', 1);
    expect([s[at.activity], guest.step()]).toEqual([HALTED, 'asleep']);
    s[at.gif] = 1;
    guest.step();
    expect(guest.delivered).toEqual(['external 20']);
  });

  test('a guest that may execute CLGI holds what is pending', () => {
    const guest = new SvmGuest('clgi\nsti\nnop\nnop\nstgi\nnop').intercept(CODE.INTR).interrupt(0x20).run();
    expect(guest.exit).toMatchObject({ code: CODE.INTR, guestEip: GUEST_CODE + 9 });
  });
});

describe('the interrupt shadow', () => {
  test('of STI is saved when the instruction behind it exits', () => {
    const guest = new SvmGuest('sti\nhlt').intercept(CODE.HLT).run();
    expect([guest.eip, guest.read('interruptShadow')]).toEqual([1, 1]);
    expect(new SvmGuest('nop\nhlt').intercept(CODE.HLT).run().read('interruptShadow')).toBe(0);
    expect(new SvmGuest('mov ss, bx\nhlt').with({ ebx: 0x10 }).intercept(CODE.HLT).run().read('interruptShadow')).toBe(1);
  });

  test('of the VMCB holds an interrupt for one instruction', () => {
    const guest = new SvmGuest('nop\nnop', { interruptShadow: 1, rflags: 0x202 }).intercept(CODE.INTR).interrupt(0x20);
    guest.cpu.s[at.gif] = 0;
    guest.enter();
    expect(guest.cpu.s[at.interruptibility]).toBe(BLOCKED_BY_STI);
    guest.step();
    guest.step();
    expect(guest.exit).toMatchObject({ code: CODE.INTR, guestEip: GUEST_CODE + 1 });
  });

  test('of the host does not outlive VMRUN', () => {
    const guest = new SvmGuest('nop');
    guest.cpu.s[at.interruptibility] = BLOCKED_BY_STI;
    guest.enter();
    expect(guest.cpu.s[at.interruptibility]).toBe(0);
  });
});
