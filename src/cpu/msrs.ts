/** Model-specific registers: SDM vol 3, chapter 35. What is not listed here does not exist: #GP(0). */
import type { Cpu } from './cpu.ts';
import type { Msr } from './profiles.ts';
import { EFER_NXE } from './registers.ts';
import { at, counterAt, type StateName } from './state.ts';

export const IA32_TIME_STAMP_COUNTER = 0x10;
export const IA32_APIC_BASE = 0x1b;
export const IA32_FEATURE_CONTROL = 0x3a;
export const IA32_BIOS_SIGN_ID = 0x8b;
export const IA32_SYSENTER_CS = 0x174;
export const IA32_SYSENTER_ESP = 0x175;
export const IA32_SYSENTER_EIP = 0x176;
export const IA32_MISC_ENABLE = 0x1a0;
export const IA32_DEBUGCTL = 0x1d9;
export const IA32_PAT = 0x277;
export const IA32_EFER = 0xc0000080 | 0;
export const IA32_TSC_AUX = 0xc0000103 | 0;

/* IA32_FEATURE_CONTROL: lock 0, VMXON inside SMX 1, VMXON outside SMX 2. */
export const FEATURE_CONTROL_LOCK = 1 << 0;
export const FEATURE_CONTROL_VMXON = 1 << 2;
const FEATURE_CONTROL_DEFINED = 7;

/* IA32_DEBUGCTL: LBR 0, BTF 1. */
export const DEBUGCTL_LBR = 1 << 0;
export const DEBUGCTL_BTF = 1 << 1;
export const DEBUGCTL_DEFINED = 3;

/** Bits of IA32_EFER that may be 1. */
export const eferDefined = (cpu: Cpu): number => (cpu.profile.nx ? EFER_NXE : 0);

const PAT_LOW = 0x00070406;
const PAT_HIGH = 0x00070406;
const TWO_32 = 4294967296;

/** MSRs of 32 bits that hold what was written last. */
const PLAIN: Readonly<Record<number, StateName>> = {
  [IA32_SYSENTER_CS]: 'sysenterCs',
  [IA32_SYSENTER_ESP]: 'sysenterEsp',
  [IA32_SYSENTER_EIP]: 'sysenterEip',
};

/** Values at power-on. */
export function resetMsrs(cpu: Cpu): void {
  const s = cpu.s;
  const { featureControl, miscEnable } = cpu.profile.resetMsrs;
  s[at.patLow] = PAT_LOW;
  s[at.patHigh] = PAT_HIGH;
  s[at.featureControl] = featureControl;
  s[at.miscEnable] = miscEnable === -1 ? 0 : miscEnable;
  for (const name of ['sysenterCs', 'sysenterEsp', 'sysenterEip', 'efer', 'debugctl', 'tscOffsetLow', 'tscOffsetHigh'] as const)
    s[at[name]] = 0;
}

/** The time-stamp counter into `pair[0]` (bits 31:0) and `pair[1]`; in guest mode with the offset that the host gave it. */
export function readTsc(cpu: Cpu, pair: Int32Array): void {
  readRealTsc(cpu, pair);
  if (cpu.s[at.guest] !== 0) cpu.virt?.offsetTsc(cpu, pair);
}

function readRealTsc(cpu: Cpu, pair: Int32Array): void {
  const cycles = Math.floor(cpu.f[counterAt.cycles]);
  pair[0] = cycles % TWO_32;
  pair[1] = Math.floor(cycles / TWO_32);
  add64(pair, cpu.s[at.tscOffsetLow], cpu.s[at.tscOffsetHigh]);
}

/** `pair` += {low, high}, 64 bits. */
export function add64(pair: Int32Array, low: number, high: number): void {
  const sum = (pair[0] >>> 0) + (low >>> 0);
  pair[0] = sum;
  pair[1] = pair[1] + high + (sum >= TWO_32 ? 1 : 0);
}

function writeTsc(cpu: Cpu, low: number, high: number): void {
  const s = cpu.s;
  const pair = new Int32Array(2);
  s[at.tscOffsetLow] = 0;
  s[at.tscOffsetHigh] = 0;
  readRealTsc(cpu, pair);
  const difference = (low >>> 0) - (pair[0] >>> 0);
  s[at.tscOffsetLow] = difference;
  s[at.tscOffsetHigh] = high - pair[1] - (difference < 0 ? 1 : 0);
}

/** Each byte a memory type that exists (SDM vol 3, 11.12.2). */
export function isPat(low: number, high: number): boolean {
  for (const half of [low, high]) {
    for (let shift = 0; shift < 32; shift += 8) {
      const type = (half >>> shift) & 0xff;
      if (type > 7 || type === 2 || type === 3) return false;
    }
  }
  return true;
}

/** RDMSR once CPL is known to be 0; undefined: #GP(0). */
export function readMsr(cpu: Cpu, msr: number): Msr | undefined {
  const s = cpu.s;
  const constant = cpu.profile.constantMsrs.get(msr >>> 0);
  if (constant !== undefined) return constant;
  const plain = PLAIN[msr];
  if (plain !== undefined) return [s[at[plain]], 0];
  switch (msr) {
    case IA32_TIME_STAMP_COUNTER: {
      const pair = new Int32Array(2);
      readTsc(cpu, pair);
      return [pair[0], pair[1]];
    }
    case IA32_APIC_BASE:
      return cpu.bus.localApic === null ? undefined : [cpu.bus.localApic.base, 0];
    case IA32_FEATURE_CONTROL:
      return cpu.profile.features.has('vmx') ? [s[at.featureControl], 0] : undefined;
    case IA32_MISC_ENABLE:
      return cpu.profile.resetMsrs.miscEnable === -1 ? undefined : [s[at.miscEnable], 0];
    case IA32_DEBUGCTL:
      return [s[at.debugctl], 0];
    case IA32_PAT:
      return [s[at.patLow], s[at.patHigh]];
    case IA32_TSC_AUX:
      return cpu.profile.features.has('rdtscp') ? [s[at.tscAux], 0] : undefined;
    case IA32_EFER:
      return cpu.virt?.readMsr(cpu, msr) ?? (cpu.profile.nx ? [s[at.efer], 0] : undefined);
    default:
      return cpu.virt?.readMsr(cpu, msr);
  }
}

/** WRMSR once CPL is known to be 0; false: #GP(0), and nothing has changed. */
export function writeMsr(cpu: Cpu, msr: number, low: number, high: number): boolean {
  const s = cpu.s;
  if (msr === IA32_BIOS_SIGN_ID) return true;
  if (cpu.profile.constantMsrs.has(msr >>> 0)) return false;
  const plain = PLAIN[msr];
  if (plain !== undefined) {
    s[at[plain]] = low;
    return true;
  }
  switch (msr) {
    case IA32_TIME_STAMP_COUNTER:
      writeTsc(cpu, low, high);
      return true;
    case IA32_APIC_BASE:
      return cpu.bus.localApic?.writeBase(low, high) ?? false;
    case IA32_FEATURE_CONTROL: {
      const locked = (s[at.featureControl] & FEATURE_CONTROL_LOCK) !== 0;
      if (!cpu.profile.features.has('vmx') || locked || (low & ~FEATURE_CONTROL_DEFINED) !== 0 || high !== 0) return false;
      s[at.featureControl] = low;
      return true;
    }
    case IA32_MISC_ENABLE:
      if (cpu.profile.resetMsrs.miscEnable === -1 || high !== 0) return false;
      s[at.miscEnable] = low;
      return true;
    case IA32_DEBUGCTL:
      if ((low & ~DEBUGCTL_DEFINED) !== 0 || high !== 0) return false;
      s[at.debugctl] = low;
      return true;
    case IA32_PAT:
      if (!isPat(low, high)) return false;
      s[at.patLow] = low;
      s[at.patHigh] = high;
      return true;
    case IA32_TSC_AUX:
      if (!cpu.profile.features.has('rdtscp') || high !== 0) return false;
      s[at.tscAux] = low;
      return true;
    case IA32_EFER:
      if (cpu.virt?.writeMsr(cpu, msr, low, high)) return true;
      if (!cpu.profile.nx || (low & ~eferDefined(cpu)) !== 0 || high !== 0) return false;
      s[at.efer] = low;
      return true;
    default:
      return cpu.virt?.writeMsr(cpu, msr, low, high) ?? false;
  }
}
