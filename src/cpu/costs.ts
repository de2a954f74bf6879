/** What things cost, in cycles: every number with its source and how far it may be trusted. */
import type { CostClass } from '../isa/row.ts';

/**
 * `measured`: a published measurement that was read. `reported`: published, known at second hand. `estimate`: chosen here so that sums and
 * proportions agree with what is published.
 */
export type CostStatus = 'measured' | 'reported' | 'estimate';

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
const estimate = (cycles: number, source = OURS): Cost => ({ cycles, status: 'estimate', source });

function profile(name: string, title: string, costs: Record<CostKey, Cost>): CostProfile {
  const { exit, entry, interrupt, walk, ...classes } = costs;
  const cycles = Object.fromEntries(Object.entries(classes).map(([key, cost]) => [key, cost.cycles])) as Record<CostClass, number>;
  const events = { exit: exit.cycles, entry: entry.cycles, interrupt: interrupt.cycles, walk: walk.cycles };
  return Object.freeze({ name, title, costs: Object.freeze(costs), cycles: Object.freeze(cycles), events: Object.freeze(events) });
}

const MEROM = profile('merom-2006', 'Core 2 (Merom), 2006', {
  simple: estimate(1),
  mul: estimate(3),
  div: estimate(18),
  branch: estimate(1),
  far: estimate(60),
  int: estimate(100, 'with the delivery, a native trap of about 250 cycles'),
  iret: estimate(60),
  string: estimate(1),
  io: estimate(60, 'real ISA ports cost about a microsecond; so much at the virtual clock of the board'),
  cr: estimate(50),
  msr: estimate(80),
  cpuid: estimate(150),
  serialize: estimate(100),
  vmx: reported(48, `${ADAMS_TABLE}: VMREAD 52, VMWRITE 44 on a Core 2 Duo; their mean`),
  atomic: estimate(20),
  entry: reported(937, `${ADAMS_TABLE}: VM entry on a Core 2 Duo`),
  exit: estimate(744, `what the reported VM entry leaves of the measured round trip: ${VMLATENCY}`),
  interrupt: estimate(150, 'with INT, a native trap of about 250 cycles'),
  walk: estimate(20, 'two references that hit the second-level cache'),
});

const PENTIUM_4 = profile('p4-672-2005', 'Pentium 4 672, 2005', {
  simple: estimate(1),
  mul: estimate(10),
  div: estimate(60),
  branch: estimate(1),
  far: estimate(100),
  int: estimate(400, 'with the delivery, a native trap of about 1000 cycles'),
  iret: estimate(250),
  string: estimate(2),
  io: measured(3209, `${ADAMS_NANO}: IN from port 80h, native`),
  cr: estimate(200),
  msr: estimate(200),
  cpuid: estimate(500),
  serialize: estimate(300),
  vmx: reported(175, `${ADAMS_TABLE}: VMREAD 178, VMWRITE 171 on a Pentium 4 672; their mean`),
  atomic: estimate(100),
  entry: reported(2409, `${ADAMS_TABLE}: VM entry on a Pentium 4 672`),
  exit: reported(1931, `${ADAMS_TABLE}: VM exit by a page fault on a Pentium 4 672`),
  interrupt: estimate(600, 'with INT, a native trap of about 1000 cycles'),
  walk: estimate(40),
});

const SHARE = 'the round trip divided as on a Core 2';
const vmlatency = (cpu: string, cycles: number): string =>
  `yulyugin/vmlatency: round trip of one CPUID exit, ${cpu}, minimum ${cycles} cycles`;

/** A later processor: Core 2 but for the round trip of an exit, which became cheaper faster than anything else. */
function later(name: string, title: string, cpu: string, roundTrip: number, vmx: number): CostProfile {
  const entry = Math.round((roundTrip * MEROM.costs.entry.cycles) / (MEROM.costs.entry.cycles + MEROM.costs.exit.cycles));
  return profile(name, title, {
    ...MEROM.costs,
    vmx: estimate(vmx),
    entry: estimate(entry, `${SHARE}: ${vmlatency(cpu, roundTrip)}`),
    exit: estimate(roundTrip - entry, `${SHARE}: ${vmlatency(cpu, roundTrip)}`),
  });
}

const NEHALEM = later('nehalem-2009', 'Core i5-760 (Nehalem), 2009', 'Core i5-760', 933, 40);
const HASWELL = later('haswell-2013', 'Core i7-4770 (Haswell), 2013', 'Core i7-4770', 530, 30);

export const COST_PROFILES: readonly CostProfile[] = [MEROM, PENTIUM_4, NEHALEM, HASWELL];
export const DEFAULT_COSTS = MEROM;

/** The cost profile of that name; an unknown name is an error that lists the known ones. */
export function costProfile(name: string): CostProfile {
  const found = COST_PROFILES.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no cost profile '${name}': there are ${COST_PROFILES.map((known) => known.name).join(', ')}`);
  return found;
}
