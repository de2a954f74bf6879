/** Instructions that move or change flags and nothing else: SDM vol 2. */
import type { Cpu } from '../cpu.ts';
import { carryFlag, changeFlags, flags, settleFlags } from '../flags.ts';
import { AC, AF, CF, DF, GP, ID, IF, IOPL, IOPL_SHIFT, NT, OF, PF, RF, SF, TF, VIF, VIP, VM, ZF } from '../registers.ts';
import { isProtected, isVm86 } from '../segments.ts';
import { peek, pop16, pop32, push16, push32 } from '../stack.ts';
import { at } from '../state.ts';
import { checkVirtualFlags, isVme, loadVirtualFlags, virtualFlags } from '../vme.ts';
import type { Handlers } from './operands.ts';

const iopl = (cpu: Cpu): number => (cpu.s[at.eflags] & IOPL) >> IOPL_SHIFT;

export function pushf32(cpu: Cpu): void {
  if (isVm86(cpu) && iopl(cpu) < 3) cpu.raise(GP, 0);
  push32(cpu, flags(cpu) & ~(VM | RF));
}
export function pushf16(cpu: Cpu): void {
  const virtual = isVme(cpu);
  if (!virtual && isVm86(cpu) && iopl(cpu) < 3) cpu.raise(GP, 0);
  push16(cpu, virtual ? virtualFlags(cpu) : flags(cpu));
}

const ALWAYS_POPPED = OF | SF | ZF | AF | PF | CF | TF | DF | NT;

/** Flags that POPF and IRET may change at the present CPL and IOPL. What they may not change is kept without a fault. */
export function writableFlags(cpu: Cpu, wide: boolean): number {
  let mask = ALWAYS_POPPED | (wide ? AC | ID : 0);
  const cpl = cpu.s[at.cpl];
  if (!isProtected(cpu) || cpl <= iopl(cpu)) mask |= IF;
  if (!isVm86(cpu) && cpl === 0) mask |= IOPL;
  return mask;
}

export function popf32(cpu: Cpu): void {
  if (isVm86(cpu) && iopl(cpu) < 3) cpu.raise(GP, 0);
  const mask = writableFlags(cpu, true);
  const value = pop32(cpu);
  settleFlags(cpu);
  const cleared = isVm86(cpu) ? RF : RF | VIF | VIP;
  cpu.s[at.eflags] = (cpu.s[at.eflags] & ~(mask | cleared)) | (value & mask);
}
export function popf16(cpu: Cpu): void {
  const virtual = isVme(cpu);
  if (!virtual && isVm86(cpu) && iopl(cpu) < 3) cpu.raise(GP, 0);
  const mask = writableFlags(cpu, false);
  if (virtual) {
    checkVirtualFlags(cpu, peek(cpu, 0, 2));
    loadVirtualFlags(cpu, mask, pop16(cpu));
    return;
  }
  const value = pop16(cpu);
  changeFlags(cpu, mask, value);
}

const AH_FLAGS = SF | ZF | AF | PF | CF;
export const sahf = (cpu: Cpu): void => changeFlags(cpu, AH_FLAGS, cpu.b[1]);
export const lahf = (cpu: Cpu): void => void (cpu.b[1] = (flags(cpu) & AH_FLAGS) | 2);
/** Undocumented, and in every processor: AL becomes CF in all bits. */
export const salc = (cpu: Cpu): void => {
  cpu.b[0] = carryFlag(cpu) !== 0 ? 0xff : 0;
};
export const clc = (cpu: Cpu): void => changeFlags(cpu, CF, 0);
export const stc = (cpu: Cpu): void => changeFlags(cpu, CF, CF);
export const cmc = (cpu: Cpu): void => changeFlags(cpu, CF, carryFlag(cpu) ^ CF);
export const cld = (cpu: Cpu): void => changeFlags(cpu, DF, 0);
export const std = (cpu: Cpu): void => changeFlags(cpu, DF, DF);

export const FLAG_TRANSFER: Handlers = {
  pushf16,
  pushf32,
  popf16,
  popf32,
  sahf,
  salc,
  lahf,
  clc,
  stc,
  cmc,
  cld,
  std,
};
