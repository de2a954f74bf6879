/** Bits of system registers by their names in the manual, lowest first; undefined where a bit has none (SDM vol 3, 2.3 and 2.5; vol 1, 3.4.3). */
type Names = readonly (string | undefined)[];

const names = (bits: Readonly<Record<number, string>>): Names => Array.from({ length: 32 }, (_, bit) => bits[bit]);

export const CR0_NAMES = names({ 0: 'PE', 1: 'MP', 2: 'EM', 3: 'TS', 4: 'ET', 5: 'NE', 16: 'WP', 18: 'AM', 29: 'NW', 30: 'CD', 31: 'PG' });

export const CR4_NAMES = names({
  ...{ 0: 'VME', 1: 'PVI', 2: 'TSD', 3: 'DE', 4: 'PSE', 5: 'PAE', 6: 'MCE', 7: 'PGE', 8: 'PCE', 9: 'OSFXSR' },
  ...{ 10: 'OSXMMEXCPT', 13: 'VMXE' },
});

export const EFLAGS_NAMES = names({
  ...{ 0: 'CF', 2: 'PF', 4: 'AF', 6: 'ZF', 7: 'SF', 8: 'TF', 9: 'IF', 10: 'DF', 11: 'OF', 14: 'NT' },
  ...{ 16: 'RF', 17: 'VM', 18: 'AC', 19: 'VIF', 20: 'VIP', 21: 'ID' },
});

/** The names of the bits that are 1. */
export const bitNames = (all: Names, value: number): string =>
  all.flatMap((name, bit) => (name !== undefined && ((value >>> bit) & 1) !== 0 ? [name] : [])).join(' ');

const SYSTEM_TYPES: Readonly<Record<number, string>> = {
  1: '16-bit TSS',
  2: 'LDT',
  3: 'busy 16-bit TSS',
  9: '32-bit TSS',
  11: 'busy 32-bit TSS',
};

/** Access rights as a VMCS holds them (SDM vol 3, table 24-2): `code, readable, DPL 0, 32-bit`. */
export function rightsText(rights: number): string {
  if (((rights >>> 16) & 1) !== 0) return 'unusable';
  const type = rights & 15;
  const dpl = `DPL ${(rights >>> 5) & 3}`;
  if ((rights & 16) === 0) return `${SYSTEM_TYPES[type] ?? `system type ${type}`}, ${dpl}`;
  const code = (type & 8) !== 0;
  const parts = [
    code ? 'code' : 'data',
    code ? ((type & 2) !== 0 ? 'readable' : 'execute-only') : (type & 2) !== 0 ? 'writable' : 'read-only',
    (type & 4) !== 0 ? (code ? 'conforming' : 'expand-down') : '',
    dpl,
    ((rights >>> 14) & 1) !== 0 ? '32-bit' : '16-bit',
    ((rights >>> 7) & 1) !== 0 ? '' : 'not present',
  ];
  return parts.filter((part) => part !== '').join(', ');
}
