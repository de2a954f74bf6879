/** A host with SVM on, and a guest whose VMCB breaks no rule. */
import { assemble } from '../../../src/asm/index.ts';
import type { Cpu } from '../../../src/cpu/cpu.ts';
import { type ExitReport, SILENT } from '../../../src/cpu/events.ts';
import { type Profile, processorProfile } from '../../../src/cpu/profiles.ts';
import { CR0_ET, CR0_NE, CR0_PE, CR0_PG, CR4_PSE, RIGHTS_P } from '../../../src/cpu/registers.ts';
import { run, type Stop } from '../../../src/cpu/run.ts';
import { setSegment } from '../../../src/cpu/segments.ts';
import { at, TR } from '../../../src/cpu/state.ts';
import { EFER_SVME } from '../../../src/cpu/virt/svm/capabilities.ts';
import { CODE } from '../../../src/cpu/virt/svm/exit-codes.ts';
import { type FieldKey, fieldOfKey, offsetOf, slot } from '../../../src/cpu/virt/svm/fields.ts';
import { barePc } from '../virt/bare-pc.ts';

export const DIRECTORY = 0x100000;
export const VMCB = 0x102000;
export const HSAVE = 0x103000;
export const IOPM = 0x104000;
export const MSRPM = 0x108000;
export const GUEST_CODE = 0x110000;
export const HOST_CODE = 0x120000;
export const DATA = 0x150000;
export const GDT = 0x160000;
export const IDT = 0x161000;
export const TASK = 0x162000;
export const HANDLER = 0x163000;
export const HOST_HANDLER = 0x164000;
const HOST_IDT = 0x165000;
const HOST_TASK = 0x166000;

export const CR0 = CR0_PG | CR0_NE | CR0_ET | CR0_PE;
export const VMMCALL = [0x0f, 0x01, 0xd9];
const VMRUN_LENGTH = 3;
const BUSY_TSS = 0x8b;
/** Of a TSS, its last doubleword: the I/O permission bitmap begins beyond the limit. */
const NO_IO_MAP = 0x68 << 16;

export type Fields = Partial<Record<FieldKey, number>>;

/** Selector and attributes of a flat segment; its limit and base are set apart. */
const segment = (selector: number, attributes: number): number => selector | (attributes << 16);

const VALID: Fields = {
  iopmBasePa: IOPM,
  msrpmBasePa: MSRPM,
  guestAsid: 1,
  interceptMisc1: 1 << 31,
  interceptMisc2: 3,
  es: segment(0x10, 0xc93),
  cs: segment(0x08, 0xc9b),
  ss: segment(0x10, 0xc93),
  ds: segment(0x10, 0xc93),
  fs: segment(0x10, 0xc93),
  gs: segment(0x10, 0xc93),
  tr: segment(0x28, BUSY_TSS),
  efer: EFER_SVME,
  cr0: CR0,
  cr3: DIRECTORY,
  cr4: CR4_PSE,
  dr6: 0xffff0ff0 | 0,
  dr7: 0x400,
  rflags: 2,
  rip: GUEST_CODE,
  rsp: 0x80000,
};
const FLAT: readonly FieldKey[] = ['es', 'cs', 'ss', 'ds', 'fs', 'gs'];

const FLAT_CODE = [0x0000ffff, 0x00cf9b00];
const FLAT_DATA = [0x0000ffff, 0x00cf9300];
const USER_CODE = [0x0000ffff, 0x00cffb00];
const USER_DATA = [0x0000ffff, 0x00cff300];
/** A 32-bit TSS of 104 bytes at TASK. */
const tss = (busy: number): number[] => [(TASK << 16) | 0x67, (TASK & 0xff000000) | 0x8900 | (busy << 9) | ((TASK >>> 16) & 0xff)];
const interruptGate = (selector: number, offset: number, rights = 0x8e): number[] => [
  (selector << 16) | (offset & 0xffff),
  (offset & 0xffff0000) | (rights << 8),
];

export function code(source: string, origin: number, bits = 32): Uint8Array {
  const text = `bits ${bits}\norg ${origin}\n${source}\n`;
  const assembled = assemble({ text: (path) => (path === 'a.asm' ? text : undefined) }, 'a.asm');
  if (!assembled.ok) throw new Error(`${source}: ${assembled.errors.map(({ message }) => message).join('\n')}`);
  return assembled.image;
}

/** A guest of 32-bit code at GUEST_CODE, with a VMMCALL behind it. Its own tables lead every vector to a VMMCALL at HANDLER. */
export class SvmGuest {
  readonly cpu: Cpu;
  /** The exit of the last run. */
  exit: ExitReport | null = null;
  /** The rule that the last VMRUN broke. */
  rule = '';
  /** Events that were delivered, as `external 20` and `exception 13`. */
  readonly delivered: string[] = [];

  constructor(source = '', fields: Fields = {}, profile: Profile = processorProfile('phenom'), bits = 32) {
    const { cpu } = barePc(new Uint8Array(0), profile);
    this.cpu = cpu;
    const { s } = cpu;
    const { dwords, bytes } = cpu.memory;
    dwords[DIRECTORY >>> 2] = 0x87;
    s[at.cr0] = CR0;
    s[at.cr3] = DIRECTORY;
    s[at.cr4] = CR4_PSE;
    s[at.efer] = EFER_SVME;
    s[at.vmxOn] = 1;
    s[at.hsavePa] = HSAVE;
    s[at.esp] = 0x90000;
    setSegment(cpu, TR, 0x40, HOST_TASK, 0x67, RIGHTS_P | 0xb);
    s[at.gdtrBase] = GDT;
    s[at.gdtrLimit] = 0x7f;
    s[at.idtrBase] = HOST_IDT;
    s[at.idtrLimit] = 0x7ff;
    dwords.set([0, 0, ...FLAT_CODE, ...FLAT_DATA, ...USER_CODE, ...USER_DATA, ...tss(1), ...tss(0)], GDT >>> 2);
    for (let vector = 0; vector < 256; vector++) {
      dwords.set(interruptGate(8, HANDLER, 0xee), (IDT >>> 2) + 2 * vector);
      dwords.set(interruptGate(8, HOST_HANDLER), (HOST_IDT >>> 2) + 2 * vector);
    }
    dwords.set([0, 0x70000, 0x10], TASK >>> 2);
    for (const task of [TASK, HOST_TASK]) dwords[(task + 100) >>> 2] = NO_IO_MAP;
    bytes.set(VMMCALL, HANDLER);
    bytes.set(code('hlt', HOST_HANDLER), HOST_HANDLER);
    bytes.set(code('vmrun\nvmmcall', HOST_CODE), HOST_CODE);
    bytes.set(code(`${source}\nvmmcall`, GUEST_CODE, bits), GUEST_CODE);
    for (const key of FLAT) dwords[(VMCB >>> 2) + slot[key] + 1] = -1;
    for (const [key, base, limit] of [
      ['gdtr', GDT, 0x7f],
      ['idtr', IDT, 0x7ff],
      ['tr', TASK, 0x67],
    ] as const)
      dwords.set([limit, base], (VMCB >>> 2) + slot[key] + 1);
    this.set({ ...VALID, ...fields });
    cpu.events = {
      ...SILENT,
      vmexit: (report) => {
        this.exit = report;
      },
      vmentryFailed: (_, rule) => {
        this.rule = rule;
      },
      exception: (vector) => this.delivered.push(`exception ${vector}`),
      interrupt: (vector, external) => this.delivered.push(`${external ? 'external' : 'NMI'} ${vector.toString(16)}`),
      transfer: (kind, _from, _to, _eip, vector) => {
        if (kind === 'int') this.delivered.push(`int ${vector?.toString(16)}`);
      },
    };
  }

  /** Writes the low doubleword of fields, or all of smaller ones. */
  set(fields: Fields): this {
    for (const [key, value] of Object.entries(fields) as [FieldKey, number][]) {
      const { offset, size } = fieldOfKey(key);
      const { bytes, words, dwords } = this.cpu.memory;
      if (size === 1) bytes[VMCB + offset] = value;
      else if (size === 2) words[(VMCB + offset) >>> 1] = value;
      else dwords[(VMCB + offset) >>> 2] = value;
    }
    return this;
  }

  /** Bits 63:32 of a field. */
  setHigh(key: FieldKey, value: number): this {
    this.cpu.memory.dwords[((VMCB + offsetOf[key]) >>> 2) + 1] = value;
    return this;
  }

  read(key: FieldKey, half = 0): number {
    const { offset, size } = fieldOfKey(key);
    return size === 1 ? this.cpu.memory.bytes[VMCB + offset] : this.cpu.memory.dwords[((VMCB + offset) >>> 2) + half];
  }

  /** Turns the intercept of an EXITCODE on or off. */
  intercept(exitCode: number, on = true): this {
    const index = (VMCB >>> 2) + (exitCode >>> 5);
    const { dwords } = this.cpu.memory;
    dwords[index] = on ? dwords[index] | (1 << (exitCode & 0x1f)) : dwords[index] & ~(1 << (exitCode & 0x1f));
    return this;
  }

  exceptions(bitmap = -1): this {
    return this.set({ interceptException: bitmap });
  }

  /** CPL 3. */
  user(): this {
    const flat = { es: 0x23, ss: 0x23, ds: 0x23 };
    for (const [key, selector] of Object.entries(flat)) this.set({ [key]: segment(selector, 0xcf3) });
    return this.set({ cs: segment(0x1b, 0xcfb), cpl: 3 });
  }

  /** Virtual-8086 mode; the code is at 1000h:0. */
  vm86(flags = 0): this {
    const m = this.cpu.memory.dwords;
    for (const key of FLAT) {
      this.set({ [key]: segment(0x1000, 0xf3) });
      m.set([0xffff, 0x10000], (VMCB >>> 2) + slot[key] + 1);
    }
    this.cpu.memory.bytes.copyWithin(0x10000, GUEST_CODE, GUEST_CODE + 64);
    return this.set({ cpl: 3, rflags: 0x20002 | flags, rip: 0, rsp: 0xf000 });
  }

  with(registers: Partial<Record<'ebx' | 'ecx' | 'edx' | 'esi' | 'edi' | 'ebp', number>>): this {
    for (const [name, value] of Object.entries(registers)) this.cpu.s[at[name as 'ebx']] = value;
    return this;
  }

  /** Executes one VMRUN in the host. */
  enter(): this {
    const { s } = this.cpu;
    this.exit = null;
    this.rule = '';
    s[at.eip] = HOST_CODE;
    s[at.eax] = VMCB;
    this.step();
    return this;
  }

  step(): Stop {
    return run(this.cpu, this.cpu.steps + 1);
  }

  /** Enters, and runs until the guest is left. */
  run(): this {
    this.enter();
    for (let i = 0; i < 1000 && this.cpu.s[at.guest] !== 0; i++) this.step();
    if (this.cpu.s[at.guest] !== 0) throw new Error('the guest runs on');
    return this;
  }

  set intr(level: boolean) {
    (this.cpu.bus as { intr: boolean }).intr = level;
  }

  /** Makes an interrupt of this vector pend, until it is acknowledged. */
  interrupt(vector: number): this {
    this.intr = true;
    this.cpu.bus.acknowledge = () => {
      this.intr = false;
      return vector;
    };
    return this;
  }

  /** Where the guest was left, from the start of its code. */
  get eip(): number {
    return this.read('rip') - GUEST_CODE;
  }
}

export const behindVmrun = HOST_CODE + VMRUN_LENGTH;
export { CODE };
