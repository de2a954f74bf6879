/**
 * Whether a processor is in a state that the manual allows. The list is the manual's own: what a VM entry demands of a guest's state (SDM vol 3,
 * 26.3.1), held against every processor, in guest mode or not; and what that list leaves out.
 */
import type { Cpu } from '../../src/cpu/cpu.ts';
import { flags } from '../../src/cpu/flags.ts';
import { eferDefined } from '../../src/cpu/msrs.ts';
import { isBadPdpte, PDPTES, pagesWithPae } from '../../src/cpu/pdptes.ts';
import * as bit from '../../src/cpu/registers.ts';
import { at, BASE, LIMIT, RIGHTS, segmentAt } from '../../src/cpu/state.ts';
import { EFER_SVME } from '../../src/cpu/virt/svm/capabilities.ts';
import type { Capabilities } from '../../src/cpu/virt/vmx/capabilities.ts';
import { EntryView, firstViolated, shownValue } from '../../src/cpu/virt/vmx/checks/check.ts';
import { CONTROL_REGISTER_CHECKS, RFLAGS_CHECKS, TABLE_REGISTER_CHECKS } from '../../src/cpu/virt/vmx/checks/guest-registers.ts';
import { SEGMENT_CHECKS } from '../../src/cpu/virt/vmx/checks/guest-segments.ts';
import { STATE_CHECKS } from '../../src/cpu/virt/vmx/checks/guest-state.ts';
import { PRIMARY_SECONDARY, SECONDARY_UNRESTRICTED } from '../../src/cpu/virt/vmx/controls.ts';
import { GUEST_SEGMENTS, savedPendingDebug } from '../../src/cpu/virt/vmx/exit.ts';
import { slot } from '../../src/cpu/virt/vmx/fields.ts';

const CHECKS = [...CONTROL_REGISTER_CHECKS, ...SEGMENT_CHECKS, ...TABLE_REGISTER_CHECKS, ...RFLAGS_CHECKS, ...STATE_CHECKS];

const image = new Int32Array(1024);

class StateView extends EntryView {
  override get(slotOfField: number): number {
    return image[slotOfField];
  }
}

/** What every processor has, whatever its VMX offers. */
const capabilitiesOf = ({ profile }: Cpu): Capabilities =>
  ({
    cr0: { must: 0, may: bit.CR0_DEFINED },
    cr4: { must: 0, may: profile.cr4 },
    activityStates: 0b1111,
    physicalBits: profile.physicalBits,
  }) as Capabilities;

const views = new WeakMap<Cpu, StateView>();

function viewOf(cpu: Cpu, realMode: boolean): StateView {
  let view = views.get(cpu);
  if (view === undefined) {
    view = new StateView(capabilitiesOf(cpu));
    views.set(cpu, view);
  }
  const { s } = cpu;
  image[slot.primaryControls] = PRIMARY_SECONDARY;
  image[slot.secondaryControls] = realMode ? SECONDARY_UNRESTRICTED : 0;
  image[slot.linkPointer] = -1;
  image[slot.linkPointer + 1] = -1;
  image[slot.guestCr0] = s[at.cr0];
  image[slot.guestCr4] = s[at.cr4];
  for (const { segment, selector, base, limit, rights } of GUEST_SEGMENTS) {
    const from = segmentAt(segment);
    image[selector] = s[from];
    image[base] = s[from + BASE];
    image[limit] = s[from + LIMIT];
    image[rights] = s[from + RIGHTS];
  }
  if ((s[at.ssRights] & bit.RIGHTS_UNUSABLE) !== 0) image[slot.guestSsRights] = bit.RIGHTS_UNUSABLE | (s[at.cpl] << bit.RIGHTS_DPL_SHIFT);
  image[slot.guestGdtrLimit] = s[at.gdtrLimit];
  image[slot.guestIdtrLimit] = s[at.idtrLimit];
  image[slot.guestEflags] = flags(cpu);
  image[slot.guestDebugctl] = s[at.debugctl];
  image[slot.guestActivity] = s[at.activity] === bit.HALTED && s[at.waiting] !== 0 ? bit.ACTIVE : s[at.activity];
  image[slot.guestInterruptibility] = s[at.interruptibility];
  image[slot.guestPendingDebug] = savedPendingDebug(cpu, flags(cpu));
  return view.open(cpu, false) as StateView;
}

const DR6_FIXED = 0xffff0ff0 | 0;
const DR6_ZERO = 1 << 12;
const DR7_FIXED = 1 << 10;
/** Bit 11 is reserved but may be 1. */
const DR7_ZERO = (1 << 12) | (1 << 14) | (1 << 15);

type Rule = readonly [rule: string, holds: (cpu: Cpu) => boolean];

/** What the VM entry does not look at, or looks at in another way. */
const RULES: readonly Rule[] = [
  ['EIP and the counters are exact between two instructions', (cpu) => cpu.exact],
  ['no event is under delivery', (cpu) => cpu.ext === 0 && cpu.vectoring.info === 0],
  ['the slot of no register is 0', ({ s }) => s[at.zero] === 0],
  ['CR0 has only bits that exist, and ET', ({ s }) => (s[at.cr0] & ~bit.CR0_DEFINED) === 0 && (s[at.cr0] & bit.CR0_ET) !== 0],
  ['CR0.NW needs CD', ({ s }) => (s[at.cr0] & (bit.CR0_CD | bit.CR0_NW)) !== bit.CR0_NW],
  ['CPL is 0 in real mode, 3 in virtual-8086 mode', ({ s }) => s[at.cpl] === cplByMode(s)],
  ['CPL is 0 to 3', ({ s }) => s[at.cpl] >>> 0 <= 3],
  [
    'CPL is the DPL of SS',
    ({ s }) => (s[at.ssRights] & bit.RIGHTS_UNUSABLE) !== 0 || ((s[at.ssRights] >>> bit.RIGHTS_DPL_SHIFT) & 3) === s[at.cpl],
  ],
  ['selectors have 16 bits', ({ s }) => GUEST_SEGMENTS.every(({ segment }) => s[segmentAt(segment)] >>> 16 === 0)],
  ['bits of DR6 that are fixed', ({ s }) => (s[at.dr6] & (DR6_FIXED | DR6_ZERO)) === DR6_FIXED],
  ['bits of DR7 that are fixed', ({ s }) => (s[at.dr7] & (DR7_FIXED | DR7_ZERO)) === DR7_FIXED],
  ['EFER has only bits that exist', (cpu) => (cpu.s[at.efer] & ~(eferDefined(cpu) | (cpu.virt?.vendor === 'svm' ? EFER_SVME : 0))) === 0],
  ['guest mode needs VMX operation or SVM', ({ s }) => s[at.guest] === 0 || (s[at.guest] === 1 && s[at.vmxOn] === 1)],
  [
    'PDPTE registers have no reserved bits',
    (cpu) => {
      const { s } = cpu;
      if (!pagesWithPae(s[at.cr0], s[at.cr4]) || s[at.nestedFormat] > 1) return true;
      for (let i = 0; i < PDPTES; i++) if (isBadPdpte(cpu, s[at.pdpte0 + 2 * i], s[at.pdpte0 + 2 * i + 1])) return false;
      return true;
    },
  ],
  [
    'CR0 and CR4 have the bits that VMX operation fixes',
    (cpu) => !(cpu.virt?.fixedBitsViolated(cpu, 0, cpu.s[at.cr0]) || cpu.virt?.fixedBitsViolated(cpu, 4, cpu.s[at.cr4])),
  ],
];

function cplByMode(s: Int32Array): number {
  if ((s[at.cr0] & bit.CR0_PE) === 0) return 0;
  return (s[at.eflags] & bit.VM) !== 0 ? 3 : s[at.cpl];
}

/**
 * VMRUN loads segments as the VMCB has them, and an interrupt shadow whatever IF is: a guest of AMD-V may break these rules, and nothing follows.
 */
const NOT_OF_SVM: ReadonlySet<unknown> = new Set([
  ...SEGMENT_CHECKS,
  ...STATE_CHECKS.filter(({ rule }) => /blocking by STI needs|BS is 1 if/.test(rule)),
]);
const SVM_CHECKS = CHECKS.filter((check) => !NOT_OF_SVM.has(check));
/** VMLOAD loads FS, GS, LDTR and TR as memory has them, in the host as well. */
const SVM_HOST_CHECKS = CHECKS.filter(({ rule }) => !/^Guest (FS|GS|LDTR|TR)\b/.test(rule));

/**
 * The rule that the processor's state breaks, in words with the values; empty when it is allowed. A processor that has shut down outside a guest
 * has whatever segments a failed task switch left.
 *
 * @param realMode it is or has been in real mode, where RPLs are not those of selectors
 */
export function forbidden(cpu: Cpu, realMode: boolean): string {
  for (const [rule, holds] of RULES) if (!holds(cpu)) return rule;
  if (cpu.s[at.activity] === bit.SHUTDOWN && cpu.s[at.guest] === 0) return '';
  const view = viewOf(cpu, realMode || (cpu.s[at.cr0] & bit.CR0_PE) === 0);
  const ofSvm = cpu.s[at.guest] !== 0 ? SVM_CHECKS : SVM_HOST_CHECKS;
  const check = firstViolated(cpu.virt?.vendor === 'svm' ? ofSvm : CHECKS, view);
  return check === null ? '' : `${check.rule}; ${shownValue(check, view)}`;
}
