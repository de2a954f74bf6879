/** What the description of a processor is made of. */

import type { Feature } from '../isa/row.ts';
import { bits } from '../lib/bits.ts';
import { CR4_DE, CR4_MCE, CR4_OSFXSR, CR4_OSXMMEXCPT, CR4_PAE, CR4_PCE, CR4_PGE, CR4_PSE, CR4_PVI, CR4_TSD, CR4_VME } from './registers.ts';

export type Vendor = 'intel' | 'amd';

/** EAX, EBX, ECX, EDX. */
export type CpuidLeaf = readonly [number, number, number, number];

/** A 64-bit register: bits 31:0, bits 63:32. */
export type Msr = readonly [number, number];

/** Where processors differ and the manual leaves it open, or is not followed. */
export interface Habits {
  /** A POPA that faults has loaded the registers it had reached. */
  readonly popaLoadsAsItReads: boolean;
  /** CMPS reads ES:EDI before DS:ESI, which shows when both fault. */
  readonly cmpsReadsDestinationFirst: boolean;
  /** But REPE CMPSB, which is a fast one, reads DS:ESI first. */
  readonly repeCmpsbReadsSourceFirst: boolean;
  /**
   * Where Bochs leaves the manual (docs/deviations.md). The delivery of an event looks at the target's offset before the room on the stack, and from
   * virtual-8086 mode at the new stack before the DPL of the code segment; a near CALL pushes before it looks at its target; IRET to a stack
   * segment that is not present is #NP.
   */
  readonly likeBochs: boolean;
}

/** A fault leaves everything as it was, and operands are read in their order. */
export const PLAIN_HABITS: Habits = {
  popaLoadsAsItReads: false,
  cmpsReadsDestinationFirst: false,
  repeCmpsbReadsSourceFirst: false,
  likeBochs: false,
};
/** Bochs, which is no processor, but whose vectors are at hand. */
export const BOCHS_HABITS: Habits = { ...PLAIN_HABITS, likeBochs: true };
/** As an AMD processor of family 25, model 1 (Zen 3) has them; taken for those before it, of which none was asked. */
export const AMD_HABITS: Habits = {
  popaLoadsAsItReads: true,
  cmpsReadsDestinationFirst: true,
  repeCmpsbReadsSourceFirst: false,
  likeBochs: false,
};
/** Family 25, model 17 (Zen 4). */
export const ZEN_4_HABITS: Habits = { ...AMD_HABITS, repeCmpsbReadsSourceFirst: true };

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
  /** EFER exists, with bit 11 (NXE); CPUID shows it. */
  readonly nx: boolean;
  readonly habits: Habits;
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
export const BUILT_EDX = ['VME', 'DE', 'PSE', 'TSC', 'MSR', 'PAE', 'MCE', 'CX8', 'SEP', 'PGE', 'CMOV', 'PAT', 'PSE36'].reduce(
  (mask, name) => mask | EDX_1.field(name).mask,
  0,
);
export const BUILT_ECX = ECX_1.field('VMX').mask | ECX_1.field('MONITOR').mask;
/** Leaf 5: MONITOR watches 64 bytes; MWAIT knows extensions, and can be told that masked interrupts end its wait. */
export const MONITOR_LEAF: CpuidLeaf = [64, 64, 3, 0x10];
/** What every processor since the Pentium III has: bits 10:0. */
export const P6_CR4 = CR4_VME | CR4_PVI | CR4_TSD | CR4_DE | CR4_PSE | CR4_PAE | CR4_MCE | CR4_PGE | CR4_PCE | CR4_OSFXSR | CR4_OSXMMEXCPT;
/** P5_MC_ADDR and P5_MC_TYPE, which CPUID's MCE promises: no machine check has ever happened. */
export const MACHINE_CHECK: readonly [number, Msr][] = [
  [0, [0, 0]],
  [1, [0, 0]],
];
/** Leaf 8000_0001h, EDX: execute-disable, RDTSCP. */
export const EXTENDED_NX = 1 << 20;
export const EXTENDED_RDTSCP = 1 << 27;

export const P6: readonly Feature[] = ['i386', 'i486', 'pentium', 'cmov', 'sep', 'tsc', 'fpu', 'fxsr'];

/** Twelve characters in the order EBX, EDX, ECX. */
export function vendorLeaf(max: number, text: string): CpuidLeaf {
  const [ebx, edx, ecx] = dwords(text);
  return [max, ebx, ecx, edx];
}

export function brandLeaves(text: string): [number, CpuidLeaf][] {
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
