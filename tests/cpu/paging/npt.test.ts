/** Guests of AMD-V with nested paging: AMD64 manual vol 2, 15.25. */
import { describe, expect, test } from 'vitest';
import { processorProfile } from '../../../src/cpu/profiles.ts';
import { CR0_ET, CR0_PE, CR4_PAE, CR4_PSE, EFER_NXE } from '../../../src/cpu/registers.ts';
import { at } from '../../../src/cpu/state.ts';
import { EFER_SVME } from '../../../src/cpu/virt/svm/capabilities.ts';
import { CODE } from '../../../src/cpu/virt/svm/exit-codes.ts';
import { DATA, DIRECTORY, type Fields, GUEST_CODE, IDT, SvmGuest } from '../svm/guest.ts';

const NESTED = 0x180000;
const NESTED_TABLE = 0x181000;
const MOVED = 0x250000;
const TABLE = 0x190000;
const NP: Fields = { npControl: 1, nCr3: NESTED, gPat: 0x00070406 };

/** A guest whose first 2 MiB are mapped page by page, where they are, for user and writer; the next 2 MiB are not mapped. */
class NestedGuest extends SvmGuest {
  constructor(source: string, fields: Fields = {}) {
    super(source, { ...NP, ...fields });
    const { dwords } = this.cpu.memory;
    dwords[NESTED >>> 2] = NESTED_TABLE | 7;
    for (let i = 0; i < 512; i++) dwords[(NESTED_TABLE >>> 2) + i] = (i << 12) | 7;
  }

  page(guestPhysical: number, entry: number): this {
    this.cpu.memory.dwords[(NESTED_TABLE >>> 2) + (guestPhysical >>> 12)] = entry;
    return this;
  }

  entryOf(guestPhysical: number): number {
    return this.cpu.memory.dwords[(NESTED_TABLE >>> 2) + (guestPhysical >>> 12)] >>> 0;
  }

  get fault(): { info1: readonly number[]; info2: number } {
    expect(this.exit).toMatchObject({ code: CODE.NPF });
    return { info1: [this.read('exitInfo1', 1), this.read('exitInfo1')], info2: this.read('exitInfo2') };
  }
}

/** Bits 63:32 of EXITINFO1. */
const FINAL = 1;
const WALK = 2;

test('a guest sees the memory that the nested tables give it', () => {
  const guest = new NestedGuest('mov eax, [edi]\nmov ecx, eax').page(DATA, MOVED | 7).with({ edi: DATA });
  guest.cpu.memory.dwords[MOVED >>> 2] = 0x1234;
  guest.run();
  expect([guest.exit?.code, guest.cpu.s[at.ecx]]).toEqual([CODE.VMMCALL, 0x1234]);
});

describe('nested page faults', () => {
  test.each([
    ['a read of what is not there', 'mov eax, [edi]', 0, 4],
    ['a write of what is not there', 'mov [edi], eax', 0, 6],
    ['a write of what may be read', 'mov [edi], eax', DATA | 5, 7],
    ['a read of what is the supervisor’s: a guest counts as a user', 'mov eax, [edi]', DATA | 3, 5],
    ['a fetch', 'jmp edi', 0, 4],
  ])('%s', (_, source, entry, code) => {
    const guest = new NestedGuest(source)
      .page(DATA, entry)
      .with({ edi: DATA + 8 })
      .run();
    expect(guest.fault).toEqual({ info1: [FINAL, code], info2: DATA + 8 });
    expect(guest.eip).toBe(source === 'jmp edi' ? DATA + 8 - GUEST_CODE : 0);
  });

  test('a walk of the guest counts as a write of a user', () => {
    const guest = new NestedGuest('nop').page(DIRECTORY, DIRECTORY | 5).run();
    expect(guest.fault).toEqual({ info1: [WALK, 7], info2: DIRECTORY });
  });

  test('while an event is delivered: EXITINTINFO has it', () => {
    const guest = new NestedGuest('int 60h').page(IDT, 0).run();
    expect(guest.fault).toMatchObject({ info2: IDT + 8 * 0x60 });
    expect([guest.read('exitIntInfo') >>> 0, guest.eip]).toEqual([0x80000460, 0]);
  });

  test('the host repairs, and the instruction goes through', () => {
    const guest = new NestedGuest('inc dword [edi]').page(DATA, 0).with({ edi: DATA }).run();
    guest.page(DATA, DATA | 7).run();
    expect([guest.exit?.code, guest.cpu.memory.dwords[DATA >>> 2]]).toEqual([CODE.VMMCALL, 1]);
  });
});

test('accessed and dirty flags', () => {
  const guest = new NestedGuest('mov eax, [edi]\nmov [esi], eax').with({ edi: DATA, esi: DATA + 0x1000 }).run();
  expect([guest.entryOf(DATA) & 0x60, guest.entryOf(DATA + 0x1000) & 0x60, guest.entryOf(DIRECTORY) & 0x60]).toEqual([0x20, 0x60, 0x60]);
});

describe('the format is that of the host', () => {
  const PDPT = 0x184000;
  const PD = 0x185000;

  const paeHost = (source: string, efer = EFER_SVME): NestedGuest => {
    const guest = new NestedGuest(source, { nCr3: PDPT | 0x20 });
    const { s, memory } = guest.cpu;
    for (const table of [PDPT, PDPT | 0x20]) memory.dwords[table >>> 2] = PD | 1;
    for (let i = 0; i < 2; i++) memory.dwords[(PD >>> 2) + 2 * i] = (i << 21) | 0x87;
    s[at.cr4] = CR4_PAE | CR4_PSE;
    s[at.cr3] = PDPT;
    s[at.pdpte0] = PD | 1;
    s[at.efer] = efer;
    return guest;
  };

  test('with PAE, and the host has its PDPTEs back', () => {
    const guest = paeHost('mov eax, [edi]\nmov ecx, eax').with({ edi: DATA });
    guest.cpu.memory.dwords[DATA >>> 2] = 77;
    guest.run();
    expect([guest.exit?.code, guest.cpu.s[at.ecx], guest.cpu.s[at.pdpte0]]).toEqual([CODE.VMMCALL, 77, PD | 1]);
  });

  test('NX of the host tells fetches apart', () => {
    const guest = paeHost('jmp edi', EFER_SVME | EFER_NXE).with({ edi: 0x200000 });
    guest.cpu.memory.dwords[(PD >>> 2) + 3] = 1 << 31;
    expect(guest.run().fault).toEqual({ info1: [FINAL, 0x15], info2: 0x200000 });
  });

  test('a reserved bit', () => {
    const guest = paeHost('mov eax, [edi]').with({ edi: 0x200000 });
    guest.cpu.memory.dwords[(PD >>> 2) + 3] = 1;
    expect(guest.run().fault).toEqual({ info1: [FINAL, 0xd], info2: 0x200000 });
  });
});

test('real-address mode needs no tables of the guest', () => {
  const guest = new NestedGuest('', { cr0: CR0_ET });
  expect(CR0_ET & CR0_PE).toBe(0);
  guest.page(DATA, 0);
  guest.run();
  expect(guest.exit?.code).toBe(CODE.VMMCALL);
});

test('a guest with PAE paging reads its PDPTEs by each walk', () => {
  const guest = new NestedGuest('mov ebx, [edi]\nmov ecx, [esi]', { cr4: CR4_PAE, cr3: TABLE }).with({ edi: DATA, esi: 0x40000000 });
  const { dwords } = guest.cpu.memory;
  dwords[TABLE >>> 2] = (TABLE + 0x1000) | 1;
  dwords[(TABLE + 0x1000) >>> 2] = 0x87;
  dwords[(TABLE >>> 2) + 2] = TABLE | 3;
  guest.exceptions().run();
  expect(guest.exit).toMatchObject({ code: CODE.EXCEPTION + 14 });
  expect([guest.read('exitInfo1'), guest.read('exitInfo2')]).toEqual([9, 0x40000000]);
});

test('without nested paging VMRUN refuses a guest whose PDPTEs have reserved bits', () => {
  const guest = new SvmGuest('nop', { cr4: CR4_PAE, cr3: TABLE });
  guest.cpu.memory.dwords[TABLE >>> 2] = TABLE | 3;
  guest.enter();
  expect(guest.rule).toContain('PDPTEs');
});

test('the PAT is the guest’s own', () => {
  const guest = new NestedGuest('mov ecx, 277h\nrdmsr\nmov ebx, eax', { gPat: 0x01010101 }).run();
  expect([guest.cpu.s[at.ebx], guest.cpu.s[at.patLow], guest.read('gPat')]).toEqual([0x01010101, 0x00070406, 0x01010101]);
});

test('the first AMD-V has no nested paging, the second has', () => {
  const feature = (name: string): number => processorProfile(name).cpuid.get(0x8000000a)![3] & 1;
  expect([feature('orleans'), feature('phenom')]).toEqual([0, 1]);
});
