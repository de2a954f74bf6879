/** What things cost, in cycles: every number with its source and how far it may be trusted. */

import type { CostClass } from '../isa/row.ts';
import { say } from '../lib/say.ts';

/**
 * `measured`: a published measurement that was read at its source. `reported`: published, known at second hand. `unverified`: chosen here so that
 * sums and proportions agree with what is published.
 */
export type CostStatus = 'measured' | 'reported' | 'unverified';

export interface Cost {
  readonly cycles: number;
  readonly status: CostStatus;
  readonly source: string;
}

/** VM exit, VM entry, delivery of an event through the IDT, one page walk of two references. */
export type CostEvent = 'exit' | 'entry' | 'interrupt' | 'walk';
export type CostKey = CostClass | CostEvent;

export interface CostProfile {
  readonly name: string;
  readonly title: string;
  readonly year: number;
  /** Of the processor's clock, in cycles per second: how often a timer's tick comes between. */
  readonly frequency: number;
  readonly costs: Readonly<Record<CostKey, Cost>>;
  /** The numbers alone: of an instruction's class, and of events. */
  readonly cycles: Readonly<Record<CostClass, number>>;
  readonly events: Readonly<Record<CostEvent, number>>;
}

const VMLATENCY = 'yulyugin/vmlatency: round trip of one CPUID exit, Core 2 T7400, minimum 1681 cycles';
const ADAMS_TABLE = 'Adams and Agesen, ASPLOS 2006, table of micro-architectural improvements';
const ADAMS_NANO = 'Adams and Agesen, ASPLOS 2006, nanobenchmarks on a Pentium 4 672';
const OURS = 'chosen for this simulator';

const measured = (cycles: number, source: string): Cost => ({ cycles, status: 'measured', source });
const reported = (cycles: number, source: string): Cost => ({ cycles, status: 'reported', source });
const unverified = (cycles: number, source = OURS): Cost => ({ cycles, status: 'unverified', source });

type Processor = Pick<CostProfile, 'name' | 'title' | 'year' | 'frequency'>;

function profile(processor: Processor, costs: Readonly<Record<CostKey, Cost>>): CostProfile {
  const { exit, entry, interrupt, walk, ...classes } = costs;
  const cycles = Object.fromEntries(Object.entries(classes).map(([key, cost]) => [key, cost.cycles])) as Record<CostClass, number>;
  const events = { exit: exit.cycles, entry: entry.cycles, interrupt: interrupt.cycles, walk: walk.cycles };
  return Object.freeze({ ...processor, costs: Object.freeze(costs), cycles: Object.freeze(cycles), events: Object.freeze(events) });
}

/** The same profile with other cycles for some events. */
export function withCycles(base: CostProfile, cycles: Readonly<Partial<Record<CostKey, number>>>): CostProfile {
  const changed = Object.fromEntries(
    Object.entries(base.costs).map(([key, cost]) => [key, { ...cost, cycles: cycles[key as CostKey] ?? cost.cycles }]),
  ) as Record<CostKey, Cost>;
  return profile(base, changed);
}

const MHZ = 1_000_000;

const MEROM = profile(
  { name: 'merom-2006', title: 'Core 2 (Merom), 2006', year: 2006, frequency: 2160 * MHZ },
  {
    simple: unverified(1),
    mul: unverified(3),
    div: unverified(18),
    branch: unverified(1),
    far: unverified(60),
    int: unverified(100, 'with the delivery, a native trap of about 250 cycles'),
    iret: unverified(60),
    string: unverified(1),
    io: unverified(60, 'real ISA ports cost about a microsecond; so much at the virtual clock of the board'),
    cr: unverified(50),
    msr: unverified(80),
    cpuid: unverified(150),
    serialize: unverified(100),
    vmx: reported(48, `${ADAMS_TABLE}: VMREAD 52, VMWRITE 44 on a Core 2 Duo; their mean`),
    atomic: unverified(20),
    entry: reported(937, `${ADAMS_TABLE}: VM entry on a Core 2 Duo`),
    exit: unverified(744, `what the reported VM entry leaves of the measured round trip: ${VMLATENCY}`),
    interrupt: unverified(150, 'with INT, a native trap of about 250 cycles'),
    walk: unverified(20, 'two references that hit the second-level cache'),
  },
);

const PENTIUM_4 = profile(
  { name: 'p4-672-2005', title: 'Pentium 4 672, 2005', year: 2005, frequency: 3800 * MHZ },
  {
    simple: reported(1, `${ADAMS_NANO}: a store into a page table, native`),
    mul: unverified(10),
    div: unverified(60),
    branch: unverified(1),
    far: unverified(100),
    int: unverified(400, 'with the delivery, a native trap of about 1000 cycles'),
    iret: unverified(250),
    string: unverified(2),
    io: reported(3209, `${ADAMS_NANO}: IN from port 80h, native`),
    cr: unverified(200),
    msr: unverified(200),
    cpuid: unverified(500),
    serialize: unverified(300),
    vmx: reported(175, `${ADAMS_TABLE}: VMREAD 178, VMWRITE 171 on a Pentium 4 672; their mean`),
    atomic: unverified(100),
    entry: reported(2409, `${ADAMS_TABLE}: VM entry on a Pentium 4 672`),
    exit: reported(1931, `${ADAMS_TABLE}: VM exit by a page fault on a Pentium 4 672`),
    interrupt: unverified(600, 'with INT, a native trap of about 1000 cycles'),
    walk: unverified(40),
  },
);

const vmlatency = (cpu: string, cycles: number): string =>
  `yulyugin/vmlatency: round trip of one CPUID exit, ${cpu}, minimum ${cycles} cycles, divided as on a Core 2`;

/** A later processor: Core 2 but for the round trip of an exit, which became cheaper faster than anything else. */
function later(processor: Processor, cpu: string, roundTrip: number, vmx: number): CostProfile {
  const entry = Math.round((roundTrip * MEROM.costs.entry.cycles) / (MEROM.costs.entry.cycles + MEROM.costs.exit.cycles));
  return profile(processor, {
    ...MEROM.costs,
    vmx: unverified(vmx),
    entry: measured(entry, vmlatency(cpu, roundTrip)),
    exit: measured(roundTrip - entry, vmlatency(cpu, roundTrip)),
  });
}

const PENRYN = later(
  { name: 'penryn-2008', title: 'Core 2 (Penryn), 2008', year: 2008, frequency: 3160 * MHZ },
  'Core 2 Duo E8500',
  1118,
  45,
);
const NEHALEM = later(
  { name: 'nehalem-2009', title: 'Core i5-760 (Nehalem), 2009', year: 2009, frequency: 2800 * MHZ },
  'Core i5-760',
  933,
  40,
);
const SANDY_BRIDGE = later(
  { name: 'sandy-bridge-2011', title: 'Core i7-2600 (Sandy Bridge), 2011', year: 2011, frequency: 3400 * MHZ },
  'Core i7-2600',
  785,
  35,
);
const HASWELL = later(
  { name: 'haswell-2013', title: 'Core i7-4770 (Haswell), 2013', year: 2013, frequency: 3400 * MHZ },
  'Core i7-4770',
  530,
  30,
);

/** By year. */
export const COST_PROFILES: readonly CostProfile[] = [PENTIUM_4, MEROM, PENRYN, NEHALEM, SANDY_BRIDGE, HASWELL];
export const DEFAULT_COSTS = MEROM;

/** The cost profile of that name; an unknown name is an error that lists the known ones. */
export function costProfile(name: string): CostProfile {
  const found = COST_PROFILES.find((candidate) => candidate.name === name);
  if (found === undefined)
    throw new Error(say`no cost profile '${name}': there are ${COST_PROFILES.map((known) => known.name).join(', ')}`);
  return found;
}
