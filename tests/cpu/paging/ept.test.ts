/** Guests under EPT: SDM vol 3, 28.2. */
import { describe, expect, test } from 'vitest';
import { peekLinear } from '../../../src/cpu/peek.ts';
import { processorProfile } from '../../../src/cpu/profiles.ts';
import { at, counterAt } from '../../../src/cpu/state.ts';
import { REASON } from '../../../src/cpu/virt/vmx/reasons.ts';
import { GDT, Guest, HANDLER, IDT } from '../virt/guest.ts';
import { DIRECTORY, type Fields, GUEST_CODE } from '../virt/root-operation.ts';

const PML4 = 0x180000;
const PDPT = 0x181000;
const PD = 0x182000;
const PT = 0x183000;
const EPT_POINTER = PML4 | 0x1e;
const FLAGS = 0x40;
const WB = 0x30;
const DATA = 0x150000;
const MOVED = 0x250000;
const TABLE = 0x190000;
const SECONDARY = 1 << 31;

const EPT: Fields = { primaryControls: 0x04006172 | SECONDARY, secondaryControls: 0x22, vpid: 1, eptPointer: EPT_POINTER };

/** A guest whose first 2 MiB EPT maps page by page, and the next 2 MiB as one, all where they are; nothing else. */
class NestedGuest extends Guest {
  constructor(source: string, fields: Fields = {}, name = 'haswell') {
    super(source, { ...EPT, ...fields }, processorProfile(name));
    this.ept(PML4, 0, PDPT | 7)
      .ept(PDPT, 0, PD | 7)
      .ept(PD, 0, PT | 7)
      .ept(PD, 1, 0x200000 | 0xb7);
    for (let i = 0; i < 512; i++) this.ept(PT, i, (i << 12) | WB | 7);
  }

  ept(table: number, index: number, low: number, high = 0): this {
    this.cpu.memory.dwords.set([low, high], (table >>> 2) + 2 * index);
    return this;
  }

  /** The entry of a guest-physical page below 2 MiB. */
  page(guestPhysical: number, low: number, high = 0): this {
    return this.ept(PT, guestPhysical >>> 12, low, high);
  }

  entryOf(table: number, index: number): number {
    return this.cpu.memory.dwords[(table >>> 2) + 2 * index] >>> 0;
  }

  /** Guest page tables of 4 KiB pages in place of its one page of 4 MiB. */
  small(): this {
    const { dwords } = this.cpu.memory;
    dwords[DIRECTORY >>> 2] = TABLE | 7;
    for (let i = 0; i < 1024; i++) dwords[(TABLE >>> 2) + i] = (i << 12) | 7;
    return this;
  }

  get violation(): { qualification: number; guestPhysical: number; linear: number } {
    expect(this.exit).toMatchObject({ code: REASON.EPT_VIOLATION });
    return {
      qualification: this.exit!.qualification,
      guestPhysical: this.read('guestPhysicalAddress'),
      linear: this.read('guestLinearAddress'),
    };
  }
}

test('a guest sees the memory that EPT gives it', () => {
  const guest = new NestedGuest('mov eax, [edi]\nmov dword [edi], 5').page(DATA, MOVED | WB | 7);
  guest.cpu.memory.dwords[MOVED >>> 2] = 0x1234;
  guest.with('edi', DATA).run();
  expect(guest.exit).toMatchObject({ code: REASON.VMCALL });
  expect([guest.cpu.s[at.eax], guest.cpu.memory.dwords[MOVED >>> 2], guest.cpu.memory.dwords[DATA >>> 2]]).toEqual([0x1234, 5, 0]);
});

describe('EPT violations', () => {
  test.each([
    ['a read of what is not there', 'mov eax, [edi]', 0, 0x181],
    ['a write of what is not there', 'mov [edi], eax', 0, 0x182],
    ['a write of what may be read and fetched', 'mov [edi], eax', 5, 0x182 | (5 << 3)],
    ['a read-modify-write counts as a write', 'inc dword [edi]', 1, 0x182 | (1 << 3)],
    ['a fetch of what may be read and written', 'jmp edi', 3, 0x184 | (3 << 3)],
    ['a read of what may only be fetched', 'mov eax, [edi]', 4, 0x181 | (4 << 3)],
  ])('%s', (_, source, rights, qualification) => {
    const guest = new NestedGuest(source).page(DATA, rights === 0 ? 0 : DATA | WB | rights);
    guest.with('edi', DATA + 0x10).run();
    expect(guest.violation).toEqual({ qualification, guestPhysical: DATA + 0x10, linear: DATA + 0x10 });
    expect([guest.read('guestEip'), guest.read('vectoringInfo')]).toEqual([
      qualification === (0x184 | (3 << 3)) ? DATA + 0x10 : GUEST_CODE,
      0,
    ]);
  });

  test('what is allowed is what all entries allow', () => {
    const guest = new NestedGuest('mov [edi], eax').ept(PD, 0, PT | 5);
    guest.cpu.memory.dwords[DIRECTORY >>> 2] = 0xe7;
    expect(guest.with('edi', DATA).run().violation.qualification).toBe(0x182 | (5 << 3));
  });

  test('the monitor repairs, and the instruction goes through', () => {
    const guest = new NestedGuest('inc dword [edi]').page(DATA, 0).with('edi', DATA);
    guest.run();
    guest.page(DATA, DATA | WB | 7).run(false);
    expect(guest.exit).toMatchObject({ code: REASON.VMCALL });
    expect(guest.cpu.memory.dwords[DATA >>> 2]).toBe(1);
  });

  test('of a table of the guest: bit 8 is clear, and the address is that of the entry', () => {
    const guest = new NestedGuest('mov eax, [edi]').small().page(TABLE, 0);
    guest.with('edi', DATA).run();
    expect(guest.violation).toEqual({ qualification: 0x81, guestPhysical: TABLE + 4 * (GUEST_CODE >>> 12), linear: GUEST_CODE });
  });

  test('the accessed flag of a guest entry needs a writable page', () => {
    const guest = new NestedGuest('nop').small().page(TABLE, TABLE | WB | 1);
    expect(guest.run().violation).toEqual({
      qualification: 0x82 | (1 << 3),
      guestPhysical: TABLE + 4 * (GUEST_CODE >>> 12),
      linear: GUEST_CODE,
    });
  });

  test('with EPT accessed and dirty flags a walk of the guest reads and writes', () => {
    const guest = new NestedGuest('nop', { eptPointer: EPT_POINTER | FLAGS }).small().page(TABLE, TABLE | WB | 1);
    expect(guest.run().violation.qualification).toBe(0x83 | (1 << 3));
  });

  test('while an event is delivered: what it was is kept', () => {
    const guest = new NestedGuest('int 60h').tables().page(IDT & ~0xfff, 0);
    guest.run();
    expect(guest.violation).toEqual({ qualification: 0x181, guestPhysical: IDT + 8 * 0x60, linear: IDT + 8 * 0x60 });
    expect([guest.read('vectoringInfo') >>> 0, guest.read('exitInstructionLength'), guest.read('guestEip')]).toEqual([
      0x80000460,
      2,
      GUEST_CODE,
    ]);
  });

  test('the stack of a handler', () => {
    const guest = new NestedGuest('mov esp, 90000h\nint 60h').tables().page(0x8f000, 0x8f000 | WB | 5);
    expect(guest.run().violation).toMatchObject({ qualification: 0x182 | (5 << 3) });
    expect(guest.read('vectoringInfo') >>> 0).toBe(0x80000460);
    guest.page(0x8f000, 0x8f000 | WB | 7).write('entryInterruptionInfo', 0x80000460 | 0);
    guest.write('entryInstructionLength', 2);
    expect(guest.run(false).exit).toMatchObject({ code: REASON.VMCALL, guestEip: HANDLER });
  });

  test('the descriptor table, read for the guest', () => {
    const guest = new NestedGuest('mov ax, 10h\nmov es, ax').tables().page(GDT, 0);
    expect(guest.run().violation).toMatchObject({ qualification: 0x181, guestPhysical: GDT + 0x10 });
  });
});

describe('EPT misconfigurations', () => {
  test.each([
    ['writable and not readable', DATA | WB | 2, 0],
    ['the same, and for fetches', DATA | WB | 6, 0],
    ['a memory type that does not exist', DATA | 0x10 | 7, 0],
    ['an address beyond the physical width', DATA | WB | 7, 1],
  ])('%s', (_, low, high) => {
    const guest = new NestedGuest('mov eax, [edi]')
      .page(DATA, low, high)
      .with('edi', DATA + 4)
      .run();
    expect(guest.exit).toMatchObject({ code: REASON.EPT_MISCONFIGURATION, qualification: 0, guestEip: GUEST_CODE });
    expect(guest.read('guestPhysicalAddress')).toBe(DATA + 4);
  });

  test('a page of 1 GiB where there are none', () => {
    expect(new NestedGuest('nop', {}, 'westmere').ept(PDPT, 0, 0xb7).run().exit).toMatchObject({ code: REASON.EPT_MISCONFIGURATION });
  });

  test('a page of 1 GiB that does not begin at one', () => {
    expect(new NestedGuest('nop').ept(PDPT, 0, 0x200000b7).run().exit).toMatchObject({ code: REASON.EPT_MISCONFIGURATION });
  });
});

describe('a page of 1 GiB', () => {
  const SOURCE = 'mov eax, [edi]\nmov [esi], eax';
  /** The guest's own entry is accessed and dirty already, so that its walk writes nothing. */
  const guest = (rights: number, flags = 0): NestedGuest => {
    const made = new NestedGuest(SOURCE, { eptPointer: EPT_POINTER | flags }).ept(PDPT, 0, 0xb0 | rights);
    made.cpu.memory.dwords[DIRECTORY >>> 2] = 0xe7;
    made.cpu.memory.dwords[DATA >>> 2] = 0x1234;
    return made.with('edi', DATA).with('esi', MOVED).run();
  };

  test('leads to all of it, and has accessed and dirty flags of its own', () => {
    const left = guest(7, FLAGS);
    expect([left.exit?.code, left.cpu.memory.dwords[MOVED >>> 2]]).toEqual([REASON.VMCALL, 0x1234]);
    expect([left.entryOf(PML4, 0) & 0x300, left.entryOf(PDPT, 0)]).toEqual([0x100, 0x3b7]);
  });

  test('may refuse an access', () => {
    const left = guest(5);
    expect(left.violation).toMatchObject({ guestPhysical: MOVED });
    expect(left.violation.qualification & 0x3f).toBe(0x2a);
  });
});

test('accessed and dirty flags of EPT entries, where the pointer asks for them', () => {
  const source = 'mov eax, [edi]\nmov [esi], eax';
  const guest = new NestedGuest(source, { eptPointer: EPT_POINTER | FLAGS })
    .with('edi', DATA)
    .with('esi', DATA + 0x1000)
    .run();
  const flags = (table: number, index: number): number => guest.entryOf(table, index) & 0x300;
  expect([flags(PML4, 0), flags(PD, 0), flags(PT, DATA >>> 12), flags(PT, (DATA >>> 12) + 1)]).toEqual([0x100, 0x100, 0x100, 0x300]);
  const without = new NestedGuest(source)
    .with('edi', DATA)
    .with('esi', DATA + 0x1000)
    .run();
  expect(without.entryOf(PT, DATA >>> 12) & 0x300).toBe(0);
});

describe('a guest with PAE paging', () => {
  const PAE: Fields = { guestCr4: 0x2020, guestCr3: 0x191000, guestPdpte0: 0x192001 };
  const paeGuest = (source: string, fields: Fields = {}): NestedGuest => {
    const guest = new NestedGuest(source, { ...PAE, ...fields });
    for (let i = 0; i < 2; i++) guest.ept(0x192000, i, (i << 21) | 0x87);
    return guest;
  };

  test('takes its PDPTEs from the VMCS, and leaves them there', () => {
    const guest = paeGuest('mov eax, [edi]').with('edi', DATA).run();
    expect(guest.exit).toMatchObject({ code: REASON.VMCALL });
    expect([guest.read('guestPdpte0'), guest.read('guestPdpte1')]).toEqual([0x192001, 0]);
  });

  test('MOV CR3 loads them from guest-physical memory', () => {
    const guest = paeGuest('mov eax, 191020h\nmov cr3, eax').ept(0x191020, 0, 0x192001).ept(0x191020, 2, 0x193001).run();
    expect(guest.exit).toMatchObject({ code: REASON.VMCALL });
    expect([guest.read('guestPdpte0'), guest.read('guestPdpte2')]).toEqual([0x192001, 0x193001]);
  });

  test('a violation then is of no linear address', () => {
    const guest = paeGuest('mov eax, 195000h\nmov cr3, eax').page(0x195000, 0).run();
    expect(guest.violation).toMatchObject({ qualification: 1, guestPhysical: 0x195000 });
    expect([guest.read('guestEip'), guest.read('guestCr3')]).toEqual([GUEST_CODE + 5, 0x191000]);
  });
});

test('VPIDs keep what a guest has found, from one stay to the next; without them it is gone', () => {
  const stay = (fields: Fields): NestedGuest => {
    const guest = new NestedGuest('mov eax, [edi]\nvmcall\nmov eax, [edi]', fields).with('edi', DATA).run();
    guest.page(DATA, 0).write('guestEip', guest.read('guestEip') + 3);
    return guest.run(false) as NestedGuest;
  };
  expect(stay({}).exit).toMatchObject({ code: REASON.VMCALL });
  expect(stay({ secondaryControls: 2 }).exit).toMatchObject({ code: REASON.EPT_VIOLATION });
});

test('a debugger sees both walks', () => {
  const guest = new NestedGuest('mov eax, [edi]').small().page(DATA, MOVED | WB | 7);
  guest.enter();
  const walk = peekLinear(guest.cpu, DATA | 4);
  expect(walk).toMatchObject({ guestPhysical: DATA | 4, physical: MOVED | 4, large: false });
  expect(walk.entries.map(({ table, address, nested }) => [table, address, nested?.entries.length])).toEqual([
    ['page directory', DIRECTORY, 4],
    ['page table', TABLE + 4 * (DATA >>> 12), 4],
  ]);
  expect(walk.nested?.entries.map(({ table }) => table)).toEqual([
    'EPT PML4',
    'EPT page-directory-pointer table',
    'EPT page directory',
    'EPT page table',
  ]);
});

test('a walk in two dimensions costs its references: to two tables, to set an accessed flag, to the page', () => {
  const cycles = (guest: Guest): number => {
    guest.with('edi', DATA).enter();
    guest.step();
    const before = guest.cpu.f[counterAt.cycles];
    guest.step();
    return guest.cpu.f[counterAt.cycles] - before;
  };
  const { walk } = new NestedGuest('').cpu.costs.events;
  const plain = cycles(new NestedGuest('nop\nmov eax, [edi]', { secondaryControls: 0x20 }).small());
  const nested = cycles(new NestedGuest('nop\nmov eax, [edi]').small());
  expect(nested - plain).toBe((walk * 16) / 2);
});
