/** The checks of VMRUN, each with the values it looks at. */
import type { Cpu } from '../../cpu/cpu.ts';
import { VMRUN_CHECKS, type VmcbView } from '../../cpu/virt/svm/checks.ts';
import { fieldOfKey, slot } from '../../cpu/virt/svm/fields.ts';
import { Svm } from '../../cpu/virt/svm/svm.ts';
import { hex8 } from '../../lib/hex.ts';
import { told } from '../../lib/say.ts';
import type { Rule } from '../why/outcomes.ts';

/** With the VMCB at a physical address, in the order in which they are made. */
export function vmcbRules(cpu: Cpu, address: number): readonly Rule[] {
  const { virt } = cpu;
  if (!(virt instanceof Svm)) return [];
  const first = address >>> 2;
  const view: VmcbView = { cpu, capabilities: virt.capabilities, get: (place) => cpu.memory.dwords[first + place] };
  return VMRUN_CHECKS.map((check) => ({
    rule: told(check.rule),
    found: check.fields.map((key) => `${fieldOfKey(key).name} = ${hex8(view.get(slot[key]))}h`).join(', '),
    holds: !check.violated(view),
  }));
}
