/** Bits of system registers by their names in the manual, lowest first (SDM vol 3, 2.3 and 2.5). */

import * as bit from '../../cpu/registers.ts';
import { say, told, worded } from '../../lib/say.ts';

/** Masks by name. */
export type NamedBits = readonly (readonly [name: string, mask: number])[];

const { CF, PF, AF, ZF, SF, TF, IF, DF, OF, NT, RF, VM, AC, VIF, VIP, ID } = bit;

/** The flags that the stage always shows. */
export const MAIN_FLAGS: NamedBits = Object.entries({ CF, PF, AF, ZF, SF, TF, IF, DF, OF });
export const EFLAGS_BITS: NamedBits = [...MAIN_FLAGS, ...Object.entries({ NT, RF, VM, AC, VIF, VIP, ID })];

export const CR0_BITS: NamedBits = Object.entries({
  ...{ PE: bit.CR0_PE, MP: bit.CR0_MP, EM: bit.CR0_EM, TS: bit.CR0_TS, ET: bit.CR0_ET, NE: bit.CR0_NE },
  ...{ WP: bit.CR0_WP, AM: bit.CR0_AM, NW: bit.CR0_NW, CD: bit.CR0_CD, PG: bit.CR0_PG },
});

export const CR4_BITS: NamedBits = Object.entries({
  ...{ VME: bit.CR4_VME, PVI: bit.CR4_PVI, TSD: bit.CR4_TSD, DE: bit.CR4_DE, PSE: bit.CR4_PSE, PAE: bit.CR4_PAE },
  ...{ MCE: bit.CR4_MCE, PGE: bit.CR4_PGE, PCE: bit.CR4_PCE, OSFXSR: bit.CR4_OSFXSR, OSXMMEXCPT: bit.CR4_OSXMMEXCPT },
  VMXE: bit.CR4_VMXE,
});

export const BLOCKING_BITS: NamedBits = Object.entries({
  [worded('blocking by STI')]: bit.BLOCKED_BY_STI,
  [worded('blocking by MOV SS')]: bit.BLOCKED_BY_MOV_SS,
  [worded('blocking by NMI')]: bit.BLOCKED_BY_NMI,
});

/** The names of the bits that are 1. */
export const bitNames = (bits: NamedBits, value: number): string =>
  bits
    .filter(([, mask]) => (value & mask) !== 0)
    .map(([name]) => told(name))
    .join(' ');

const SYSTEM_TYPES: Readonly<Record<number, string>> = {
  1: worded('16-bit TSS'),
  2: 'LDT',
  3: worded('busy 16-bit TSS'),
  9: worded('32-bit TSS'),
  11: worded('busy 32-bit TSS'),
};

/** Access rights as a VMCS holds them (SDM vol 3, table 24-2): `code, readable, DPL 0, 32-bit`. */
export function rightsText(rights: number): string {
  const has = (mask: number): boolean => (rights & mask) !== 0;
  if (has(bit.RIGHTS_UNUSABLE)) return say`unusable`;
  const type = rights & 15;
  const dpl = `DPL ${(rights >>> bit.RIGHTS_DPL_SHIFT) & 3}`;
  if (!has(bit.RIGHTS_S)) return `${type in SYSTEM_TYPES ? told(SYSTEM_TYPES[type]) : say`system type ${type}`}, ${dpl}`;
  const code = has(bit.RIGHTS_CODE);
  const access = code ? (has(bit.RIGHTS_RW) ? say`readable` : say`execute-only`) : has(bit.RIGHTS_RW) ? say`writable` : say`read-only`;
  const parts = [
    code ? say`code` : say`data`,
    access,
    has(bit.RIGHTS_DC) ? (code ? say`conforming` : say`expand-down`) : '',
    dpl,
    has(bit.RIGHTS_DB) ? say`32-bit` : say`16-bit`,
    has(bit.RIGHTS_P) ? '' : say`not present`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}
