/** AMD's processors. Both are 64-bit ones; here they have their 32-bit part alone. */

import type { Feature } from '../isa/row.ts';
import { worded } from '../lib/say.ts';
import {
  AMD_HABITS,
  BUILT_EDX,
  brandLeaves,
  type CpuidLeaf,
  EXTENDED_NX,
  EXTENDED_RDTSCP,
  MACHINE_CHECK,
  type Msr,
  P6,
  P6_CR4,
  type Profile,
  vendorLeaf,
} from './profile-parts.ts';

/** Features of SVM that this simulator has. Nested paging is bit 0, nRIP save bit 3; neither processor saves nRIP. */
const BUILT_SVM = 1;
const SVM_ECX = 1 << 2;
const LEAF_1_MONITOR = 1 << 3;
const ASIDS = 64;
const REVISION = 1;
const VENDOR = 'AuthenticAMD';
/** Leaf Fn8000_0001 EDX repeats leaf 1 but for SYSENTER, whose bit is SYSCALL's there. */
const SEP = 1 << 11;

interface Model {
  readonly name: string;
  readonly title: string;
  readonly year: number;
  readonly brand: string;
  /** Leaf 1 EAX: family, model and stepping. */
  readonly signature: number;
  readonly maxLeaf: number;
  readonly maxExtended: number;
  readonly edx: number;
  /** Leaf Fn8000_000A EDX. */
  readonly svm: number;
  /** MONITOR and MWAIT, and RDTSCP, came with family 10h. */
  readonly family10: boolean;
}

function amd({ name, title, year, brand, signature, maxLeaf, maxExtended, edx, svm, family10 }: Model): Profile {
  const seen = edx & BUILT_EDX;
  return {
    name,
    title,
    vendor: 'amd',
    year,
    features: new Set<Feature>([...P6, 'sse3', 'svm', ...(family10 ? (['monitor', 'rdtscp'] as const) : [])]),
    cr4: P6_CR4,
    physicalBits: 32,
    cpuid: new Map<number, CpuidLeaf>([
      [0, vendorLeaf(maxLeaf, VENDOR)],
      [1, [signature, 0x00000800, family10 ? LEAF_1_MONITOR : 0, seen]],
      ...(family10 ? ([[5, [64, 64, 3, 0]]] as [number, CpuidLeaf][]) : []),
      [0x80000000, vendorLeaf(maxExtended, VENDOR)],
      [0x80000001, [signature, 0, SVM_ECX, (seen & ~SEP) | EXTENDED_NX | (family10 ? EXTENDED_RDTSCP : 0)]],
      ...brandLeaves(brand),
      [0x80000008, [0x2020, 0, 0, 0]],
      [0x8000000a, [REVISION, ASIDS, 0, svm & BUILT_SVM]],
    ]),
    constantMsrs: new Map<number, Msr>([...MACHINE_CHECK, [0x8b, [0, 0]]]),
    resetMsrs: { featureControl: 0, miscEnable: -1 },
    nx: true,
    habits: AMD_HABITS,
  };
}

/** Derived: the first AMD processor with SVM as its revision guide and reviews describe it, and no dump of one. */
export const ORLEANS: Profile = amd({
  name: 'orleans',
  title: worded('Athlon 64 (Orleans), 2006; derived, not from a dump'),
  year: 2006,
  brand: 'AMD Athlon(tm) 64 Processor 3500+',
  signature: 0x00040ff2,
  maxLeaf: 1,
  maxExtended: 0x80000018 | 0,
  edx: 0x078bfbff,
  svm: 0,
  family10: false,
});

/** Identification and feature bits of a Phenom 8650, as Linux prints them and as Bochs has them. */
export const PHENOM: Profile = amd({
  name: 'phenom',
  title: 'Phenom 8650 (Toliman), 2008',
  year: 2008,
  brand: 'AMD Phenom(tm) 8650 Triple-Core Processor',
  signature: 0x00100f23,
  maxLeaf: 5,
  maxExtended: 0x8000001a | 0,
  edx: 0x178bfbff,
  svm: 0x7,
  family10: true,
});
