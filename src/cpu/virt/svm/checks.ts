/** What VMRUN demands of a VMCB: AMD64 manual vol 2, 15.5.1. A VMCB that breaks a rule exits with VMEXIT_INVALID. */
import { hex8 } from '../../../lib/hex.ts';
import type { Cpu } from '../../cpu.ts';
import { isPat } from '../../msrs.ts';
import { CR0_CD, CR0_NW, CR0_PG } from '../../registers.ts';
import { at } from '../../state.ts';
import { type Capabilities, EFER_SVME } from './capabilities.ts';
import { EVENT_VALID, eventType, TYPE_EXCEPTION, TYPE_SOFTWARE_INTERRUPT } from './event.ts';
import { type FieldKey, fieldOfKey, slot } from './fields.ts';
import { INTERCEPT_VMRUN } from './intercepts.ts';

/** The VMCB as the checks of one VMRUN see it. */
export interface VmcbView {
  readonly cpu: Cpu;
  readonly capabilities: Capabilities;
  /** A doubleword, by its place from the start of the VMCB. */
  get(slot: number): number;
}

export interface Check {
  /** What must be so, in words. */
  readonly rule: string;
  /** The VMCB fields it looks at, the one at fault first. */
  readonly fields: readonly FieldKey[];
  violated(v: VmcbView): boolean;
}

const EFER_LME_LMA = (1 << 8) | (1 << 10);
const IOPM_SIZE = 0x3000;
const MSRPM_SIZE = 0x2000;
const LAST_EXCEPTION = 31;
const NMI_VECTOR = 2;
const TWO_32 = 4294967296;

const injects = (v: VmcbView): boolean => (v.get(slot.eventInj) & EVENT_VALID) !== 0;
const nested = (v: VmcbView): boolean => v.capabilities.nestedPaging && (v.get(slot.npControl) & 1) !== 0;

/** Whether a permission map of `size` bytes ends beyond the processor's physical addresses. */
function beyond(v: VmcbView, field: number, size: number): boolean {
  const base = (v.get(field) & ~0xfff) >>> 0;
  const high = v.get(field + 1) >>> 0;
  return base + high * TWO_32 + size > 2 ** v.capabilities.physicalBits;
}

const row = (rule: string, fields: readonly FieldKey[], violated: Check['violated']): Check => ({ rule, fields, violated });

export const VMRUN_CHECKS: readonly Check[] = [
  row('EFER.SVME is 1', ['efer'], (v) => (v.get(slot.efer) & EFER_SVME) === 0),
  row('EFER.LME and LMA are 0 on a processor without long mode', ['efer'], (v) => (v.get(slot.efer) & EFER_LME_LMA) !== 0),
  row(
    'Reserved bits of EFER are 0',
    ['efer'],
    (v) => (v.get(slot.efer) & ~(v.capabilities.efer | EFER_LME_LMA)) !== 0 || v.get(slot.efer + 1) !== 0,
  ),
  row('CR0.NW is 0 if CD is 0', ['cr0'], (v) => (v.get(slot.cr0) & (CR0_CD | CR0_NW)) === CR0_NW),
  row('CR0 bits 63:32 are 0', ['cr0'], (v) => v.get(slot.cr0 + 1) !== 0),
  row('CR3 bits 63:32 are 0', ['cr3'], (v) => v.get(slot.cr3 + 1) !== 0),
  row('Reserved bits of CR4 are 0', ['cr4'], (v) => (v.get(slot.cr4) & ~v.capabilities.cr4) !== 0 || v.get(slot.cr4 + 1) !== 0),
  row('DR6 bits 63:32 are 0', ['dr6'], (v) => v.get(slot.dr6 + 1) !== 0),
  row('DR7 bits 63:32 are 0', ['dr7'], (v) => v.get(slot.dr7 + 1) !== 0),
  row('VMRUN is intercepted', ['interceptMisc2'], (v) => (v.get(slot.interceptMisc2) & INTERCEPT_VMRUN) === 0),
  row('The guest ASID is not 0', ['guestAsid'], (v) => v.get(slot.guestAsid) === 0),
  row('The I/O permission map lies within the physical-address width', ['iopmBasePa'], (v) => beyond(v, slot.iopmBasePa, IOPM_SIZE)),
  row('The MSR permission map lies within the physical-address width', ['msrpmBasePa'], (v) => beyond(v, slot.msrpmBasePa, MSRPM_SIZE)),
  row('Injected event: the type is 0, 2, 3 or 4', ['eventInj'], (v) => {
    const type = eventType(v.get(slot.eventInj));
    return injects(v) && (type === 1 || type > TYPE_SOFTWARE_INTERRUPT);
  }),
  row('Injected exception: the vector is at most 31, and not 2', ['eventInj'], (v) => {
    const info = v.get(slot.eventInj);
    const vector = info & 0xff;
    return injects(v) && eventType(info) === TYPE_EXCEPTION && (vector > LAST_EXCEPTION || vector === NMI_VECTOR);
  }),
  row('Nested paging: the host pages (CR0.PG = 1)', ['npControl'], (v) => nested(v) && (v.cpu.s[at.cr0] & CR0_PG) === 0),
  row('Nested paging: N_CR3 bits 63:32 are 0', ['nCr3'], (v) => nested(v) && v.get(slot.nCr3 + 1) !== 0),
  row('Nested paging: each byte of G_PAT is a memory type', ['gPat'], (v) => nested(v) && !isPat(v.get(slot.gPat), v.get(slot.gPat + 1))),
];

/** The first rule that the VMCB breaks, or null. */
export function firstViolated(v: VmcbView): Check | null {
  for (let i = 0; i < VMRUN_CHECKS.length; i++) if (VMRUN_CHECKS[i].violated(v)) return VMRUN_CHECKS[i];
  return null;
}

/** `Guest EFER = 00000000_00000000h` */
export const shownValue = ({ fields }: Check, v: VmcbView): string =>
  fields
    .map((key) => {
      const { name, size } = fieldOfKey(key);
      const high = size === 8 ? `${hex8(v.get(slot[key] + 1))}_` : '';
      return `${name} = ${high}${hex8(v.get(slot[key]))}h`;
    })
    .join(', ');
