/** What refuses an instruction before it does anything. */
import type { Cpu } from '../cpu.ts';
import { GP, UD } from '../registers.ts';
import { isProtected } from '../segments.ts';
import { at } from '../state.ts';

/** #GP(0) outside CPL 0. */
export function requireCpl0(cpu: Cpu): void {
  if (cpu.s[at.cpl] !== 0) cpu.raise(GP, 0);
}

/** #UD in real and virtual-8086 mode. */
export function requireProtected(cpu: Cpu): void {
  if (!isProtected(cpu)) cpu.raise(UD);
}
