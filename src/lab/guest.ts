/**
 * Sensitive instructions in a guest of VT-x or AMD-V. Each either exits, or it does what it does on a machine of the guest's own, while the monitor's machine is
 * another in everything: then it reads and writes the guest's own. Or it reaches what is real, and then it must be intercepted.
 */
import type { Profile } from '../cpu/profiles.ts';
import { at, STATE_NAMES } from '../cpu/state.ts';
import type { Resource, Row } from '../isa/row.ts';
import type { Lab } from './experiment.ts';
import type { Form } from './forms.ts';
import type { Ground, Place } from './ground.ts';
import { becomeSvmGuest } from './guest-svm.ts';
import { becomeVmxGuest } from './guest-vmx.ts';
import { type Difference, guestDifferences, type Outcome, outcomeOf } from './outcome.ts';
import { IN_SVM, RESOURCE_NAMES, RESOURCES } from './resources.ts';

export type Extension = 'vmx' | 'svm';

/**
 * `exits`: the monitor is told. `own`: as on a machine of its own, and the monitor's is as it was. `swapped`: the same, but what it wrote stays in the processor, and
 * the monitor must put its own there when it goes on. `real`: it read or wrote what is not the guest's. `refused`: the entry failed.
 */
export type GuestHow = 'exits' | 'own' | 'swapped' | 'real' | 'refused';

export interface GuestRun {
  readonly ring: number;
  readonly state: number;
  readonly form: Form;
  readonly how: GuestHow;
  /** The exit's name in the manual; of what is real, the resource. */
  readonly exit: string;
  /** What the monitor must swap. */
  readonly left: readonly Resource[];
  readonly differences: readonly Difference[];
}

export const extensionOf = (profile: Profile): Extension | null =>
  profile.features.has('vmx') ? 'vmx' : profile.features.has('svm') ? 'svm' : null;

/** Of another board under the guest: what its devices, its clock and CPUID say. */
const OTHER_LATCH = 0x3c;

interface Entered {
  readonly outcome: Outcome;
  readonly exit: string;
  readonly refusal: string;
}

/** Enters a guest that stands where `place` is, and takes one step, or none. */
function enter(ground: Ground, place: Place, all: boolean, elsewhere: boolean, steps: 0 | 1 = 1): Entered | null {
  const standpoint = ground.standpoint(place);
  if (standpoint === null) return null;
  const { cpu, symbol, bus } = ground;
  ground.stand(standpoint);
  if (elsewhere) {
    bus.latch = OTHER_LATCH;
    ground.later();
  }
  const become = extensionOf(ground.profile) === 'vmx' ? becomeVmxGuest : becomeSvmGuest;
  become(cpu, symbol, all);
  ground.forgetDerived();
  ground.step();
  const refusal = cpu.s[at.guest] === 0 ? ground.said || 'the entry failed' : '';
  ground.said = '';
  const fault = refusal === '' && steps === 1 ? ground.step() : null;
  return { outcome: outcomeOf(ground, fault), exit: ground.said, refusal };
}

const ITEMS_END = Math.max(...STATE_NAMES.map((name) => at[name])) + 1;

/** Resources that an exit leaves otherwise than one before the instruction would have. */
function leftBehind(nothing: Int32Array, now: Int32Array): Resource[] {
  return RESOURCE_NAMES.filter((name) => RESOURCES[name].items.some((item) => nothing[at[item]] !== now[at[item]]));
}

/** The monitor's machine once the board has interrupted; null when that does not bring it back. Behind an interrupt shadow it may be the next instruction that does. */
function interrupted(ground: Ground): Int32Array | null {
  ground.bus.intr = true;
  ground.said = '';
  for (let k = 0; k < 2 && ground.said === ''; k++) ground.step();
  return ground.said === '' ? null : ground.cpu.s.slice(0, ITEMS_END);
}

/** One instruction in one state, in a guest in a ring of its own. */
export function runInGuest(lab: Lab, row: Row, form: Form, state: number, ring: number, all: boolean): GuestRun | null {
  const { ground, other } = lab;
  lab.use(row, form, state);
  const place: Place = { ring, vary: 'vary_nothing', settings: row.gate?.includes('SVM') ? IN_SVM : 0 };
  const bare = lab.run(ground, place);
  const entered = enter(ground, place, all, false);
  if (bare === null || entered === null) return null;
  const result = (how: GuestHow, exit = '', left: readonly Resource[] = [], differences: readonly Difference[] = []): GuestRun => ({
    ring,
    state,
    form,
    how,
    exit,
    left,
    differences,
  });
  if (entered.refusal !== '') return result('refused', entered.refusal);
  if (entered.exit !== '') return result('exits', entered.exit);
  const unlike = guestDifferences(ground, bare.after, entered.outcome);
  if (unlike.length > 0) return result('real', 'result', [], unlike);
  if (entered.outcome.portWrites > 0) return result('real', 'ports');
  // An interrupt brings the monitor back, whatever the guest did to IF.
  const behind = interrupted(ground);
  if (behind === null) return result('real', 'interrupts');
  const elsewhere = enter(other, place, all, true);
  if (elsewhere === null) return null;
  const seen = guestDifferences(ground, entered.outcome, elsewhere.outcome);
  if (seen.length > 0) return result('real', 'the board', [], seen);
  enter(ground, place, all, false, 0);
  const left = leftBehind(interrupted(ground) ?? behind, behind);
  return result(left.length > 0 ? 'swapped' : 'own', '', left);
}
