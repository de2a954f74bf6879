/** Stage C6, page-directory-pointer-table entries: SDM vol 3, 26.3.1.6. */
import { readPhysical32 } from '../../../physical.ts';
import { CR0_PG, CR4_PAE } from '../../../registers.ts';
import { SECONDARY_EPT } from '../controls.ts';
import { slot } from '../fields.ts';
import type { Check, EntryView } from './check.ts';

/*
 * Entry:  63:N 0, N-1:12 address of the page directory, 11:9 ignored, 8:5 0, 4 PCD, 3 PWT, 2:1 0, 0 present
 */
const PRESENT = 1 << 0;
const RESERVED_LOW = 0x1e6;
const TABLE = 0xffffffe0 | 0;
const ENTRIES = 4;

const usesEntries = (e: EntryView): boolean => (e.get(slot.guestCr0) & CR0_PG) !== 0 && (e.get(slot.guestCr4) & CR4_PAE) !== 0;
const usesFields = (e: EntryView): boolean => (e.secondary & SECONDARY_EPT) !== 0;

const isBad = (e: EntryView, low: number, high: number): boolean =>
  (low & PRESENT) !== 0 && ((low & RESERVED_LOW) !== 0 || high >>> (e.capabilities.physicalBits - 32) !== 0);

function badField(e: EntryView): boolean {
  for (let i = 0; i < ENTRIES; i++) if (isBad(e, e.get(slot.guestPdpte0 + 2 * i), e.get(slot.guestPdpte0 + 2 * i + 1))) return true;
  return false;
}

function badEntry(e: EntryView): boolean {
  const table = e.get(slot.guestCr3) & TABLE;
  for (let i = 0; i < ENTRIES; i++)
    if (isBad(e, readPhysical32(e.cpu, table + 8 * i), readPhysical32(e.cpu, table + 8 * i + 4))) return true;
  return false;
}

const row = (rule: string, fields: Check['fields'], violated: Check['violated']): Check => ({
  stage: 'C6',
  section: '26.3.1.6',
  rule,
  fields,
  failure: { kind: 'entry', reason: 33, qualification: 2 },
  violated,
});

export const PDPTE_CHECKS: readonly Check[] = [
  row(
    'PAE paging with "Enable EPT": present guest PDPTE fields have no reserved bits',
    ['guestPdpte0', 'guestPdpte1', 'guestPdpte2', 'guestPdpte3'],
    (e) => usesEntries(e) && usesFields(e) && badField(e),
  ),
  row(
    'PAE paging without "Enable EPT": present entries of the table at guest CR3 have no reserved bits',
    ['guestCr3'],
    (e) => usesEntries(e) && !usesFields(e) && badEntry(e),
  ),
];
