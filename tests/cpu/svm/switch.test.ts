/** What VMRUN, #VMEXIT, VMLOAD and VMSAVE move; the instructions and MSRs of the host. */
import { describe, expect, test } from 'vitest';
import { readMsr, readTsc, writeMsr } from '../../../src/cpu/msrs.ts';
import { peekTlb } from '../../../src/cpu/peek.ts';
import { type Profile, processorProfile } from '../../../src/cpu/profiles.ts';
import { CR0_ET, CR0_PG, CR4_PSE } from '../../../src/cpu/registers.ts';
import { setNull, setSegment } from '../../../src/cpu/segments.ts';
import { at, counterAt, LDTR, segmentAt, tlbAt } from '../../../src/cpu/state.ts';
import { SVM_LEAF } from '../../../src/cpu/virt/svm/capabilities.ts';
import { slot } from '../../../src/cpu/virt/svm/fields.ts';
import { VM_CR, VM_HSAVE_PA } from '../../../src/cpu/virt/svm/msrs.ts';
import { saveState } from '../../../src/cpu/virt/svm/state-save.ts';
import { behindVmrun, CODE, CR0, code, DATA, DIRECTORY, GUEST_CODE, HOST_CODE, HSAVE, SvmGuest, VMCB } from './guest.ts';

const EFER = 0xc0000080 | 0;
const SEGMENT_WORDS = 4;
const segmentOf = (guest: SvmGuest, n: number): number[] => [...guest.cpu.s.subarray(segmentAt(n), segmentAt(n) + SEGMENT_WORDS)];

/** Runs host code to its HLT, or to the handler that every exception of the host leads to. */
function host(guest: SvmGuest, source: string): 'done' | number {
  const { cpu } = guest;
  let vector = -1;
  cpu.events = {
    ...cpu.events,
    exception: (number) => {
      vector = number;
    },
  };
  cpu.memory.bytes.set(code(`${source}\nhlt`, HOST_CODE + 0x100), HOST_CODE + 0x100);
  cpu.blocks.dropAll(cpu);
  cpu.s[at.eip] = HOST_CODE + 0x100;
  cpu.s[at.activity] = 0;
  for (let i = 0; i < 20 && cpu.s[at.activity] === 0; i++) guest.step();
  return vector < 0 ? 'done' : vector;
}

describe('VMRUN and #VMEXIT', () => {
  test('the host comes back as it was, with GIF 0 and DR7 at its reset value', () => {
    const guest = new SvmGuest('mov ebx, 12345678h\nmov eax, 9\nmov esp, 400h\nstd\nmov cr2, ebx');
    const { s } = guest.cpu;
    s[at.cr2] = 0x1111;
    s[at.eflags] = 0x246;
    s[at.dr7] = 0x404;
    const before = [0, 1, 2, 3].map((n) => segmentOf(guest, n));
    guest.run();
    expect([s[at.eax], s[at.esp], s[at.eip], s[at.eflags]]).toEqual([VMCB, 0x90000, behindVmrun, 0x246]);
    expect([s[at.cr0], s[at.cr3], s[at.cr4], s[at.efer], s[at.dr7], s[at.gif], s[at.cpl]]).toEqual([
      CR0,
      DIRECTORY,
      CR4_PSE,
      0x1000,
      0x400,
      0,
      0,
    ]);
    expect([0, 1, 2, 3].map((n) => segmentOf(guest, n))).toEqual(before);
    expect([s[at.ebx], s[at.cr2]]).toEqual([0x12345678, 0x12345678]);
    expect([guest.read('rax'), guest.read('rsp'), guest.read('rflags'), guest.read('cr2')]).toEqual([9, 0x400, 0x402, 0x12345678]);
  });

  test('the guest begins with GIF 1 and with what its VMCB says', () => {
    const guest = new SvmGuest('', { rax: 7, rflags: 0xd7, cr2: 5, dr6: 1, gdtr: 0, ss: 0x10 | (0xc93 << 16) });
    const { s } = guest.cpu;
    s[at.gif] = 0;
    guest.enter();
    expect([s[at.gif], s[at.guest], s[at.eax], s[at.eflags], s[at.cr2], s[at.dr6]]).toEqual([1, 1, 7, 0xd7, 5, 0xffff0ff1 | 0]);
    expect(segmentOf(guest, 2)).toEqual([0x10, 0, -1, 0xc093]);
  });

  test('FS, GS, LDTR, TR and the SYSENTER MSRs are not switched', () => {
    const guest = new SvmGuest('', { fs: 0x33 | (0xcf3 << 16), sysenterEip: 0x1234 });
    const { s } = guest.cpu;
    setSegment(guest.cpu, 4, 0x18, 0x1000, 0xffff, 0x93);
    s[at.sysenterEip] = 0x77;
    guest.run();
    expect(segmentOf(guest, 4)).toEqual([0x18, 0x1000, 0xffff, 0x93]);
    expect([s[at.sysenterEip], guest.read('fs'), guest.read('sysenterEip')]).toEqual([0x77, 0x33 | (0xcf3 << 16), 0x1234]);
  });

  test('a null segment goes to the VMCB and back with P = 0', () => {
    const guest = new SvmGuest('mov ds, bx').with({ ebx: 0 });
    guest.run();
    expect(guest.read('ds') >>> 16).toBe(0);
    setSegment(guest.cpu, 3, 0, 0, 0, 0x10093);
    saveState(guest.cpu, DATA >>> 2);
    expect(guest.cpu.memory.dwords[(DATA >>> 2) + slot.ds] >>> 16).toBe(0x13);
    guest.set({ rip: GUEST_CODE }).cpu.memory.bytes.set(code('mov eax, [ds:edi]', GUEST_CODE), GUEST_CODE);
    guest.cpu.blocks.dropAll(guest.cpu);
    expect(guest.exceptions().run().exit).toMatchObject({ code: CODE.EXCEPTION + 13 });
  });

  test('a guest in real mode: PE = 0 and PG = 0', () => {
    const guest = new SvmGuest('', { cr0: CR0_ET });
    guest.set({ cs: 0x1000 | (0x9b << 16), rip: 0 });
    guest.cpu.memory.dwords.set([0xffff, 0x10000], (VMCB >>> 2) + slot.cs + 1);
    guest.cpu.memory.bytes.set(code('mov ax, 1234h\nmov ds, ax\nvmmcall', 0, 16), 0x10000);
    expect(guest.run().exit).toMatchObject({ code: CODE.VMMCALL, guestEip: 5, cpl: 0 });
    expect(guest.cpu.memory.dwords[(VMCB >>> 2) + slot.ds + 2]).toBe(0x12340);
  });

  test('a guest in paged real mode: PE = 0 and PG = 1', () => {
    const guest = new SvmGuest('', { cr0: CR0_ET | CR0_PG });
    guest.set({ cs: 0x1000 | (0x9b << 16), rip: 0 });
    guest.cpu.memory.dwords.set([0xffff, 0x10000], (VMCB >>> 2) + slot.cs + 1);
    guest.cpu.memory.bytes.set(code('mov ax, 1\nvmmcall', 0, 16), 0x10000);
    expect(guest.run().exit).toMatchObject({ code: CODE.VMMCALL, guestEip: 3 });
    expect(guest.read('cr0')).toBe(CR0_ET | CR0_PG);
  });

  test('the time-stamp counter of the guest has the offset of the VMCB', () => {
    const guest = new SvmGuest('', { tscOffset: 1000 });
    const pair = new Int32Array(2);
    guest.enter();
    readTsc(guest.cpu, pair);
    expect(pair[0]).toBe(Math.floor(guest.cpu.f[counterAt.cycles]) + 1000);
  });

  test('a processor that saves nRIP leaves the address behind the instruction there', () => {
    const phenom = processorProfile('phenom');
    const later: Profile = { ...phenom, cpuid: new Map([...phenom.cpuid, [SVM_LEAF, [1, 64, 0, 8]]]) };
    const guest = new SvmGuest('cpuid', {}, later).intercept(CODE.CPUID).run();
    expect(guest.read('nRip')).toBe(GUEST_CODE + 2);
    expect(new SvmGuest('cpuid').intercept(CODE.CPUID).run().read('nRip')).toBe(0);
  });

  test('the TLBs keep what is the guest’s, under its ASID, and the host does not see it', () => {
    const guest = new SvmGuest('mov eax, [edi]').with({ edi: DATA });
    const { cpu } = guest;
    guest.enter().step();
    expect(cpu.s[at.spaceId]).toBe(1);
    expect(peekTlb(cpu, DATA, false)).toBeGreaterThanOrEqual(0);
    guest.run();
    expect(cpu.s[at.spaceId]).toBe(0);
    expect(peekTlb(cpu, DATA, false)).toBe(-1);
    expect([...cpu.s.subarray(tlbAt.tags, tlbAt.entries)].some((tag) => (tag & 0xfffff000) === DATA)).toBe(true);
  });
});

describe('instructions of the host', () => {
  test('VMSAVE and VMLOAD move FS, GS, LDTR, TR and the SYSENTER MSRs', () => {
    const guest = new SvmGuest();
    const { cpu } = guest;
    const { s } = cpu;
    const other = DATA;
    setSegment(cpu, 4, 0x18, 0x1000, 0xffff, 0x93);
    setSegment(cpu, 5, 0x20, 0x2000, 0xfffff, 0xc0f3);
    setNull(cpu, LDTR, 0);
    s[at.sysenterCs] = 8;
    s[at.sysenterEsp] = 0x9000;
    s[at.sysenterEip] = 0x1234;
    s[at.eax] = other;
    const numbers = [4, 5, 6, 7];
    const before = numbers.map((n) => segmentOf(guest, n));
    expect(host(guest, 'vmsave')).toBe('done');
    for (const n of numbers) setSegment(cpu, n, 0, 0, 0, 0x10000);
    s[at.sysenterCs] = 0;
    s[at.eax] = other;
    expect(host(guest, 'vmload')).toBe('done');
    expect(numbers.map((n) => segmentOf(guest, n))).toEqual(before);
    expect([s[at.sysenterCs], s[at.sysenterEsp], s[at.sysenterEip]]).toEqual([8, 0x9000, 0x1234]);
    expect(cpu.memory.dwords[(other >>> 2) + slot.gs]).toBe(0x20 | (0xcf3 << 16));
  });

  test.each(['vmrun', 'vmload', 'vmsave', 'stgi', 'clgi', 'invlpga', 'skinit'])('%s: #UD while EFER.SVME is 0', (asm) => {
    const guest = new SvmGuest();
    guest.cpu.s[at.efer] = 0;
    guest.cpu.s[at.eax] = VMCB;
    expect(host(guest, asm)).toBe(6);
  });

  test.each(['vmrun', 'vmload', 'vmsave'])('%s: #GP(0) of an address that is misaligned or no RAM', (asm) => {
    for (const address of [VMCB + 8, 0x40000000]) {
      const guest = new SvmGuest();
      guest.cpu.s[at.eax] = address;
      expect(host(guest, asm)).toBe(13);
    }
  });

  test('VMMCALL is #UD in the host, and in a guest where it is not intercepted', () => {
    expect(host(new SvmGuest(), 'vmmcall')).toBe(6);
    expect(new SvmGuest('', { interceptMisc2: 1 }).exceptions().run().exit).toMatchObject({
      code: CODE.EXCEPTION + 6,
      guestEip: GUEST_CODE,
    });
  });

  test('SKINIT says that it is missing', () => {
    const guest = new SvmGuest();
    host(guest, 'skinit');
    expect(guest.cpu.missing?.what).toBe('secure initialization (SKINIT)');
  });

  test('STGI and CLGI set and clear GIF', () => {
    const guest = new SvmGuest();
    host(guest, 'clgi');
    expect(guest.cpu.s[at.gif]).toBe(0);
    host(guest, 'stgi');
    expect(guest.cpu.s[at.gif]).toBe(1);
  });

  test('INVLPGA of ASID 0 drops a page of the host, of another ASID none', () => {
    const guest = new SvmGuest();
    const { s } = guest.cpu;
    const tag = () => s[tlbAt.tags + (DATA >>> 12)];
    for (const [asid, kept] of [
      [1, true],
      [0, false],
    ] as const) {
      s[at.eax] = DATA;
      s[at.ecx] = asid;
      host(guest, 'mov ebx, [eax]\ninvlpga');
      expect(tag() !== 0).toBe(kept);
    }
  });

  test('the prefixes and modes of VMRUN: #UD in real mode', () => {
    const guest = new SvmGuest();
    guest.cpu.s[at.cr0] = CR0_ET;
    guest.cpu.s[at.eip] = HOST_CODE;
    guest.step();
    expect(guest.cpu.faultVector).toBe(6);
  });
});

describe('MSRs', () => {
  const refused = (guest: SvmGuest, msr: number, low: number, high = 0): boolean => !writeMsr(guest.cpu, msr, low, high);

  test('EFER has SVME and NXE and no other bit here, and says who is host', () => {
    const guest = new SvmGuest();
    const { s } = guest.cpu;
    expect(readMsr(guest.cpu, EFER)).toEqual([0x1000, 0]);
    expect([0x1001, 0x1100, 0x3000].map((value) => refused(guest, EFER, value))).toEqual([true, true, true]);
    expect(refused(guest, EFER, 0x1800)).toBe(false);
    expect(refused(guest, EFER, 0)).toBe(false);
    expect([s[at.efer], s[at.vmxOn]]).toEqual([0, 0]);
    expect(refused(guest, EFER, 0x1000)).toBe(false);
    expect(s[at.vmxOn]).toBe(1);
    expect(refused(guest, EFER, 0x1000, 1)).toBe(true);
  });

  test('VM_CR: SVMDIS forbids SVME, LOCK keeps SVMDIS', () => {
    const guest = new SvmGuest();
    expect(refused(guest, VM_CR, 0x10)).toBe(true);
    expect(refused(guest, EFER, 0)).toBe(false);
    expect(refused(guest, VM_CR, 0x20)).toBe(true);
    expect(refused(guest, VM_CR, 0x18)).toBe(false);
    expect(refused(guest, EFER, 0x1000)).toBe(true);
    expect(refused(guest, VM_CR, 0)).toBe(false);
    expect(readMsr(guest.cpu, VM_CR)).toEqual([0x18, 0]);
  });

  test('VM_HSAVE_PA: a page of RAM', () => {
    const guest = new SvmGuest();
    expect([8, 0xff000000 | 0].map((value) => refused(guest, VM_HSAVE_PA, value))).toEqual([true, true]);
    expect(refused(guest, VM_HSAVE_PA, HSAVE + 0x1000)).toBe(false);
    expect(readMsr(guest.cpu, VM_HSAVE_PA)).toEqual([HSAVE + 0x1000, 0]);
  });

  test('none of them exists on a processor without SVM', () => {
    const { cpu } = new SvmGuest('', {}, processorProfile('katmai'));
    for (const msr of [EFER, VM_CR, VM_HSAVE_PA]) expect(readMsr(cpu, msr)).toBeUndefined();
    cpu.s[at.eip] = HOST_CODE;
    expect(cpu.virt).toBeNull();
  });
});
