/** EFER, VM_CR and VM_HSAVE_PA: AMD64 manual vol 2, 3.1.7 and 15.30. */
import type { Cpu } from '../../cpu.ts';
import { IA32_EFER } from '../../msrs.ts';
import type { Msr } from '../../profiles.ts';
import { at } from '../../state.ts';
import { type Capabilities, EFER_SVME } from './capabilities.ts';
import { isRamPage } from './vmcb.ts';

export const VM_CR = 0xc0010114 | 0;
export const VM_HSAVE_PA = 0xc0010117 | 0;

/* VM_CR: DPD 0, R_INIT 1, DIS_A20M 2, LOCK 3, SVMDIS 4. LOCK fixes itself and SVMDIS until RESET. */
const VM_CR_DEFINED = 0x1f;
const VM_CR_LOCK = 1 << 3;
export const VM_CR_SVMDIS = 1 << 4;

export function readSvmMsr(cpu: Cpu, msr: number): Msr | undefined {
  const { s } = cpu;
  if (msr === IA32_EFER) return [s[at.efer], 0];
  if (msr === VM_CR) return [s[at.vmCr], 0];
  if (msr === VM_HSAVE_PA) return [s[at.hsavePa], 0];
  return undefined;
}

function writeEfer(cpu: Cpu, capabilities: Capabilities, low: number, high: number): boolean {
  const { s } = cpu;
  const allowed = (s[at.vmCr] & VM_CR_SVMDIS) !== 0 ? capabilities.efer & ~EFER_SVME : capabilities.efer;
  if ((low & ~allowed) !== 0 || high !== 0) return false;
  s[at.efer] = low;
  s[at.vmxOn] = (low & EFER_SVME) !== 0 || s[at.guest] !== 0 ? 1 : 0;
  return true;
}

function writeVmCr(cpu: Cpu, low: number, high: number): boolean {
  const { s } = cpu;
  const old = s[at.vmCr];
  if ((low & ~VM_CR_DEFINED) !== 0 || high !== 0) return false;
  const kept = (old & VM_CR_LOCK) !== 0 ? VM_CR_LOCK | VM_CR_SVMDIS : 0;
  const value = (low & ~kept) | (old & kept);
  if ((value & VM_CR_SVMDIS) !== 0 && (s[at.efer] & EFER_SVME) !== 0) return false;
  s[at.vmCr] = value;
  return true;
}

/** Returns false for no such MSR or a value it refuses. A host save area must lie in RAM. */
export function writeSvmMsr(cpu: Cpu, capabilities: Capabilities, msr: number, low: number, high: number): boolean {
  if (msr === IA32_EFER) return writeEfer(cpu, capabilities, low, high);
  if (msr === VM_CR) return writeVmCr(cpu, low, high);
  if (msr !== VM_HSAVE_PA || high !== 0 || !isRamPage(cpu, low)) return false;
  cpu.s[at.hsavePa] = low;
  return true;
}
