/** The form of a VM-entry check, and what checks look at. */

import { hex8 } from '../../../../lib/hex.ts';
import { say } from '../../../../lib/say.ts';
import type { Cpu } from '../../../cpu.ts';
import { VM } from '../../../registers.ts';
import { at } from '../../../state.ts';
import type { Capabilities } from '../capabilities.ts';
import { PRIMARY_SECONDARY, SECONDARY_UNRESTRICTED } from '../controls.ts';
import { type FieldKey, fieldOfKey, slot } from '../fields.ts';

/** A basic, B1 VM-execution, B2 VM-exit, B3 VM-entry controls, B4 host state, C1 to C6 guest state. Checked in this order. */
export type Stage = 'A' | 'B1' | 'B2' | 'B3' | 'B4' | 'C1' | 'C2' | 'C3' | 'C4' | 'C5' | 'C6';

/** What a violated check gives. */
export type Failure =
  | { readonly kind: 'fault'; readonly vector: number }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'valid'; readonly error: number }
  | { readonly kind: 'entry'; readonly reason: number; readonly qualification: number };

export interface Check {
  readonly stage: Stage;
  /** Section of SDM vol 3. */
  readonly section: string;
  /** What must be so, in words. */
  readonly rule: string;
  /** The VMCS fields it looks at, the one at fault first. */
  readonly fields: readonly FieldKey[];
  readonly failure: Failure;
  violated(e: EntryView): boolean;
  /** What is wrong with the value, where the rule alone does not say: `bits 4 and 13 must be 1`. */
  detail?(e: EntryView): string;
}

/** The current VMCS as the checks of one VM entry see it. */
export class EntryView {
  readonly capabilities: Capabilities;
  cpu!: Cpu;
  launch = false;
  private memory!: Int32Array;
  private first = 0;

  constructor(capabilities: Capabilities) {
    this.capabilities = capabilities;
  }

  open(cpu: Cpu, launch: boolean): this {
    this.cpu = cpu;
    this.launch = launch;
    this.memory = cpu.memory.dwords;
    this.first = cpu.s[at.vmcsPointer] >>> 2;
    return this;
  }

  get(slotOfField: number): number {
    return this.memory[this.first + slotOfField];
  }

  /** The secondary controls as far as they count: zeros unless a primary control activates them. */
  get secondary(): number {
    return (this.get(slot.primaryControls) & PRIMARY_SECONDARY) !== 0 ? this.get(slot.secondaryControls) : 0;
  }

  get unrestricted(): boolean {
    return (this.secondary & SECONDARY_UNRESTRICTED) !== 0;
  }

  get v86(): boolean {
    return (this.get(slot.guestEflags) & VM) !== 0;
  }

  /** An event will be injected. */
  get injects(): boolean {
    return this.get(slot.entryInterruptionInfo) < 0;
  }

  /** Type of the event to be injected, -1 for none. */
  get injectedType(): number {
    const info = this.get(slot.entryInterruptionInfo);
    return info < 0 ? (info >>> 8) & 7 : -1;
  }

  get injectedVector(): number {
    return this.get(slot.entryInterruptionInfo) & 0xff;
  }
}

export const CONTROL_FAILURE: Failure = { kind: 'valid', error: 7 };
export const HOST_FAILURE: Failure = { kind: 'valid', error: 8 };
export const GUEST_FAILURE: Failure = { kind: 'entry', reason: 33, qualification: 0 };

/** The first check that is violated, or null. */
export function firstViolated(checks: readonly Check[], e: EntryView): Check | null {
  for (let i = 0; i < checks.length; i++) if (checks[i].violated(e)) return checks[i];
  return null;
}

/** `Guest CR0 = 00000021h: bit 31 must be 1` */
export function shownValue(check: Check, e: EntryView): string {
  const values = check.fields.map((key) => {
    const field = fieldOfKey(key);
    const high = field.width === '64' ? `${hex8(e.get(field.slot + 1))}_` : '';
    return `${field.name} = ${high}${hex8(e.get(field.slot))}h`;
  });
  const detail = check.detail?.(e) ?? '';
  return values.join(', ') + (detail === '' ? '' : `${values.length > 0 ? ': ' : ''}${detail}`);
}

/** `bits 4, 13 must be 1; bit 3 must be 0` */
export function mustBe(missing: number, excess: number): string {
  return [missing !== 0 ? say`${bitList(missing)} must be 1` : '', excess !== 0 ? say`${bitList(excess)} must be 0` : '']
    .filter(Boolean)
    .join('; ');
}

/** `bit 4`, `bits 4, 13` */
function bitList(mask: number): string {
  const found: number[] = [];
  for (let bit = 0; bit < 32; bit++) if (((mask >>> bit) & 1) !== 0) found.push(bit);
  return found.length === 1 ? say`bit ${found[0]}` : say`bits ${found.join(', ')}`;
}

/** Whether a 64-bit address has bits beyond the processor's physical-address width. */
export const tooWide = (e: EntryView, slotOfField: number): boolean => e.get(slotOfField + 1) >>> (e.capabilities.physicalBits - 32) !== 0;

export const misaligned = (e: EntryView, slotOfField: number, size: number): boolean => (e.get(slotOfField) & (size - 1)) !== 0;
