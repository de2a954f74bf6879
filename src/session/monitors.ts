/** The monitors of this repository: what each needs of a processor, and what it gives its guests. */

import { PROFILES, type Profile, processorProfile } from '../cpu/profiles.ts';
import { say, told, worded } from '../lib/say.ts';
import { Refused } from './refused.ts';
import type { Vmm } from './scenarios.ts';
import type { Paging } from './views.ts';

/** Where a monitor has put its guests' kernels: in a mode of the processor's own, into ring 1, or nowhere else than ring 0. */
export type Place = 'guest mode' | 'ring 1' | 'ring 0';

export interface Monitor {
  /** Path in src/guest. */
  readonly source: string;
  readonly kernels: Place;
  /** What it is built on, for messages. */
  readonly extension: string;
  has(profile: Profile): boolean;
  hasNested(profile: Profile): boolean;
  /** The monitor's one guest is the monitor once more, which has the virtual machines; itself it needs nested paging. */
  readonly twice?: true;
  /** MiB that it can give each of its guests, where it says how many. */
  readonly most?: number;
  /** The processor it gets when none is asked for. */
  readonly usual: Readonly<Record<Paging, string>>;
}

/* CPUID Fn8000_000A EDX: nested paging. */
const SVM_LEAF = 0x8000000a;
const NP = 1 << 0;

/** A monitor that needs nothing of the processor. */
const software = (source: string, kernels: Place, most?: number): Monitor => ({
  source,
  kernels,
  extension: '',
  has: () => true,
  hasNested: () => false,
  usual: { shadow: 'yonah', nested: 'yonah' },
  ...(most !== undefined && { most }),
});

export const MONITORS: Readonly<Record<Exclude<Vmm, 'none'>, Monitor>> = {
  peer: software('vmm/peer/peer.asm', 'ring 0'),
  trap: software('vmm/trap/trap.asm', 'ring 1', 128),
  translate: software('vmm/translate/translate.asm', 'ring 1', 128),
  para: software('vmm/para/para.asm', 'ring 1', 60),
  vtx: {
    source: 'vmm/vtx/vtx.asm',
    kernels: 'guest mode',
    extension: 'VT-x',
    has: ({ features }) => features.has('vmx'),
    hasNested: ({ features }) => features.has('ept'),
    usual: { shadow: 'yonah', nested: 'westmere' },
  },
  'vtx-vtx': {
    source: 'vmm/vtx/vtx.asm',
    kernels: 'guest mode',
    twice: true,
    extension: worded('VT-x with nested paging'),
    has: ({ features }) => features.has('ept'),
    hasNested: ({ features }) => features.has('ept'),
    usual: { shadow: 'westmere', nested: 'westmere' },
  },
  svm: {
    source: 'vmm/svm/svm.asm',
    kernels: 'guest mode',
    extension: 'AMD-V',
    has: ({ features }) => features.has('svm'),
    hasNested: ({ cpuid }) => ((cpuid.get(SVM_LEAF)?.[3] ?? 0) & NP) !== 0,
    usual: { shadow: 'orleans', nested: 'phenom' },
  },
};

export interface MonitorChoice {
  readonly profile: Profile;
  readonly paging: Paging;
}

const named = (profiles: readonly Profile[]): string => profiles.map(({ name }) => name).join(', ');

/** The processor and the paging that go together; what is not asked for is chosen. Throws Refused where they do not. */
export function chooseMonitor(vmm: Exclude<Vmm, 'none'>, asked: Profile | undefined, paging: Paging | undefined): MonitorChoice {
  const monitor = MONITORS[vmm];
  const profile = asked ?? processorProfile(monitor.usual[paging ?? 'shadow']);
  if (!monitor.has(profile)) {
    const fitting = PROFILES.filter((one) => monitor.has(one));
    throw new Refused(say`the monitor ${vmm} needs ${told(monitor.extension)}, and ${profile.name} has none: there are ${named(fitting)}`);
  }
  const nested = monitor.hasNested(profile);
  if (paging !== undefined && (monitor.kernels !== 'guest mode' || monitor.twice === true))
    throw new Refused(say`the monitor ${vmm} has no choice of paging: leave --paging out`);
  if (paging === 'nested' && !nested) {
    const fitting = PROFILES.filter((one) => monitor.hasNested(one) && monitor.has(one));
    throw new Refused(say`${profile.name} has no nested paging: there are ${named(fitting)}`);
  }
  return { profile, paging: paging ?? (nested ? 'nested' : 'shadow') };
}
