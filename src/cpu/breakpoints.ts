/** Breakpoints in the debug registers: SDM vol 3, 17.2 and 17.3. */
import type { Cpu } from './cpu.ts';
import { DEBUGCTL_BTF, DEBUGCTL_LBR } from './msrs.ts';
import { CR4_DE, DB, RF } from './registers.ts';
import { at } from './state.ts';

/*
 * DR7
 *
 *   31 30  29 28       19 18  17 16  15 14  13  12 11 10  9   8   7   6        1   0
 *   [LEN3] [R/W3] ... [LEN0] [R/W0] [ 0 ] [GD] [ 0 ][1] [GE][LE] [G3][L3] ... [G0][L0]
 *
 *   R/W 0: execution, 1: data writes, 2: I/O if CR4.DE, 3: data reads and writes; LEN 0: 1 byte, 1: 2, 2: 8, 3: 4
 */
const BREAKPOINTS = 4;
const ENABLES = 0xff;
const EXECUTION = 0;
const IO = 2;
const ACCESS = 3;
/** What is added to an address to reach the last byte, by LEN. */
const REACH = [0, 1, 7, 3] as const;
export const DR7_GD = 1 << 13;
export const DR7_FIXED = 1 << 10;
const DR7_DEFINED = 0xffff2fff | 0;

/*
 * DR6
 *
 *   31             16 15  14  13  12  11       4  3   2   1   0
 *   [ all ones      ] [BT][BS][BD][0] [ all ones][B3][B2][B1][B0]
 *
 * The pending debug exceptions (VMCS, table 24-4) have the same bits, and 12: one of the breakpoints met was enabled.
 */
const MET = 0xf;
export const DR6_BD = 1 << 13;
export const DR6_BS = 1 << 14;
export const DR6_BT = 1 << 15;
const DR6_CONDITIONS = MET | DR6_BD | DR6_BS | DR6_BT;
export const DR6_FIXED = 0xffff0ff0 | 0;
export const ENABLED_BREAKPOINT = 1 << 12;

export const dr6Value = (value: number): number => (value & DR6_CONDITIONS) | DR6_FIXED;
export const dr7Value = (value: number): number => (value & DR7_DEFINED) | DR7_FIXED;

/** Whether a breakpoint may be met, so that instructions run one by one. While the global interrupt flag of SVM is 0, none is. */
export const watches = (s: Int32Array): boolean => (s[at.dr7] & ENABLES) !== 0 && s[at.gif] !== 0;

const isEnabled = (dr7: number, n: number): boolean => ((dr7 >>> (2 * n)) & 3) !== 0;
const kindOf = (dr7: number, n: number): number => (dr7 >>> (16 + 4 * n)) & 3;
const reachOf = (dr7: number, n: number): number => REACH[(dr7 >>> (18 + 4 * n)) & 3];

/** Whether a breakpoint's place, aligned to its length, has bytes of `first` to `last`. */
function overlaps(s: Int32Array, n: number, first: number, last: number): boolean {
  const reach = reachOf(s[at.dr7], n);
  const start = (s[at.dr0 + n] & ~reach) >>> 0;
  return first <= start + reach && last >= start;
}

/** Whether data breakpoints lie in the page of a linear address: its accesses then take the long way, also where none is met just now. */
export function watchesPage(s: Int32Array, linear: number): boolean {
  if ((s[at.dr7] & ENABLES) === 0) return false;
  const page = (linear & 0xfffff000) >>> 0;
  for (let n = 0; n < BREAKPOINTS; n++)
    if (isEnabled(s[at.dr7], n) && (kindOf(s[at.dr7], n) & 1) !== 0 && overlaps(s, n, page, page + 0xfff)) return true;
  return false;
}

/** #DB, a fault, where an instruction breakpoint is met. RF = 1 and the shadow of MOV SS pass it by. */
export function checkExecution(cpu: Cpu, linear: number): void {
  const { s } = cpu;
  if ((s[at.eflags] & RF) !== 0) return;
  let met = 0;
  for (let n = 0; n < BREAKPOINTS; n++)
    if (isEnabled(s[at.dr7], n) && kindOf(s[at.dr7], n) === EXECUTION && s[at.dr0 + n] === linear) met |= 1 << n;
  if (met !== 0) raiseDebug(cpu, met);
}

/** A data access of an instruction, or of the delivery of an event: what it meets is reported behind it. */
export function noteAccess(cpu: Cpu, linear: number, size: number, write: boolean): void {
  const { s } = cpu;
  if (!watches(s)) return;
  const first = linear >>> 0;
  for (let n = 0; n < BREAKPOINTS; n++) {
    const kind = kindOf(s[at.dr7], n);
    if ((kind === ACCESS || (write && (kind & 1) !== 0)) && isEnabled(s[at.dr7], n) && overlaps(s, n, first, first + size - 1))
      cpu.met |= (1 << n) | ENABLED_BREAKPOINT;
  }
}

/** The same of an I/O port. */
export function notePort(cpu: Cpu, port: number, size: number): void {
  const { s } = cpu;
  if (!watches(s) || (s[at.cr4] & CR4_DE) === 0) return;
  for (let n = 0; n < BREAKPOINTS; n++)
    if (kindOf(s[at.dr7], n) === IO && isEnabled(s[at.dr7], n) && overlaps(s, n, port, port + size - 1))
      cpu.met |= (1 << n) | ENABLED_BREAKPOINT;
}

/** What was met is now due as a trap. */
export function pendMet(cpu: Cpu): void {
  cpu.s[at.pendingDebug] |= cpu.met;
  cpu.met = 0;
}

/** #DB for conditions of DR6, and for those that were held back. */
export function raiseDebug(cpu: Cpu, conditions: number): never {
  cpu.debugCause = conditions | cpu.s[at.pendingDebug];
  cpu.s[at.pendingDebug] = 0;
  return cpu.raise(DB);
}

/** DR6 as a debug handler finds it. It clears none of the bits that only software clears. */
export function reportDebug(cpu: Cpu): void {
  const { s } = cpu;
  s[at.dr6] = (s[at.dr6] & ~MET) | (cpu.debugCause & DR6_CONDITIONS);
}

/** Delivery of #DB, but for what INT1 delivers: the handler may use the debug registers, and branches are neither recorded nor stepped. */
export function enterDebugHandler(cpu: Cpu): void {
  const { s } = cpu;
  reportDebug(cpu);
  s[at.dr7] &= ~DR7_GD;
  s[at.debugctl] &= ~(DEBUGCTL_LBR | DEBUGCTL_BTF);
}
