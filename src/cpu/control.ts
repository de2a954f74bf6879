/** Control registers: SDM vol 3, 2.5. */
import type { Cpu } from './cpu.ts';
import { flushTlb } from './paging.ts';
import { CR0_CD, CR0_DEFINED, CR0_ET, CR0_NW, CR0_PE, CR0_PG, CR0_WP, CR4_PAE, CR4_PGE, CR4_PSE, GP, UD } from './registers.ts';
import { notImplemented } from './signals.ts';
import { at } from './state.ts';

/** What MOV from CR and SMSW see; in guest mode the extension puts the shadow's bits in. */
export function controlRegister(cpu: Cpu, number: number): number {
  const s = cpu.s;
  let value: number;
  if (number === 0) value = s[at.cr0];
  else if (number === 2) return s[at.cr2];
  else if (number === 3) value = s[at.cr3];
  else if (number === 4) value = s[at.cr4];
  else return cpu.raise(UD);
  return s[at.guest] !== 0 && cpu.virt !== null ? cpu.virt.visibleCr(cpu, number, value) : value;
}

const CR0_PAGING = CR0_PG | CR0_WP | CR0_PE;
const CR4_PAGING = CR4_PSE | CR4_PAE | CR4_PGE;

/** Writes CR0; undefined bits are ignored, impossible combinations are #GP(0). */
export function writeCr0(cpu: Cpu, value: number): void {
  const s = cpu.s;
  const old = s[at.cr0];
  if ((value & CR0_PG) !== 0 && (value & CR0_PE) === 0) cpu.raise(GP, 0);
  if ((value & CR0_NW) !== 0 && (value & CR0_CD) === 0) cpu.raise(GP, 0);
  if (cpu.virt?.fixedBitsViolated(cpu, 0, value)) cpu.raise(GP, 0);
  const next = (value & CR0_DEFINED) | CR0_ET;
  s[at.cr0] = next;
  if (((old ^ next) & CR0_PAGING) !== 0) flushTlb(cpu, false);
  if (old !== next) cpu.events.control('CR0', old, next);
}

export function writeCr3(cpu: Cpu, value: number): void {
  const s = cpu.s;
  const old = s[at.cr3];
  s[at.cr3] = value;
  flushTlb(cpu, true);
  cpu.events.control('CR3', old, value);
}

export function writeCr4(cpu: Cpu, value: number): void {
  const s = cpu.s;
  const old = s[at.cr4];
  if ((value & CR4_PAE) !== 0 && (cpu.profile.cr4 & CR4_PAE) === 0) notImplemented('physical address extension (CR4.PAE)');
  if ((value & ~cpu.profile.cr4) !== 0) cpu.raise(GP, 0);
  if (cpu.virt?.fixedBitsViolated(cpu, 4, value)) cpu.raise(GP, 0);
  s[at.cr4] = value;
  if (((old ^ value) & CR4_PAGING) !== 0) flushTlb(cpu, false);
  if (old !== value) cpu.events.control('CR4', old, value);
}
