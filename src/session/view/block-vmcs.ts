import { EXCEPTION_NAMES } from '../../cpu/registers.ts';
import { at } from '../../cpu/state.ts';
import * as vmcs from '../../cpu/virt/vmx/fields.ts';
import type { Vmx } from '../../cpu/virt/vmx/vmx.ts';
import * as vmx from '../../cpu/virt/vmx/words.ts';
import { hex4, hex8 } from '../../lib/hex.ts';
import { say, told, worded } from '../../lib/say.ts';
import type { Stage } from '../stage.ts';
import type { BlockField, BlockGroup } from '../views.ts';
import { aboutVmcs } from './about-vmcs.ts';
import { BLOCKING_BITS, bitNames, CR0_BITS, CR4_BITS, EFLAGS_BITS, type NamedBits, rightsText } from './bit-names.ts';

const VMCS_GROUPS: readonly (readonly [vmcs.Group, string, string])[] = [
  ['exit-info', worded('Exit information'), worded('written by the processor at a VM exit; software can only read it')],
  ['guest', worded('Guest state'), worded('saved at a VM exit, loaded at a VM entry')],
  ['control', worded('Controls'), worded('checked at a VM entry, in force while the guest runs')],
  ['host', worded('Host state'), worded('loaded at a VM exit: where the hypervisor wakes')],
];

/** The current VMCS; `refusal` is the rule that the newest entry broke. */
export function vmcsGroups({ machine }: Stage, { capabilities }: Vmx, refusal: string): readonly BlockGroup[] {
  const { cpu } = machine;
  const { dwords } = cpu.memory;
  const first = cpu.s[at.vmcsPointer] >>> 2;
  const fields = vmcs.FIELDS.filter(({ encoding }) => capabilities.component(encoding) !== undefined);
  return VMCS_GROUPS.map(([group, title, when]) => ({
    title: told(title),
    when: told(when),
    fields: fields
      .filter((field) => field.group === group)
      .map((field): BlockField => {
        const low = dwords[first + field.slot];
        const high = field.width === '64' ? hex8(dwords[first + field.slot + 1]) : '';
        return {
          id: `${hex4(field.encoding)}h`,
          name: field.name,
          value: high + (field.width === '16' ? hex4(low) : hex8(low)),
          meaning: vmcsMeaning(field.key, low),
          about: aboutVmcs(field.key),
          refused: refusal.includes(field.name),
        };
      }),
  }));
}

const EXCEPTION_BITS: NamedBits = EXCEPTION_NAMES.flatMap((name, vector) => (name === undefined ? [] : [[name, 1 << vector]]));
const ACTIVITY = [worded('active'), 'HLT', worded('shutdown'), worded('wait for SIPI')];

function vmcsMeaning(key: vmcs.FieldKey, value: number): string {
  switch (key) {
    case 'exitReason':
      return vmx.exitTitle(value & 0xffff);
    case 'exitInterruptionInfo':
    case 'vectoringInfo':
    case 'entryInterruptionInfo':
      return value < 0 ? vmx.eventName(value) : say`not valid`;
    case 'instructionError':
      return value === 0 ? '' : told(vmx.instructionError(value));
    case 'guestActivity':
      return told(ACTIVITY[value] ?? '');
    case 'guestInterruptibility':
      return bitNames(BLOCKING_BITS, value);
    case 'exceptionBitmap':
      return bitNames(EXCEPTION_BITS, value);
    case 'guestCr0':
    case 'cr0Mask':
    case 'cr0Shadow':
    case 'hostCr0':
      return bitNames(CR0_BITS, value);
    case 'guestCr4':
    case 'cr4Mask':
    case 'cr4Shadow':
    case 'hostCr4':
      return bitNames(CR4_BITS, value);
    case 'guestEflags':
      return bitNames(EFLAGS_BITS, value);
    default:
      return key.endsWith('Rights') ? rightsText(value) : vmx.controlNames(key, value).join(', ');
  }
}
