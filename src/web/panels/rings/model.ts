import { hex, ringNumeral } from '../../../figures/words.ts';
import { say } from '../../../lib/say.ts';
import type { RingsView, StageView } from '../../../session/views.ts';

/** The diagram as a sentence, for whoever cannot see it. */
export function ringsSentence(view: StageView): string {
  const { rings } = view;
  const place = rings.active;
  const next = rings.future[0];
  const where = place ? placeSentence(view, place) : say`The processor is shut down`;
  const said = next ? say`${where}; next: ${next.label} to ring ${ringNumeral(next.to)}.` : `${where}.`;
  const others = rings.vms.filter((vm) => !vm.running && rings.kind !== 'bare').map((vm) => say`${vm.name} ${vm.status}`);
  return `${said}${others.length > 0 ? ` ${others.join('; ')}.` : ''}`;
}

function placeSentence({ rings, stream }: StageView, { vm, ring }: NonNullable<RingsView['active']>): string {
  const numeral = ringNumeral(ring);
  const address = stream.current && hex(stream.current.address);
  if (vm === 0)
    return address === null ? say`The processor is in ring ${numeral}` : say`The processor is in ring ${numeral}, at ${address}`;
  const name = machineName(rings, vm);
  return address === null
    ? say`The processor is in ${name}, ring ${numeral}`
    : say`The processor is in ${name}, ring ${numeral}, at ${address}`;
}

/** `VM 1`; `the inner hypervisor` for a monitor that is a guest itself. */
export const machineName = ({ inner }: RingsView, vm: number): string => (inner?.vm === vm ? say`the inner hypervisor` : say`VM ${vm}`);

/** What stands in the place of the machine until it has answered. */
export function restingRings(vmm: 'none' | 'vtx', vms: number): RingsView {
  const count = vmm === 'vtx' ? Math.max(1, vms) : 1;
  return {
    kind: vmm === 'vtx' ? 'vmx' : 'bare',
    vms: Array.from({ length: count }, (_, i) => ({
      vm: vmm === 'vtx' ? i + 1 : 0,
      name: say`VM ${i + 1}`,
      status: say`not started`,
      running: false,
      processes: [],
      kernel: say`kernel`,
      saved: null,
    })),
    hostMode: 'VMX root operation',
    active: null,
    past: [],
    future: [],
  };
}
