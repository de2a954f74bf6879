/** Whether a lesson says what happens: its pages gone through on its machine. */
import { type Change, type Lesson, lessonMachine, type Page } from '../lessons/lesson.ts';
import { found, holds, noPlace } from '../session/claims.ts';
import { guestFiles, SourceErrors } from '../session/guests.ts';
import { Refused } from '../session/refused.ts';
import { Session } from '../session/session.ts';
import type { EventPlace, QuestionWish } from '../session/views.ts';
import { finish } from './finish.ts';

export interface PageProblem {
  /** Its title. */
  readonly page: string;
  readonly message: string;
}

/** Machines by what they are, so that pages, and lessons, share their runs. */
export type Sessions = Map<string, Session>;

/** Everything that does not hold: places, claims, changes, questions where nothing comes. */
export function pageProblems(lesson: Lesson, sessions: Sessions = new Map()): readonly PageProblem[] {
  return lesson.pages.flatMap((page, k) => problemsOf(lesson, page, k === 0, sessions).map((message) => ({ page: page.title, message })));
}

function problemsOf(lesson: Lesson, page: Page, first: boolean, sessions: Sessions): readonly string[] {
  return problemsIn(() => {
    const session = sessionOf(lesson, page, sessions);
    return typeof session === 'string' ? [session] : visit(session, page, first);
  });
}

/** The machine that a page speaks of, with its change made; else why it cannot be made. */
export function sessionOf(lesson: Lesson, { change }: Page, sessions: Sessions): Session | string {
  const machine = lessonMachine(lesson);
  const key = JSON.stringify([machine, change]);
  const changes = change === null ? {} : changesOf(change);
  if (typeof changes === 'string') return changes;
  const session = sessions.get(key) ?? Session.open({ ...machine, changes });
  sessions.set(key, session);
  return session;
}

/** The whole text of the source that a page changes; its old lines stand there once. */
function changesOf({ path, old, new: better }: Change): Readonly<Record<string, string>> | string {
  const text = guestFiles().text(path);
  if (text === undefined) return `there is no source ${path}: expected a path in src/guest`;
  if (text.split(old).length !== 2) return `${path} has these lines ${text.split(old).length - 1} times, expected once: ${old}`;
  return { [path]: text.replace(old, () => better) };
}

function visit(session: Session, page: Page, first: boolean): readonly string[] {
  const problems = [...goTo(session, page, first)];
  const here = session.view();
  const hold = (after: boolean) => {
    const view = session.view();
    for (const claim of page.claims.filter((one) => one.after === after))
      if (!holds(claim, view))
        problems.push(`line ${claim.line}: ${after ? 'after ' : ''}${claim.about}: expected ${claim.value}, found ${found(claim, view)}`);
  };
  hold(false);
  if (page.predict) problems.push(...missing(session, page.predict, here.ended));
  if (page.claims.some(({ after }) => after)) {
    session.step();
    hold(true);
    session.back();
  }
  return problems;
}

/** What a page asks for that cannot be asked here. */
function missing(session: Session, wish: QuestionWish, ended: boolean): readonly string[] {
  if (ended) return ['nothing comes here that could be asked about: the run has ended'];
  const { question } = session.view(false, wish);
  if (question === null) return [`no question of kind ${wish.kind} can be asked here (docs/lessons.md says where)`];
  const offered = wish.misconception === '' || question.options.some(({ misconception }) => misconception === wish.misconception);
  return offered ? [] : [`no option stems from ${wish.misconception} here (docs/misconceptions.md says where)`];
}

/** Goes where a page stands; one without a place stays where the page before ended, the first where its scenario opens. */
export function goTo(session: Session, { place }: Page, first: boolean): readonly string[] {
  if (place === 'start') session.seek(0);
  else if (place !== null) return placeProblems(session, place);
  else if (first) finish(session.opening());
  return [];
}

/** Goes to a place; the run may have none such. */
export const placeProblems = (session: Session, place: EventPlace): readonly string[] =>
  finish(session.toPlace(place)) ? [] : [noPlace(place, session.n)];

/** What a machine refuses is a problem like any other. */
export function problemsIn(work: () => readonly string[]): readonly string[] {
  try {
    return work();
  } catch (error) {
    if (error instanceof SourceErrors || error instanceof Refused) return error.message.split('\n');
    throw error;
  }
}
