/** The list of checks of a VM entry, each with the values it looks at: in front of VMLAUNCH, VMRESUME or VMRUN. */

import type { Cpu } from '../../cpu/cpu.ts';
import { at } from '../../cpu/state.ts';
import { VMRUN_CHECKS, type VmcbView } from '../../cpu/virt/svm/checks.ts';
import { fieldOfKey, slot } from '../../cpu/virt/svm/fields.ts';
import { Svm } from '../../cpu/virt/svm/svm.ts';
import { VMCS_CHECKS } from '../../cpu/virt/vmx/checks/all.ts';
import { EntryView, shownValue } from '../../cpu/virt/vmx/checks/check.ts';
import { Vmx } from '../../cpu/virt/vmx/vmx.ts';
import { hex8 } from '../../lib/hex.ts';
import { told } from '../../lib/say.ts';
import type { Rule } from './gates.ts';

export function entryRules(cpu: Cpu, isVmx: boolean): readonly Rule[] {
  return isVmx ? vmcsRules(cpu) : vmcbRules(cpu);
}

function vmcsRules(cpu: Cpu): readonly Rule[] {
  const { virt } = cpu;
  if (!(virt instanceof Vmx)) return [];
  const view = new EntryView(virt.capabilities).open(cpu, false);
  return VMCS_CHECKS.map((check) => ({ rule: told(check.rule), found: shownValue(check, view), holds: !check.violated(view) }));
}

/** VMRUN takes the VMCB's address in EAX. */
function vmcbRules(cpu: Cpu): readonly Rule[] {
  const { virt } = cpu;
  if (!(virt instanceof Svm)) return [];
  const first = cpu.s[at.eax] >>> 2;
  const view: VmcbView = { cpu, capabilities: virt.capabilities, get: (place) => cpu.memory.dwords[first + place] };
  return VMRUN_CHECKS.map((check) => ({
    rule: told(check.rule),
    found: check.fields.map((key) => `${fieldOfKey(key).name} = ${hex8(view.get(slot[key]))}h`).join(', '),
    holds: !check.violated(view),
  }));
}
