import { type Change, type Exercise, exerciseMachine } from '../../lessons/lesson.ts';
import type { Checked } from '../../session/claims.ts';
import type { EventPlace, QuestionWish, SourceFile } from '../../session/views.ts';
import type { Answer } from '../../worker/protocol.ts';
import type { Send } from './send.ts';
import type { StageState, StageStore } from './store.ts';
import { changedMachine, type Target } from './target.ts';

/** An exercise that is open; `results` of the text that was checked last. */
export interface OpenExercise {
  readonly exercise: Exercise;
  readonly results: readonly Checked[] | null;
  readonly checking: boolean;
}

/** What a reader writes in a lesson: lines changed for them, and programs of their own. */
export interface Writing {
  /** Changes lines of a source, assembles, and takes the new machine to a place, where it may ask. */
  makeChange(change: Change, place: EventPlace | null, asks: QuestionWish | null): void;
  /** Opens an exercise: its source, or what the reader has made of it, in the editor. */
  beginExercise(exercise: Exercise): void;
  /** Assembles what is in the editor and holds the checks against it. */
  checkExercise(): void;
}

/** Parts of the controller that writing needs. */
interface Machine {
  open(target: Target, asks: QuestionWish | null): void;
  /** When the machine that is being opened is there. */
  ready(): Promise<void>;
  readonly send: Send;
}

/** The source that an exercise's reader writes in, by its path. */
export const writtenIn = ({ path }: Exercise): string => path ?? 'program.asm';

const ANSWER = 'answer:';

/** Where what the reader has made of an exercise stands among the drafts: programs of several exercises have the same path. */
const answerTo = ({ id }: Exercise): string => ANSWER + id;

/** What the reader has made of exercises. */
export const answersIn = (drafts: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(drafts).filter(([path]) => path.startsWith(ANSWER)));

/** The exercise whose machine this is; null where the machine is another. */
export function exerciseHere({ exercise, frame, changes }: Pick<StageState, 'exercise' | 'frame' | 'changes'>): OpenExercise | null {
  if (exercise === null || frame === null) return null;
  const { path, scenario } = exercise.exercise;
  const here = path === null ? frame.source !== null : frame.scenario === scenario && changes[path] !== undefined;
  return here ? exercise : null;
}

export function createWriting(
  store: StageStore,
  { open, ready, send }: Machine,
): {
  readonly actions: Writing;
  /** Whether these sources were asked for to be changed, not to be shown; then they are. */
  takes(files: readonly SourceFile[]): boolean;
  /** @param opening the answer is to the newest opening */
  onAnswer(answer: Answer, opening: boolean): void;
  /** Takes back the text of the change that was made last, unless the reader went on with it. */
  forgetChange(): void;
  /** Begins the exercise whose machine this is anew; false where it is another. */
  beginAnew(): boolean;
} {
  let wish: ((files: readonly SourceFile[]) => void) | null = null;
  let made: { readonly path: string; readonly text: string } | null = null;
  let checkDue = false;
  const state = () => store.getState();

  store.subscribe(({ drafts }, before) => {
    const { exercise } = exerciseHere(state()) ?? {};
    if (!exercise || drafts === before.drafts) return;
    const text = drafts[writtenIn(exercise)];
    const answer = answerTo(exercise);
    if (text !== undefined && text !== drafts[answer]) store.setState({ drafts: { ...drafts, [answer]: text } });
  });

  const setResults = (results: readonly Checked[] | null, checking: boolean) => {
    const { exercise } = state();
    if (exercise) store.setState({ exercise: { ...exercise, results, checking } });
  };

  const actions: Writing = {
    makeChange(change, place, asks) {
      wish = (files) => {
        const { frame, drafts, changes } = state();
        const file = files.find(({ path }) => path === change.path);
        if (!frame || !file) return;
        const text = file.text.replace(change.old, () => change.new);
        made = { path: change.path, text };
        store.setState({ drafts: { ...drafts, [change.path]: text } });
        const main = files[0]?.path ?? '';
        open({ ...changedMachine(frame, main, { ...changes, [change.path]: text }), ...(place && { place }) }, asks);
      };
      void ready().then(() => send({ type: 'sources' }));
    },
    beginExercise(exercise) {
      const path = writtenIn(exercise);
      const { [path]: _, ...drafts } = state().drafts;
      const text = drafts[answerTo(exercise)];
      const written = text === undefined ? drafts : { ...drafts, [path]: text };
      store.setState({ exercise: { exercise, results: null, checking: false }, drafts: written });
      open({ ...exerciseMachine(exercise, exercise.source), step: 0 }, null);
      send({ type: 'sources' });
    },
    checkExercise() {
      const { drafts, frame, changes } = state();
      const { exercise } = exerciseHere(state()) ?? {};
      if (!exercise) return;
      const path = writtenIn(exercise);
      const text = drafts[path] ?? changes[path] ?? frame?.source ?? exercise.source;
      setResults(null, true);
      checkDue = true;
      open({ ...exerciseMachine(exercise, text), step: 0 }, null);
    },
  };

  return {
    actions,
    forgetChange() {
      if (made === null) return;
      const { [made.path]: text, ...others } = state().drafts;
      if (text === made.text) store.setState({ drafts: others });
      made = null;
    },
    beginAnew() {
      const { exercise } = exerciseHere(state()) ?? {};
      if (!exercise) return false;
      const { [answerTo(exercise)]: _, ...drafts } = state().drafts;
      store.setState({ drafts });
      actions.beginExercise(exercise);
      return true;
    },
    takes(files) {
      const act = wish;
      wish = null;
      act?.(files);
      return act !== null;
    },
    onAnswer(answer, opening) {
      const { exercise } = state();
      if (answer.type === 'checked') setResults(answer.results, false);
      if (answer.type === 'source-error' && checkDue) {
        checkDue = false;
        setResults(null, false);
      }
      if (answer.type === 'frame' && opening && checkDue && exercise) {
        checkDue = false;
        const { checks, patience } = exercise.exercise;
        send({ type: 'check', examination: { checks, patience } });
      }
    },
  };
}
