/** From what a reader asks for to what is powered on. */

import { say, told } from '../lib/say.ts';
import { chosenCosts } from './cost-names.ts';
import { applied, editsOf } from './edits.ts';
import { type Changes, guestFiles, guestImage } from './guests.ts';
import { chosenProcessor } from './hardware.ts';
import { diskFor } from './minim-disk.ts';
import { sourceUnder } from './ports.ts';
import type { PowerOn } from './power-on.ts';
import { Refused } from './refused.ts';
import { DEFAULT_SCENARIO, findScenario, OWN_PROGRAM, type Scenario, type Vmm } from './scenarios.ts';
import type { Paging, Setup, SourceEdit, Typed } from './views.ts';

export interface OpenOptions {
  /** Of `SCENARIOS`; without one, the first. */
  readonly scenario?: string;
  /** Text of an assembly source, in place of a scenario's. */
  readonly source?: string;
  /** Lines of sources of this repository that are others. */
  readonly edits?: readonly SourceEdit[];
  /** Texts in place of sources of this repository, by their path in src/guest; before edits. */
  readonly changes?: Changes;
  /** The technique; without one, the scenario's own. */
  readonly vmm?: Vmm;
  /** Virtual machines, 1 to 4. */
  readonly vms?: number;
  readonly paging?: Paging;
  /** A processor by its name; without one, the monitor's usual one. */
  readonly cpu?: string;
  /** A cost profile by its name; without one, the usual one. */
  readonly costs?: string;
  /** What is typed, at the steps it says. */
  readonly inputs?: readonly Typed[];
  /** Log every port and every transfer, too: for traces. */
  readonly detailed?: boolean;
  /** Give hash(n) in every view. */
  readonly hash?: boolean;
}

export interface Chosen {
  readonly power: PowerOn;
  readonly scenario: Scenario;
  readonly made: Made;
}

/** What was chosen before the power came. */
export type Made = Omit<Setup, 'inputs'>;

export const AS_IT_IS: Made = { cpu: null, costs: null, edits: [] };

/** What is to be powered on. Throws SourceErrors or Refused. */
export function choose(options: OpenOptions): Chosen {
  const named = options.scenario === undefined ? DEFAULT_SCENARIO : findScenario(options.scenario);
  const scenario = options.source === undefined ? named : OWN_PROGRAM;
  if (scenario === undefined) throw new Refused(say`There is no scenario “${options.scenario ?? ''}”.`);
  const vmm = options.vmm ?? scenario.vmm;
  if (!scenario.vmms.includes(vmm)) throw new Refused(say`“${told(scenario.title)}” does not run under “${vmm}”.`);
  const name = sourceUnder(scenario.source, vmm);
  const sources = guestFiles();
  const others = { ...applied(options.edits ?? [], sources.text), ...options.changes };
  const changes = { ...others, ...(options.source !== undefined && { [name]: options.source }) };
  const assembled = guestImage(name, changes);
  const vms = options.vms ?? scenario.vms;
  if (!Number.isInteger(vms) || vms < 1 || vms > 4) throw new Refused(say`${vms} virtual machines: there can be 1 to 4.`);
  const includesMonitor = scenario.includesMonitor === true;
  if (includesMonitor && vms !== scenario.vms)
    throw new Refused(say`“${told(scenario.title)}” has ${scenario.vms} virtual machine, not ${vms}.`);
  const { cpu, costs, paging } = options;
  return {
    power: {
      program: { name, bytes: assembled.image, assembled },
      vmm,
      vms,
      memory: scenario.memory,
      ...diskFor(scenario.source, changes),
      changes,
      ...(scenario.typed !== undefined && { typed: scenario.typed }),
      ...(paging !== undefined && { paging }),
      ...(cpu !== undefined && { profile: chosenProcessor(cpu) }),
      ...(costs !== undefined && { costs: chosenCosts(costs) }),
      ...(includesMonitor && { includesMonitor }),
    },
    scenario,
    made: { cpu: cpu ?? null, costs: costs ?? null, edits: editsOf(others, sources.text) },
  };
}
