/** What VM entries and exits do to translation: SDM vol 3, 26.3.2.4, 27.5.4 and 28.3.3; AMD64 manual vol 2, 15.16. */
import { describe, expect, test } from 'vitest';
import { assemble } from '../../../src/asm/index.ts';
import { peekLinear, peekTranslate } from '../../../src/cpu/peek.ts';
import { processorProfile } from '../../../src/cpu/profiles.ts';
import { SHUTDOWN } from '../../../src/cpu/registers.ts';
import { deriveSegments } from '../../../src/cpu/segments.ts';
import { at } from '../../../src/cpu/state.ts';
import { REASON } from '../../../src/cpu/virt/vmx/reasons.ts';
import { DATA, SvmGuest } from '../svm/guest.ts';
import { Guest } from '../virt/guest.ts';
import type { Fields } from '../virt/root-operation.ts';
import { PAGE, Paged, ROOT, TABLE, TABLE_2 } from './paged.ts';

const PDPT = 0x191000;
const PD = 0x192000;

/** Tables of PAE paging for the first 4 MiB, as they are. */
function paeTables(guest: Guest): Guest {
  const { dwords } = guest.cpu.memory;
  dwords[PDPT >>> 2] = PD | 1;
  for (let i = 0; i < 2; i++) dwords[(PD >>> 2) + 2 * i] = (i << 21) | 0x87;
  return guest;
}

describe('PAE paging without EPT', () => {
  test('a VM entry loads the PDPTEs of the guest from its table', () => {
    const fields: Fields = { guestCr4: 0x2020, guestCr3: PDPT };
    const guest = paeTables(new Guest('mov eax, [edi]\nmov ecx, eax', fields)).with('edi', DATA);
    guest.cpu.memory.dwords[DATA >>> 2] = 99;
    expect(guest.run().exit).toMatchObject({ code: REASON.VMCALL });
    expect([guest.cpu.s[at.ecx], guest.cpu.s[at.pdpte0]]).toEqual([99, PD | 1]);
  });

  test('a VM exit those of the host; with reserved bits in them it is a VMX abort', () => {
    const fields: Fields = { hostCr4: 0x2020, hostCr3: PDPT };
    const guest = paeTables(new Guest('nop', fields));
    expect(guest.run().exit).toMatchObject({ code: REASON.VMCALL });
    expect(guest.cpu.s[at.pdpte0]).toBe(PD | 1);
    const bad = paeTables(new Guest('nop', fields));
    bad.cpu.memory.dwords[PDPT >>> 2] = PD | 3;
    bad.run();
    expect(bad.cpu.s[at.activity]).toBe(SHUTDOWN);
  });
});

const PML4 = 0x180000;
const EPT: Fields = { primaryControls: 0x04006172 | (1 << 31), secondaryControls: 0x22, vpid: 1, eptPointer: PML4 | 0x1e };

const nestedGuest = (source: string): Guest => {
  const guest = new Guest(source, EPT, processorProfile('lynnfield'));
  const { dwords } = guest.cpu.memory;
  dwords[PML4 >>> 2] = (PML4 + 0x1000) | 7;
  dwords[(PML4 + 0x1000) >>> 2] = (PML4 + 0x2000) | 7;
  for (let i = 0; i < 2; i++) dwords[((PML4 + 0x2000) >>> 2) + 2 * i] = (i << 21) | 0xb7;
  return guest;
};

test('a guest under EPT goes on alike from its arena and memory', () => {
  const source = 'mov ecx, 20\n.next: add [edi], ecx\nadd edi, 1000h\ndec ecx\njnz .next';
  const first = nestedGuest(source).with('edi', DATA);
  first.enter();
  for (let i = 0; i < 17; i++) first.step();
  const second = nestedGuest(source);
  second.cpu.b.set(first.cpu.b);
  second.cpu.memory.bytes.set(first.cpu.memory.bytes);
  second.cpu.translation.renew();
  second.cpu.translation.setCpl(second.cpu.s[at.cpl]);
  deriveSegments(second.cpu);
  for (let i = 0; i < 40; i++) {
    first.step();
    second.step();
    expect(second.cpu.s).toEqual(first.cpu.s);
  }
  expect(Buffer.compare(first.cpu.memory.bytes, second.cpu.memory.bytes)).toBe(0);
});

describe('ASIDs', () => {
  const stay = (tlbControl: number): string => {
    const guest = new SvmGuest('mov eax, [edi]\nvmmcall\nmov eax, [edi]', { npControl: 1, nCr3: 0x180000, gPat: 0x00070406 }).with({
      edi: DATA,
    });
    const { dwords } = guest.cpu.memory;
    dwords[0x180000 >>> 2] = 0x181007;
    for (let i = 0; i < 512; i++) dwords[(0x181000 >>> 2) + i] = (i << 12) | 7;
    guest.run();
    dwords[(0x181000 >>> 2) + (DATA >>> 12)] = 0;
    guest.set({ tlbControl, rip: guest.read('rip') + 3 }).run();
    return guest.exit?.name ?? '';
  };

  test('a guest finds its translations again, unless TLB_CONTROL empties the TLBs', () => {
    expect([stay(0), stay(1)].map((name) => name.replace('VMEXIT_', ''))).toEqual(['VMMCALL', 'NPF']);
  });
});

test('INVEPT and INVVPID assemble to the third opcode map', () => {
  const text = 'bits 32\ninvept eax, [ebx]\ninvvpid ecx, [esi+4]\n';
  const assembled = assemble({ text: (path) => (path === 'a.asm' ? text : undefined) }, 'a.asm');
  if (!assembled.ok) throw new Error(assembled.errors[0].message);
  expect([...assembled.image]).toEqual([0x66, 0x0f, 0x38, 0x80, 0x03, 0x66, 0x0f, 0x38, 0x81, 0x4e, 0x04]);
});

describe('a debugger sees', () => {
  test('the PDPTE register and two tables of PAE paging', () => {
    const paged = new Paged({ pae: true })
      .wide(ROOT, 1, TABLE | 1)
      .wide(TABLE, 3, TABLE_2 | 1)
      .wide(TABLE_2, 4, PAGE | 1, 0)
      .loaded();
    const walk = peekLinear(paged.cpu, 0x40604321);
    expect(walk).toMatchObject({ physical: PAGE | 0x321, large: false });
    expect(walk.entries).toEqual([
      { table: 'page-directory-pointer table', index: 1, address: -1, value: TABLE | 1, high: 0 },
      { table: 'page directory', index: 3, address: TABLE + 24, value: TABLE_2 | 1, high: 0 },
      { table: 'page table', index: 4, address: TABLE_2 + 32, value: PAGE | 1, high: 0 },
    ]);
    expect(peekTranslate(paged.cpu, 0x40604321, false)).toBe(PAGE | 0x321);
  });

  test('where a walk ends early, and changes nothing', () => {
    const paged = new Paged({ pae: true }).wide(ROOT, 1, TABLE | 1).loaded();
    const before = paged.cpu.memory.bytes.slice();
    expect(peekLinear(paged.cpu, 0x40604321)).toMatchObject({ physical: -1, entries: [{}, { value: 0 }] });
    expect(peekLinear(paged.cpu, 0)).toMatchObject({ physical: -1, entries: [{ value: 0 }] });
    expect(Buffer.compare(before, paged.cpu.memory.bytes)).toBe(0);
  });
});
