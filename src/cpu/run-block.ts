/**
 * The inside of a block. A call through a record costs more than most instructions, while what is called by its name the compiler can put in
 * line: so the behaviours that run most are called by name, and all others through their record.
 */
import type { Insn } from '../isa/insn.ts';
import type { Block } from './blocks.ts';
import type { Cpu } from './cpu.ts';
import { call32, jcc32, jmp32, ret32 } from './exec/control.ts';
import {
  addRegister,
  andRegister,
  cmpRegister,
  decRegister,
  incRegister,
  load,
  movRegister,
  orRegister,
  popRegister,
  pushRegister,
  sarRegister,
  shlRegister,
  shrRegister,
  store,
  subRegister,
  testRegister,
  xorRegister,
} from './exec/registers.ts';
import { lea32, mov8, movzxByte32 } from './exec/transfer.ts';

import { INEXACT, TIME_PASSED } from './signals.ts';
import { at, counterAt } from './state.ts';

const { cycles: CYCLES, steps: STEPS } = counterAt;

/** The next block may follow at once. */
export const GO_ON = 0;
/** The boundary is to be looked at. */
export const LOOK = 1;
/** `cpu.current` is to be executed with exact counters, all before it being done and counted. */
export const EXACTLY = 2;
export type Outcome = typeof GO_ON | typeof LOOK | typeof EXACTLY;

/**
 * Runs the plain instructions of a block that begins at `eip`. Meanwhile EIP is as it is behind the block and the counters are as at its start;
 * behind them all is exact, whether they end well or in a fault.
 *
 * @param horizon the cycle at which something happens by itself
 */
export function runBlock(cpu: Cpu, block: Block, eip: number, horizon: number): Outcome {
  const { s, f } = cpu;
  const { insns, plain } = block;
  let done = 0;
  s[at.eip] = eip + block.bytes;
  try {
    while (done < plain) {
      const insn = insns[done];
      switch (insn.direct) {
        case 1:
          movRegister(cpu, insn);
          break;
        case 2:
          load(cpu, insn);
          break;
        case 3:
          store(cpu, insn);
          break;
        case 4:
          addRegister(cpu, insn);
          break;
        case 5:
          subRegister(cpu, insn);
          break;
        case 6:
          cmpRegister(cpu, insn);
          break;
        case 7:
          andRegister(cpu, insn);
          break;
        case 8:
          orRegister(cpu, insn);
          break;
        case 9:
          xorRegister(cpu, insn);
          break;
        case 10:
          testRegister(cpu, insn);
          break;
        case 11:
          incRegister(cpu, insn);
          break;
        case 12:
          decRegister(cpu, insn);
          break;
        case 13:
          shlRegister(cpu, insn);
          break;
        case 14:
          shrRegister(cpu, insn);
          break;
        case 15:
          sarRegister(cpu, insn);
          break;
        case 16:
          lea32(cpu, insn);
          break;
        case 17:
          pushRegister(cpu, insn);
          break;
        case 18:
          popRegister(cpu, insn);
          break;
        case 19:
          jcc32(cpu, insn);
          break;
        case 20:
          jmp32(cpu, insn);
          break;
        case 21:
          call32(cpu, insn);
          break;
        case 22:
          ret32(cpu, insn);
          break;
        case 23:
          movzxByte32(cpu, insn);
          break;
        case 24:
          mov8(cpu, insn);
          break;
        default:
          insn.exec(cpu, insn);
      }
      done++;
      if (cpu.attention !== 0 && mustEnd(cpu, block, horizon)) break;
    }
  } catch (signal) {
    cpu.exact = true;
    advanceTo(cpu, insns, eip, done);
    cpu.current = insns[done];
    if (signal === INEXACT) return EXACTLY;
    s[at.eip] = eip + insns[done].behind;
    cpu.thrown = signal;
    return LOOK;
  }
  if (done === insns.length) {
    f[CYCLES] += block.cost;
    f[STEPS] += done;
    return cpu.attention === 0 ? GO_ON : LOOK;
  }
  advanceTo(cpu, insns, eip, done);
  if (cpu.attention !== 0) return LOOK;
  cpu.current = insns[done];
  return EXACTLY;
}

/** Whether a block ends before its last instruction: something may be due, or a walk took the time that was left until then. */
function mustEnd(cpu: Cpu, block: Block, horizon: number): boolean {
  if (cpu.attention !== TIME_PASSED || cpu.f[CYCLES] + block.cost >= horizon) return true;
  cpu.attention = 0;
  return false;
}

function advanceTo(cpu: Cpu, insns: readonly Insn<Cpu>[], eip: number, done: number): void {
  if (done === 0) return;
  cpu.s[at.eip] = eip + insns[done - 1].behind;
  cpu.f[CYCLES] += insns[done - 1].spent;
  cpu.f[STEPS] += done;
}
