/** Scenario files: what a teacher has made of a machine, as JSON. docs/scenario-files.md has the format. */
import { JsonError, type JsonPath, readJson } from '../lib/json.ts';
import { say } from '../lib/say.ts';
import { problemsOf } from '../lib/schema.ts';
import type { OpenOptions } from '../session/session.ts';
import type { EventPlace, Paging, Setup, Vmm } from '../session/views.ts';
import { type Block, type Exercise, type Lesson, LessonError, PATIENCE, type Page } from './lesson.ts';
import { readClaim, readPlace } from './places.ts';
import { SCENARIO_FORMAT, SCENARIO_SCHEMA, type ScenarioFile } from './scenario-schema.ts';

/** Everything that is wrong in a file, each with its line. */
export class ScenarioFileErrors extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** What a file opens. */
export interface OpenedScenario {
  readonly file: ScenarioFile;
  readonly machine: OpenOptions;
  /** Where it opens; empty where the scenario's own opening is. */
  readonly start: { readonly step?: number; readonly exit?: number; readonly place?: EventPlace };
  /** What is said and asked; null for a machine alone. */
  readonly lesson: Lesson | null;
}

/** Reads a file. Throws ScenarioFileErrors. */
export function readScenarioFile(name: string, text: string): OpenedScenario {
  const fail = (problems: readonly { readonly line: number; readonly message: string }[]): never => {
    throw new ScenarioFileErrors(problems.map(({ line, message }) => say`${name}, line ${line}: ${message}`));
  };
  try {
    const { value, lineOf } = readJson(text);
    const problems = problemsOf(value, SCENARIO_SCHEMA);
    if (problems.length > 0)
      return fail(
        problems.map(({ path, message }) => ({ line: lineOf(path), message: path.length === 0 ? message : `${nameOf(path)}: ${message}` })),
      );
    return opened(value as ScenarioFile, lineOf);
  } catch (error) {
    if (error instanceof JsonError) return fail([error]);
    if (error instanceof LessonError) return fail([{ line: error.line, message: error.message.replace(/^line \d+: /, '') }]);
    throw error;
  }
}

/** `markers[2].at` */
function nameOf(path: JsonPath): string {
  return path.map((part, k) => (typeof part === 'number' ? `[${part}]` : k === 0 ? part : `.${part}`)).join('');
}

function opened(file: ScenarioFile, lineOf: (path: JsonPath) => number): OpenedScenario {
  const { changes, inputs, start = {}, program, scenario, vmm, paging, vms, cpu, costs } = file;
  const machine: OpenOptions = {
    ...(program === undefined ? { scenario } : { source: program }),
    vmm,
    paging,
    vms,
    cpu,
    costs,
    edits: changes?.map(({ path, of, lines }) => ({ path, of, hunks: lines.map(({ at, gone, come }) => [at, gone, ...come] as const) })),
    inputs: inputs?.map(({ step, console, text }) => [step, console, text] as const),
  };
  const place = start.place === undefined ? undefined : readPlace(start.place, lineOf(['start', 'place']));
  return {
    file,
    machine,
    start: {
      ...(start.exit !== undefined && { exit: start.exit }),
      ...((start.step !== undefined || place === 'start') && { step: start.step ?? 0 }),
      ...(place !== undefined && place !== 'start' && { place }),
    },
    lesson: lessonOf(file, machine, placeOf(start, place), lineOf),
  };
}

const paragraph = (text: string): Block => ({ kind: 'paragraph', text: [{ kind: 'text', text }] });

/** Paragraphs stand apart by an empty line; nothing in them is markup. */
const paragraphs = (text = ''): readonly Block[] =>
  text
    .split(/\n\s*\n/)
    .filter((part) => part.trim() !== '')
    .map((part) => paragraph(part.replace(/\s*\n\s*/g, ' ').trim()));

const EMPTY = { place: null, blocks: [], predict: null, claims: [], change: null, build: null } satisfies Omit<Page, 'title'>;

/** Where a lesson's first page stands. */
function placeOf({ step, exit }: NonNullable<ScenarioFile['start']>, place: Page['place'] | undefined): Page['place'] {
  if (step !== undefined) return { event: 'start', name: '', count: 1, steps: step };
  if (exit !== undefined) return { event: 'exit', name: '', count: exit, steps: 0 };
  return place ?? null;
}

function lessonOf(file: ScenarioFile, machine: OpenOptions, start: Page['place'], lineOf: (path: JsonPath) => number): Lesson | null {
  const { id = 'own', title, summary, objectives = [], machine: notional, markers = [], checks = [], program, vmm, paging, vms } = file;
  if (checks.length > 0 && program === undefined)
    throw new LessonError(lineOf(['checks']), say`checks are of a program that a reader writes: add “program”, the text to begin with`);
  const pages: Page[] = markers.map((marker, k) => ({
    ...EMPTY,
    title: marker.title,
    place: readPlace(marker.at, lineOf(['markers', k, 'at'])),
    blocks: paragraphs(marker.text),
    predict: marker.predict ? { kind: marker.kind ?? 'who', misconception: '' } : null,
    claims: (marker.claims ?? []).map((claim, c) => readClaim(claim, lineOf(['markers', k, 'claims', c]))),
  }));
  const exercise: Exercise = {
    id,
    title,
    path: null,
    scenario: undefined,
    vmm,
    paging,
    vms,
    blocks: paragraphs(summary),
    source: program ?? '',
    patience: file.budget?.steps ?? PATIENCE,
    checks: checks.map((check, k) => ({
      title: check.title,
      place: check.at === undefined ? null : readPlace(check.at, lineOf(['checks', k, 'at'])),
      claims: check.claims
        .map((claim, c) => readClaim(claim, lineOf(['checks', k, 'claims', c])))
        .map(({ about, value }) => ({ about, value })),
    })),
  };
  if (checks.length > 0) pages.push({ ...EMPTY, title, build: id });
  const told = summary !== undefined || objectives.length > 0 || notional !== undefined;
  if (pages.length === 0 && !told) return null;
  if (told && (markers.length > 0 || pages.length === 0)) pages.unshift({ ...EMPTY, title, blocks: paragraphs(summary) });
  const [first, ...others] = pages;
  return {
    ...machine,
    id,
    title,
    part: '',
    one: summary ?? '',
    scenario: machine.scenario ?? '',
    vmm,
    paging,
    vms,
    exercises: checks.length > 0 ? [exercise] : [],
    goals: objectives,
    machine: notional ?? '',
    pages: [{ ...first!, place: first!.place ?? start }, ...others],
  };
}

/** A machine as the stage has it. */
export interface ShownMachine extends Setup {
  readonly scenario: string;
  readonly source: string | null;
  readonly vmm: Vmm;
  readonly paging: Paging | null;
  readonly vms: number | null;
  readonly step: number;
}

type Told = Pick<ScenarioFile, 'title' | 'summary' | 'objectives' | 'machine' | 'predict' | 'controls' | 'panels' | 'markers'>;

/** The file of a machine and of what its author says: what is empty is left out. */
export function writeScenarioFile(
  { scenario, source, vmm, paging, vms, cpu, costs, edits, inputs, step }: ShownMachine,
  told: Told,
): string {
  const { title, summary, objectives, machine, predict, controls, panels, markers } = told;
  const file: ScenarioFile = {
    format: SCENARIO_FORMAT,
    title,
    summary: summary || undefined,
    objectives,
    machine: machine || undefined,
    ...(source === null ? { scenario } : { program: source }),
    changes: edits.map(({ path, of, hunks }) => ({ path, of, lines: hunks.map(([at, gone, ...come]) => ({ at, gone, come })) })),
    vmm,
    paging: paging ?? undefined,
    vms: vms ?? undefined,
    cpu: cpu ?? undefined,
    costs: costs ?? undefined,
    inputs: inputs.map(([n, console, text]) => ({ step: n, console, text })),
    start: { step },
    panels,
    controls,
    predict,
    markers,
  };
  const kept = Object.entries(file).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0));
  return `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`;
}
