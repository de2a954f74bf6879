/**
 * Popek and Goldberg's definitions (CACM 17, 1974), tried on the machine. An instruction is *privileged* if from every state in which ring 0 can execute
 * it, ring 3 cannot. It is *control-sensitive* if some execution leaves a resource of the system changed, *behaviour-sensitive* if from two
 * states that differ in one resource alone (the ring is one) it leaves something else different. A trap gives the monitor control: it counts as neither.
 */
import type { Profile } from '../cpu/profiles.ts';
import type { Resource, Row } from '../isa/row.ts';
import { type Form, formsOf } from './forms.ts';
import { EVERYTHING, Ground, type Place, type Standpoint } from './ground.ts';
import { beginning, changed, type Difference, differences, itemsOfBeginning, type Outcome, outcomeOf } from './outcome.ts';
import { IN_SVM, IN_VMX, inOrder, RESOURCE_NAMES, RESOURCES, SETTING_NAMES, SETTINGS, type Setting } from './resources.ts';
import { STATES, type State, stateOf } from './states.ts';

export const RINGS = [0, 1, 3] as const;
export type LabRing = (typeof RINGS)[number];

/** A state that shows something: enough to run it again. */
export interface Witness {
  readonly form: Form;
  /** Number of the state. */
  readonly state: number;
  readonly bytes: readonly number[];
  /** One machine, or two that are compared. */
  readonly places: readonly Place[];
  /** Before and after, or in the one machine and in the other. */
  readonly differences: readonly Difference[];
}

/** What running an instruction has shown. */
export interface Finding {
  readonly row: Row;
  readonly cpu: string;
  /** By ring: how often it ran, and how often it trapped. */
  readonly runs: Readonly<Record<LabRing, { readonly runs: number; readonly traps: number }>>;
  readonly privileged: boolean;
  /** Executed in ring 0, and a trap in ring 3. */
  readonly trap: Witness | null;
  readonly reads: ReadonlyMap<Resource, Witness>;
  readonly writes: ReadonlyMap<Resource, Witness>;
  /** What a monitor must not let through, or it is no longer privileged; with a state in which ring 3 executes it. */
  readonly opens: ReadonlyMap<Setting, Witness>;
  /** The first state in which rings 0 and 3 both executed it. */
  readonly sample: Witness | null;
  /** What the simulator lacks to run it, or empty. */
  readonly missing: string;
}

const PLAIN: Place = { ring: 0, vary: 'vary_nothing', settings: 0 };

/** One thing is compared with another from a state. */
interface Run {
  readonly place: Place;
  readonly before: Outcome;
  readonly after: Outcome;
}

export class Lab {
  readonly profile: Profile;
  readonly ground: Ground;
  /** The same processor, but for what CPUID says. */
  readonly other: Ground;
  private readonly beginnings = new Map<Standpoint, Int32Array>();

  constructor(profile: Profile) {
    this.profile = profile;
    this.ground = new Ground(profile);
    this.other = new Ground(renamed(profile));
    for (const ground of [this.ground, this.other]) ground.standpoint(PLAIN);
  }

  /** Runs one instruction from every state in every ring, with every resource changed in turn. */
  examine(row: Row): Finding {
    const inquiry = new Inquiry(this, row);
    for (const form of formsOf(row)) for (const k of STATES) inquiry.tryState(form, k);
    return inquiry.finding();
  }

  /** The registers, the memory and the instruction of the runs to come. */
  use(row: Row, form: Form, k: number): State {
    const state = stateOf(row, form, this.ground.symbol, k);
    this.ground.use(state);
    this.other.use(state);
    return state;
  }

  /** One step of one machine; null where the processor cannot get to the place. */
  run(ground: Ground, place: Place): Run | null {
    const standpoint = ground.standpoint(place);
    if (standpoint === null) return null;
    ground.stand(standpoint);
    let items = this.beginnings.get(standpoint);
    if (items === undefined) this.beginnings.set(standpoint, (items = itemsOfBeginning()));
    const before = beginning(ground, items);
    const fault = ground.step();
    return { place, before, after: outcomeOf(ground, fault) };
  }
}

/** What is known of one instruction while it is tried. */
class Inquiry {
  private readonly lab: Lab;
  private readonly row: Row;
  private readonly mode: number;
  private readonly runs = { 0: { runs: 0, traps: 0 }, 1: { runs: 0, traps: 0 }, 3: { runs: 0, traps: 0 } };
  private readonly reads = new Map<Resource, Witness>();
  private readonly writes = new Map<Resource, Witness>();
  private readonly opens = new Map<Setting, Witness>();
  private trap: Witness | null = null;
  private sample: Witness | null = null;
  private missing = '';
  private witness: (places: readonly Place[], found: readonly Difference[]) => Witness = () => {
    throw new Error('no state yet');
  };

  constructor(lab: Lab, row: Row) {
    this.lab = lab;
    this.row = row;
    this.mode = row.gate?.includes('VMX') ? IN_VMX : row.gate?.includes('SVM') ? IN_SVM : 0;
  }

  finding(): Finding {
    const { row, runs, trap, missing } = this;
    const privileged = trap !== null && runs[3].runs > 0 && runs[3].traps === runs[3].runs;
    return {
      row,
      cpu: this.lab.profile.name,
      runs,
      privileged,
      trap,
      reads: ordered(this.reads),
      writes: ordered(this.writes),
      opens: privileged ? this.opens : new Map(),
      sample: this.sample,
      missing,
    };
  }

  tryState(form: Form, k: number): void {
    const { lab, mode } = this;
    const { bytes } = lab.use(this.row, form, k);
    this.witness = (places, found) => ({ form, state: k, bytes, places, differences: found });
    const [zero, one, three] = RINGS.map((ring) => this.inRing(ring));
    if (this.missing !== '') return;
    const ran = (run: Run | null): boolean => run !== null && run.after.fault === null;
    if (three !== null && ran(three)) {
      if (zero !== null && ran(zero)) this.sample ??= this.witness([zero.place, three.place], []);
      this.vary(three);
    }
    if (zero === null || !ran(zero)) return;
    for (const lower of [three, one]) if (lower !== null && ran(lower)) this.compare('CPL', zero, lower);
    if (three !== null && !ran(three)) {
      this.trap ??= this.witness([zero.place, three.place], []);
      for (const setting of SETTING_NAMES) this.open(setting, { ...three.place, settings: mode | SETTINGS[setting] });
    }
    this.vary(zero);
  }

  private inRing(ring: LabRing): Run | null {
    const run = this.lab.run(this.lab.ground, { ring, vary: 'vary_nothing', settings: this.mode });
    if (run === null) return null;
    if (run.after.missing !== '') {
      this.missing = run.after.missing;
      return null;
    }
    this.runs[ring].runs++;
    if (run.after.fault !== null) this.runs[ring].traps++;
    else this.note(run);
    return run;
  }

  /** Which resources a run left changed. */
  private note(run: Run): readonly Resource[] {
    const { ground } = this.lab;
    const resources = changed(ground, run.before, run.after);
    for (const resource of resources)
      if (!this.writes.has(resource))
        this.writes.set(resource, this.witness([run.place], differences(ground, run.before, run.after, null)));
    return resources;
  }

  private compare(resource: Resource, one: Run, other: Run): void {
    if (this.reads.has(resource)) return;
    const found = differences(this.lab.ground, one.after, other.after, resource);
    if (found.length > 0) this.reads.set(resource, this.witness([one.place, other.place], found));
  }

  private open(setting: Setting, place: Place): void {
    if (this.opens.has(setting)) return;
    const run = this.lab.run(this.lab.ground, place);
    if (run === null || run.after.fault !== null || run.after.missing !== '') return;
    this.opens.set(setting, this.witness([place], differences(this.lab.ground, run.before, run.after, null)));
  }

  /** Everything changed at once; where that shows, or might hide something, one thing after the other. */
  private vary(run: Run): void {
    const { lab, mode } = this;
    const all = lab.run(lab.other, { ...run.place, vary: EVERYTHING });
    this.varyOne('IF', run);
    if (mode === 0 && all !== null && all.after.fault === null) {
      const touched = [...this.note(all), ...changed(lab.ground, run.before, run.after)];
      if (touched.length === 0 && differences(lab.ground, run.after, all.after, 'everything').length === 0) return;
    }
    for (const resource of RESOURCE_NAMES) if (resource !== 'IF') this.varyOne(resource, run);
    if (this.reads.has('identity')) return;
    const elsewhere = lab.run(lab.other, run.place);
    if (elsewhere === null || elsewhere.after.fault !== null) return;
    const found = differences(lab.ground, run.after, elsewhere.after, null);
    if (found.length > 0) this.reads.set('identity', this.witness([run.place], found));
  }

  private varyOne(resource: Resource, run: Run): void {
    const { lab, mode } = this;
    const { vary, within } = RESOURCES[resource];
    if (vary === undefined || (within === 'VMX' && mode !== IN_VMX) || (within === 'SVM' && mode !== IN_SVM)) return;
    const varied = lab.run(lab.ground, { ...run.place, vary });
    if (varied === null || varied.after.fault !== null || varied.after.missing !== '') return;
    this.note(varied);
    this.compare(resource, run, varied);
  }
}

const ordered = (found: ReadonlyMap<Resource, Witness>): ReadonlyMap<Resource, Witness> =>
  new Map(inOrder(found.keys()).map((resource) => [resource, found.get(resource) as Witness]));

/** The processor under another name, of another stepping. */
function renamed(profile: Profile): Profile {
  const cpuid = new Map([...profile.cpuid].map(([leaf, [a, b, c, d]]) => [leaf, [a, b ^ 1, c ^ 1, d ^ 1]] as const));
  return { ...profile, cpuid };
}
