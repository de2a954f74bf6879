/** What must hold in a view: of lessons, and of the checks of an exercise. */
import { inEnglish, say } from '../lib/say.ts';
import type { Session } from './session.ts';
import type { EventPlace, StageView } from './views.ts';

/** Something that must hold where the machine stands. */
export interface Claim {
  readonly about: 'ring' | 'vm' | 'instruction' | 'exit' | 'sentence' | 'console' | 'unsaid' | 'register' | 'exits' | 'end';
  readonly value: string;
}

/** Claims, and where they must hold; null is the end of the run. */
export interface Check {
  readonly title: string;
  readonly place: EventPlace | 'start' | null;
  readonly claims: readonly Claim[];
}

/** What a program is held to, and the steps after which one that still runs is taken at its word. */
export interface Examination {
  readonly checks: readonly Check[];
  readonly patience: number;
}

/** How a check came out: the first claim that does not hold, and what was found in its place. */
export interface Checked {
  readonly title: string;
  readonly passed: boolean;
  readonly step: number;
  /** Empty when it passed. */
  readonly reason: string;
}

/** What a view says about the subject of a claim. */
export function found({ about, value }: Claim, view: StageView): string {
  switch (about) {
    case 'ring':
      return view.rings.active?.ring ?? 'none';
    case 'vm':
      return String(view.rings.active?.vm ?? 0);
    case 'instruction': {
      const { current } = view.stream;
      return current ? `${current.mnemonic} ${current.operands}`.trim().toLowerCase() : 'none';
    }
    case 'exit':
      return view.exits.latest.at(-1)?.name ?? 'none';
    case 'end':
      return view.end === '' ? 'none' : view.end;
    case 'exits':
      return String(view.exits.total);
    case 'register': {
      const name = value.split('=')[0]?.trim().toUpperCase();
      const register = view.registers.find((one) => one.name === name);
      return `${name} = ${register ? (register.value >>> 0).toString(16).toUpperCase().padStart(8, '0') : 'none'}`;
    }
    case 'sentence':
      return view.sentence;
    case 'console':
    case 'unsaid':
      return view.consoles.map(({ text }) => text).join('\n');
  }
}

/** Whether a claim holds in a view: the whole of what is found, of a sentence or console a part; what is unsaid stands on no console. */
export function holds(claim: Claim, view: StageView): boolean {
  const text = found(claim, view);
  if (claim.about === 'unsaid') return !text.includes(claim.value);
  return claim.about === 'sentence' || claim.about === 'console' ? text.includes(claim.value) : text === claim.value;
}

/** Takes a machine to the place of each check, in so many steps at most, and holds its claims there. Yields steps while it is under way; returns one result a check. */
export function* check(session: Session, { checks, patience }: Examination): Generator<number, readonly Checked[]> {
  const results: Checked[] = [];
  for (const { title, place, claims } of checks) {
    const missed = yield* goTo(session, place, patience);
    const view = inEnglish(() => session.view());
    const wrong = claims.find((claim) => !holds(claim, view));
    const reason = missed || (wrong === undefined ? '' : notHeld(wrong, view));
    results.push({ title, passed: reason === '', step: session.n, reason });
  }
  return results;
}

function notHeld(claim: Claim, view: StageView): string {
  const wanted = quoted(claim.value);
  const there = quoted(found(claim, view));
  return claim.about === 'unsaid'
    ? say`consoles: expected none with ${wanted}, found ${there}`
    : say`${claim.about}: expected ${wanted}, found ${there}`;
}

const quoted = (text: string): string => (text.length > 160 ? `“…${text.slice(-160)}”` : `“${text}”`);

/** Goes to a place; in words why it is not there, else empty. */
function* goTo(session: Session, place: Check['place'], patience: number): Generator<number, string> {
  if (place === 'start') {
    session.seek(0);
    return '';
  }
  if (place === null) {
    while (!session.ended && session.n < patience) {
      session.run(Math.min(patience, session.n + 20_000));
      yield session.n;
    }
    session.slowDown();
    return session.ended ? '' : say`the machine still runs after ${patience} steps`;
  }
  const way = session.toPlace(place);
  let on = way.next();
  for (; on.done !== true && session.n < patience; on = way.next()) yield on.value;
  return on.value === true ? '' : noPlace(place, session.n);
}

/** Says that a run of so many steps has no such place. */
export const noPlace = ({ event, name, count }: EventPlace, steps: number): string =>
  say`there is no ${[event, name].filter(Boolean).join(' ')} number ${count} in ${steps} steps`;
