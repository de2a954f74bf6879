/** What an embed says to the page around it, and what that page can ask. docs/embedding.md has the list. */
import { say } from '../../lib/say.ts';
import { nameOf } from '../app/link.ts';
import type { Controller } from '../store/controller.ts';
import type { Frame, StageStore } from '../store/store.ts';
import { permalink } from './permalink.ts';
import type { Wanted } from './picture.ts';
import { type Answers, type Completion, completion, isOver } from './record.ts';
import { PICTURE } from './with-more.tsx';

/** What the host may change, and where the new link is opened. */
export interface Host {
  readonly store: StageStore;
  readonly controller: Controller;
  readonly answers: Answers;
  /** `id` of the look. */
  id(): string;
  rung(): string;
  /** Parameters as in the address: those of the look at once, those of the machine by opening it anew. */
  set(parameters: readonly (readonly [string, string])[]): void;
}

const RING: Readonly<Record<string, number>> = { '3': 3, '2': 2, '1': 1, '0': 0, m: -1 };

const post = (message: unknown): void => {
  if (parent !== window) parent.postMessage(message, '*');
};

/** Where the machine stands, for whoever counts or shows it elsewhere. */
function stateOf(frame: Frame | null): Record<string, unknown> {
  if (frame === null) return { step: null };
  const { view, scenario, running } = frame;
  const place = view.rings.active;
  return {
    scenario,
    step: view.n,
    total: view.timeline.reached,
    ring: place === null ? null : RING[place.ring],
    vm: place?.vm ?? null,
    exits: view.exits.kind === 'exits' ? view.exits.total : 0,
    ended: view.ended,
    running,
    cause: view.rings.past.findLast((crossing) => crossing.n === view.n)?.label ?? '',
    sentence: view.sentence.replace(/\*([^*\s][^*]*)\*/g, '$1'),
    link: permalink(frame),
  };
}

/** Tells the page around what happens; returns how to stop. */
export function tellHost({ store, answers, id, rung }: Host): () => void {
  const say = (type: string, fields: Record<string, unknown> = {}) => post({ source: 'rm1', v: 1, id: id(), type, ...fields });
  return store.subscribe((state, before) => {
    const { frame } = state;
    if (frame !== null && frame !== before.frame && state.phase === 'ready') {
      const fresh = before.phase !== 'ready';
      if (fresh) say('ready', { ...stateOf(frame), rung: rung() });
      if (fresh || frame.view.n !== before.frame?.view.n || frame.running !== before.frame.running) say('step', stateOf(frame));
      const newest = frame.view.exits.kind === 'exits' ? frame.view.exits.latest.at(-1) : undefined;
      if (!fresh && newest && newest.index > (before.frame?.view.exits.total ?? 0))
        say('exit', { index: newest.index, step: newest.n, vm: newest.vm, reason: newest.title, name: newest.name, code: newest.code });
    }
    if (state.outcome !== before.outcome && state.outcome?.chosen) {
      const { question, chosen } = state.outcome;
      const correct = chosen === question.answer;
      const { n: step, kind, title, answer } = question;
      const misconception = question.options.find(({ id }) => id === chosen)?.misconception ?? '';
      say('predict', { step, kind, question: title, chosen, answer, correct, misconception });
    }
    const done = frame && isOver(state) && !isOver(before) ? completion(answers.getState(), frame) : null;
    if (done) say('complete', { ...done, result: resultOf(done) });
    const wrong = problemOf(state);
    if (wrong !== '' && wrong !== problemOf(before)) say('error', { message: wrong });
  });
}

/** As the Result of an xAPI statement, for whoever hands it on to a learning record store. */
const resultOf = ({ score: raw, max }: Completion) => ({ completion: true, score: { scaled: raw / max, raw, min: 0, max } });

function problemOf({ linkError, died, refused, sourceErrors }: ReturnType<StageStore['getState']>): string {
  const [first] = sourceErrors;
  return linkError?.message || died?.message || refused || (first ? `${first.file}:${first.line}:${first.column}: ${first.message}` : '');
}

/** Says how high the content is, in every dialect that a host may understand. */
export function reportHeight(content: Element, id: () => string): () => void {
  let said = 0;
  const observer = new ResizeObserver(() => {
    const height = Math.ceil(content.getBoundingClientRect().height);
    if (Math.abs(height - said) < 2) return;
    said = height;
    post({ source: 'rm1', v: 1, id: id(), type: 'resize', height });
    post({ subject: 'lti.frameResize', height });
    post(JSON.stringify({ subject: 'lti.frameResize', height }));
    post(JSON.stringify({ context: 'iframe.resize', src: location.href, height }));
    post({ sentinel: 'amp', type: 'embed-size', height });
  });
  observer.observe(content);
  return () => observer.disconnect();
}

type Command = Readonly<Record<string, unknown>> & Wanted & { readonly type: string };

function commandOf(data: unknown): Command | null {
  if (typeof data !== 'object' || data === null || typeof (data as Command).type !== 'string') return null;
  const { source } = data as { source?: unknown };
  return source === undefined || source === 'rm1-host' ? (data as Command) : null;
}

/** One step is a movement; many are a leap. */
function walk(controller: Controller, n: number, from: number): void {
  if (n === 1) controller.step();
  else if (n === -1) controller.back();
  else controller.seek(from + n);
}

const whole = (value: unknown, otherwise: number): number => (typeof value === 'number' && Number.isSafeInteger(value) ? value : otherwise);

/** Does what the page around asks, and nobody else; returns how to stop. */
export function obeyHost(host: Host): () => void {
  const { store, controller } = host;
  const answer = (re: unknown, fields: Record<string, unknown>) => post({ source: 'rm1', v: 1, id: host.id(), re, ...fields });
  /** Who waits for the frame that a movement leads to. */
  let waiting: unknown[] = [];
  const arrived = store.subscribe((state, before) => {
    if (state.frame === before.frame || state.phase !== 'ready' || state.frame?.running) return;
    for (const re of waiting.splice(0)) answer(re, { type: 'state', ...stateOf(state.frame) });
  });
  const move = ({ re }: Command, forward: boolean, act: () => void) => {
    const { frame } = store.getState();
    const stuck = frame === null || (forward ? frame.view.ended : frame.view.n === 0);
    if (re !== undefined && stuck) answer(re, { type: 'state', ...stateOf(frame) });
    else if (re !== undefined) waiting = [...waiting, re].slice(-64);
    if (!stuck) act();
  };
  const listener = async (event: MessageEvent<unknown>) => {
    if (parent === window || event.source !== parent) return;
    const command = commandOf(event.data);
    if (command === null) return;
    const { frame } = store.getState();
    switch (command.type) {
      case 'step': {
        const n = command.n === undefined ? 1 : whole(command.n, 0);
        if (n !== 0) move(command, n > 0, () => walk(controller, n, frame?.view.n ?? 0));
        break;
      }
      case 'goto': {
        const to = whole(command.step, -1);
        if (to >= 0) move(command, to > (frame?.view.n ?? 0), () => controller.seek(to));
        break;
      }
      case 'exit':
        move(command, command.back !== true, () => controller.exit(command.back === true));
        break;
      case 'run':
        if (frame && !frame.running) controller.toggleRun();
        break;
      case 'pause':
        if (frame?.running) controller.toggleRun();
        break;
      case 'restart':
        move(command, false, () => controller.restart());
        break;
      case 'set':
        host.set(parametersIn(command.params));
        break;
      case 'get':
        answer(command.re, { type: 'state', ...stateOf(frame) });
        break;
      case 'image':
        answer(command.re, { type: 'image', ...(await image(command, store)) });
        break;
    }
  };
  addEventListener('message', listener);
  return () => {
    arrived();
    removeEventListener('message', listener);
  };
}

function parametersIn(value: unknown): [string, string][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .filter(([, one]) => ['string', 'number', 'boolean'].includes(typeof one))
    .map(([name, one]) => [name, one === true ? '1' : one === false ? '0' : String(one)]);
}

async function image(command: Command, store: StageStore): Promise<Record<string, unknown>> {
  const { frame, scenarios, numbers } = store.getState();
  if (frame === null) return { error: say`there is no machine yet` };
  try {
    const { picture } = await PICTURE.load();
    return await picture(frame, scenarios, command, numbers);
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** What says which machine it is, and where in its run. */
const MACHINE = ['lesson', 'page', 'scenario', 's', 'vmm', 'paging', 'vms', 'cpu', 'costs', 'step', 'event'];

/** The link state with parts of it replaced by what a host says; an empty text takes a part away. */
export function linkWith(before: string, parameters: readonly (readonly [string, string])[]): string {
  const named = (list: Iterable<readonly [string, string]>) => [...list].map(([name, value]) => [nameOf(name), value] as const);
  const parts = new Map(named(new URLSearchParams(before.replace(/^#/, ''))));
  const news = new Map(named(parameters));
  const without = ['scenario', 's', 'lesson'].some((name) => news.has(name))
    ? MACHINE
    : [...(news.has('step') ? ['event'] : []), ...(news.has('event') ? ['step'] : [])];
  for (const name of without) parts.delete(name);
  for (const [name, value] of news) {
    if (value === '') parts.delete(name);
    else parts.set(name, value);
  }
  return [...parts].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
}
