import type { Lesson } from '../../lessons/lesson.ts';
import { say } from '../../lib/say.ts';
import type { Paging, ScenarioView, Vmm } from '../../session/views.ts';
import type { Request } from '../../worker/protocol.ts';
import type { LinkError, LinkState } from '../app/link.ts';
import type { Frame } from './store.ts';

/** A machine to open, and where in its run. */
export type Target = Omit<Extract<Request, { type: 'open' }>, 'type' | 'id' | 'hash'>;

export type Changes = Readonly<Record<string, string>>;

/** The machine of a frame, from its start and without changes. */
export const machineOf = ({ scenario, source, vmm, chosenVms, view, setup }: Frame): Target => ({
  ...(source === null ? { scenario } : { source }),
  vmm,
  vms: chosenVms ?? undefined,
  paging: view.paging ?? undefined,
  cpu: setup.cpu ?? undefined,
  costs: setup.costs ?? undefined,
});

/** What was typed, for another make of the machine: at the same steps, or later where nobody looks for it yet. */
export const typedAgain = ({ setup: { inputs } }: Frame): Pick<Target, 'inputs'> => (inputs.length > 0 ? { inputs } : {});

/** The same with further changes, typed at as it was; changes of the reader's own program are that program. */
export function changedMachine(frame: Frame, main: string, changes: Changes): Target {
  const machine = { ...machineOf(frame), ...typedAgain(frame), edits: frame.setup.edits };
  if (frame.source === null) return { ...machine, changes };
  const { [main]: source = frame.source, ...others } = changes;
  return { ...machine, source, changes: others };
}

/** Whether a frame is of the very machine that a lesson speaks of. */
export function isOfLesson(frame: Frame, { scenario, source, vmm, paging, vms, cpu, costs, edits = [] }: Lesson): boolean {
  const { setup } = frame;
  return (
    frame.source === (source ?? null) &&
    (source !== undefined || frame.scenario === scenario) &&
    setup.cpu === (cpu ?? null) &&
    setup.costs === (costs ?? null) &&
    JSON.stringify(setup.edits) === JSON.stringify(edits) &&
    (vmm ?? frame.vmm) === frame.vmm &&
    (paging ?? frame.view.paging) === frame.view.paging &&
    (vms ?? null) === frame.chosenVms
  );
}

/** How a machine is run. */
export interface Technique {
  readonly vmm: Vmm;
  readonly paging?: Paging;
}

/** The machine of a frame under another technique and its usual processor, with the reader's changes, at the place in the guest where it stands now. */
export const under = ({ vmm, paging }: Technique, frame: Frame, changes: Changes): Target => ({
  ...machineOf(frame),
  vmm,
  paging,
  cpu: undefined,
  edits: frame.setup.edits,
  changes,
  keep: true,
});

/** What to say where a run has no such step or exit as was asked for, or is typed at as the one before it was; else empty. */
export function arrival(target: Target | null, n: number, exits: number): string {
  if (target?.step !== undefined && n !== target.step)
    return say`The link asks for step ${target.step}; this run is at step ${n}, the nearest there is.`;
  if (target?.exit !== undefined && exits < target.exit) return say`The link asks for exit ${target.exit}; this run has ${exits}.`;
  if (target?.changes !== undefined && target.inputs !== undefined) return say`What was typed before is typed again, at the same steps.`;
  return '';
}

/** What a link opens; or what is wrong with it, and the scenario whose start can be offered. */
export function targetOf(link: LinkState, scenarios: readonly ScenarioView[]): Target | LinkError {
  const { vmm, paging, vms, step, exit, source, cpu, costs, edits, inputs } = link;
  const machine = {
    cpu: cpu ?? undefined,
    costs: costs ?? undefined,
    edits: edits.length > 0 ? edits : undefined,
    inputs: inputs.length > 0 ? inputs : undefined,
    vmm: vmm ?? undefined,
    paging: paging ?? undefined,
    vms: vms ?? undefined,
    step: step ?? undefined,
    exit: exit ?? undefined,
  };
  if (source !== null) return { source, ...machine };
  const scenario = scenarios.find((s) => s.id === link.scenario) ?? (link.scenario === null ? scenarios[0] : undefined);
  if (!scenario) {
    const message = link.scenario
      ? say`This link is for a scenario called “${link.scenario}”, and there is none here.`
      : say`There is no scenario here.`;
    return { message, scenario: null };
  }
  const technique = scenario.techniques.find((t) => t.id === vmm);
  if ((vmm && !technique) || (paging && technique && !technique.pagings.includes(paging)))
    return { message: say`This link asks for a technique that “${scenario.title}” does not have.`, scenario: scenario.id };
  return { scenario: scenario.id, ...machine };
}
