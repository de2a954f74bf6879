/** The VMCS or VMCB of the guest at hand, field by field. */
import { EXCEPTION_NAMES } from '../../cpu/registers.ts';
import { at } from '../../cpu/state.ts';
import * as vmcb from '../../cpu/virt/svm/fields.ts';
import { INTERCEPTS, type InterceptKey } from '../../cpu/virt/svm/intercepts.ts';
import * as svm from '../../cpu/virt/svm/words.ts';
import * as vmcs from '../../cpu/virt/vmx/fields.ts';
import { NO_VMCS } from '../../cpu/virt/vmx/vmcs.ts';
import { Vmx } from '../../cpu/virt/vmx/vmx.ts';
import * as vmx from '../../cpu/virt/vmx/words.ts';
import { hex8 } from '../../lib/hex.ts';
import type { Stage } from '../stage.ts';
import type { BlockField, BlockGroup, BlockView } from '../views.ts';
import { BLOCKING_BITS, bitNames, CR0_BITS, CR4_BITS, EFLAGS_BITS, type NamedBits, rightsText } from './bit-names.ts';
import { lastRefusal } from './failure.ts';

/** The block of the processor's current guest; null when there is none. */
export function blockView(stage: Stage): BlockView | null {
  const { cpu } = stage.machine;
  const { virt } = cpu;
  const pointer = cpu.s[at.vmcsPointer];
  if (virt === null || pointer === NO_VMCS || pointer === 0) return null;
  const refusal = refusedRule(stage);
  const groups = virt instanceof Vmx ? vmcsGroups(stage, virt, refusal) : vmcbGroups(stage, refusal);
  const first = pointer >>> 2;
  const { dwords } = cpu.memory;
  return {
    kind: virt instanceof Vmx ? 'VMCS' : 'VMCB',
    vm: stage.log.currentVm(),
    owner: ownerOf(stage, stage.log.currentVm()),
    address: pointer >>> 0,
    state: virt instanceof Vmx ? (dwords[first + vmcs.LAUNCH_SLOT] === vmcs.LAUNCH_LAUNCHED ? 'launched' : 'clear') : '',
    refusal,
    groups,
  };
}

const ownerOf = ({ inner }: Stage, vm: number): string =>
  vm === 0 ? '' : inner === 0 ? `VM ${vm}` : vm === inner ? 'the inner hypervisor (vmcs01)' : `VM ${vm} (vmcs02)`;

/** The rule of the newest refused entry, unless a guest has been entered since. */
function refusedRule(stage: Stage): string {
  const row = lastRefusal(stage);
  return row < 0 ? '' : stage.log.text(stage.log.valueOf(row, 2));
}

const digits = (value: number, count: number): string => hex8(value).slice(8 - count);

const h4 = (value: number): string => `${digits(value, 4)}h`;

const VMCS_GROUPS: readonly (readonly [vmcs.Group, string, string])[] = [
  ['exit-info', 'Exit information', 'written by the processor at a VM exit; software can only read it'],
  ['guest', 'Guest state', 'saved at a VM exit, loaded at a VM entry'],
  ['control', 'Controls', 'checked at a VM entry, in force while the guest runs'],
  ['host', 'Host state', 'loaded at a VM exit: where the hypervisor wakes'],
];

function vmcsGroups({ machine }: Stage, { capabilities }: Vmx, refusal: string): readonly BlockGroup[] {
  const { cpu } = machine;
  const { dwords } = cpu.memory;
  const first = cpu.s[at.vmcsPointer] >>> 2;
  const fields = vmcs.FIELDS.filter(({ encoding }) => capabilities.component(encoding) !== undefined);
  return VMCS_GROUPS.map(([group, title, when]) => ({
    title,
    when,
    fields: fields
      .filter((field) => field.group === group)
      .map((field): BlockField => {
        const low = dwords[first + field.slot];
        const high = field.width === '64' ? hex8(dwords[first + field.slot + 1]) : '';
        return {
          id: h4(field.encoding),
          name: field.name,
          value: high + digits(low, field.width === '16' ? 4 : 8),
          meaning: vmcsMeaning(field.key, low),
          refused: refusal.includes(field.name),
        };
      }),
  }));
}

const EXCEPTION_BITS: NamedBits = EXCEPTION_NAMES.flatMap((name, vector) => (name === undefined ? [] : [[name, 1 << vector]]));
const ACTIVITY = ['active', 'HLT', 'shutdown', 'wait for SIPI'];

function vmcsMeaning(key: vmcs.FieldKey, value: number): string {
  switch (key) {
    case 'exitReason':
      return vmx.exitTitle(value & 0xffff);
    case 'exitInterruptionInfo':
    case 'vectoringInfo':
    case 'entryInterruptionInfo':
      return value < 0 ? vmx.eventName(value) : 'not valid';
    case 'instructionError':
      return value === 0 ? '' : vmx.instructionError(value);
    case 'guestActivity':
      return ACTIVITY[value] ?? '';
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

const VMCB_GROUPS: readonly (readonly [vmcb.Area, string, string])[] = [
  ['control', 'Control area', 'what is intercepted, read at VMRUN; the exit’s fields are written at #VMEXIT'],
  ['state', 'State-save area', 'the guest: loaded at VMRUN, saved at #VMEXIT'],
];

const SEGMENT_BYTES = 16;

function vmcbGroups({ machine }: Stage, refusal: string): readonly BlockGroup[] {
  const { cpu } = machine;
  const { dwords } = cpu.memory;
  const start = cpu.s[at.vmcsPointer] >>> 0;
  const byte = (offset: number): number => (dwords[(start + offset) >>> 2] >>> (((start + offset) & 3) * 8)) & 0xff;
  const text = (offset: number, size: number): string => {
    let digitsOf = '';
    for (let k = size - 1; k >= 0; k--) digitsOf += digits(byte(offset + k), 2);
    return digitsOf;
  };
  return VMCB_GROUPS.map(([area, title, when]) => ({
    title,
    when,
    fields: vmcb.FIELDS.filter((field) => field.area === area).map(({ key, name, offset, size }): BlockField => {
      const segment = size === SEGMENT_BYTES;
      const low = Number.parseInt(text(offset, Math.min(4, size)), 16) | 0;
      return {
        id: `${digits(offset, 3)}h`,
        name,
        value: segment ? text(offset, 2) : text(offset, size),
        meaning: segment
          ? `base ${text(offset + 8, 4)}, limit ${text(offset + 4, 4)}, attributes ${text(offset + 2, 2).slice(1)}`
          : vmcbMeaning(key, low),
        refused: refusal.includes(name),
      };
    }),
  }));
}

function vmcbMeaning(key: vmcb.FieldKey, low: number): string {
  switch (key) {
    case 'exitCode':
      return svm.exitTitle(low);
    case 'exitIntInfo':
    case 'eventInj':
      return low < 0 ? svm.eventName(low) : 'not valid';
    case 'cr0':
      return bitNames(CR0_BITS, low);
    case 'cr4':
      return bitNames(CR4_BITS, low);
    case 'rflags':
      return bitNames(EFLAGS_BITS, low);
    case 'npControl':
      return (low & 1) !== 0 ? 'nested paging' : 'no nested paging';
    default:
      return key in INTERCEPTS ? svm.interceptNames(key as InterceptKey, low).join(', ') : '';
  }
}
