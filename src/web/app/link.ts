import { NUMBERS, type Numbers } from '../../figures/numbers.ts';
import { say } from '../../lib/say.ts';
import { PAGINGS, VMMS } from '../../lib/technique-names.ts';
import { isLanguage, type Language } from '../../messages/languages.ts';
import type { Paging, SourceEdit, Typed, Vmm } from '../../session/views.ts';
import { type PackedFile, type PackedOptions, pack, unpack } from './packed.ts';

/** What the address of the page asks for. */
export interface LinkState {
  /** Its name, or the path of a scenario file beside the page. */
  readonly scenario: string | null;
  /** A scenario file or a lesson, whole. */
  readonly file: PackedFile | null;
  /** A program in assembly, in place of a scenario. */
  readonly source: string | null;
  readonly step: number | null;
  /** The exit to stop at, counted from 1. */
  readonly exit: number | null;
  readonly vmm: Vmm | null;
  readonly paging: Paging | null;
  readonly vms: number | null;
  /** A processor and a cost profile, by their names. */
  readonly cpu: string | null;
  readonly costs: string | null;
  /** Changes of sources. */
  readonly edits: readonly SourceEdit[];
  /** What is typed at consoles. */
  readonly inputs: readonly Typed[];
  readonly hash: boolean;
  readonly theme: Theme | null;
  readonly lang: Language | null;
  readonly numbers: Numbers | null;
  /** How large everything is, 0.75 to 2. */
  readonly scale: number | null;
  /** A lesson, which brings its own scenario, by its name or the path of its file, and its page, from 1. */
  readonly lesson: string | null;
  readonly page: number | null;
}

export type Theme = 'auto' | 'light' | 'dark';

export interface LinkError {
  /** One sentence: what is wrong with which part. */
  readonly message: string;
  /** The scenario that the link names, when that part can be read: its start is what the page offers. */
  readonly scenario: string | null;
  /** What is wrong with it, one by one. */
  readonly details?: readonly string[];
}

/** What is wrong, as the end of a sentence that begins “This link is damaged: ”. */
class Damaged extends Error {}

export type ParsedLink =
  | { readonly ok: true; readonly link: LinkState; readonly ignored: readonly string[] }
  | { readonly ok: false; readonly error: LinkError };

/** What an address without a hash asks for. */
export const NOTHING: LinkState = {
  scenario: null,
  file: null,
  source: null,
  step: null,
  exit: null,
  vmm: null,
  paging: null,
  vms: null,
  cpu: null,
  costs: null,
  edits: [],
  inputs: [],
  hash: false,
  theme: null,
  lang: null,
  numbers: null,
  scale: null,
  lesson: null,
  page: null,
};
const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;
const NUMBER = /^(0|[1-9][0-9]{0,14})$/;
/** Of a file on the same site. */
const PATH = /^(?:\.{1,2}\/|\/(?!\/))[\w./-]{1,200}$/;

/** Whether a scenario or a lesson is named by the path of its file. */
export const isPath = (name: string): boolean => PATH.test(name);

/** Whether a link is for a file: inside it, or beside the page. */
export const isOfFile = ({ file, scenario, lesson }: LinkState): boolean => file !== null || isPath(scenario ?? '') || isPath(lesson ?? '');

/** Names that would change the machine or its program, and that this version does not know how to follow. */
const FOREIGN = new Set(['source', 'memory', 'changes', 'inputs']);

/** Names that readers of other tools know. */
const ALIASES: Readonly<Record<string, string>> = { startAt: 'step', t: 'step', curInstr: 'step' };

/** The name of a part under which the rest of the page knows it. */
export const nameOf = (written: string): string => (Object.hasOwn(ALIASES, written) && ALIASES[written]) || written;

const readers: Readonly<Record<string, (value: string) => Partial<LinkState>>> = {
  v: (value) => {
    if (value !== '1') throw new Damaged(say`it has format version ${quote(value)}, and this page reads version 1`);
    return {};
  },
  scenario: (value) => {
    if (!NAME.test(value) && !isPath(value)) throw new Damaged(say`its scenario ${quote(value)} is not a name of one`);
    return { scenario: value };
  },
  s: (value) => {
    const packed = unpack(value);
    if (typeof packed === 'string') throw new Damaged(packed);
    const { file = null, source = null, options, edits, inputs } = packed;
    const named = packed.scenario === undefined ? {} : readName('scenario', packed.scenario);
    return Object.assign(
      { file, source, edits, inputs },
      named,
      ...Object.entries(options).map(([name, option]) => readers[name]?.(option)),
    );
  },
  cpu: (value) => readName('cpu', value),
  costs: (value) => readName('costs', value),
  step: (value) => ({ step: readNumber('step', value, 0) }),
  event: (value) => {
    const match = /^exit:(.*)$/.exec(value);
    if (!match) throw new Damaged(say`its event ${quote(value)} should look like exit:3`);
    return { exit: readNumber('event', match[1] ?? '', 1) };
  },
  vmm: (value) => {
    const vmm = VMMS.find((one) => one === value);
    if (!vmm) throw new Damaged(say`its technique ${quote(value)} is not one of ${VMMS.join(', ')}`);
    return { vmm };
  },
  paging: (value) => {
    const paging = PAGINGS.find((one) => one === value);
    if (!paging) throw new Damaged(say`its paging ${quote(value)} is not one of ${PAGINGS.join(', ')}`);
    return { paging };
  },
  vms: (value) => {
    const vms = readNumber('vms', value, 1);
    if (vms > 4) throw new Damaged(say`it asks for ${vms} virtual machines, and there can be 4`);
    return { vms };
  },
  hash: (value) => {
    if (value !== '0' && value !== '1') throw new Damaged(say`its hash ${quote(value)} should be 0 or 1`);
    return { hash: value === '1' };
  },
  lesson: (value) => {
    if (!NAME.test(value) && !isPath(value)) throw new Damaged(say`its lesson ${quote(value)} is not a name of one`);
    return { lesson: value };
  },
  page: (value) => ({ page: readNumber('page', value, 1) }),
  theme: (value) => ({ theme: value === 'light' || value === 'dark' || value === 'auto' ? value : null }),
  lang: (value) => ({ lang: isLanguage(value.slice(0, 2)) ? (value.slice(0, 2) as Language) : null }),
  numbers: (value) => ({ numbers: NUMBERS.find((one) => one === value) ?? null }),
  scale: (value) => ({ scale: readScale(value) }),
};

/** 0.75 to 2; null when it is something else. */
export function readScale(value: string): number | null {
  const scale = /^\d(\.\d{1,4})?$/.test(value) ? Number(value) : Number.NaN;
  return scale >= 0.75 && scale <= 2 ? scale : null;
}

/** Reads the part of an address behind `#`. A link that cannot be followed exactly is an error, never something near it. */
export function parseLink(hash: string): ParsedLink {
  const text = hash.replace(/^#/, '');
  if (text === '') return { ok: true, link: NOTHING, ignored: [] };
  let link = NOTHING;
  let problem = '';
  const seen = new Set<string>();
  const ignored: string[] = [];
  for (const part of text.split('&')) {
    const cut = part.indexOf('=');
    const written = cut < 0 ? part : part.slice(0, cut);
    const name = nameOf(written);
    try {
      const value = decode(cut < 0 ? '' : part.slice(cut + 1));
      if (seen.has(name)) throw new Damaged(say`it says ${quote(name)} twice`);
      seen.add(name);
      if (FOREIGN.has(name)) throw new Damaged(say`its part ${quote(name)} is for another version of this page`);
      const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
      if (read) {
        if (cut < 0) throw new Damaged(say`its part ${quote(name)} has no value`);
        link = { ...link, ...read(value) };
      } else if (/^[a-z]+$/i.test(name) && cut >= 0) ignored.push(name);
      else throw new Damaged(say`its part ${quote(part)} says nothing that can be read`);
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
      problem ||= error.message;
    }
  }
  if (!problem && link.step !== null && link.exit !== null) problem = say`it names both a step and an event`;
  if (!problem && link.lesson !== null) problem = lessonClash(seen);
  else if (!problem && link.page !== null && link.file === null && !isPath(link.scenario ?? ''))
    problem = say`it names a page and no lesson`;
  if (!problem && seen.has('s')) problem = clash(seen);
  else if (!problem && link.scenario === null) {
    const { step, exit, vmm, paging, vms, cpu, costs } = link;
    if ([step, exit, vmm, paging, vms, cpu, costs].some((value) => value !== null)) problem = say`it names no scenario`;
  }
  if (!problem && isPath(link.scenario ?? '')) {
    const beside = MACHINE.find((name) => seen.has(name));
    if (beside !== undefined) problem = say`it names a scenario file, and its part ${quote(beside)} beside it`;
  }
  if (problem) return { ok: false, error: { message: say`This link is damaged: ${problem}.`, scenario: link.scenario } };
  return { ok: true, link, ignored };
}

/** What says which machine it is that runs a scenario. */
const MACHINE = ['vmm', 'paging', 'vms', 'cpu', 'costs'];

/** A lesson says itself which machine it needs and where its pages stand. */
function lessonClash(seen: ReadonlySet<string>): string {
  const beside = ['scenario', 's', 'step', 'event', ...MACHINE].find((name) => seen.has(name));
  return beside === undefined ? '' : say`it names a lesson, and its part ${quote(beside)} beside it`;
}

/** What a program in the link says itself, and the link must not say beside it. */
function clash(seen: ReadonlySet<string>): string {
  const twice = ['scenario', ...MACHINE].find((name) => seen.has(name));
  return twice === undefined ? '' : say`it has a program inside, and its part ${quote(twice)} beside it`;
}

/** The part of an address behind `#`, in a fixed order, so that equal states have equal links. */
export function printLink(link: Partial<LinkState>): string {
  const parts: string[] = [];
  if (link.lesson) parts.push(`lesson=${link.lesson}`);
  if (link.lesson && link.page && link.page > 1) parts.push(`page=${link.page}`);
  const { file, source, scenario, edits = [], inputs = [] } = link;
  const options = optionsOf(link);
  if (file) parts.push('v=1', `s=${pack({ file, options: {}, edits: [], inputs: [] })}`);
  else if (typeof source === 'string') parts.push('v=1', `s=${pack({ source, options, edits, inputs })}`);
  else if (scenario && edits.length + inputs.length > 0) parts.push('v=1', `s=${pack({ scenario, options, edits, inputs })}`);
  else {
    if (scenario) parts.push(`scenario=${scenario}`);
    for (const [name, value] of Object.entries(options)) parts.push(`${name}=${value}`);
  }
  if (!link.lesson && link.page && link.page > 1) parts.push(`page=${link.page}`);
  if (link.exit) parts.push(`event=exit:${link.exit}`);
  else if (link.step !== null && link.step !== undefined) parts.push(`step=${link.step}`);
  if (link.hash) parts.push('hash=1');
  if (link.theme && link.theme !== 'auto') parts.push(`theme=${link.theme}`);
  if (link.lang) parts.push(`lang=${link.lang}`);
  if (link.numbers && link.numbers !== 'hex') parts.push(`numbers=${link.numbers}`);
  if (link.scale && link.scale !== 1) parts.push(`scale=${link.scale}`);
  return parts.length > 0 ? `#${parts.join('&')}` : '';
}

function optionsOf({ vmm, paging, vms, cpu, costs }: Partial<LinkState>): PackedOptions {
  return { ...(vmm && { vmm }), ...(paging && { paging }), ...(vms && { vms: String(vms) }), ...(cpu && { cpu }), ...(costs && { costs }) };
}

function readName<Name extends 'scenario' | 'cpu' | 'costs'>(name: Name, value: string): Partial<LinkState> {
  if (!NAME.test(value)) throw new Damaged(say`its ${name} ${quote(value)} is not a name of one`);
  return { [name]: value };
}

function readNumber(name: string, value: string, least: number): number {
  const number = NUMBER.test(value) ? Number(value) : Number.NaN;
  if (!(number >= least)) throw new Damaged(say`its ${name} ${quote(value)} is not a number from ${least}`);
  return number;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new Damaged(say`its part ${quote(value)} is cut off`);
  }
}

/** Above so many characters some chats cut a link, and above the second a file is the better way. */
export const LONG_LINK = 2000;
export const LONGEST_LINK = 4000;

function quote(text: string): string {
  return say`“${text.length > 24 ? `${text.slice(0, 24)}…` : text}”`;
}
