/** What a processor's VMX offers, as its capability MSRs say it: SDM vol 3, appendix A. */
import type { Profile } from '../../profiles.ts';
import {
  ENTRY_LOAD_EFER,
  ENTRY_LOAD_PAT,
  EXIT_LOAD_EFER,
  EXIT_LOAD_PAT,
  EXIT_SAVE_EFER,
  EXIT_SAVE_PAT,
  PIN_TIMER,
  PRIMARY_MONITOR_TRAP_FLAG,
  PRIMARY_MSR_BITMAPS,
  PRIMARY_SECONDARY,
  PRIMARY_TPR_SHADOW,
  SECONDARY_APIC_ACCESSES,
  SECONDARY_EPT,
  SECONDARY_PAUSE_LOOP,
  SECONDARY_VPID,
} from './controls.ts';
import { FIELDS, type Field, type FieldCondition, fieldOfEncoding } from './fields.ts';

/** Bits that must be 1, and bits that may be 1. */
export interface Allowed {
  readonly must: number;
  readonly may: number;
}

export interface Capabilities {
  readonly revision: number;
  readonly pin: Allowed;
  readonly primary: Allowed;
  readonly secondary: Allowed;
  readonly exit: Allowed;
  readonly entry: Allowed;
  readonly cr0: Allowed;
  readonly cr4: Allowed;
  readonly cr3Targets: number;
  /** Bit n: activity state n may be entered. */
  readonly activityStates: number;
  /** VMWRITE may write VM-exit information fields. */
  readonly writesExitInfo: boolean;
  /** An instruction length of 0 may be injected. */
  readonly zeroLengthInjection: boolean;
  /** The VM-exit instruction-information field tells of INS and OUTS. */
  readonly stringIoInfo: boolean;
  readonly physicalBits: number;
  /** There is a monitor trap flag, so that its event can be injected. */
  readonly trapFlag: boolean;
  /** IA32_VMX_EPT_VPID_CAP, or zeros. */
  readonly eptVpid: { readonly low: number; readonly high: number };
  exists(field: Field): boolean;
  /** The field that an operand of VMREAD or VMWRITE names here; undefined: unsupported component. */
  component(encoding: number): Field | undefined;
}

/*
 * IA32_VMX_BASIC:  30:0 revision identifier, 44:32 region size, 48 addresses of 32 bits, 53:50 memory type, 54 INS/OUTS information,
 *                  55 TRUE capability MSRs
 * IA32_VMX_MISC:   4:0 timer rate, 5 LMA stored, 8:6 activity states HLT, shutdown, wait-for-SIPI, 24:16 CR3 targets, 27:25 MSR-list maximum,
 *                  29 VMWRITE to exit information, 30 zero-length injection
 */
const BASIC = 0x480;
const MISC = 0x485;
const EPT_VPID_CAP = 0x48c;
const BASIC_HIGH_STRING_IO = 1 << 22;
const BASIC_HIGH_TRUE = 1 << 23;
const MISC_WRITES_EXIT_INFO = 1 << 29;
const MISC_ZERO_LENGTH = 1 << 30;

export function capabilities(profile: Profile): Capabilities {
  const low = (msr: number): number => profile.constantMsrs.get(msr)?.[0] ?? 0;
  const high = (msr: number): number => profile.constantMsrs.get(msr)?.[1] ?? 0;
  const trueMsrs = (high(BASIC) & BASIC_HIGH_TRUE) !== 0;
  const allowed = (plain: number, exact: number): Allowed => {
    const msr = trueMsrs ? exact : plain;
    return { must: low(msr), may: high(msr) };
  };
  const misc = low(MISC);
  const primary = allowed(0x482, 0x48e);
  const exit = allowed(0x483, 0x48f);
  const entry = allowed(0x484, 0x490);
  const pin = allowed(0x481, 0x48d);
  const secondary = { must: 0, may: (primary.may & PRIMARY_SECONDARY) !== 0 ? high(0x48b) : 0 };
  const conditions: Record<FieldCondition, boolean> = {
    vpid: (secondary.may & SECONDARY_VPID) !== 0,
    msrBitmaps: (primary.may & PRIMARY_MSR_BITMAPS) !== 0,
    tprShadow: (primary.may & PRIMARY_TPR_SHADOW) !== 0,
    apicAccess: (secondary.may & SECONDARY_APIC_ACCESSES) !== 0,
    ept: (secondary.may & SECONDARY_EPT) !== 0,
    pat: (entry.may & ENTRY_LOAD_PAT) !== 0 || (exit.may & EXIT_SAVE_PAT) !== 0,
    efer: (entry.may & ENTRY_LOAD_EFER) !== 0 || (exit.may & EXIT_SAVE_EFER) !== 0,
    hostPat: (exit.may & EXIT_LOAD_PAT) !== 0,
    hostEfer: (exit.may & EXIT_LOAD_EFER) !== 0,
    secondary: (primary.may & PRIMARY_SECONDARY) !== 0,
    timer: (pin.may & PIN_TIMER) !== 0,
    pauseLoop: (secondary.may & SECONDARY_PAUSE_LOOP) !== 0,
  };
  const exists = (field: Field): boolean => field.condition === undefined || conditions[field.condition];
  const components = new Map<number, Field>();
  for (const field of FIELDS) {
    if (!exists(field)) continue;
    components.set(field.encoding, field);
    if (field.width === '64') components.set(field.encoding | 1, fieldOfEncoding(field.encoding | 1)!);
  }
  return {
    revision: low(BASIC) & 0x7fffffff,
    pin,
    primary,
    secondary,
    exit,
    entry,
    cr0: { must: low(0x486), may: low(0x487) },
    cr4: { must: low(0x488), may: low(0x489) },
    cr3Targets: (misc >>> 16) & 0x1ff,
    activityStates: 1 | ((misc >>> 5) & 0b1110),
    writesExitInfo: (misc & MISC_WRITES_EXIT_INFO) !== 0,
    zeroLengthInjection: (misc & MISC_ZERO_LENGTH) !== 0,
    stringIoInfo: (high(BASIC) & BASIC_HIGH_STRING_IO) !== 0,
    physicalBits: profile.physicalBits,
    trapFlag: (primary.may & PRIMARY_MONITOR_TRAP_FLAG) !== 0,
    eptVpid: { low: low(EPT_VPID_CAP), high: high(EPT_VPID_CAP) },
    exists,
    component: (encoding) => components.get(encoding),
  };
}
