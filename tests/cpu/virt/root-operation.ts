/** A processor in VMX root operation with a current VMCS that passes every check of a VM entry. */

import type { Cpu } from '../../../src/cpu/cpu.ts';
import { type EventSink, SILENT } from '../../../src/cpu/events.ts';
import { VMX } from '../../../src/cpu/exec/vmx.ts';
import { DEFAULT_PROFILE, type Profile, processorProfile } from '../../../src/cpu/profiles.ts';
import { CR0_ET, CR0_NE, CR0_PE, CR0_PG, CR4_PSE, CR4_VMXE } from '../../../src/cpu/registers.ts';
import { ABANDONED, FAULT } from '../../../src/cpu/signals.ts';
import { at } from '../../../src/cpu/state.ts';
import { type FieldKey, fieldOfKey, slot } from '../../../src/cpu/virt/vmx/fields.ts';
import { Insn } from '../../../src/isa/insn.ts';
import { barePc } from './bare-pc.ts';

export const DIRECTORY = 0x100000;
export const VMXON_REGION = 0x101000;
export const VMCS_REGION = 0x102000;
/** The page directory the guest begins with: the first 4 MiB as they are. */
export const GUEST_TABLE = DIRECTORY;
export const GUEST_CODE = 0x110000;
export const HOST_CODE = 0x120000;

const CR0 = CR0_PG | CR0_NE | CR0_ET | CR0_PE;
const CR4 = CR4_VMXE | CR4_PSE;

const haswell = processorProfile('haswell');

/** A processor that offers every control there is. */
export const EVERYTHING: Profile = {
  ...haswell,
  name: 'everything',
  features: new Set([...haswell.features, 'ept'] as const),
  constantMsrs: new Map([...haswell.constantMsrs, [0x48b, [0, 0x4ff]], [0x48c, [0x06314141, 0xf01]], [0x489, [0x27ff, 0]]]),
};

export type Fields = Partial<Record<FieldKey, number>>;

const FLAT_CODE = 0xc09b;
const FLAT_DATA = 0xc093;

const dataSegment = (name: 'Es' | 'Ss' | 'Ds' | 'Fs' | 'Gs'): Fields => ({
  [`guest${name}Selector`]: 0x10,
  [`guest${name}Limit`]: -1,
  [`guest${name}Rights`]: FLAT_DATA,
});

const VALID: Fields = {
  pinControls: 0x16,
  primaryControls: 0x0401e172,
  exitControls: 0x36dff,
  entryControls: 0x11ff,
  linkPointer: -1,
  hostCr0: CR0,
  hostCr3: DIRECTORY,
  hostCr4: CR4,
  hostCsSelector: 0x08,
  hostSsSelector: 0x10,
  hostDsSelector: 0x10,
  hostEsSelector: 0x10,
  hostTrSelector: 0x28,
  hostEsp: 0x90000,
  hostEip: HOST_CODE,
  guestCr0: CR0,
  guestCr3: DIRECTORY,
  guestCr4: CR4,
  guestCsSelector: 0x08,
  guestCsLimit: -1,
  guestCsRights: FLAT_CODE,
  ...dataSegment('Es'),
  ...dataSegment('Ss'),
  ...dataSegment('Ds'),
  ...dataSegment('Fs'),
  ...dataSegment('Gs'),
  guestLdtrRights: 0x10000,
  guestTrSelector: 0x28,
  guestTrLimit: 0x67,
  guestTrRights: 0x8b,
  guestDr7: 0x400,
  guestEip: GUEST_CODE,
  guestEsp: 0x80000,
  guestEflags: 2,
};

/** A segment register for virtual-8086 mode. */
const v86Segment = (name: string): Record<string, number> => ({
  [`guest${name}Selector`]: 0x3000,
  [`guest${name}Base`]: 0x30000,
  [`guest${name}Limit`]: 0xffff,
  [`guest${name}Rights`]: 0xf3,
});

export const V86: Fields = {
  guestEflags: 0x20002,
  ...Object.assign({}, ...['Es', 'Cs', 'Ss', 'Ds', 'Fs', 'Gs'].map(v86Segment)),
};

/** What happened at a VM entry or a VMX instruction, in a form to compare. */
export interface Outcome {
  kind: 'entered' | 'failed' | 'valid' | 'invalid' | 'fault' | 'done';
  number: number;
  qualification: number;
  rule: string;
}

export class RootOperation {
  readonly cpu: Cpu;
  readonly outcome: Outcome = { kind: 'done', number: 0, qualification: 0, rule: '' };

  constructor(profile: Profile = DEFAULT_PROFILE) {
    const { cpu } = barePc(new Uint8Array(0), profile);
    this.cpu = cpu;
    const { s } = cpu;
    cpu.memory.dwords[DIRECTORY >>> 2] = 0x87;
    s[at.cr0] = CR0;
    s[at.cr3] = DIRECTORY;
    s[at.cr4] = CR4;
    s[at.eip] = HOST_CODE;
    s[at.vmxOn] = 1;
    s[at.vmxonPointer] = VMXON_REGION;
    s[at.vmcsPointer] = VMCS_REGION;
    cpu.memory.dwords[VMXON_REGION >>> 2] = 0x2b;
    cpu.memory.dwords[VMCS_REGION >>> 2] = 0x2b;
    cpu.events = this.#events();
    this.set(VALID);
  }

  set(fields: Fields): this {
    for (const [key, value] of Object.entries(fields) as [FieldKey, number][]) {
      this.write(key, value);
      if (fieldOfKey(key).width === '64') this.write(key, value === -1 ? -1 : 0, 1);
    }
    return this;
  }

  write(key: FieldKey, value: number, half = 0): void {
    this.cpu.memory.dwords[(VMCS_REGION >>> 2) + slot[key] + half] = value;
  }

  read(key: FieldKey): number {
    return this.cpu.memory.dwords[(VMCS_REGION >>> 2) + slot[key]];
  }

  enter(launch = true): Outcome {
    return this.execute(launch ? 'vmlaunch' : 'vmresume');
  }

  /** Executes a VMX instruction, `change` being its operands. */
  execute(key: string, change: (insn: Insn<Cpu>) => void = () => {}): Outcome {
    const { cpu, outcome } = this;
    const insn = new Insn<Cpu>();
    insn.length = 3;
    change(insn);
    Object.assign(outcome, { kind: 'done', number: 0, qualification: 0, rule: '' });
    cpu.current = insn;
    try {
      VMX[key](cpu, insn);
    } catch (signal) {
      if (signal === FAULT) Object.assign(outcome, { kind: 'fault', number: cpu.faultVector });
      else if (signal !== ABANDONED) throw signal;
    }
    return outcome;
  }

  #events(): EventSink {
    const { outcome } = this;
    return {
      ...SILENT,
      vmentry: () => Object.assign(outcome, { kind: 'entered' }),
      vmentryFailed: (number, rule, qualification) => Object.assign(outcome, { kind: 'failed', number, rule, qualification }),
      vmfail: (kind, number, rule) => Object.assign(outcome, { kind, number, rule }),
    };
  }
}
