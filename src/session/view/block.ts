/** The VMCS or VMCB of the guest at hand, field by field. */

import { at } from '../../cpu/state.ts';
import { hasBlock } from '../../cpu/virt/block.ts';
import { LAUNCH_LAUNCHED, LAUNCH_SLOT } from '../../cpu/virt/vmx/fields.ts';
import { Vmx } from '../../cpu/virt/vmx/vmx.ts';
import { say } from '../../lib/say.ts';
import type { Stage } from '../stage.ts';
import type { BlockView } from '../views.ts';
import { outcomes } from '../why/outcomes.ts';
import { vmcbGroups } from './block-vmcb.ts';
import { vmcsGroups } from './block-vmcs.ts';
import { vmcbRules } from './checks-vmcb.ts';
import { vmcsRules } from './checks-vmcs.ts';
import { lastRefusal } from './failure.ts';
import { ruleText } from './words.ts';

/** The block of the processor's current guest; null when there is none. */
export function blockView(stage: Stage): BlockView | null {
  const { cpu } = stage.machine;
  const { virt } = cpu;
  const pointer = cpu.s[at.vmcsPointer];
  if (!hasBlock(cpu)) return null;
  const refusal = refusedRule(stage);
  const groups = virt instanceof Vmx ? vmcsGroups(stage, virt, refusal) : vmcbGroups(stage, refusal);
  const first = pointer >>> 2;
  const { dwords } = cpu.memory;
  return {
    kind: virt instanceof Vmx ? 'VMCS' : 'VMCB',
    vm: stage.log.currentVm(),
    owner: ownerOf(stage, stage.log.currentVm()),
    address: pointer >>> 0,
    state: virt instanceof Vmx ? (dwords[first + LAUNCH_SLOT] === LAUNCH_LAUNCHED ? say`launched` : say`clear`) : '',
    refusal: ruleText(refusal),
    groups,
    checks: outcomes(virt instanceof Vmx ? vmcsRules(cpu) : vmcbRules(cpu, pointer)),
  };
}

const ownerOf = ({ inner }: Stage, vm: number): string =>
  vm === 0 ? '' : inner === 0 ? `VM ${vm}` : vm === inner ? say`the inner hypervisor (vmcs01)` : `VM ${vm} (vmcs02)`;

/** The rule of the newest refused entry, unless a guest has been entered since. */
function refusedRule(stage: Stage): string {
  const row = lastRefusal(stage);
  return row < 0 ? '' : stage.log.text(stage.log.valueOf(row, 2));
}
