/** Intel's processors. */
import type { Feature } from '../isa/row.ts';
import {
  BUILT_ECX,
  BUILT_EDX,
  brandLeaves,
  type CpuidLeaf,
  EXTENDED_NX,
  EXTENDED_RDTSCP,
  MACHINE_CHECK,
  MONITOR_LEAF,
  type Msr,
  P6,
  P6_CR4,
  PLAIN_HABITS,
  type Profile,
  vendorLeaf,
} from './profile-parts.ts';
import { CR4_VMXE } from './registers.ts';

export const KATMAI: Profile = {
  name: 'katmai',
  title: 'Pentium III (Katmai), 1999',
  vendor: 'intel',
  year: 1999,
  features: new Set(P6),
  cr4: P6_CR4,
  physicalBits: 36,
  cpuid: new Map<number, CpuidLeaf>([
    [0, vendorLeaf(2, 'GenuineIntel')],
    [1, [0x0673, 0, 0, 0x0387f9ff & BUILT_EDX]],
    [2, [0x03020101, 0, 0, 0x0c040843]],
  ]),
  constantMsrs: new Map<number, Msr>([...MACHINE_CHECK, [0x17, [0, 0]], [0x8b, [0, 0]]]),
  resetMsrs: { featureControl: 0, miscEnable: -1 },
  nx: false,
  habits: PLAIN_HABITS,
};

/** The capability MSRs that differ from model to model. */
interface VmxMsrs {
  readonly basicHigh: number;
  /** Bits 63:32, what may be 1, of the pin-based, primary, VM-exit and VM-entry controls. */
  readonly may: readonly [number, number, number, number];
  readonly misc: number;
  readonly enumeration: number;
  readonly secondary?: number;
  readonly eptVpid?: Msr;
}

/** Secondary controls that this simulator has. */
const BUILT_SECONDARY = 0x4ff;
const SECONDARY_RDTSCP = 1 << 3;
const REVISION = 0x2b;
/** Bits that must be 1 because they were built so: SDM vol 3, appendix A. */
const DEFAULT1 = [0x16, 0x0401e172, 0x36dff, 0x11ff] as const;
/** The same in the TRUE capability MSRs: CR3-load and CR3-store exiting, and the debug controls, may be 0. */
const TRUE_DEFAULT1 = [0x16, 0x04006172, 0x36dfb, 0x11fb] as const;
const BASIC_HIGH_TRUE = 1 << 23;
const PRIMARY_SECONDARY = 1 << 31;
const EPT_OR_VPID = 0x22;

const builtSecondary = ({ secondary = 0 }: VmxMsrs): number => secondary & BUILT_SECONDARY;

/*
 * Capability MSRs: bits 31:0 must be 1, bits 63:32 may be 1 (SDM vol 3, appendix A). Values of real processors and of Bochs's models of them,
 * without what needs Intel 64 (64-bit host, IA-32e guest, CR8 exits), SMM with two monitors, or IA32_PERF_GLOBAL_CTRL. CR4_FIXED1 is what CR4
 * accepts here; IA32_VMX_VMCS_ENUM is the highest index that is in use, where real processors report more or less.
 */
function vmxMsrs(model: VmxMsrs): [number, Msr][] {
  const { basicHigh, may, misc, enumeration, eptVpid } = model;
  const both = may.map((bits, i): [number, Msr] => [0x481 + i, [DEFAULT1[i], bits]]);
  const exact = may.map((bits, i): [number, Msr] => [0x48d + i, [TRUE_DEFAULT1[i], bits]]);
  return [
    [0x480, [REVISION, basicHigh]],
    ...both,
    [0x485, [misc, 0]],
    [0x486, [0x80000021 | 0, 0]],
    [0x487, [-1, 0]],
    [0x488, [CR4_VMXE, 0]],
    [0x489, [P6_CR4 | CR4_VMXE, 0]],
    [0x48a, [enumeration, 0]],
    ...((may[1] & PRIMARY_SECONDARY) !== 0 ? ([[0x48b, [0, builtSecondary(model)]]] as [number, Msr][]) : []),
    ...(eptVpid !== undefined && (builtSecondary(model) & EPT_OR_VPID) !== 0 ? ([[0x48c, eptVpid]] as [number, Msr][]) : []),
    ...((basicHigh & BASIC_HIGH_TRUE) !== 0 ? exact : []),
  ];
}

interface Model {
  readonly name: string;
  readonly title: string;
  readonly year: number;
  /** CPUID leaf 1, of the real processor. */
  readonly signature: number;
  readonly ebx: number;
  readonly ecx: number;
  readonly edx: number;
  readonly brand: string;
  readonly caches: CpuidLeaf;
  readonly vmx: VmxMsrs;
}

function withVmx({ name, title, year, signature, ebx, ecx, edx, brand, caches, vmx }: Model): Profile {
  const ept = (builtSecondary(vmx) & EPT_OR_VPID) !== 0;
  const rdtscp = (builtSecondary(vmx) & SECONDARY_RDTSCP) !== 0;
  return {
    name,
    title,
    vendor: 'intel',
    year,
    features: new Set<Feature>([
      ...P6,
      'sse3',
      'monitor',
      'vmx',
      ...(ept ? (['ept'] as const) : []),
      ...(rdtscp ? (['rdtscp'] as const) : []),
    ]),
    cr4: P6_CR4 | CR4_VMXE,
    physicalBits: 32,
    cpuid: new Map<number, CpuidLeaf>([
      [0, vendorLeaf(5, 'GenuineIntel')],
      [1, [signature, ebx, ecx & BUILT_ECX, edx & BUILT_EDX]],
      [2, caches],
      [5, MONITOR_LEAF],
      [0x80000000, [0x80000008 | 0, 0, 0, 0]],
      [0x80000001, [0, 0, 0, EXTENDED_NX | (rdtscp ? EXTENDED_RDTSCP : 0)]],
      ...brandLeaves(brand),
      [0x80000008, [0x2020, 0, 0, 0]],
    ]),
    constantMsrs: new Map<number, Msr>([...MACHINE_CHECK, [0x17, [0, 0]], [0x8b, [0, 0]], ...vmxMsrs(vmx)]),
    resetMsrs: { featureControl: 5, miscEnable: 0x41801 },
    nx: true,
    habits: PLAIN_HABITS,
  };
}

/** The first generation: no secondary controls, no virtual NMIs. */
export const YONAH = withVmx({
  name: 'yonah',
  title: 'Core Duo T2400 (Yonah), 2006',
  year: 2006,
  signature: 0x06ec,
  ebx: 0x00000800,
  ecx: 0x0000c1a9,
  edx: 0xbfe9fbff,
  brand: 'Genuine Intel(R) CPU           T2400  @ 1.83GHz',
  caches: [0x02b3b001, 0x000000f0, 0, 0x2c04307d],
  vmx: { basicHigh: 0x00591000, may: [0x1f, 0x7781fffe, 0x3edff, 0x1dff], misc: 0x401e0, enumeration: 0x2a },
});

/** Virtual NMIs, and the first two secondary controls. */
export const PENRYN = withVmx({
  name: 'penryn',
  title: 'Core 2 Duo T9600 (Penryn), 2008',
  year: 2008,
  signature: 0x10676,
  ebx: 0x00000800,
  ecx: 0x0008e3fd,
  edx: 0xbfebfbff,
  brand: 'Intel(R) Core(TM)2 Duo CPU     T9600  @ 2.80GHz',
  caches: [0x05b0b101, 0x005657f0, 0, 0x2cb4304e],
  vmx: { basicHigh: 0x00581000, may: [0x3f, 0xf7e1fffe | 0, 0x3edff, 0x11ff], misc: 0x401c0, enumeration: 0x2a, secondary: 0x41 },
});

const NEHALEM_MAY = [0x7f, 0xffe1fffe | 0, 0x7fedff, 0xd1ff] as const;
const BASIC_HIGH = 0x00d81000;
/** Execute-only, four levels, UC and WB, 2 MiB pages, every kind of INVEPT and INVVPID. */
const EPT_VPID: Msr = [0x06114141, 0xf01];
const EPT_1_GIB = 1 << 17;
const EPT_ACCESSED_DIRTY = 1 << 21;

/** Nested paging: EPT and VPIDs; the preemption timer, the monitor trap flag. */
export const LYNNFIELD = withVmx({
  name: 'lynnfield',
  title: 'Core i5-750 (Lynnfield), 2009',
  year: 2009,
  signature: 0x106e5,
  ebx: 0x00000800,
  ecx: 0x0098e3fd,
  edx: 0xbfebfbff,
  brand: 'Intel(R) Core(TM) i5 CPU         750  @ 2.67GHz',
  caches: [0x55035a01, 0x00f0b2e4, 0, 0x09ca212c],
  vmx: { basicHigh: BASIC_HIGH, may: NEHALEM_MAY, misc: 0x401c5, enumeration: 0x2e, secondary: 0x7f, eptVpid: EPT_VPID },
});

/** Unrestricted guests: real mode and unpaged protected mode in the guest itself. */
export const WESTMERE = withVmx({
  name: 'westmere',
  title: 'Core i5-M520 (Arrandale, a Westmere), 2010',
  year: 2010,
  signature: 0x20652,
  ebx: 0x00000800,
  ecx: 0x0298e3ff,
  edx: 0xbfebfbff,
  brand: 'Intel(R) Core(TM) i5 CPU       M 520  @ 2.40GHz',
  caches: [0x55035a01, 0x00f0b2e4, 0, 0x09ca212c],
  vmx: { basicHigh: BASIC_HIGH, may: NEHALEM_MAY, misc: 0x401e7, enumeration: 0x2e, secondary: 0xff, eptVpid: EPT_VPID },
});

/** PAUSE-loop exiting, pages of 1 GiB and accessed and dirty flags in EPT entries. */
export const HASWELL = withVmx({
  name: 'haswell',
  title: 'Core i7-4770 (Haswell), 2013',
  year: 2013,
  signature: 0x306c3,
  ebx: 0x00000800,
  ecx: 0x7ffafbff,
  edx: 0xbfebfbff,
  brand: 'Intel(R) Core(TM) i7-4770 CPU @ 3.40GHz',
  caches: [0x76036301, 0x00f0b5ff, 0, 0x00c10000],
  vmx: {
    basicHigh: BASIC_HIGH,
    may: NEHALEM_MAY,
    misc: 0x200401e5,
    enumeration: 0x2e,
    secondary: 0x7cff,
    eptVpid: [EPT_VPID[0] | EPT_1_GIB | EPT_ACCESSED_DIRTY, EPT_VPID[1]],
  },
});
