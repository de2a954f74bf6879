import { at } from '../../cpu/state.ts';
import * as vmcb from '../../cpu/virt/svm/fields.ts';
import { INTERCEPTS, type InterceptKey } from '../../cpu/virt/svm/intercepts.ts';
import * as svm from '../../cpu/virt/svm/words.ts';
import { hex, hex2 } from '../../lib/hex.ts';
import { say, told, worded } from '../../lib/say.ts';
import type { Stage } from '../stage.ts';
import type { BlockField, BlockGroup } from '../views.ts';
import { aboutVmcb } from './about-vmcb.ts';
import { bitNames, CR0_BITS, CR4_BITS, EFLAGS_BITS } from './bit-names.ts';

const VMCB_GROUPS: readonly (readonly [vmcb.Area, string, string])[] = [
  ['control', worded('Control area'), worded('what is intercepted, read at VMRUN; the exit’s fields are written at #VMEXIT')],
  ['state', worded('State-save area'), worded('the guest: loaded at VMRUN, saved at #VMEXIT')],
];

const SEGMENT_BYTES = 16;

/** The current VMCB; `refusal` is the rule that the newest VMRUN broke. */
export function vmcbGroups({ machine }: Stage, refusal: string): readonly BlockGroup[] {
  const { cpu } = machine;
  const { dwords } = cpu.memory;
  const start = cpu.s[at.vmcsPointer] >>> 0;
  const byte = (offset: number): number => (dwords[(start + offset) >>> 2] >>> (((start + offset) & 3) * 8)) & 0xff;
  const text = (offset: number, size: number): string => {
    let digits = '';
    for (let k = size - 1; k >= 0; k--) digits += hex2(byte(offset + k));
    return digits;
  };
  return VMCB_GROUPS.map(([area, title, when]) => ({
    title: told(title),
    when: told(when),
    fields: vmcb.FIELDS.filter((field) => field.area === area).map(({ key, name, offset, size }): BlockField => {
      const segment = size === SEGMENT_BYTES;
      const low = Number.parseInt(text(offset, Math.min(4, size)), 16) | 0;
      return {
        id: `${hex(offset, 3)}h`,
        name,
        value: segment ? text(offset, 2) : text(offset, size),
        meaning: segment
          ? say`base ${text(offset + 8, 4)}, limit ${text(offset + 4, 4)}, attributes ${text(offset + 2, 2).slice(1)}`
          : vmcbMeaning(key, low),
        about: aboutVmcb(key),
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
      return low < 0 ? svm.eventName(low) : say`not valid`;
    case 'cr0':
      return bitNames(CR0_BITS, low);
    case 'cr4':
      return bitNames(CR4_BITS, low);
    case 'rflags':
      return bitNames(EFLAGS_BITS, low);
    case 'npControl':
      return (low & 1) !== 0 ? say`nested paging` : say`no nested paging`;
    default:
      return key in INTERCEPTS ? svm.interceptNames(key as InterceptKey, low).join(', ') : '';
  }
}
