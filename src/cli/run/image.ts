/** What is to be run, found by its name, and the machine for it. */
import { readScenarioFile } from '../../lessons/scenario-file.ts';
import { chosenCosts } from '../../session/cost-names.ts';
import { assembleSource, guestImage } from '../../session/guests.ts';
import { chosenProcessor } from '../../session/hardware.ts';
import { diskFor, MINIM } from '../../session/minim-disk.ts';
import { sourceUnder } from '../../session/ports.ts';
import type { PowerOn, Program } from '../../session/power-on.ts';
import { Refused } from '../../session/refused.ts';
import { findScenario, SCENARIOS, type Scenario } from '../../session/scenarios.ts';
import { Session } from '../../session/session.ts';
import { above, finder } from '../files.ts';
import type { CliIo } from '../io.ts';
import type { RunOptions } from './options.ts';

/** The kernels of this repository that are no scenario. */
const KERNELS: Readonly<Record<string, string>> = { minim: MINIM, duet: 'duet/duet.asm' };
const DEFAULT_MEMORY = 32;

function assembled(name: string, path: string): Program {
  const image = guestImage(path);
  return { name, bytes: image.image, assembled: image };
}

/** A file by its path: a source is assembled first. */
function fromFile({ image, format }: RunOptions, io: CliIo): Program {
  const bytes = io.readFile(image);
  if (bytes === undefined)
    throw new Refused(
      `${image}: no such file, and no scenario of that name (there are minim, duet, ${SCENARIOS.map(({ id }) => id).join(', ')})`,
    );
  if (format !== 'asm' && (format !== undefined || !/\.(asm|s|nasm)$/.test(image))) return { name: image, bytes, assembled: null };
  const source = assembleSource(image, new TextDecoder().decode(bytes), finder(io, above(image)));
  return { name: image, bytes: source.image, assembled: source };
}

/** What a scenario is run with where the options do not say. */
function asScenario(scenario: Scenario, options: RunOptions): Pick<PowerOn, 'program' | 'vmm' | 'vms' | 'memory'> & Partial<PowerOn> {
  const vmm = options.vmm ?? scenario.vmm;
  if (!scenario.vmms.includes(vmm))
    throw new Refused(`${scenario.id} does not run under --vmm ${vmm}: it runs under ${scenario.vmms.join(' or ')}`);
  const includesMonitor = scenario.includesMonitor === true;
  const vms = options.vms ?? scenario.vms;
  if (includesMonitor && vms !== scenario.vms) throw new Refused(`${scenario.id} has ${scenario.vms} virtual machine, not ${vms}`);
  const source = sourceUnder(scenario.source, vmm);
  return {
    program: assembled(source, source),
    vmm,
    vms,
    memory: options.memory ?? scenario.memory,
    ...(scenario.typed !== undefined && { typed: scenario.typed }),
    ...(includesMonitor && { includesMonitor }),
  };
}

function diskOf({ disk: path }: RunOptions, io: CliIo): Uint8Array | undefined {
  if (path === undefined) return undefined;
  const bytes = io.readFile(path);
  if (bytes === undefined) throw new Refused(`${path}: no such file`);
  return bytes;
}

/** The text of the scenario file that is to be run, where it is one. */
export function scenarioText({ image }: RunOptions, io: CliIo): string | undefined {
  const bytes = image.endsWith('.json') ? io.readFile(image) : undefined;
  return bytes && new TextDecoder().decode(bytes);
}

/** A scenario file, with what the command line says in place of what it says. */
export function fromScenarioFile(text: string, options: RunOptions): Session {
  const { image, vmm, vms, paging, cpu, costs } = options;
  for (const name of ['memory', 'disk', 'format', 'org', 'entry', 'mode', 'traced'] as const)
    if (options[name] !== undefined) throw new Refused(`--${name} does not go with a scenario file: leave it out`);
  const { machine } = readScenarioFile(image, text);
  return Session.open({
    ...machine,
    detailed: options.trace !== undefined,
    ...(vmm !== undefined && { vmm, paging: undefined, cpu: undefined }),
    ...(vms !== undefined && { vms }),
    ...(paging !== undefined && { paging }),
    ...(cpu !== undefined && { cpu }),
    ...(costs !== undefined && { costs }),
  });
}

export function powerOnOptions(options: RunOptions, io: CliIo): PowerOn {
  const kernel = KERNELS[options.image];
  const scenario = kernel === undefined ? findScenario(options.image) : undefined;
  const found =
    scenario !== undefined
      ? asScenario(scenario, options)
      : {
          program: kernel === undefined ? fromFile(options, io) : assembled(options.image, sourceUnder(kernel, options.vmm ?? 'none')),
          vmm: options.vmm ?? 'none',
          vms: options.vms ?? 1,
          memory: options.memory ?? DEFAULT_MEMORY,
        };
  if (found.vmm === 'none')
    for (const [name, value] of [
      ['--vms', options.vms],
      ['--paging', options.paging],
    ] as const)
      if (value !== undefined) throw new Refused(`${name} needs a monitor: add --vmm vtx or --vmm svm`);
  const { org, entry, mode, format } = options;
  const disk = diskOf(options, io);
  return {
    ...diskFor(kernel ?? scenario?.source ?? ''),
    ...found,
    ...(disk !== undefined && { disk }),
    ...(options.cpu !== undefined && { profile: chosenProcessor(options.cpu) }),
    ...(options.paging !== undefined && { paging: options.paging }),
    ...(options.traced === true && { traced: true }),
    costs: chosenCosts(options.costs),
    flat: { ...(org !== undefined && { org }), ...(entry !== undefined && { entry }), ...(mode !== undefined && { mode }) },
    ...((format === 'flat' || format === 'multiboot') && { format }),
  };
}
