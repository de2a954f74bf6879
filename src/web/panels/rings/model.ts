import { hex, ringNumeral } from '../../../figures/words.ts';
import type { RingsView, StageView } from '../../../session/views.ts';

/** The diagram as a sentence, for whoever cannot see it. */
export function ringsSentence(view: StageView): string {
  const { rings } = view;
  const place = rings.active;
  const address = view.stream.current ? `, at ${hex(view.stream.current.address)}` : '';
  const where = !place
    ? 'The processor is shut down'
    : place.vm > 0
      ? `The processor is in ${machineName(rings, place.vm)}, ring ${ringNumeral(place.ring)}${address}`
      : `The processor is in ring ${ringNumeral(place.ring)}${address}`;
  const next = rings.future[0];
  const then = next ? `; next: ${next.label} to ring ${ringNumeral(next.to)}` : '';
  const others = rings.vms.filter((vm) => !vm.running && rings.kind !== 'bare').map((vm) => `${vm.name} ${vm.status}`);
  return `${where}${then}.${others.length > 0 ? ` ${others.join('; ')}.` : ''}`;
}

/** `VM 1`; `the inner hypervisor` for a monitor that is a guest itself. */
export const machineName = ({ inner }: RingsView, vm: number): string => (inner?.vm === vm ? 'the inner hypervisor' : `VM ${vm}`);

/** What stands in the place of the machine until it has answered. */
export function restingRings(vmm: 'none' | 'vtx', vms: number): RingsView {
  const count = vmm === 'vtx' ? Math.max(1, vms) : 1;
  return {
    kind: vmm === 'vtx' ? 'vmx' : 'bare',
    vms: Array.from({ length: count }, (_, i) => ({
      vm: vmm === 'vtx' ? i + 1 : 0,
      name: `VM ${i + 1}`,
      status: 'not started',
      running: false,
      processes: [],
      kernel: 'kernel',
      saved: null,
    })),
    hostMode: 'VMX root operation',
    active: null,
    past: [],
    future: [],
  };
}
