/** What belongs to the system: where the processor keeps each resource, and how the ground changes it. */
import { IF, IOPL } from '../cpu/registers.ts';
import { at, type StateName } from '../cpu/state.ts';
import type { Resource } from '../isa/row.ts';

export interface ResourceFacts {
  /** Items of the arena that are this resource. */
  readonly items: readonly StateName[];
  /** Bits of EFLAGS that are. */
  readonly flags?: number;
  /** The routine of ground.asm that makes it another; without one no trial changes it. */
  readonly vary?: string;
  /** For trials in VMX operation, or with SVM enabled, alone. */
  readonly within?: 'VMX' | 'SVM';
}

const segment = (name: 'es' | 'cs' | 'ss' | 'ds' | 'fs' | 'gs'): ResourceFacts => ({
  items: [`${name}Selector`, `${name}Base`, `${name}Limit`, `${name}Rights`],
  vary: `vary_${name}`,
});

/** In the order in which they are told. */
export const RESOURCES: Readonly<Record<Resource, ResourceFacts>> = {
  CPL: { items: ['cpl', 'csSelector', 'csRights', 'ssSelector', 'ssRights'] },
  IF: { items: [], flags: IF, vary: 'vary_if' },
  IOPL: { items: [], flags: IOPL, vary: 'vary_iopl' },
  CS: segment('cs'),
  SS: segment('ss'),
  DS: segment('ds'),
  ES: segment('es'),
  FS: segment('fs'),
  GS: segment('gs'),
  GDTR: { items: ['gdtrBase', 'gdtrLimit'], vary: 'vary_gdtr' },
  LDTR: { items: ['ldtrSelector', 'ldtrBase', 'ldtrLimit', 'ldtrRights'], vary: 'vary_ldtr' },
  IDTR: { items: ['idtrBase', 'idtrLimit'], vary: 'vary_idtr' },
  TR: { items: ['trSelector', 'trBase', 'trLimit', 'trRights'], vary: 'vary_tr' },
  CR0: { items: ['cr0'], vary: 'vary_cr0' },
  CR2: { items: ['cr2'], vary: 'vary_cr2' },
  CR3: { items: ['cr3'], vary: 'vary_cr3' },
  CR4: { items: ['cr4'], vary: 'vary_cr4' },
  DR: { items: ['dr0', 'dr1', 'dr2', 'dr3', 'dr6', 'dr7'], vary: 'vary_dr' },
  MSR: {
    items: ['sysenterCs', 'sysenterEsp', 'sysenterEip', 'efer', 'patLow', 'patHigh', 'debugctl', 'vmCr', 'hsavePa'],
    vary: 'vary_msr',
  },
  TSC: { items: ['tscOffsetLow', 'tscOffsetHigh'], vary: 'vary_tsc' },
  PMC: { items: [] },
  identity: { items: [] },
  ports: { items: [], vary: 'vary_ports' },
  TLB: { items: [] },
  caches: { items: [] },
  activity: { items: ['activity'] },
  shadow: { items: ['interruptibility'] },
  VMX: { items: ['vmxOn', 'vmxonPointer'] },
  VMCS: { items: [], vary: 'vary_vmcs', within: 'VMX' },
  'VMCS pointer': { items: ['vmcsPointer'], vary: 'vary_vmcs_pointer', within: 'VMX' },
  VMCB: { items: [] },
  GIF: { items: ['gif'], vary: 'vary_gif', within: 'SVM' },
};

export const RESOURCE_NAMES = Object.keys(RESOURCES) as readonly Resource[];

/** In the order in which they are told. */
export const inOrder = (resources: Iterable<Resource>): Resource[] => {
  const some = new Set(resources);
  return RESOURCE_NAMES.filter((name) => some.has(name));
};

/** What a monitor may let through to rings below its own, and the bit of ground.asm for it. */
export const SETTINGS = { IOPL: 1, TSD: 2, PCE: 4, bitmap: 8 } as const;
export type Setting = keyof typeof SETTINGS;
export const SETTING_NAMES = Object.keys(SETTINGS) as readonly Setting[];
export const IN_VMX = 0x10;
export const IN_SVM = 0x20;

/** Items that no program sees: what they say shows elsewhere, or not at all. */
export const UNSEEN: ReadonlySet<StateName> = new Set<StateName>([
  'zero',
  'eflags',
  'lazyResult',
  'lazyCarries',
  'lazy',
  'interruptibility',
  'pauseFirst',
  'pauseLast',
  'space',
  'nextSpace',
  'spaceId',
]);

/** Items of the arena before its TLBs: all that is compared. */
export const ITEMS = Math.max(...Object.values(at)) + 24;
