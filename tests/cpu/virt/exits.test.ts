import { describe, expect, test } from 'vitest';
import { BLOCKED_BY_NMI, HALTED, SHUTDOWN } from '../../../src/cpu/registers.ts';
import { run } from '../../../src/cpu/run.ts';
import { at } from '../../../src/cpu/state.ts';
import { REASON } from '../../../src/cpu/virt/vmx/reasons.ts';
import { Guest, LIST } from './guest.ts';
import { GUEST_CODE, HOST_CODE, VMCS_REGION } from './root-operation.ts';

const PRIMARY = 0x0401e172;
const PIN = 0x16;
const BITMAP = 0x131000;

describe('what an exit does', () => {
  test('the host runs at its own EIP and ESP, in its own segments, with EFLAGS 2', () => {
    const { cpu } = new Guest('mov eax, 12345678h').run();
    const { s } = cpu;
    expect([s[at.eip], s[at.esp], s[at.eflags], s[at.cpl]]).toEqual([HOST_CODE, 0x90000, 2, 0]);
    expect([s[at.csSelector], s[at.csLimit], s[at.ssSelector], s[at.trSelector], s[at.trLimit]]).toEqual([8, -1, 0x10, 0x28, 0x67]);
    expect([s[at.gdtrLimit], s[at.idtrLimit], s[at.dr7]]).toEqual([0xffff, 0xffff, 0x400]);
    expect(s[at.eax]).toBe(0x12345678);
  });

  test('a null host selector gives an unusable register', () => {
    const { cpu } = new Guest('', { hostFsSelector: 0, hostGsSelector: 0x10, hostGsBase: 0x5000 }).run();
    expect(cpu.s[at.fsRights] & 0x10000).toBe(0x10000);
    expect([cpu.s[at.gsRights] & 0x10000, cpu.s[at.gsBase]]).toEqual([0, 0x5000]);
  });

  test('the guest is saved, the report tells of it, and it resumes where the monitor says', () => {
    const guest = new Guest('mov esp, 7000h\nstc\ncpuid\nmov ebx, 5');
    guest.run();
    expect(guest.exit).toMatchObject({ code: 10, name: 'CPUID', cause: 'cpuid', guestEip: GUEST_CODE + 6, instructionLength: 2, cpl: 0 });
    expect([guest.read('guestEsp'), guest.read('guestEflags'), guest.read('exitInstructionLength')]).toEqual([0x7000, 3, 2]);
    guest.write('guestEip', GUEST_CODE + 8);
    guest.run(false);
    expect([guest.exit?.code, guest.cpu.s[at.ebx]]).toEqual([18, 5]);
  });

  test('the valid bit of the entry interruption information is cleared', () => {
    const guest = new Guest('', {
      entryInterruptionInfo: 0x202 | (1 << 31),
      guestIdtrLimit: 0x7ff,
      guestIdtrBase: LIST,
      exceptionBitmap: -1,
    });
    guest.run();
    expect(guest.read('entryInterruptionInfo')).toBe(0x202);
    expect(guest.exit).toMatchObject({ code: 0, cause: 'exception' });
    expect(guest.read('vectoringInfo') >>> 0).toBe(0x80000202);
  });

  test('SYSENTER MSRs change sides', () => {
    const guest = new Guest('', { guestSysenterEip: 0x1111, hostSysenterEip: 0x2222, hostSysenterCs: 8 });
    guest.run();
    expect([guest.cpu.s[at.sysenterEip], guest.cpu.s[at.sysenterCs]]).toEqual([0x2222, 8]);
    expect(guest.read('guestSysenterEip')).toBe(0x1111);
  });

  test('entries and exits cost cycles', () => {
    const { cpu } = new Guest('').run();
    expect(cpu.cycles).toBeGreaterThan(1600);
  });
});

describe('control registers', () => {
  test('a CR3 target needs no exit; another value does', () => {
    const guest = new Guest('mov eax, cr2\nmov eax, 100000h\nmov cr3, eax\nmov eax, 101000h\nmov cr3, eax', {
      cr3TargetCount: 2,
      cr3Target0: 0x999000,
      cr3Target1: 0x100000,
    });
    guest.run();
    expect(guest.exit).toMatchObject({ code: 28, qualification: 3, cause: 'cr-write' });
    expect(guest.cpu.s[at.eax]).toBe(0x101000);
  });

  test("the guest reads the shadow in the host's bits, and writes only its own", () => {
    const guest = new Guest('mov eax, cr0\nmov ebx, eax\nor eax, 2\nmov cr0, eax\nmov ecx, cr0', { cr0Mask: 1 << 5, cr0Shadow: 0 });
    guest.run();
    expect(guest.exit?.code).toBe(18);
    expect(guest.cpu.s[at.ebx] & (1 << 5)).toBe(0);
    expect(guest.cpu.s[at.ecx] & 2).toBe(2);
    expect(guest.read('guestCr0') & ((1 << 5) | 2)).toBe((1 << 5) | 2);
  });

  test("writing the host's bit exits", () => {
    const guest = new Guest('mov eax, cr4\nor eax, 2000h\nmov cr4, eax', { cr4Mask: 0x2000, cr4Shadow: 0 }).run();
    expect(guest.exit).toMatchObject({ code: 28, qualification: 4 });
  });

  test('CLTS with a host-owned, shadowed TS exits; unshadowed it does nothing', () => {
    const clear = new Guest('clts', { cr0Mask: 8, cr0Shadow: 0, guestCr0: 0x80000039 | 0 }).run();
    expect([clear.exit?.code, clear.read('guestCr0') & 8]).toEqual([18, 8]);
    const set = new Guest('clts', { cr0Mask: 8, cr0Shadow: 8 }).run();
    expect(set.exit).toMatchObject({ code: 28, qualification: 0x20, cause: 'clts' });
  });
});

describe('time', () => {
  test('RDTSC sees the offset, in and out of the guest', () => {
    const guest = new Guest('rdtsc', { primaryControls: PRIMARY | (1 << 3), tscOffset: 0x40000000 });
    guest.write('tscOffset', 5, 1);
    guest.run();
    expect(guest.cpu.s[at.edx]).toBe(5);
    expect(guest.cpu.s[at.eax]).toBeGreaterThan(0x40000000);
  });
});

describe('MSR lists', () => {
  test('entry loads, exit stores and loads', () => {
    const guest = new Guest('mov ecx, 174h\nmov eax, 1234h\nxor edx, edx\nwrmsr', {
      primaryControls: PRIMARY | (1 << 28),
      msrBitmap: BITMAP,
      entryMsrLoadCount: 1,
      entryMsrLoadAddress: LIST,
      exitMsrStoreCount: 1,
      exitMsrStoreAddress: LIST + 16,
      exitMsrLoadCount: 1,
      exitMsrLoadAddress: LIST + 32,
    });
    guest.msrEntry(0, 0x277, 0x00070106, 0x00070106);
    guest.msrEntry(1, 0x174, 0);
    guest.msrEntry(2, 0x174, 0x5555);
    guest.run();
    expect(guest.exit?.code).toBe(18);
    expect(guest.cpu.s[at.patLow]).toBe(0x00070106);
    expect(guest.cpu.memory.dwords[(LIST >>> 2) + 6]).toBe(0x1234);
    expect(guest.cpu.s[at.sysenterCs]).toBe(0x5555);
  });

  test('an entry that cannot be loaded fails the VM entry by its number', () => {
    const guest = new Guest('', { entryMsrLoadCount: 2, entryMsrLoadAddress: LIST });
    guest.msrEntry(0, 0x174, 8);
    guest.msrEntry(1, 0xc0000101 | 0, 0);
    expect(guest.enter()).toMatchObject({ kind: 'failed', number: 34, qualification: 2 });
    expect(guest.read('exitReason') >>> 0).toBe(0x80000022);
    expect([guest.cpu.s[at.guest], guest.cpu.s[at.eip]]).toEqual([0, HOST_CODE]);
  });

  test('one that cannot be loaded at the exit is a VMX abort', () => {
    const guest = new Guest('', { exitMsrLoadCount: 1, exitMsrLoadAddress: LIST });
    guest.msrEntry(0, 0x9999, 0);
    guest.run();
    expect(guest.cpu.s[at.activity]).toBe(SHUTDOWN);
    expect(guest.cpu.memory.dwords[(VMCS_REGION >>> 2) + 1]).toBe(4);
  });
});

describe('MSR and I/O bitmaps', () => {
  const bitmaps = {
    primaryControls: PRIMARY | (1 << 25) | (1 << 28),
    msrBitmap: BITMAP,
    ioBitmapA: BITMAP + 4096,
    ioBitmapB: BITMAP + 8192,
  };

  test('a clear bit runs, a set bit exits', () => {
    const clear = new Guest('mov ecx, 175h\nrdmsr\nout 80h, al', bitmaps).run();
    expect(clear.exit?.code).toBe(18);
    const read = new Guest('mov ecx, 175h\nrdmsr', bitmaps);
    read.cpu.memory.bytes[BITMAP + (0x175 >> 3)] = 1 << 5;
    expect(read.run().exit?.cause).toBe('msr-read');
    const write = new Guest('mov ecx, 175h\nrdmsr\nwrmsr', bitmaps);
    write.cpu.memory.bytes[BITMAP + 2048 + (0x175 >> 3)] = 1 << 5;
    expect(write.run().exit?.cause).toBe('msr-write');
    const high = new Guest('mov ecx, 0C0000080h\nrdmsr', bitmaps);
    high.cpu.memory.bytes[BITMAP + 1024 + (0x80 >> 3)] = 1;
    expect(high.run().exit?.cause).toBe('msr-read');
  });

  test('an MSR outside both ranges exits always', () => {
    expect(new Guest('mov ecx, 2000h\nrdmsr', bitmaps).run().exit?.cause).toBe('msr-read');
  });

  test('any byte of a port access decides, and one that wraps exits', () => {
    const guest = new Guest('mov dx, 7FFEh\nin eax, dx', bitmaps);
    guest.cpu.memory.bytes[BITMAP + 8192] = 2;
    expect(guest.run().exit).toMatchObject({ code: 30, qualification: 0x7ffe000b });
    expect(new Guest('mov dx, 0FFFFh\nin ax, dx', bitmaps).run().exit?.code).toBe(30);
  });

  test('REP with a count of 0 exits like any other', () => {
    const guest = new Guest('xor ecx, ecx\nmov dx, 80h\nrep outsb', { primaryControls: PRIMARY | (1 << 24) }).run();
    expect(guest.exit?.code).toBe(30);
  });
});

describe('events', () => {
  test('an NMI exits and blocks NMIs in the host', () => {
    const guest = new Guest('nop\nnop\nnop', { pinControls: PIN | (1 << 3) });
    guest.cpu.s[at.nmiPending] = 1;
    guest.run();
    expect(guest.exit).toMatchObject({ code: 0, interruptionInfo: 0x80000202, cause: 'nmi' });
    expect([guest.cpu.s[at.nmiPending], guest.cpu.s[at.interruptibility], guest.read('guestInterruptibility')]).toEqual([
      0,
      BLOCKED_BY_NMI,
      0,
    ]);
  });

  test('the interrupt window opens in the HLT state', () => {
    const guest = new Guest('', { primaryControls: PRIMARY | (1 << 2), guestActivity: HALTED, guestEflags: 0x202 }).run();
    expect(guest.exit).toMatchObject({ code: REASON.INTERRUPT_WINDOW, guestEip: GUEST_CODE });
    expect(guest.read('guestActivity')).toBe(HALTED);
  });

  test('a pending single step exits as #DB with its bits', () => {
    const guest = new Guest('nop', { guestPendingDebug: 0x4000, exceptionBitmap: 2 }).run();
    expect(guest.exit).toMatchObject({ code: 0, qualification: 0x4000, interruptionInfo: 0x80000301, guestEip: GUEST_CODE });
    expect(guest.read('guestPendingDebug')).toBe(0);
  });

  test('a fault saves RF; an instruction clears it', () => {
    expect(new Guest('ud2', { exceptionBitmap: 1 << 6 }).run().read('guestEflags')).toBe(0x10002);
    expect(new Guest('cpuid', { guestEflags: 0x10002 }).run().read('guestEflags')).toBe(2);
  });

  test('#PF does not change CR2 when it exits', () => {
    const guest = new Guest('mov eax, [40000123h]', { exceptionBitmap: 1 << 14 }).run();
    expect(guest.exit).toMatchObject({ cause: 'page-fault', qualification: 0x40000123 });
    expect(guest.cpu.s[at.cr2]).toBe(0);
  });

  test('a single step that MOV SS holds up is pending in the state that is saved, which can be entered again', () => {
    const guest = new Guest('mov ss, ax\ncpuid', { guestEflags: 0x102, guestGdtrBase: LIST, guestGdtrLimit: 0x1f }).with('eax', 0x10);
    guest.cpu.memory.dwords.set([0x0000ffff, 0x00cf9300], (LIST + 0x10) >>> 2);
    guest.run();
    expect([guest.exit?.code, guest.read('guestInterruptibility'), guest.read('guestPendingDebug')]).toEqual([10, 2, 0x4000]);
    expect(guest.enter(false).kind).toBe('entered');
  });

  test('HLT without HLT exiting halts the guest, and its state says so', () => {
    const guest = new Guest('hlt', { pinControls: PIN | 1, guestEflags: 2 });
    guest.enter();
    run(guest.cpu, guest.cpu.steps + 1);
    expect(guest.cpu.s[at.activity]).toBe(HALTED);
    (guest.cpu.bus as { intr: boolean }).intr = true;
    run(guest.cpu, guest.cpu.steps + 1);
    expect(guest.exit).toMatchObject({ code: 1, guestEip: GUEST_CODE + 1 });
    expect(guest.read('guestActivity')).toBe(HALTED);
  });

  test('a failed entry changes neither launch state nor the guest, and leaves the event to inject', () => {
    const guest = new Guest('', { guestEflags: 0, entryInterruptionInfo: 0x306 | (1 << 31), exitInstructionLength: 77 });
    expect(guest.enter()).toMatchObject({ kind: 'failed', number: 33 });
    expect([guest.read('guestEflags'), guest.read('entryInterruptionInfo') >>> 0, guest.read('exitInstructionLength')]).toEqual([
      0, 0x80000306, 77,
    ]);
    expect(guest.cpu.memory.dwords[(VMCS_REGION >>> 2) + 2]).toBe(0);
  });
});
