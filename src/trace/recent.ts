/** The last steps in full: who ran, where, and the bytes, taken before each step by a loop that goes one step at a time. */

import type { Place } from '../cpu/events.ts';
import { flags } from '../cpu/flags.ts';
import { peekBytes } from '../cpu/peek.ts';
import { RIGHTS_DB } from '../cpu/registers.ts';
import { at, STATE_NAMES } from '../cpu/state.ts';
import type { Machine } from '../machine/machine.ts';
import type { EventLog } from './log.ts';

/** Where the processor stood before a step. */
export interface Standpoint {
  /** Step count before the step. */
  readonly n: number;
  readonly place: Place;
  readonly vm: number;
  readonly eip: number;
  readonly linear: number;
  /** Physical address of the instruction, or -1 when nobody's tables hold its page. */
  readonly physical: number;
  /** Up to 15 bytes from there. */
  readonly bytes: Uint8Array;
  readonly is32: boolean;
  /** Asleep in HLT. */
  readonly halted: boolean;
  /** The named part of the arena, its flags settled; CR0 and CR4 as the code that runs reads them. */
  readonly state: Int32Array;
}

const LONGEST_INSTRUCTION = 15;
const NAMED = Math.max(...STATE_NAMES.map((name) => at[name])) + 1;

export function standpoint(machine: Machine, log: EventLog): Standpoint {
  const { cpu } = machine;
  const { s } = cpu;
  const linear = (s[at.csBase] + s[at.eip]) >>> 0;
  return {
    n: cpu.steps,
    place: cpu.place,
    vm: log.runningVm(),
    eip: s[at.eip] >>> 0,
    linear,
    physical: log.physicalAt(linear),
    bytes: peekBytes(cpu, linear, LONGEST_INSTRUCTION, (address) => log.physicalAt(address)),
    is32: (s[at.csRights] & RIGHTS_DB) !== 0,
    halted: s[at.activity] !== 0,
    state: stateOf(machine),
  };
}

function stateOf({ cpu }: Machine): Int32Array {
  const state = cpu.s.slice(0, NAMED);
  state[at.eflags] = flags(cpu);
  if (state[at.guest] !== 0 && cpu.virt !== null) {
    state[at.cr0] = cpu.virt.visibleCr(cpu, 0, state[at.cr0]);
    state[at.cr4] = cpu.virt.visibleCr(cpu, 4, state[at.cr4]);
  }
  return state;
}

/** Runs step by step to step count `until`, keeping at most `keep` standpoints, the newest last. */
export function runTraced(machine: Machine, log: EventLog, until: number, kept: Standpoint[], keep: number): void {
  while (machine.n < until && machine.end === null) {
    const before = standpoint(machine, log);
    machine.run(machine.n + 1);
    if (machine.n === before.n) break;
    kept.push(before);
    if (kept.length > keep) kept.shift();
  }
}
