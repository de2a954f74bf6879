/** Control and debug registers: SDM vol 2, MOV, CLTS, LMSW and SMSW; vol 3, 2.5 and 17.2. */
import { DR6_BD, DR7_GD, dr6Value, dr7Value, raiseDebug } from '../breakpoints.ts';
import { controlRegister, writeCr0, writeCr3, writeCr4 } from '../control.ts';
import type { Cpu } from '../cpu.ts';
import { effectiveAddress, write16 } from '../memory.ts';
import { CR0_PE, CR0_TS, CR4_DE, UD } from '../registers.ts';
import { at } from '../state.ts';
import { type Handlers, type Instruction, rm16 } from './operands.ts';
import { requireCpl0 } from './require.ts';

/** CR1 and CR5 to CR7 do not exist at any CPL: #UD comes before the CPL check. */
function requireRegister(cpu: Cpu, number: number): void {
  if (number === 1 || number > 4) cpu.raise(UD);
  requireCpl0(cpu);
}

export function movFromCr(cpu: Cpu, i: Instruction): void {
  requireRegister(cpu, i.reg);
  cpu.s[i.rm] = controlRegister(cpu, i.reg);
}

export function movToCr(cpu: Cpu, i: Instruction): void {
  requireRegister(cpu, i.reg);
  const value = cpu.s[i.rm];
  if (i.reg === 0) writeCr0(cpu, value);
  else if (i.reg === 2) cpu.s[at.cr2] = value;
  else if (i.reg === 3) writeCr3(cpu, value);
  else if (i.reg === 4) writeCr4(cpu, value);
  else cpu.raise(UD);
}

/** DR4 and DR5 are DR6 and DR7 unless CR4.DE is set. General detect comes before the CPL check (docs/deviations.md). */
export function debugRegister(cpu: Cpu, number: number): number {
  if (number === 4 || number === 5) {
    if ((cpu.s[at.cr4] & CR4_DE) !== 0) cpu.raise(UD);
    number += 2;
  }
  if ((cpu.s[at.dr7] & DR7_GD) !== 0) raiseDebug(cpu, DR6_BD);
  requireCpl0(cpu);
  return number < 4 ? at.dr0 + number : number === 6 ? at.dr6 : at.dr7;
}

export function movFromDr(cpu: Cpu, i: Instruction): void {
  cpu.s[i.rm] = cpu.s[debugRegister(cpu, i.reg)];
}

export function movToDr(cpu: Cpu, i: Instruction): void {
  const register = debugRegister(cpu, i.reg);
  const value = cpu.s[i.rm];
  cpu.s[register] = register === at.dr7 ? dr7Value(value) : register === at.dr6 ? dr6Value(value) : value;
  if (register !== at.dr6) cpu.translation.drop();
}

export function clts(cpu: Cpu): void {
  requireCpl0(cpu);
  const old = cpu.s[at.cr0];
  cpu.s[at.cr0] = old & ~CR0_TS;
  if (cpu.s[at.cr0] !== old) cpu.events.control('CR0', old, cpu.s[at.cr0]);
}

/** LMSW sets PE, MP, EM, TS; it cannot clear PE. */
export function lmsw(cpu: Cpu, i: Instruction): void {
  requireCpl0(cpu);
  const cr0 = cpu.s[at.cr0];
  writeCr0(cpu, (cr0 & ~0xe) | (rm16(cpu, i) & 0xf) | (cr0 & CR0_PE));
}

export function smsw16(cpu: Cpu, i: Instruction): void {
  const value = controlRegister(cpu, 0);
  if (i.mem !== 0) write16(cpu, i.seg, effectiveAddress(cpu, i), value);
  else cpu.w[i.rm] = value;
}
export function smsw32(cpu: Cpu, i: Instruction): void {
  const value = controlRegister(cpu, 0);
  if (i.mem !== 0) write16(cpu, i.seg, effectiveAddress(cpu, i), value);
  else cpu.s[i.rm] = value;
}

export const SYSTEM_REGISTERS: Handlers = {
  movFromCr,
  movToCr,
  movFromDr,
  movToDr,
  clts,
  lmsw,
  smsw16,
  smsw32,
};
