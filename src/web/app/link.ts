import { isLanguage, type Language } from '../../messages/languages.ts';
import type { Paging, Vmm } from '../../session/views.ts';
import { Damaged, packProgram, unpackProgram } from './program-link.ts';

/** What the address of the page asks for. */
export interface LinkState {
  readonly scenario: string | null;
  /** A program in assembly, in place of a scenario. */
  readonly source: string | null;
  readonly step: number | null;
  /** The exit to stop at, counted from 1. */
  readonly exit: number | null;
  readonly vmm: Vmm | null;
  readonly paging: Paging | null;
  readonly vms: number | null;
  readonly hash: boolean;
  readonly theme: Theme | null;
  readonly lang: Language | null;
  /** A lesson, which brings its own scenario, and its page, from 1. */
  readonly lesson: string | null;
  readonly page: number | null;
}

export type Theme = 'auto' | 'light' | 'dark';

export interface LinkError {
  /** One sentence: what is wrong with which part. */
  readonly message: string;
  /** The scenario that the link names, when that part can be read: its start is what the page offers. */
  readonly scenario: string | null;
}

export type ParsedLink =
  | { readonly ok: true; readonly link: LinkState; readonly ignored: readonly string[] }
  | { readonly ok: false; readonly error: LinkError };

/** What an address without a hash asks for. */
export const NOTHING: LinkState = {
  scenario: null,
  source: null,
  step: null,
  exit: null,
  vmm: null,
  paging: null,
  vms: null,
  hash: false,
  theme: null,
  lang: null,
  lesson: null,
  page: null,
};
const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;
const NUMBER = /^(0|[1-9][0-9]{0,14})$/;

/** Names that would change the machine or its program, and that this version does not know how to follow. */
const FOREIGN = new Set(['source', 'cpu', 'costs', 'memory']);

/** Names that readers of other tools know. */
const ALIASES: Readonly<Record<string, string>> = { startAt: 'step', t: 'step', curInstr: 'step' };

const VMMS: Readonly<Record<Vmm, true>> = {
  none: true,
  peer: true,
  trap: true,
  translate: true,
  para: true,
  vtx: true,
  'vtx-vtx': true,
  svm: true,
};

const readers: Readonly<Record<string, (value: string) => Partial<LinkState>>> = {
  v: (value) => {
    if (value !== '1') throw new Damaged(`it has format version ${quote(value)}, and this page reads version 1`);
    return {};
  },
  scenario: (value) => {
    if (!NAME.test(value)) throw new Damaged(`its scenario ${quote(value)} is not a name of one`);
    return { scenario: value };
  },
  s: (value) => {
    const { source, options } = unpackProgram(value);
    return Object.assign({ source }, ...Object.entries(options).map(([name, option]) => readers[name]?.(option)));
  },
  step: (value) => ({ step: readNumber('step', value, 0) }),
  event: (value) => {
    const match = /^exit:(.*)$/.exec(value);
    if (!match) throw new Damaged(`its event ${quote(value)} should look like exit:3`);
    return { exit: readNumber('event', match[1] ?? '', 1) };
  },
  vmm: (value) => {
    if (!Object.hasOwn(VMMS, value)) throw new Damaged(`its technique ${quote(value)} is not one of ${Object.keys(VMMS).join(', ')}`);
    return { vmm: value as Vmm };
  },
  paging: (value) => {
    if (value !== 'shadow' && value !== 'nested') throw new Damaged(`its paging ${quote(value)} is not one of shadow, nested`);
    return { paging: value };
  },
  vms: (value) => {
    const vms = readNumber('vms', value, 1);
    if (vms > 4) throw new Damaged(`it asks for ${vms} virtual machines, and there can be 4`);
    return { vms };
  },
  hash: (value) => {
    if (value !== '0' && value !== '1') throw new Damaged(`its hash ${quote(value)} should be 0 or 1`);
    return { hash: value === '1' };
  },
  lesson: (value) => {
    if (!NAME.test(value)) throw new Damaged(`its lesson ${quote(value)} is not a name of one`);
    return { lesson: value };
  },
  page: (value) => ({ page: readNumber('page', value, 1) }),
  theme: (value) => ({ theme: value === 'light' || value === 'dark' || value === 'auto' ? value : null }),
  lang: (value) => ({ lang: isLanguage(value.slice(0, 2)) ? (value.slice(0, 2) as Language) : null }),
};

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
    const name = (Object.hasOwn(ALIASES, written) && ALIASES[written]) || written;
    try {
      const value = decode(cut < 0 ? '' : part.slice(cut + 1));
      if (seen.has(name)) throw new Damaged(`it says ${quote(name)} twice`);
      seen.add(name);
      if (FOREIGN.has(name)) throw new Damaged(`its part ${quote(name)} is for another version of this page`);
      const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
      if (read) {
        if (cut < 0) throw new Damaged(`its part ${quote(name)} has no value`);
        link = { ...link, ...read(value) };
      } else if (/^[a-z]+$/i.test(name) && cut >= 0) ignored.push(name);
      else throw new Damaged(`its part ${quote(part)} says nothing that can be read`);
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
      problem ||= error.message;
    }
  }
  if (!problem && link.step !== null && link.exit !== null) problem = 'it names both a step and an event';
  if (!problem && link.lesson !== null) problem = lessonClash(seen);
  else if (!problem && link.page !== null) problem = 'it names a page and no lesson';
  if (!problem && seen.has('s')) problem = clash(seen);
  else if (!problem && link.scenario === null) {
    const { step, exit, vmm, paging, vms } = link;
    if ([step, exit, vmm, paging, vms].some((value) => value !== null)) problem = 'it names no scenario';
  }
  if (problem) return { ok: false, error: { message: `This link is damaged: ${problem}.`, scenario: link.scenario } };
  return { ok: true, link, ignored };
}

/** A lesson says itself which machine it needs and where its pages stand. */
function lessonClash(seen: ReadonlySet<string>): string {
  const beside = ['scenario', 's', 'step', 'event', 'vmm', 'paging', 'vms'].find((name) => seen.has(name));
  return beside === undefined ? '' : `it names a lesson, and its part ${quote(beside)} beside it`;
}

/** What a program in the link says itself, and the link must not say beside it. */
function clash(seen: ReadonlySet<string>): string {
  const twice = ['scenario', 'vmm', 'paging', 'vms'].find((name) => seen.has(name));
  return twice === undefined ? '' : `it has a program inside, and its part ${quote(twice)} beside it`;
}

/** The part of an address behind `#`, in a fixed order, so that equal states have equal links. */
export function printLink(link: Partial<LinkState>): string {
  const parts: string[] = [];
  if (link.lesson) parts.push(`lesson=${link.lesson}`);
  if (link.page && link.page > 1) parts.push(`page=${link.page}`);
  const machine: Record<string, string> = {};
  if (link.vmm) machine.vmm = link.vmm;
  if (link.paging) machine.paging = link.paging;
  if (link.vms) machine.vms = String(link.vms);
  if (typeof link.source === 'string') parts.push('v=1', `s=${packProgram({ source: link.source, options: machine })}`);
  else {
    if (link.scenario) parts.push(`scenario=${link.scenario}`);
    for (const [name, value] of Object.entries(machine)) parts.push(`${name}=${value}`);
  }
  if (link.exit) parts.push(`event=exit:${link.exit}`);
  else if (link.step !== null && link.step !== undefined) parts.push(`step=${link.step}`);
  if (link.hash) parts.push('hash=1');
  if (link.theme && link.theme !== 'auto') parts.push(`theme=${link.theme}`);
  if (link.lang) parts.push(`lang=${link.lang}`);
  return parts.length > 0 ? `#${parts.join('&')}` : '';
}

function readNumber(name: string, value: string, least: number): number {
  const number = NUMBER.test(value) ? Number(value) : Number.NaN;
  if (!(number >= least)) throw new Damaged(`its ${name} ${quote(value)} is not a number from ${least}`);
  return number;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new Damaged(`its part ${quote(value)} is cut off`);
  }
}

/** Above so many characters some chats cut a link, and above the second a file is the better way. */
export const LONG_LINK = 2000;
export const LONGEST_LINK = 4000;

function quote(text: string): string {
  return `“${text.length > 24 ? `${text.slice(0, 24)}…` : text}”`;
}
