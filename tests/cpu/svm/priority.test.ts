/** Faults against intercepts, and which of two intercepts comes first. */
import { expect, test } from 'vitest';
import { CR0_PE, CR0_PG } from '../../../src/cpu/registers.ts';
import { at } from '../../../src/cpu/state.ts';
import { CODE, CR0, code, DATA, GUEST_CODE, IOPM, MSRPM, SvmGuest } from './guest.ts';

const GP = CODE.EXCEPTION + 13;
const UD = CODE.EXCEPTION + 6;
const everything = (guest: SvmGuest): SvmGuest => {
  guest.cpu.memory.bytes.fill(0xff, IOPM, IOPM + 0x3000);
  guest.cpu.memory.bytes.fill(0xff, MSRPM, MSRPM + 0x2000);
  return guest.exceptions().set({
    interceptMisc1: -1,
    interceptMisc2: 0x1fff,
    interceptCrRead: -1,
    interceptCrWrite: -1,
    interceptDrRead: -1,
    interceptDrWrite: -1,
  });
};

test.each([
  ['hlt', GP],
  ['mov eax, cr0', GP],
  ['mov cr3, eax', GP],
  ['clts', GP],
  ['lmsw ax', GP],
  ['mov dr7, ecx', GP],
  ['invlpg [edi]', GP],
  ['wbinvd', GP],
  ['invd', GP],
  ['rdpmc', GP],
  ['rdmsr', GP],
  ['in al, 60h', GP],
  ['lgdt [edi]', GP],
  ['lldt ax', GP],
  ['ltr ax', GP],
  ['vmrun', GP],
  ['vmload', GP],
  ['stgi', GP],
  ['skinit', GP],
  ['invlpga', GP],
  ['smsw ax', CODE.CR_READ],
  ['sgdt [edi]', CODE.GDTR_READ],
  ['sidt [edi]', CODE.IDTR_READ],
  ['sldt ax', CODE.LDTR_READ],
  ['str ax', CODE.TR_READ],
  ['pushfd', CODE.PUSHF],
  ['popfd', CODE.POPF],
  ['iretd', CODE.IRET],
  ['cpuid', CODE.CPUID],
  ['rdtsc', CODE.RDTSC],
  ['pause', CODE.PAUSE],
  ['int 20h', CODE.SWINT],
  ['int3', CODE.EXCEPTION + 3],
  ['int1', CODE.ICEBP],
  ['vmmcall', CODE.VMMCALL],
  ['cli', GP],
])('at CPL 3, %s: %i', (asm, wanted) => {
  const guest = everything(new SvmGuest(asm)).user().with({ edi: DATA });
  expect(guest.run().exit).toMatchObject({ code: wanted, guestEip: GUEST_CODE, cpl: 3 });
  expect([guest.read('cpl'), guest.cpu.s[at.cpl]]).toEqual([3, 0]);
});

test.each([
  ['hlt', GP],
  ['int 51h', CODE.SWINT],
  ['pushf', CODE.PUSHF],
  ['popf', CODE.POPF],
  ['iret', CODE.IRET],
  ['cli', GP],
  ['in al, 60h', GP],
  ['sldt ax', UD],
  ['str ax', UD],
  ['lldt ax', UD],
  ['cpuid', CODE.CPUID],
  ['vmrun', UD],
  ['vmmcall', CODE.VMMCALL],
])('in virtual-8086 mode with IOPL 0, %s: %i', (asm, wanted) => {
  const guest = everything(new SvmGuest(asm, {}, undefined, 16)).vm86();
  expect(guest.run().exit).toMatchObject({ code: wanted, guestEip: 0, cpl: 3 });
});

test.each([
  ['mov eax, cr1', UD],
  ['mov cr5, eax', UD],
  ['rdtsc', CODE.RDTSC],
])('at CPL 0, %s: %i', (asm, wanted) => {
  const bytes: Record<string, number[]> = { 'mov eax, cr1': [0x0f, 0x20, 0xc8], 'mov cr5, eax': [0x0f, 0x22, 0xe8] };
  const guest = everything(new SvmGuest(bytes[asm] === undefined ? asm : `db ${bytes[asm].join(', ')}`));
  expect(guest.run().exit).toMatchObject({ code: wanted, guestEip: GUEST_CODE });
});

test('RDTSC at CPL 3 with CR4.TSD faults; DR4 with CR4.DE is undefined', () => {
  expect(
    everything(new SvmGuest('rdtsc', { cr4: 0x14 }))
      .user()
      .run().exit,
  ).toMatchObject({ code: GP });
  expect(everything(new SvmGuest('mov eax, dr4', { cr4: 0x18 })).run().exit).toMatchObject({ code: UD });
  expect(everything(new SvmGuest('mov eax, dr4')).run().exit).toMatchObject({ code: CODE.DR_READ + 4 });
});

test('a debug register that DR7.GD guards: #DB comes before the intercept', () => {
  const guarded = (): SvmGuest => new SvmGuest('mov eax, dr0', { dr7: 0x2400 }).exceptions();
  expect(everything(guarded()).run().exit).toMatchObject({ code: CODE.EXCEPTION + 1 });
  expect(guarded().run().exit).toMatchObject({ code: CODE.EXCEPTION + 1 });
});

test.each([
  ['mov cr0, ebx', CR0 & ~CR0_PE],
  ['mov cr0, ebx', CR0 | 0x20000000],
  ['mov cr4, ebx', 0xfff0],
])('illegal bits come before the intercept: %s of %i', (asm, ebx) => {
  expect(everything(new SvmGuest(asm)).with({ ebx }).run().exit).toMatchObject({ code: GP });
});

test('the intercept comes before faults of memory and descriptors', () => {
  for (const [asm, wanted] of [
    ['lgdt [40000000h]', CODE.GDTR_WRITE],
    ['sgdt [40000000h]', CODE.GDTR_READ],
    ['lldt bx', CODE.LDTR_WRITE],
    ['outsb', CODE.IOIO],
    ['popfd', CODE.POPF],
  ] as const) {
    const guest = everything(new SvmGuest(asm, { rsp: 0x40000000 })).with({ ebx: 0xfff0, esi: 0x40000000 });
    expect([asm, guest.run().exit!.code]).toEqual([asm, wanted]);
  }
});

test.each([
  ['mov cr0, ebx', CR0 | 8, CODE.VMMCALL],
  ['mov cr0, ebx', CR0 | 2, CODE.VMMCALL],
  ['mov cr0, ebx', CR0 | 0x10000, CODE.CR0_SEL_WRITE],
  ['mov cr0, ebx', CR0 & ~(CR0_PE | CR0_PG), CODE.CR0_SEL_WRITE],
  ['lmsw bx', 0xb, CODE.VMMCALL],
  ['lmsw bx', 0, CODE.VMMCALL],
  ['lmsw bx', 5, CODE.CR0_SEL_WRITE],
  ['clts', 0, CODE.VMMCALL],
])('selective write of CR0: %s, %i', (asm, ebx, wanted) => {
  const guest = new SvmGuest(asm).intercept(CODE.CR0_SEL_WRITE).with({ ebx });
  expect(guest.run().exit).toMatchObject({ code: wanted, cause: wanted === CODE.VMMCALL ? 'vmcall' : 'cr-write' });
});

test('a write of CR0 that both intercepts see is one of the plain intercept', () => {
  const guest = new SvmGuest('mov cr0, ebx')
    .intercept(CODE.CR0_SEL_WRITE)
    .intercept(CODE.CR_WRITE)
    .with({ ebx: CR0 | 0x10000 });
  expect(guest.run().exit!.code).toBe(CODE.CR_WRITE);
});

const ioBit = (guest: SvmGuest, port: number): void => {
  guest.cpu.memory.bytes[IOPM + (port >>> 3)] |= 1 << (port & 7);
};

test.each([
  ['in al, dx', 0x60, 0x60, true],
  ['in al, dx', 0x60, 0x61, false],
  ['in ax, dx', 0x5f, 0x60, true],
  ['in eax, dx', 0x5d, 0x60, true],
  ['in eax, dx', 0x5c, 0x60, false],
  ['in ax, dx', 0x67, 0x68, true],
  ['in al, dx', 0xffff, 0xffff, true],
  ['in ax, dx', 0xffff, 0x10000, true],
  ['in eax, dx', 0xffff, 0x10002, true],
  ['in eax, dx', 0xffff, 0x10003, false],
  ['in al, dx', 0x8000, 0x8000, true],
])('I/O permission map: %s of port %i, bit %i', (asm, port, bit, exits) => {
  const guest = new SvmGuest(asm).intercept(CODE.IOIO).with({ edx: port });
  ioBit(guest, bit);
  expect(guest.run().exit!.code).toBe(exits ? CODE.IOIO : CODE.VMMCALL);
});

test('a repeated OUTS of nothing exits', () => {
  const guest = new SvmGuest('rep outsb').intercept(CODE.IOIO).with({ edx: 0x60, ecx: 0, esi: DATA });
  ioBit(guest, 0x60);
  expect(guest.run().exit!.code).toBe(CODE.IOIO);
});

test.each([
  ['rdmsr', 0x174, 0x174 * 2, true],
  ['rdmsr', 0x174, 0x174 * 2 + 1, false],
  ['wrmsr', 0x174, 0x174 * 2 + 1, true],
  ['wrmsr', 0x174, 0x174 * 2, false],
  ['rdmsr', 0xc0000080, 0x800 * 8 + 0x80 * 2, true],
  ['wrmsr', 0xc0010114, 0x1000 * 8 + 0x114 * 2 + 1, true],
  ['rdmsr', 0xc0010114, 0, false],
  ['rdmsr', 0x2000, 0, true],
  ['rdmsr', 0x40000000, 0, true],
])('MSR permission map: %s of %i, bit %i', (asm, msr, bit, exits) => {
  const guest = new SvmGuest(asm).intercept(CODE.MSR).with({ ecx: msr, edx: 0 }).set({ rax: 0 });
  guest.cpu.memory.bytes[MSRPM + (bit >>> 3)] |= 1 << (bit & 7);
  const exit = guest.run().exit!;
  expect(exit.code).toBe(exits ? CODE.MSR : CODE.VMMCALL);
  if (exits) expect(exit.cause).toBe(asm === 'wrmsr' ? 'msr-write' : 'msr-read');
});

test('an instruction of another address size says so', () => {
  const guest = new SvmGuest('in al, dx', {}, undefined, 16).intercept(CODE.IOIO).with({ edx: 0x60 });
  guest.set({ cs: 0x08 | (0x89b << 16) }).cpu.memory.bytes.set(code('a16 in al, dx', GUEST_CODE, 16), GUEST_CODE);
  ioBit(guest, 0x60);
  expect(guest.run().exit!.info1).toBe(0x00600091);
});
