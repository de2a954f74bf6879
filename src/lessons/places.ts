/** Places and claims as authors write them: in the fences of a lesson, and in scenario files. */
import type { Claim } from '../session/claims.ts';
import type { EventPlace } from '../session/views.ts';
import { LessonError, type PageClaim } from './lesson.ts';

/** The members of a type, each of which must be here. */
export const membersOf = <T extends string>(members: Readonly<Record<T, true>>): readonly T[] => Object.keys(members) as T[];

const EVENTS = membersOf<EventPlace['event']>({
  start: true,
  exit: true,
  entry: true,
  refused: true,
  exception: true,
  interrupt: true,
  transfer: true,
  disk: true,
  halted: true,
  shutdown: true,
});

/** Events that a lone number names: `exception 13` is the first of vector 13. */
const NUMBERED: ReadonlySet<string> = new Set(['exception', 'interrupt', 'refused']);

/** `start`, `612 after start`, `before exit cr-write 2`, `after entry`, `3 before interrupt 20h`. Throws LessonError. */
export function readPlace(text: string, line: number): EventPlace | 'start' {
  if (text === 'start') return 'start';
  const match = /^(?:(\d{1,15}) )?(before|after) (\S+)(?: (\S+))?(?: (\d+))?$/.exec(text);
  const event = EVENTS.find((one) => one === match?.[3]);
  if (!match || !event || (event === 'start' && match[2] === 'before'))
    throw new LessonError(line, `expected start, or such as: before exit cr-write 2 (events are ${EVENTS.join(', ')}); found ${text}`);
  const [, more, side, , first = '', second] = match;
  const counted = second === undefined && /^\d+$/.test(first) && !NUMBERED.has(event);
  const distance = Number(more ?? (side === 'before' ? 1 : 0));
  return {
    event,
    name: counted ? '' : first,
    count: Number((counted ? first : second) ?? 1),
    steps: side === 'before' ? -distance : distance,
  };
}

const SUBJECTS = membersOf<PageClaim['about']>({
  ring: true,
  vm: true,
  instruction: true,
  exit: true,
  sentence: true,
  console: true,
  unsaid: true,
  register: true,
  exits: true,
  end: true,
});

/** `ring: m`, `after exit: CR_ACCESS`. Throws LessonError. */
export function readClaim(text: string, line: number): PageClaim {
  const match = /^(after )?(\w+): (.+)$/.exec(text);
  const about = SUBJECTS.find((one): one is Claim['about'] => one === match?.[2]);
  if (!match || !about) throw new LessonError(line, `expected one of ${SUBJECTS.join(', ')}, a colon and a value; found ${text}`);
  return { about, value: match[3] ?? '', after: match[1] !== undefined, line };
}
