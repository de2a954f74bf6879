/** Walks through the tables of one address space: SDM vol 3, chapter 4. */
import { describe, expect, test } from 'vitest';
import { writeCr0, writeCr3, writeCr4 } from '../../../src/cpu/control.ts';
import { readMsr, writeMsr } from '../../../src/cpu/msrs.ts';
import { readPhysical32 } from '../../../src/cpu/physical.ts';
import { CR0_CD, CR0_PG, CR4_PAE, CR4_PGE } from '../../../src/cpu/registers.ts';
import { FAULT } from '../../../src/cpu/signals.ts';
import { at } from '../../../src/cpu/state.ts';
import { type Access, PAGE, Paged, ROOT, TABLE, TABLE_2 } from './paged.ts';

const P = 1;
const RW = 2;
const US = 4;
const A = 0x20;
const D = 0x40;
const PS = 0x80;
const XD = 1 << 31;

/** Linear address 00801234h: page-directory entry 2, page-table entry 1. */
const LINEAR = 0x00801234;

const paged32 = (pde: number, pte: number, mode = {}): Paged =>
  new Paged(mode)
    .entry(ROOT, 2, TABLE | pde)
    .entry(TABLE, 1, PAGE | pte)
    .loaded();

describe('32-bit paging', () => {
  test.each([
    ['a supervisor reads a supervisor page', P, P, 'read', false, {}, null],
    ['a user does not', P, P, 'read', true, {}, 5],
    ['unless both levels say so', P | US, P | US, 'read', true, {}, null],
    ['one is not enough', P | US, P, 'read', true, {}, 5],
    ['a user writes where both levels say so', P | US | RW, P | US | RW, 'write', true, {}, null],
    ['and else not', P | US, P | US | RW, 'write', true, {}, 7],
    ['a supervisor writes anywhere', P, P, 'write', false, {}, null],
    ['but where CR0.WP protects', P, P, 'write', false, { wp: true }, 3],
    ['a table that is not there', 0, P, 'read', false, {}, 0],
    ['a page that is not there', P, 0, 'write', true, {}, 6],
    ['a fetch, without NX, is a read', P, P, 'fetch', true, {}, 5],
  ] as const)('%s', (_, pde, pte, access, user, mode, fault) => {
    const answer = paged32(pde, pte, mode).translate(LINEAR, access, user);
    expect(answer).toEqual(fault === null ? { physical: PAGE | 0x234 } : { fault, address: LINEAR });
  });

  test('accessed and dirty flags, on the way and on the page, and none after a fault', () => {
    const paged = paged32(P, P, { wp: true });
    paged.translate(LINEAR, 'write');
    expect([paged.read(ROOT, 2), paged.read(TABLE, 1)]).toEqual([TABLE | P, PAGE | P]);
    paged.translate(LINEAR);
    expect([paged.read(ROOT, 2), paged.read(TABLE, 1)]).toEqual([TABLE | P | A, PAGE | P | A]);
    const writable = paged32(P | RW, P | RW);
    writable.translate(LINEAR);
    writable.translate(LINEAR, 'write');
    expect(writable.read(TABLE, 1)).toBe(PAGE | P | RW | A | D);
  });

  test('pages of 4 MiB', () => {
    const paged = new Paged({ pse: true }).entry(ROOT, 2, 0x00c00000 | P | PS).loaded();
    expect(paged.translate(LINEAR)).toEqual({ physical: 0x00c01234 });
    expect(paged.read(ROOT, 2)).toBe(0x00c00000 | P | PS | A);
    expect(
      new Paged({ pse: true })
        .entry(ROOT, 2, 0x00e00000 | P | PS)
        .loaded()
        .translate(LINEAR, 'write', true),
    ).toEqual({ fault: 15, address: LINEAR });
    expect(
      new Paged()
        .entry(ROOT, 2, TABLE | P | PS)
        .entry(TABLE, 1, PAGE | P)
        .loaded()
        .translate(LINEAR),
    ).toEqual({ physical: PAGE | 0x234 });
  });

  test('a page above 4 GiB is absent memory where there are 36 address bits, and a reserved bit where there are 32', () => {
    const entry = 0x00c00000 | P | PS | (1 << 13);
    const katmai = new Paged({ pse: true }, 'katmai').entry(ROOT, 2, entry).loaded();
    const answer = katmai.translate(LINEAR);
    expect(answer).toHaveProperty('physical');
    expect(readPhysical32(katmai.cpu, (answer as { physical: number }).physical & ~3)).toBe(-1);
    expect(new Paged({ pse: true }).entry(ROOT, 2, entry).loaded().translate(LINEAR)).toEqual({ fault: 9, address: LINEAR });
  });
});

/** Linear address 40604321h: PDPTE 1, page-directory entry 3, page-table entry 4. */
const HIGH = 0x40604321;

const pagedPae = (pde: [number, number], pte: [number, number], mode = {}): Paged =>
  new Paged({ pae: true, ...mode })
    .wide(ROOT, 1, TABLE | P)
    .wide(TABLE, 3, TABLE_2 | pde[0], pde[1])
    .wide(TABLE_2, 4, PAGE | pte[0], pte[1])
    .loaded();

describe('PAE paging', () => {
  test.each([
    ['three levels', [P, 0], [P, 0], 'read', false, {}, null],
    ['U/S of both', [P, 0], [P | US, 0], 'read', true, {}, 5],
    ['R/W of both', [P | US | RW, 0], [P | US, 0], 'write', true, {}, 7],
    ['NX is reserved without EFER.NXE', [P, 0], [P, XD], 'read', false, {}, 9],
    ['with it, data may be read', [P, 0], [P, XD], 'read', false, { nxe: true }, null],
    ['and not be fetched', [P, 0], [P, XD], 'fetch', false, { nxe: true }, 0x11],
    ['nor where the table says so', [P | US, XD], [P | US, 0], 'fetch', true, { nxe: true }, 0x15],
    ['a fetch of a missing page says so with NXE', [P, 0], [0, 0], 'fetch', false, { nxe: true }, 0x10],
    ['an address beyond the physical width', [P, 0], [P, 1], 'read', false, {}, 9],
    ['of a table', [P, 1], [P, 0], 'write', true, {}, 15],
    ['bit 62', [P, 0], [P, 1 << 30], 'read', false, { nxe: true }, 9],
  ] as const)('%s', (_, pde, pte, access, user, mode, fault) => {
    const answer = pagedPae([...pde], [...pte], mode).translate(HIGH, access as Access, user);
    expect(answer).toEqual(fault === null ? { physical: PAGE | 0x321 } : { fault, address: HIGH });
  });

  test('a page of 2 MiB needs no CR4.PSE', () => {
    const paged = pagedPae([0, 0], [0, 0]).wide(TABLE, 3, 0x00600000 | P | PS);
    expect(paged.translate(HIGH, 'write')).toEqual({ physical: 0x00604321 });
    expect(paged.readWide(TABLE, 3)).toBe(0x00600000 | P | PS | A | D);
    expect(
      pagedPae([0, 0], [0, 0])
        .wide(TABLE, 3, 0x00602000 | P | PS)
        .translate(HIGH),
    ).toEqual({ fault: 9, address: HIGH });
  });

  test('PDPTEs have no flags set, and are those of the registers until CR3 is written', () => {
    const paged = pagedPae([P, 0], [P, 0]);
    paged.wide(ROOT, 1, 0);
    expect(paged.translate(HIGH)).toEqual({ physical: PAGE | 0x321 });
    writeCr3(paged.cpu, ROOT);
    expect(paged.translate(HIGH)).toEqual({ fault: 0, address: HIGH });
    expect(paged.readWide(ROOT, 1)).toBe(0);
  });
});

describe('the PDPTE registers are loaded', () => {
  const raises = (what: () => void): boolean => {
    try {
      what();
      return false;
    } catch (signal) {
      if (signal !== FAULT) throw signal;
      return true;
    }
  };
  const bad = (): Paged => pagedPae([P, 0], [P, 0]).wide(ROOT, 1, TABLE | P | RW);

  test('by MOV CR3; reserved bits are #GP(0), and nothing has changed', () => {
    const paged = bad();
    expect(raises(() => writeCr3(paged.cpu, ROOT | 0x20))).toBe(false);
    expect(raises(() => writeCr3(paged.cpu, ROOT))).toBe(true);
    expect([paged.cpu.faultVector, paged.cpu.faultErrorCode, paged.cpu.s[at.cr3]]).toEqual([13, 0, ROOT | 0x20]);
  });

  test('not those of an entry that is not present', () => {
    const paged = pagedPae([P, 0], [P, 0]).wide(ROOT, 1, RW | 0x1e0, -1);
    expect(raises(() => writeCr3(paged.cpu, ROOT))).toBe(false);
  });

  test('by MOV CR0 and MOV CR4 that change what bears on paging', () => {
    const on = bad();
    on.cpu.s[at.cr0] &= ~CR0_PG;
    expect(raises(() => writeCr0(on.cpu, on.cpu.s[at.cr0] | CR0_PG))).toBe(true);
    expect(on.cpu.s[at.cr0] & CR0_PG).toBe(0);
    const cached = bad();
    expect(raises(() => writeCr0(cached.cpu, cached.cpu.s[at.cr0] | CR0_CD))).toBe(true);
    const entered = bad();
    entered.cpu.s[at.cr4] = 0;
    expect(raises(() => writeCr4(entered.cpu, CR4_PAE))).toBe(true);
    const global = bad();
    expect(raises(() => writeCr4(global.cpu, CR4_PAE | CR4_PGE))).toBe(true);
    const off = bad();
    expect(raises(() => writeCr4(off.cpu, 0))).toBe(false);
  });
});

test('CR4.PAE and EFER.NXE exist where CPUID says so', () => {
  const katmai = new Paged({}, 'katmai');
  expect(readMsr(katmai.cpu, 0xc0000080 | 0)).toBeUndefined();
  const yonah = new Paged();
  expect(writeMsr(yonah.cpu, 0xc0000080 | 0, 0x800, 0)).toBe(true);
  expect(writeMsr(yonah.cpu, 0xc0000080 | 0, 0x801, 0)).toBe(false);
});
