/** rm1 figure: a step of a scenario as a picture. */
import { animation, illustration, MOST_FRAMES, strip } from '../figures/illustration.ts';
import { NUMBERS, type Numbers } from '../figures/numbers.ts';
import { type Panel, panels } from '../figures/panel.ts';
import { SourceErrors } from '../session/guests.ts';
import { Refused } from '../session/refused.ts';
import { findScenario, SCENARIOS, type Vmm } from '../session/scenarios.ts';
import { Session } from '../session/session.ts';
import type { EventPlace, Paging, StageView } from '../session/views.ts';
import { finish } from './finish.ts';
import type { CliIo } from './io.ts';

const USAGE = `usage: rm1 figure SCENARIO [--step N | --exit K] [--panel NAME] [options]

A step of a scenario as a picture that stands alone: SVG, or PNG when OUT ends so.

  SCENARIO           one of rm1 scenarios
  --step N           at that step (default: where the scenario opens);  --exit K: behind the K-th VM exit
  --place EVENT      behind an event: exception:13, transfer:iret:2, exit:cr-write, shutdown (its name, and which of that name)
  --lead N           so many steps before that
  --strip 3,7,9      several steps as a numbered strip, each with its sentence
  --animate N        N steps from there on shown in turn, or 3-9, or 3,7,9: SVG without a script, still where motion is not wanted
  --seconds N        how long each of them stands (default 2)
  --panel NAME       ${panels.join(', ')} (default rings)
  --theme light|dark (default light)
  --numbers hex|dec|bin   how registers are written (default hex)
  --vmm NAME --vms N --paging NAME   as rm1 run has them
  --base URL         the address of a page of RingMinusOne: the picture's metadata links to the step there
  --scale 1|2|3      pixels of a PNG per pixel of the picture (default 2)
  -o OUT             OUT.svg or OUT.png (default: SVG on stdout)
`;

interface Options {
  scenario: string;
  step: number | undefined;
  exit: number | undefined;
  strip: number[] | undefined;
  place: EventPlace | undefined;
  lead: number;
  animate: number[] | number | undefined;
  seconds: number;
  panel: Panel;
  theme: 'light' | 'dark';
  numbers: Numbers;
  vmm: string | undefined;
  vms: number | undefined;
  paging: Paging | undefined;
  base: string;
  scale: number;
  out: string | undefined;
}

const EVENTS: readonly EventPlace['event'][] = ['exit', 'entry', 'refused', 'exception', 'interrupt', 'transfer', 'halted', 'shutdown'];

const NUMBER = /^(0|[1-9][0-9]{0,14})$/;

type Setter = (options: Options, value: string) => string | undefined;

const number =
  (name: 'step' | 'exit' | 'vms' | 'lead'): Setter =>
  (options, value) => {
    if (!NUMBER.test(value)) return `--${name} takes a number, found ${value}`;
    options[name] = Number(value);
    return undefined;
  };

const SETTERS: Readonly<Record<string, Setter>> = {
  '--step': number('step'),
  '--exit': number('exit'),
  '--vms': number('vms'),
  '--lead': number('lead'),
  '--place': (options, value) => {
    const [event = '', name = '', count = '1', ...rest] = value.split(':');
    const known = EVENTS.find((each) => each === event);
    if (known === undefined) return `--place begins with one of ${EVENTS.join(', ')}; found ${event}`;
    if (!/^[1-9]\d{0,5}$/.test(count) || rest.length > 0) return `--place is EVENT:NAME:COUNT, such as exception:13:2; found ${value}`;
    options.place = { event: known, name, count: Number(count), steps: 0 };
    return undefined;
  },
  '--strip': (options, value) => {
    const steps = value.split(',');
    const bad = steps.find((step) => !NUMBER.test(step));
    if (bad !== undefined) return `--strip takes steps with commas between, such as 3,7,9; found ${bad === '' ? 'an empty one' : bad}`;
    if (steps.length > 24) return `--strip takes 24 steps at most, found ${steps.length}`;
    options.strip = steps.map(Number);
    return undefined;
  },
  '--animate': (options, value) => {
    const steps = stretch(value);
    if (steps === null) return `--animate takes steps such as 12, 608-618 or 3,7,9; found ${value === '' ? 'nothing' : value}`;
    const number = typeof steps === 'number' ? steps : steps.length;
    if (number < 2 || number > MOST_FRAMES) return `--animate takes 2 to ${MOST_FRAMES} steps, found ${number}`;
    options.animate = steps;
    return undefined;
  },
  '--seconds': (options, value) => {
    const seconds = /^\d{1,2}(\.\d)?$/.test(value) ? Number(value) : 0;
    if (seconds < 0.3) return `--seconds is from 0.3 to 99, found ${value}`;
    options.seconds = seconds;
    return undefined;
  },
  '--paging': (options, value) => {
    if (value !== 'shadow' && value !== 'nested') return `--paging is shadow or nested, found ${value}`;
    options.paging = value;
    return undefined;
  },
  '--panel': (options, value) => {
    const panel = panels.find((name) => name === value);
    if (panel === undefined) return `--panel is one of ${panels.join(', ')}; found ${value}`;
    options.panel = panel;
    return undefined;
  },
  '--theme': (options, value) => {
    if (value !== 'light' && value !== 'dark') return `--theme is light or dark, found ${value}`;
    options.theme = value;
    return undefined;
  },
  '--numbers': (options, value) => {
    const numbers = NUMBERS.find((name) => name === value);
    if (numbers === undefined) return `--numbers is one of ${NUMBERS.join(', ')}; found ${value}`;
    options.numbers = numbers;
    return undefined;
  },
  '--vmm': (options, value) => {
    options.vmm = value;
    return undefined;
  },
  '--base': (options, value) => {
    options.base = value.replace(/#.*$/, '');
    return undefined;
  },
  '--scale': (options, value) => {
    if (!/^[123]$/.test(value)) return `--scale is 1, 2 or 3, found ${value}`;
    options.scale = Number(value);
    return undefined;
  },
  '-o': (options, value) => {
    if (!/\.(svg|png)$/i.test(value)) return `the output is a .svg or a .png, found ${value}`;
    options.out = value;
    return undefined;
  },
};

/** The steps of `608-618` or `3,7,9`, the number of `12`; null when it is none of them. */
function stretch(value: string): number[] | number | null {
  if (NUMBER.test(value)) return Number(value);
  const [, from, to] = /^(\d{1,15})-(\d{1,15})$/.exec(value) ?? [];
  if (from !== undefined && to !== undefined) {
    const steps = Math.max(0, Number(to) - Number(from) + 1);
    return Array.from({ length: Math.min(steps, MOST_FRAMES + 1) }, (_, k) => Number(from) + k);
  }
  const steps = value.split(',');
  return steps.every((step) => NUMBER.test(step)) ? steps.map(Number) : null;
}

/** What is wrong with the arguments, as a text; or the options. */
function parse(args: readonly string[]): Options | string {
  const options: Options = {
    scenario: '',
    step: undefined,
    exit: undefined,
    strip: undefined,
    place: undefined,
    lead: 0,
    animate: undefined,
    seconds: 2,
    panel: 'rings',
    theme: 'light',
    numbers: 'hex',
    vmm: undefined,
    vms: undefined,
    paging: undefined,
    base: '',
    scale: 2,
    out: undefined,
  };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const set = Object.hasOwn(SETTERS, arg) ? SETTERS[arg] : undefined;
    if (set) {
      const value = args[++i];
      if (value === undefined) return `${arg} needs a value`;
      const wrong = set(options, value);
      if (wrong !== undefined) return wrong;
    } else if (arg.startsWith('-')) return `there is no option ${arg}`;
    else if (options.scenario !== '') return `one scenario at a time: found ${options.scenario} and ${arg}`;
    else options.scenario = arg;
  }
  if (options.scenario === '') return 'expected a scenario; rm1 scenarios lists them';
  const own = typeof options.animate === 'object' ? options.animate : undefined;
  const places = [options.step, options.exit, options.place, options.strip, own].filter((place) => place !== undefined);
  return places.length > 1 ? 'only one of --step, --exit, --place, --strip and the steps of --animate' : options;
}

function arrive(session: Session, n: number): StageView {
  session.seek(n);
  if (session.n !== n) throw new Refused(`This run has no step ${n}: it ends at step ${session.n}.`);
  return session.view();
}

/** Where a picture, or the first of several, is drawn. */
function arriveAt(session: Session, { step, exit, place, lead }: Options): void {
  if (step !== undefined) arrive(session, step);
  else if (place !== undefined) {
    if (!finish(session.toPlace(place))) throw new Refused(`This run has no ${place.event} ${place.name} number ${place.count}.`);
  } else for (const _ of exit === undefined ? session.opening() : session.toExit(exit));
  if (exit !== undefined && session.view().exits.total < exit)
    throw new Refused(`This run has ${session.view().exits.total} VM exits, and --exit asks for ${exit}.`);
  if (lead > 0) arrive(session, Math.max(0, session.n - lead));
}

function draw(options: Options): string {
  const scenario = findScenario(options.scenario);
  if (scenario === undefined)
    throw new Refused(`There is no scenario “${options.scenario}”; there are ${SCENARIOS.map(({ id }) => id).join(', ')}.`);
  const { vms, paging } = options;
  const session = Session.open({ scenario: scenario.id, vmm: options.vmm as Vmm | undefined, vms, paging });
  const { panel, theme, numbers, base } = options;
  const linked = (n: number) =>
    `${base}#scenario=${scenario.id}&vmm=${session.vmm}${paging === undefined ? '' : `&paging=${paging}`}${vms === undefined ? '' : `&vms=${vms}`}&step=${n}`;
  if (options.strip !== undefined) {
    const views = options.strip.map((n) => arrive(session, n));
    return strip(views, { title: scenario.title, panel, theme, numbers, link: linked(views[0]!.n) });
  }
  if (typeof options.animate !== 'object') arriveAt(session, options);
  if (options.animate !== undefined) {
    const { animate, seconds } = options;
    const steps = typeof animate === 'object' ? animate : Array.from({ length: animate }, (_, k) => session.n + k);
    const views = steps.map((n) => arrive(session, n));
    return animation(views, { title: scenario.title, panel, theme, numbers, link: linked(views[0]!.n), seconds });
  }
  const view = session.view();
  return illustration(view, { title: scenario.title, panel, theme, numbers, link: linked(view.n) });
}

const PNG_NEEDS = '@resvg/resvg-wasm @fontsource/inter @fontsource/jetbrains-mono';

async function drawn(svg: string, scale: number): Promise<Uint8Array> {
  try {
    return await (await import('./png.ts')).png(svg, scale);
  } catch (error) {
    if (!/^(ERR_MODULE|MODULE)_NOT_FOUND$/.test((error as { code?: string }).code ?? '')) throw error;
    throw new Refused(`PNG needs packages that are not here: npm install ${PNG_NEEDS}`);
  }
}

export async function figure(args: readonly string[], io: CliIo): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    io.stdout(USAGE);
    return 0;
  }
  const options = parse(args);
  if (typeof options === 'string') {
    io.stderr(`rm1 figure: ${options}\n${USAGE}`);
    return 2;
  }
  try {
    const svg = draw(options);
    if (options.out === undefined) io.stdout(svg);
    else if (/\.png$/i.test(options.out)) io.writeFile(options.out, await drawn(svg, options.scale));
    else io.writeFile(options.out, svg);
    return 0;
  } catch (error) {
    if (!(error instanceof Refused || error instanceof SourceErrors) && (error as { code?: string }).code === undefined) throw error;
    io.stderr(`rm1 figure: ${(error as Error).message}\n`);
    return 2;
  }
}
