/** The same classes, computed from the columns of the instruction table: what gates it, what of the system it reads and writes. */
import type { Gate, Resource, Row } from '../isa/row.ts';
import { inOrder, type Setting } from './resources.ts';

export interface Derived {
  readonly privileged: boolean;
  readonly reads: readonly Resource[];
  readonly writes: readonly Resource[];
  /** What a monitor must not let through, or it is no longer privileged. */
  readonly opens: readonly Setting[];
}

/** What a task switch loads: SDM vol 3, 7.3. */
const TASK_SWITCH: readonly Resource[] = ['CPL', 'IF', 'IOPL', 'CS', 'SS', 'DS', 'ES', 'FS', 'GS', 'LDTR', 'TR', 'CR0', 'CR3', 'TLB'];

/** Gates that stop ring 3, and what opens them. */
const STOPS: Readonly<Partial<Record<Gate, readonly Setting[]>>> = {
  CPL0: [],
  IOPL: ['IOPL'],
  IO: ['IOPL', 'bitmap'],
  TSD: ['TSD'],
  PCE: ['PCE'],
};

/** CPL stands in bits 1:0 of CS and SS (SDM vol 3, 5.5): who reads one of them reads it. */
const showsCpl = (reads: readonly Resource[]): boolean => reads.includes('CS') || reads.includes('SS');

export function derive({ gate = [], reads = [], writes = [], switchesTask }: Row): Derived {
  const stops = gate.filter((one) => STOPS[one] !== undefined);
  return {
    privileged: stops.length > 0,
    reads: inOrder(showsCpl(reads) ? [...reads, 'CPL'] : reads),
    writes: inOrder(switchesTask === true ? [...writes, ...TASK_SWITCH] : writes),
    opens: stops.flatMap((one) => STOPS[one] ?? []),
  };
}

/** Popek and Goldberg's classes. What is privileged may be sensitive as well: then the monitor is told. */
export type LabClass = 'privileged' | 'control-sensitive' | 'behaviour-sensitive' | 'innocuous';
export const CLASSES: readonly LabClass[] = ['privileged', 'control-sensitive', 'behaviour-sensitive', 'innocuous'];

export function classOf(privileged: boolean, reads: Iterable<unknown>, writes: Iterable<unknown>): LabClass {
  if (privileged) return 'privileged';
  if ([...writes].length > 0) return 'control-sensitive';
  return [...reads].length > 0 ? 'behaviour-sensitive' : 'innocuous';
}
