/** The checks of VMLAUNCH and VMRESUME, each with the values it looks at. */
import type { Cpu } from '../../cpu/cpu.ts';
import { VMCS_CHECKS } from '../../cpu/virt/vmx/checks/all.ts';
import { EntryView, shownValue } from '../../cpu/virt/vmx/checks/check.ts';
import { Vmx } from '../../cpu/virt/vmx/vmx.ts';
import { told } from '../../lib/say.ts';
import type { Rule } from '../why/outcomes.ts';

/** With the current VMCS, in the order in which they are made. */
export function vmcsRules(cpu: Cpu): readonly Rule[] {
  const { virt } = cpu;
  if (!(virt instanceof Vmx)) return [];
  const view = new EntryView(virt.capabilities).open(cpu, false);
  return VMCS_CHECKS.map((check) => ({ rule: told(check.rule), found: shownValue(check, view), holds: !check.violated(view) }));
}
