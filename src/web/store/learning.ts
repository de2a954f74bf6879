import { type Lesson, lessonMachine } from '../../lessons/lesson.ts';
import type { EventPlace, QuestionWish, StageView } from '../../session/views.ts';
import type { Asking } from './asking.ts';
import type { OpenLesson, StageStore } from './store.ts';
import { isOfLesson, type Target } from './target.ts';

/** What a reader does with a lesson: turn its pages, and print it. */
export interface Learning {
  /** Opens a lesson at a page, from 0, and takes the machine there, or where `at` says. */
  openLesson(lesson: Lesson, page: number, at?: Pick<Target, 'step' | 'exit'>): void;
  /** Views of where the pages of a lesson stand, on its own machine. */
  sheet(lesson: Lesson): Promise<readonly StageView[]>;
}

/** Parts of the controller that learning needs. */
interface Machine {
  readonly asking: Asking;
  /** Opens the machine that a lesson brings. */
  open(target: Target, asks: QuestionWish | null): void;
  /** Takes the machine that is there to a place, at once. */
  go(place: EventPlace | 'start', asks: QuestionWish | null): void;
  /** The change that a page has made is taken back. */
  forgetChange(): void;
}

/** A page with a change speaks of the changed machine: nothing is seen or asked before that is there. */
const standing = ({ place, predict, change }: Lesson['pages'][number]) => (change ? { place: null, asks: null } : { place, asks: predict });

/** Where the lesson's machine stands at its page, or at the last one that says where, and what is asked there. */
export const placeRead = ({ lesson, page }: OpenLesson): ReturnType<typeof standing> =>
  lesson.pages
    .slice(0, page + 1)
    .map(standing)
    .findLast(({ place }) => place !== null) ?? { place: null, asks: null };

export function createLearning(store: StageStore, { asking, open, go, forgetChange }: Machine): Learning {
  const isHere = (lesson: Lesson): boolean => {
    const { frame } = store.getState();
    return frame !== null && isOfLesson(frame, lesson);
  };

  const openLesson: Learning['openLesson'] = (lesson, page, at = {}) => {
    const { place, asks } = standing(lesson.pages[page]!);
    forgetChange();
    store.setState({ lesson: { lesson, page }, outcome: null });
    if (!isHere(lesson)) {
      const there = Object.keys(at).length > 0 ? at : place === 'start' ? { step: 0 } : place ? { place } : {};
      open({ ...lessonMachine(lesson), ...there }, asks);
    } else if (place !== null) go(place, asks);
  };

  return {
    openLesson,
    async sheet(lesson) {
      if (!isHere(lesson)) {
        openLesson(lesson, store.getState().lesson?.page ?? 0);
        await asking.ready();
      }
      return asking.ask({ type: 'sheet', places: lesson.pages.map(standing) });
    },
  };
}
