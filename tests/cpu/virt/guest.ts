/** A guest that runs until it is left. */
import { expect } from 'vitest';
import { assemble } from '../../../src/asm/index.ts';
import type { ExitReport } from '../../../src/cpu/events.ts';
import { DEFAULT_PROFILE, type Profile } from '../../../src/cpu/profiles.ts';
import { run } from '../../../src/cpu/run.ts';
import { at } from '../../../src/cpu/state.ts';
import { type Fields, GUEST_CODE, RootOperation } from './root-operation.ts';

/** Where the tests put MSR lists. */
export const LIST = 0x130000;

/** Tables of the guest's own: a flat GDT, and an IDT whose every gate leads to `HANDLER`. */
export const GDT = 0x160000;
export const IDT = 0x161000;
export const TASK = 0x162000;
export const HANDLER = 0x163000;
export const TABLES: Fields = {
  guestGdtrBase: GDT,
  guestGdtrLimit: 0x7f,
  guestIdtrBase: IDT,
  guestIdtrLimit: 0x7ff,
  guestTrBase: TASK,
};
const VMCALL = [0x0f, 0x01, 0xc1];
const FLAT_CODE = [0x0000ffff, 0x00cf9b00];
const FLAT_DATA = [0x0000ffff, 0x00cf9300];
const ABSENT_CODE = [0x0000ffff, 0x00cf1b00];
/** A 32-bit TSS of 104 bytes at TASK, available and busy. */
const tss = (busy: number): number[] => [(TASK << 16) | 0x67, (TASK & 0xff000000) | 0x8900 | (busy << 9) | ((TASK >>> 16) & 0xff)];

/** A guest of 32-bit code at GUEST_CODE, with a VMCALL behind it. */
export class Guest extends RootOperation {
  exit: ExitReport | null = null;
  /** It has not been launched yet. */
  first = true;

  constructor(source: string, fields: Fields = {}, profile: Profile = DEFAULT_PROFILE, bits = 32) {
    super(profile);
    const text = `bits ${bits}\norg ${GUEST_CODE}\n${source}\nvmcall\n`;
    const assembled = assemble({ text: (path) => (path === 'guest.asm' ? text : undefined) }, 'guest.asm');
    if (!assembled.ok) throw new Error(assembled.errors.map(({ message }) => message).join('\n'));
    this.cpu.memory.bytes.set(assembled.image, GUEST_CODE);
    this.cpu.events.vmexit = (report) => {
      this.exit = report;
    };
    this.set(fields);
  }

  /** Enters, and runs until the guest is left. */
  run(launch = true): this {
    this.exit = null;
    expect(this.enter(launch)).toMatchObject({ kind: 'entered' });
    this.first = false;
    for (let i = 0; i < 1000 && this.cpu.s[at.guest] !== 0; i++) run(this.cpu, this.cpu.steps + 1);
    expect(this.cpu.s[at.guest]).toBe(0);
    return this;
  }

  /** One step, at the end of which the guest may have been left. */
  step(): void {
    run(this.cpu, this.cpu.steps + 1);
  }

  get eip(): number {
    return this.read('guestEip') - GUEST_CODE;
  }

  /** Writes an entry of an MSR list. */
  msrEntry(index: number, msr: number, low: number, high = 0, reserved = 0): void {
    this.cpu.memory.dwords.set([msr, reserved, low, high], (LIST >>> 2) + 4 * index);
  }

  /** Puts the tables into memory; the handler is a VMCALL unless `handler` says otherwise. */
  tables(handler: readonly number[] = VMCALL): this {
    const { bytes, dwords } = this.cpu.memory;
    dwords.set([0, 0, ...FLAT_CODE, ...FLAT_DATA, ...ABSENT_CODE, ...tss(0), ...tss(1)], GDT >>> 2);
    for (let vector = 0; vector < 256; vector++)
      dwords.set([(0x08 << 16) | (HANDLER & 0xffff), (HANDLER & 0xffff0000) | 0x8e00], (IDT >>> 2) + 2 * vector);
    dwords.set([0, 0x80000, 0x10], TASK >>> 2);
    bytes.set(handler, HANDLER);
    return this.set(TABLES);
  }

  /** Replaces the gate of a vector. */
  gate(vector: number, selector: number, offset: number, rights: number): this {
    this.cpu.memory.dwords.set([(selector << 16) | (offset & 0xffff), (offset & 0xffff0000) | (rights << 8)], (IDT >>> 2) + 2 * vector);
    return this;
  }

  /** Sets a general register, which no VM entry does. */
  with(register: 'eax' | 'ebx' | 'ecx' | 'edx' | 'esi' | 'edi', value: number): this {
    this.cpu.s[at[register]] = value;
    return this;
  }
}
