import { say } from '../../lib/say.ts';
import type { QuestionView, StageView } from '../../session/views.ts';
import type { Outcome } from './store.ts';

/** What is shown of a view, and what is asked there. */
export interface Presented {
  readonly view: StageView;
  readonly asking: QuestionView | null;
  readonly outcome: Outcome | null;
}

/** Hides what comes where a question is asked, and remembers what was answered until the answer is seen. */
export class Predicting {
  private pending: Outcome | null = null;

  /** @param shown the outcome that stands on the page, which stays as long as its step */
  present(view: StageView, shown: Outcome | null): Presented {
    const outcome = this.pending ?? shown;
    this.pending = null;
    const { question } = view;
    return {
      view: question ? withoutFuture(view) : view,
      asking: question,
      outcome: outcome !== null && view.n === outcome.question.n + 1 ? outcome : null,
    };
  }

  /** The step that answers is under way. */
  answer(question: QuestionView, chosen: string | null): void {
    this.pending = { question, chosen };
  }
}

/** The view without what comes: what a question asks for must not be on the page. */
function withoutFuture(view: StageView): StageView {
  return {
    ...view,
    sentence: say`What comes next is hidden until you step.`,
    stream: { ...view.stream, future: [] },
    rings: { ...view.rings, future: [] },
    timeline: {
      ...view.timeline,
      segments: view.timeline.segments.filter((segment) => segment.fromCycle < view.cycle),
      ticks: view.timeline.ticks.filter((tick) => tick.cycle <= view.cycle),
    },
  };
}
