/** Controls that came after the first generation of VT-x. */
import { describe, expect, test } from 'vitest';
import { run } from '../../../src/cpu/run.ts';
import { at, counterAt } from '../../../src/cpu/state.ts';
import { REASON } from '../../../src/cpu/virt/vmx/reasons.ts';
import { Guest, HANDLER } from './guest.ts';
import { EVERYTHING, type Fields, GUEST_CODE, HOST_CODE } from './root-operation.ts';

const PIN = 0x16;
const NMI_EXITING = 1 << 3;
const VIRTUAL_NMIS = NMI_EXITING | (1 << 5);
const TIMER = 1 << 6;
const PRIMARY = 0x0401e172;
const SECONDARY = PRIMARY | (1 << 31);
const NMI_WINDOW = 1 << 22;
const TRAP_FLAG = 1 << 27;
const VALID = 1 << 31;
const IRET = 0xcf;
const APIC_PAGE = 0x170000;
const VIRTUAL_APIC = 0x171000;

const guestOf = (source: string, fields: Fields = {}): Guest => new Guest(source, fields, EVERYTHING);

describe('virtual NMIs', () => {
  const fields: Fields = { pinControls: PIN | VIRTUAL_NMIS, primaryControls: PRIMARY | NMI_WINDOW };
  const injected: Fields = { ...fields, entryInterruptionInfo: 0x202 | VALID };

  test('an injected NMI blocks them, and the blocking is saved as bit 3', () => {
    const guest = guestOf('', injected).tables().run();
    expect(guest.exit).toMatchObject({ code: REASON.VMCALL, guestEip: HANDLER });
    expect(guest.read('guestInterruptibility')).toBe(8);
    expect(guest.cpu.s[at.interruptibility]).toBe(0);
  });

  test('IRET ends the blocking, and the NMI window opens behind it', () => {
    const guest = guestOf('nop\nnop', injected).tables([0x90, IRET]).run();
    expect(guest.exit).toMatchObject({ code: REASON.NMI_WINDOW, guestEip: GUEST_CODE });
    expect(guest.read('guestInterruptibility')).toBe(0);
  });

  test('without blocking the window is open at once; MOV SS holds it up for one instruction', () => {
    expect(guestOf('nop', fields).run().exit).toMatchObject({ code: REASON.NMI_WINDOW, guestEip: GUEST_CODE });
    expect(guestOf('nop', { ...fields, guestInterruptibility: 2 }).run().exit).toMatchObject({ code: 8, guestEip: GUEST_CODE + 1 });
  });

  test('blocked virtual NMIs do not keep a real one from exiting', () => {
    const guest = guestOf('nop', { ...fields, guestInterruptibility: 8 });
    guest.cpu.s[at.nmiPending] = 1;
    expect(guest.run().exit).toMatchObject({ code: 0, interruptionInfo: 0x80000202, guestEip: GUEST_CODE });
  });

  test('nor does it that NMIs were blocked in the host', () => {
    const guest = guestOf('nop', { pinControls: PIN | VIRTUAL_NMIS });
    guest.cpu.s[at.nmiPending] = 1;
    guest.cpu.s[at.interruptibility] = 8;
    expect(guest.run().exit).toMatchObject({ code: 0, interruptionInfo: 0x80000202 });
    expect(guest.cpu.s[at.interruptibility]).toBe(8);
  });

  test('with NMI exiting alone, IRET changes no blocking', () => {
    const guest = guestOf('', { pinControls: PIN | NMI_EXITING, guestInterruptibility: 8 }).tables();
    guest.cpu.memory.bytes.set([0x9c, 0x0e, 0x68, 0x00, 0x30, 0x16, 0x00, IRET], GUEST_CODE);
    expect(guest.run().exit).toMatchObject({ code: REASON.VMCALL, guestEip: HANDLER });
    expect(guest.read('guestInterruptibility')).toBe(8);
  });
});

describe('an IRET that faults once it has ended the blocking', () => {
  const fields: Fields = { exceptionBitmap: 1 << 14, guestEsp: 0x40000000, guestInterruptibility: 8 };
  const info = (more: Fields): number => (guestOf('iret', { ...fields, ...more }).run().exit?.interruptionInfo ?? 0) & (1 << 12);

  test('of NMIs, without NMI exiting', () => {
    expect(info({})).toBe(1 << 12);
  });
  test('of virtual NMIs', () => {
    expect(info({ pinControls: PIN | VIRTUAL_NMIS })).toBe(1 << 12);
  });
  test('and none that was not blocked, or is not its own to end', () => {
    expect(info({ guestInterruptibility: 0 })).toBe(0);
    expect(info({ pinControls: PIN | NMI_EXITING })).toBe(0);
  });
  test('a later fault of another instruction says nothing of it', () => {
    const guest = guestOf('mov eax, [40000000h]', { exceptionBitmap: 1 << 14, entryInterruptionInfo: 0x202 | VALID })
      .tables([IRET])
      .run();
    expect(guest.exit).toMatchObject({ code: 0, interruptionInfo: 0x80000b0e });
  });
});

describe('the APIC-access page', () => {
  const fields: Fields = {
    primaryControls: SECONDARY | (1 << 21),
    secondaryControls: 1,
    apicAccessAddress: APIC_PAGE,
    virtualApicAddress: VIRTUAL_APIC,
  };
  const apic = (source: string, more: Fields = {}): Guest => guestOf(source, { ...fields, ...more }).with('edi', APIC_PAGE);

  test('the TPR is read from and written to the virtual-APIC page', () => {
    const guest = apic('mov eax, [edi + 80h]\nmov dword [edi + 80h], 0FFFFFF30h\nor byte [edi + 80h], 5\nmov bl, [edi + 80h]');
    guest.cpu.memory.dwords[(VIRTUAL_APIC + 0x80) >>> 2] = 0x72;
    guest.run();
    expect(guest.exit?.code).toBe(REASON.VMCALL);
    expect([guest.cpu.s[at.eax], guest.cpu.s[at.ebx] & 0xff]).toEqual([0x72, 0x35]);
    expect(guest.cpu.memory.dwords[(VIRTUAL_APIC + 0x80) >>> 2]).toBe(0x35);
    expect(guest.cpu.memory.dwords[(APIC_PAGE + 0x80) >>> 2]).toBe(0);
  });

  test('TPR below the threshold is left behind the instruction', () => {
    const guest = apic('nop\nmov dword [edi + 80h], 40h\nmov dword [edi + 80h], 30h\nnop', { tprThreshold: 4 });
    guest.cpu.memory.bytes[VIRTUAL_APIC + 0x80] = 0x50;
    expect(guest.run().exit).toMatchObject({ code: REASON.TPR_BELOW_THRESHOLD, guestEip: GUEST_CODE + 21, qualification: 0 });
  });

  test('and at once when it is so at VM entry', () => {
    expect(apic('nop', { tprThreshold: 1 }).run().exit).toMatchObject({ code: REASON.TPR_BELOW_THRESHOLD, guestEip: GUEST_CODE });
  });

  test.each([
    ['mov eax, [edi + 20h]', 0x0020],
    ['mov [edi + 300h], eax', 0x1300],
    ['and dword [edi + 0F0h], 1', 0x10f0],
    ['mov ax, [edi + 82h]', 0x0082],
    ['mov eax, [edi + 81h]', 0x0081],
    ['mov eax, [edi - 2]', 0x0000],
    ['push dword [edi + 0FFFh]', 0x0fff],
    ['jmp edi', 0x2000],
  ])('%s exits', (source, qualification) => {
    const guest = apic(`mov ecx, 1\n${source}`).run();
    expect(guest.exit).toMatchObject({ code: REASON.APIC_ACCESS, qualification, cause: 'apic-access' });
    expect(guest.eip).toBe(source.startsWith('jmp') ? APIC_PAGE - GUEST_CODE : 5);
    expect(guest.cpu.s[at.ecx]).toBe(1);
    expect(guest.read('guestEflags') & 0x10000).toBe(0x10000);
  });

  test('without a TPR shadow the TPR exits too', () => {
    const guest = apic('mov eax, [edi + 80h]', { primaryControls: SECONDARY }).run();
    expect(guest.exit).toMatchObject({ code: REASON.APIC_ACCESS, qualification: 0x80 });
  });

  test('an event whose stack lies there exits with what was delivered', () => {
    const guest = apic('mov esp, edi\nadd esp, 84h\nint 60h').tables().run();
    expect(guest.exit).toMatchObject({ code: REASON.APIC_ACCESS, qualification: 0x3080, instructionLength: 2, guestEip: GUEST_CODE + 8 });
    expect(guest.read('vectoringInfo') >>> 0).toBe(0x80000460);
    expect(guest.read('guestEflags') & 0x10000).toBe(0);
  });

  test('a page fault comes before it', () => {
    const guest = apic('mov edi, 40000000h\nmov eax, [edi]', { exceptionBitmap: 1 << 14, apicAccessAddress: 0x40000000 }).run();
    expect(guest.exit).toMatchObject({ code: 0, interruptionInfo: 0x80000b0e });
  });

  test('the page is memory again once the guest is left', () => {
    const guest = apic('').run();
    expect(guest.cpu.s[at.apicAccessPage]).toBe(0);
  });
});

describe('the preemption timer', () => {
  const fields: Fields = { pinControls: PIN | TIMER };

  test('0 expires before the first instruction', () => {
    expect(guestOf('nop', fields).run().exit).toMatchObject({ code: REASON.PREEMPTION_TIMER, guestEip: GUEST_CODE });
  });

  test('it counts once in 32 cycles', () => {
    const guest = guestOf('again: inc eax\njmp again', { ...fields, preemptionTimer: 100 });
    const { f } = guest.cpu;
    guest.enter();
    const start = f[counterAt.cycles];
    while (guest.cpu.s[at.guest] !== 0) run(guest.cpu, guest.cpu.steps + 1);
    expect(guest.exit?.code).toBe(REASON.PREEMPTION_TIMER);
    const spent = f[counterAt.cycles] - guest.cpu.costs.events.exit - start;
    expect(Math.floor(spent / 32)).toBeGreaterThanOrEqual(99);
    expect(Math.floor(spent / 32)).toBeLessThanOrEqual(100);
  });

  test('the step count does not depend on how the run is cut', () => {
    const source = 'again: inc eax\ninc ebx\ninc ecx\njmp again';
    const end = ({ cpu, eip }: Guest): number[] => [cpu.s[at.eax], eip];
    const single = guestOf(source, { ...fields, preemptionTimer: 77 });
    single.enter();
    while (single.cpu.s[at.guest] !== 0) run(single.cpu, single.cpu.steps + 1);
    const whole = guestOf(source, { ...fields, preemptionTimer: 77 });
    whole.cpu.memory.bytes[HOST_CODE] = 0xf4;
    whole.enter();
    run(whole.cpu, whole.cpu.steps + 100_000);
    expect(end(whole)).toEqual(end(single));
  });

  test('what is left is saved if asked, 0 after it expired, and else the field stays', () => {
    const saving: Fields = { ...fields, exitControls: 0x36dff | (1 << 22), preemptionTimer: 1000 };
    const left = guestOf('cpuid', saving).run().read('preemptionTimer');
    expect(left).toBeGreaterThan(990);
    expect(left).toBeLessThanOrEqual(1000);
    expect(
      guestOf('again: jmp again', { ...saving, preemptionTimer: 3 })
        .run()
        .read('preemptionTimer'),
    ).toBe(0);
    expect(
      guestOf('cpuid', { ...fields, preemptionTimer: 1000 })
        .run()
        .read('preemptionTimer'),
    ).toBe(1000);
  });

  test.each([
    ['HLT', 1],
    ['shutdown', 2],
  ])('it wakes a guest in the %s state', (_, guestActivity) => {
    const guest = guestOf('', { ...fields, preemptionTimer: 50, guestActivity }).run();
    expect(guest.exit).toMatchObject({ code: REASON.PREEMPTION_TIMER, guestEip: GUEST_CODE });
    expect(guest.read('guestActivity')).toBe(guestActivity);
  });
});

describe('the monitor trap flag', () => {
  const fields: Fields = { primaryControls: PRIMARY | TRAP_FLAG };
  const eip = (source: string, more: Fields = {}): number => {
    const guest = guestOf(source, { ...fields, ...more }).run();
    expect(guest.exit).toMatchObject({ code: REASON.MONITOR_TRAP_FLAG, qualification: 0 });
    return guest.eip;
  };

  test('one instruction, and one more', () => {
    expect(eip('nop\nnop')).toBe(1);
    const guest = guestOf('nop\ninc eax\ninc eax', fields).run();
    guest.run(false);
    expect([guest.exit?.code, guest.eip]).toEqual([REASON.MONITOR_TRAP_FLAG, 2]);
  });

  test('one iteration of a REP', () => {
    const guest = guestOf('mov ecx, 3\nrep stosb', fields).with('edi', 0x150000).run();
    guest.run(false);
    expect([guest.eip, guest.cpu.s[at.ecx]]).toEqual([5, 2]);
  });

  test('the shadow of STI is saved with it', () => {
    const guest = guestOf('sti\nnop', fields).run();
    expect([guest.eip, guest.read('guestInterruptibility')]).toEqual([1, 1]);
  });

  test('an instruction that exits is not followed by it', () => {
    expect(guestOf('cpuid', fields).run().exit?.code).toBe(REASON.CPUID);
  });

  test('HLT: the guest is left halted', () => {
    const guest = guestOf('hlt', fields).run();
    expect([guest.exit?.code, guest.eip, guest.read('guestActivity')]).toEqual([REASON.MONITOR_TRAP_FLAG, 1, 1]);
  });

  test('a fault counts with its delivery, and so does an event injected', () => {
    expect(guestOf('ud2', fields).tables().run().exit).toMatchObject({ code: REASON.MONITOR_TRAP_FLAG, guestEip: HANDLER });
    const injected = guestOf('nop', { ...fields, entryInterruptionInfo: 0x20 | VALID, guestEflags: 0x202 })
      .tables()
      .run();
    expect(injected.exit).toMatchObject({ code: REASON.MONITOR_TRAP_FLAG, guestEip: HANDLER });
  });

  test('an injected pending trap flag needs no control', () => {
    const guest = guestOf('nop', { entryInterruptionInfo: 0x700 | VALID, guestActivity: 1, guestEflags: 0x202 }).run();
    expect(guest.exit).toMatchObject({ code: REASON.MONITOR_TRAP_FLAG, guestEip: GUEST_CODE });
    expect(guest.read('guestActivity')).toBe(1);
  });
});

describe('PAUSE loops', () => {
  const fields: Fields = { primaryControls: SECONDARY, secondaryControls: 1 << 10, pauseLoopGap: 50, pauseLoopWindow: 1000 };

  test('a loop longer than the window exits', () => {
    const guest = guestOf('mov ecx, 100000\nagain: pause\nloop again', fields);
    guest.enter();
    run(guest.cpu, guest.cpu.steps + 10_000);
    expect(guest.exit?.code).toBe(REASON.PAUSE);
  });

  test('PAUSEs far apart, and those outside CPL 0, do not', () => {
    const apart = guestOf('mov ecx, 300\nagain: pause\nimul eax, ebx\nimul eax, ebx\nloop again', { ...fields, pauseLoopGap: 2 });
    apart.enter();
    while (apart.cpu.s[at.guest] !== 0) run(apart.cpu, apart.cpu.steps + 1);
    expect(apart.exit?.code).toBe(REASON.VMCALL);
  });
});

describe('MSRs that change sides', () => {
  test('IA32_PAT', () => {
    const entry = { entryControls: 0x11ff | (1 << 14), guestPat: 0x07060504 };
    const guest = guestOf('', { ...entry, exitControls: 0x36dff | (1 << 18) | (1 << 19), hostPat: 0x00010406 }).run();
    expect([guest.read('guestPat'), guest.cpu.s[at.patLow]]).toEqual([0x07060504, 0x00010406]);
    const kept = guestOf('', entry).run();
    expect(kept.cpu.s[at.patLow]).toBe(0x07060504);
  });

  test('debug controls are loaded and saved only if asked', () => {
    const clear = { entryControls: 0x11fb, exitControls: 0x36dfb, guestDr7: 0x455 };
    const neither = guestOf('mov eax, dr7', clear).run();
    expect([neither.cpu.s[at.eax], neither.read('guestDr7')]).toEqual([0x400, 0x455]);
    const both = guestOf('mov eax, 400h\nmov dr7, eax', { guestDr7: 0x0440 }).run();
    expect(both.read('guestDr7')).toBe(0x400);
  });
});
