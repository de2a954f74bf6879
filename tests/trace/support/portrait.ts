/** A machine as tests compare it: one word for all of it, and names for what to look at when that differs. */
import { at, STATE_NAMES, type StateName, tlbAt } from '../../../src/cpu/state.ts';
import { Hash } from '../../../src/lib/hash.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import type { EventLog } from '../../../src/trace/log.ts';

export interface Portrait {
  readonly n: number;
  readonly hash: string;
  readonly cycle: number;
  readonly end: Machine['end'];
  readonly registers: Readonly<Record<string, number>>;
  readonly tlb: string;
  readonly consoles: readonly string[];
  readonly devices: readonly string[];
}

const LAZY: ReadonlySet<StateName> = new Set(['lazy', 'lazyCarries', 'lazyResult']);

export function portrait(machine: Machine): Portrait {
  const { s } = machine.cpu;
  const hash = machine.hash();
  return {
    n: machine.n,
    hash,
    cycle: machine.cycle,
    end: machine.end,
    registers: Object.fromEntries(STATE_NAMES.filter((name) => !LAZY.has(name)).map((name) => [name, s[at[name]] >>> 0])),
    tlb: new Hash().words(s, tlbAt.tags, tlbAt.end).finish().toString(),
    consoles: machine.board.consoles.map((console) => console.text),
    devices: machine.board.devices.map((device) => `${device.name} ${device.save().join(' ')}`),
  };
}

/** Every row of a log in full, up to step count `n`. */
export function rowsUpTo(log: EventLog, n: number): readonly string[] {
  const end = log.firstAt(n + 1);
  return Array.from({ length: end }, (_, row) => {
    const { kind, n: step, cycle, from, to, vm, values } = log.at(row);
    return [step, cycle, kind, from, to, vm, ...values, log.physicalOf(row)].join(' ');
  });
}
