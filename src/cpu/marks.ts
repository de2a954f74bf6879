/**
 * Instructions that somebody waits for, found again without a hook in the loop: a marked instruction is decoded into a block of its own, and its
 * behaviour says when it begins and when it is done. No future changes by it.
 */
import type { Insn } from '../isa/insn.ts';
import type { Cpu } from './cpu.ts';
import { RF } from './registers.ts';
import { at } from './state.ts';

export interface Marks {
  /** Whether the instruction at a physical address is marked: asked when it is decoded. */
  has(physical: number): boolean;
  /**
   * The processor is about to run a marked instruction; the step count is exact. It may begin again at once, at the same step count.
   *
   * @param linear address of the instruction
   */
  begins(cpu: Cpu, linear: number): void;
  /**
   * It is done, and has not ended in a fault or an exit.
   *
   * @param repeats one iteration is done, and another follows
   */
  done(cpu: Cpu, repeats: boolean): void;
}

/** Pages of RAM whose stores somebody waits for. What the processor itself writes into a VMCS or VMCB is no store. */
export interface PageWatch {
  has(page: number): boolean;
  /** A store is about to be done. The step count is that of the block under way: up to a block's length behind. */
  written(cpu: Cpu, address: number, size: number): void;
}

/** Lets a decoded instruction report to `cpu.marks`. Its REP is taken one iteration at a time. */
export function mark(insn: Insn<Cpu>): void {
  const { exec } = insn;
  insn.direct = 0;
  insn.key = '';
  insn.exec = (cpu) => {
    const linear = (cpu.s[at.csBase] + cpu.s[at.eip] - insn.length) | 0;
    cpu.marks?.begins(cpu, linear);
    exec(cpu, insn);
    cpu.marks?.done(cpu, insn.rep !== 0 && (cpu.s[at.eflags] & RF) !== 0);
  };
}
