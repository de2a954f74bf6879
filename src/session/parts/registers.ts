/** Control, debug and flags registers, bit by bit, with what the other side has in their place. */
import { CR0_PG, CR4_PAE } from '../../cpu/registers.ts';
import { type BitLayout, decode } from '../../lib/bits.ts';
import { hex8 } from '../../lib/hex.ts';
import { say, told } from '../../lib/say.ts';
import type { SystemRegister } from '../views.ts';
import { NOW, type Surroundings } from './bits-now.ts';
import { CR0_LAYOUT, CR3_LAYOUT, CR3_PAE_LAYOUT, CR4_LAYOUT, DR6_LAYOUT, DR7_LAYOUT, EFLAGS_LAYOUT } from './layouts.ts';
import type { SystemState } from './system-state.ts';

/** @param other the other side, while the guest runs: what it reads in the processor's place, or the processor has in its; else null */
export function systemRegisters(state: SystemState, other: SystemState | null, around: Surroundings): readonly SystemRegister[] {
  const register = (name: string, value: number, layout: BitLayout | null, says = '', others?: number): SystemRegister => ({
    name,
    value: value >>> 0,
    other:
      other === null || others === undefined || others === value
        ? null
        : { whose: other.vm === 0 ? say`the processor has` : say`VM ${other.vm} reads`, value: others >>> 0 },
    says,
    bits: (layout === null ? [] : decode(layout, value)).map(({ field, bits, value: content }) => ({
      name: field.name,
      bits,
      value: content > 9 ? `${hex8(content).replace(/^0+/, '')}h` : String(content),
      meaning: told(field.meaning),
      set: content !== 0,
      now: NOW[`${name}.${field.name}`]?.(state, around) ?? '',
    })),
  });
  const { cr0, cr2, cr3, cr4, eflags, debug } = state;
  return [
    register('EFLAGS', eflags, EFLAGS_LAYOUT, '', other?.eflags),
    register('CR0', cr0, CR0_LAYOUT, '', other?.cr0),
    ...(cr2 === null ? [] : [register('CR2', cr2, null, say`where the last page fault was`)]),
    register('CR3', cr3, (cr4 & CR4_PAE) === 0 ? CR3_LAYOUT : CR3_PAE_LAYOUT, rootSays(cr0, cr3), other?.cr3),
    register('CR4', cr4, CR4_LAYOUT, '', other?.cr4),
    ...(debug === null ? [] : [register('DR6', debug[0], DR6_LAYOUT), register('DR7', debug[1], DR7_LAYOUT, breakpoints(debug[1]))]),
  ];
}

const rootSays = (cr0: number, cr3: number): string =>
  (cr0 & CR0_PG) === 0 ? say`not used: paging is off` : say`the tables begin at ${hex8(cr3 & ~0xfff)}`;

function breakpoints(dr7: number): string {
  const on = [0, 1, 2, 3].filter((k) => ((dr7 >>> (2 * k)) & 3) !== 0);
  return on.length === 0 ? say`no breakpoint is on` : say`on: ${on.join(', ')}`;
}
