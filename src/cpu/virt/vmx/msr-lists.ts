/** The MSR-load and MSR-store lists of VM entry and VM exit: SDM vol 3, 26.4, 27.4 and 27.6. */
import type { Cpu } from '../../cpu.ts';
import { IA32_BIOS_SIGN_ID, readMsr, writeMsr } from '../../msrs.ts';
import { readPhysical32, writePhysical32 } from '../../physical.ts';

/*
 * An entry is 16 bytes:  0 MSR index   4 reserved, 0   8 value 31:0   12 value 63:32
 */
const ENTRY_SIZE = 16;
const IA32_BIOS_UPDT_TRIG = 0x79;
const IA32_FS_BASE = 0xc0000100 | 0;
const IA32_GS_BASE = 0xc0000101 | 0;

const isX2Apic = (msr: number): boolean => (msr & ~0xff) === 0x800;
const isNeverLoaded = (msr: number): boolean =>
  msr === IA32_FS_BASE || msr === IA32_GS_BASE || msr === IA32_BIOS_UPDT_TRIG || msr === IA32_BIOS_SIGN_ID;

/** Loads a list; returns the number of the entry that failed, counted from 1, or 0. */
export function loadMsrs(cpu: Cpu, address: number, count: number): number {
  for (let i = 0; i < count >>> 0; i++) {
    const entry = (address + ENTRY_SIZE * i) | 0;
    const msr = readPhysical32(cpu, entry);
    const reserved = readPhysical32(cpu, entry + 4);
    if (reserved !== 0 || isX2Apic(msr) || isNeverLoaded(msr)) return i + 1;
    if (!writeMsr(cpu, msr, readPhysical32(cpu, entry + 8), readPhysical32(cpu, entry + 12))) return i + 1;
  }
  return 0;
}

/** Stores a list; returns the number of the entry that failed, counted from 1, or 0. */
export function storeMsrs(cpu: Cpu, address: number, count: number): number {
  for (let i = 0; i < count >>> 0; i++) {
    const entry = (address + ENTRY_SIZE * i) | 0;
    const msr = readPhysical32(cpu, entry);
    if (readPhysical32(cpu, entry + 4) !== 0 || isX2Apic(msr)) return i + 1;
    const value = readMsr(cpu, msr);
    if (value === undefined) return i + 1;
    writePhysical32(cpu, entry + 8, value[0]);
    writePhysical32(cpu, entry + 12, value[1]);
  }
  return 0;
}
