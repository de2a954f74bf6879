/**
 * Calls of a ported kernel to its monitor. That it is one is what the processor did (INT n from ring 1 to ring 0); which one it is, EAX says, by the
 * names that the monitor's own source gives its numbers (HYPER_, src/guest/vmm/para/interface.inc).
 */
import { worded } from '../../lib/say.ts';
import type { Stage } from '../stage.ts';

/** What a kernel that was not ported does instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  TRAPS: worded('LIDT, and a table of gates'),
  MMU: worded('a write to its page tables'),
  STACK: worded('a write to ESP0 of its TSS'),
  CALLBACKS: worded('gates for interrupts, and WRMSR for SYSENTER'),
  TIMER: worded('OUT to an 8254'),
  CONSOLE: worded('IN and OUT at a 16550'),
  CR3: 'MOV CR3',
  SCHED: 'HLT',
  DISK: worded('IN and OUT at an ATA drive'),
};

export interface Hypercall {
  /** `HYPER_MMU`; empty when the monitor has no such call. */
  readonly name: string;
  /** What it stands for, marked by `worded`; empty when that is not known. */
  readonly instead: string;
}

const known = new WeakMap<object, ReadonlyMap<string, number>>();

function constants({ images }: Stage): ReadonlyMap<string, number> {
  const map = images.own?.map;
  if (map === undefined) return new Map();
  const found =
    known.get(map) ?? new Map(map.symbols.filter(({ name }) => /^HYPER(_[A-Z0-9]+)?$/.test(name)).map(({ name, value }) => [name, value]));
  known.set(map, found);
  return found;
}

/** Whether INT with this vector is a call to the monitor. */
export const isHypercall = (stage: Stage, vector: number): boolean => constants(stage).get('HYPER') === vector;

/** The call that EAX names. */
export function hypercall(stage: Stage, eax: number): Hypercall {
  const number = eax >>> 0;
  const name = [...constants(stage)].find(([key, value]) => key !== 'HYPER' && value === number)?.[0] ?? '';
  return { name, instead: INSTEAD[name.replace('HYPER_', '')] ?? '' };
}
