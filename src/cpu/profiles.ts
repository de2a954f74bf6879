/** The processors that can be simulated: what CPUID says, which features exist, which bits a control register accepts. */

import type { Feature } from '../isa/row.ts';
import { bits } from '../lib/bits.ts';
import { CR4_DE, CR4_PCE, CR4_PGE, CR4_PSE, CR4_TSD, CR4_VMXE } from './registers.ts';

export type Vendor = 'intel' | 'amd';

/** EAX, EBX, ECX, EDX. */
export type CpuidLeaf = readonly [number, number, number, number];

/** A 64-bit register: bits 31:0, bits 63:32. */
export type Msr = readonly [number, number];

export interface Profile {
  readonly name: string;
  readonly title: string;
  readonly vendor: Vendor;
  readonly year: number;
  readonly features: ReadonlySet<Feature>;
  /** Bits of CR4 that may be 1; all others are #GP(0). */
  readonly cr4: number;
  /** Bits of a physical address. */
  readonly physicalBits: number;
  readonly cpuid: ReadonlyMap<number, CpuidLeaf>;
  /** MSRs that read the same always; a write is #GP(0). */
  readonly constantMsrs: ReadonlyMap<number, Msr>;
  /** MSRs besides the architectural ones that exist here and their values at power-on. */
  readonly resetMsrs: { readonly featureControl: number; readonly miscEnable: number };
  /** EFER exists, with bit 11 (NXE). */
  readonly nx: boolean;
}

/* CPUID leaf 1, EDX. */
const EDX_1 = bits(`
  0   FPU   floating-point unit on chip
  1   VME   virtual-8086 mode enhancements
  2   DE    debugging extensions
  3   PSE   4 MiB pages
  4   TSC   time-stamp counter
  5   MSR   RDMSR and WRMSR
  6   PAE   physical address extension
  7   MCE   machine-check exception
  8   CX8   CMPXCHG8B
  9   APIC  local APIC on chip
  11  SEP   SYSENTER and SYSEXIT
  12  MTRR  memory type range registers
  13  PGE   global pages
  14  MCA   machine-check architecture
  15  CMOV  conditional moves
  16  PAT   page attribute table
  17  PSE36 36-bit 4 MiB pages
  18  PSN   processor serial number
  19  CLFSH CLFLUSH
  21  DS    debug store
  22  ACPI  thermal monitor and clock control
  23  MMX   MMX
  24  FXSR  FXSAVE and FXRSTOR
  25  SSE   SSE
  26  SSE2  SSE2
  27  SS    self-snoop
  28  HTT   more than one logical processor
  29  TM    thermal monitor
  31  PBE   pending break enable
`);

/* CPUID leaf 1, ECX. */
const ECX_1 = bits(`
  0   SSE3    SSE3
  3   MONITOR MONITOR and MWAIT
  5   VMX     virtual-machine extensions
  7   EST     enhanced SpeedStep
  8   TM2     thermal monitor 2
  14  XTPR    task-priority messages
  15  PDCM    performance capabilities MSR
`);

/** CPUID shows a feature only when this simulator has it: what a real processor of the profile has, and this. */
const BUILT_EDX = ['DE', 'PSE', 'TSC', 'MSR', 'CX8', 'SEP', 'PGE', 'CMOV'].reduce((mask, name) => mask | EDX_1.field(name).mask, 0);
const BUILT_ECX = ECX_1.field('VMX').mask;
const BUILT_CR4 = CR4_TSD | CR4_DE | CR4_PSE | CR4_PGE | CR4_PCE;

const P6: readonly Feature[] = ['i386', 'i486', 'pentium', 'cmov', 'sep', 'tsc'];

/** Twelve characters in the order EBX, EDX, ECX. */
function vendorLeaf(max: number, text: string): CpuidLeaf {
  const [ebx, edx, ecx] = dwords(text);
  return [max, ebx, ecx, edx];
}

function brandLeaves(text: string): [number, CpuidLeaf][] {
  const d = dwords(text.padEnd(48, '\0'));
  return [0, 1, 2].map((i) => [0x80000002 + i, [d[4 * i], d[4 * i + 1], d[4 * i + 2], d[4 * i + 3]]]);
}

function dwords(text: string): number[] {
  const result: number[] = [];
  for (let i = 0; i < text.length; i += 4) {
    let value = 0;
    for (let j = 3; j >= 0; j--) value = (value << 8) | text.charCodeAt(i + j);
    result.push(value);
  }
  return result;
}

const KATMAI: Profile = {
  name: 'katmai',
  title: 'Pentium III (Katmai), 1999',
  vendor: 'intel',
  year: 1999,
  features: new Set(P6),
  cr4: BUILT_CR4,
  physicalBits: 32,
  cpuid: new Map<number, CpuidLeaf>([
    [0, vendorLeaf(2, 'GenuineIntel')],
    [1, [0x0673, 0, 0, 0x0387f9ff & BUILT_EDX]],
    [2, [0x03020101, 0, 0, 0x0c040843]],
  ]),
  constantMsrs: new Map<number, Msr>([
    [0x17, [0, 0]],
    [0x8b, [0, 0]],
  ]),
  resetMsrs: { featureControl: 0, miscEnable: -1 },
  nx: false,
};

/*
 * Capability MSRs: bits 31:0 must be 1, bits 63:32 may be 1 (SDM vol 3, appendix A). Values of Bochs's Core Duo T2400, with these changes:
 * IA32_VMX_BASIC bit 55 is 0, for the TRUE capability MSRs came with Nehalem; CR4_FIXED1 is what CR4 accepts here.
 */
const YONAH_VMX: [number, Msr][] = [
  [0x480, [0x0000002b, 0x00591000]],
  [0x481, [0x00000016, 0x0000001f]],
  [0x482, [0x0401e172, 0x7781fffe]],
  [0x483, [0x00036dff, 0x0003edff]],
  [0x484, [0x000011ff, 0x00001dff]],
  [0x485, [0x000401e0, 0]],
  [0x486, [0x80000021 | 0, 0]],
  [0x487, [-1, 0]],
  [0x488, [CR4_VMXE, 0]],
  [0x489, [BUILT_CR4 | CR4_VMXE, 0]],
  [0x48a, [0x34, 0]],
];

const YONAH: Profile = {
  name: 'yonah',
  title: 'Core Duo T2400 (Yonah), 2006',
  vendor: 'intel',
  year: 2006,
  features: new Set<Feature>([...P6, 'vmx']),
  cr4: BUILT_CR4 | CR4_VMXE,
  physicalBits: 32,
  cpuid: new Map<number, CpuidLeaf>([
    [0, vendorLeaf(2, 'GenuineIntel')],
    [1, [0x06ec, 0x00000800, 0x0000c1a9 & BUILT_ECX, 0xbfe9fbff & BUILT_EDX]],
    [2, [0x02b3b001, 0x000000f0, 0, 0x2c04307d]],
    [0x80000000, [0x80000008 | 0, 0, 0, 0]],
    [0x80000001, [0, 0, 0, 0]],
    ...brandLeaves('Genuine Intel(R) CPU           T2400  @ 1.83GHz'),
    [0x80000008, [0x2020, 0, 0, 0]],
  ]),
  constantMsrs: new Map<number, Msr>([[0x17, [0, 0]], [0x8b, [0, 0]], ...YONAH_VMX]),
  resetMsrs: { featureControl: 5, miscEnable: 0x1801 },
  nx: false,
};

export const PROFILES: readonly Profile[] = [KATMAI, YONAH];
export const DEFAULT_PROFILE = YONAH;

const PLANNED: readonly string[] = ['penryn', 'lynnfield', 'westmere', 'haswell', 'orleans', 'phenom'];

/** The processor of that name; an error says which there are, and whether it is one that is still to come. */
export function processorProfile(name: string): Profile {
  const found = PROFILES.find((profile) => profile.name === name);
  if (found !== undefined) return found;
  const known = PROFILES.map((profile) => profile.name).join(', ');
  if (PLANNED.includes(name)) throw new Error(`processor '${name}' is not implemented yet: there are ${known}`);
  throw new Error(`no processor '${name}': there are ${known}`);
}

const NOTHING: CpuidLeaf = [0, 0, 0, 0];

/** CPUID. A leaf above the highest basic one reads as the highest basic leaf; a gap below reads as zeros (SDM vol 2, CPUID). */
export function cpuid(profile: Profile, leaf: number): CpuidLeaf {
  const found = profile.cpuid.get(leaf >>> 0);
  if (found !== undefined) return found;
  const highest = profile.cpuid.get(0)![0];
  const extended = profile.cpuid.get(0x80000000);
  const withinExtended = extended !== undefined && leaf >>> 0 >= 0x80000000 && leaf >>> 0 <= extended[0] >>> 0;
  if (leaf >>> 0 <= highest || withinExtended) return NOTHING;
  return profile.cpuid.get(highest)!;
}
