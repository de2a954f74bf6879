import type { StageView } from '../../session/views.ts';
import { isWorthAsking, type Question, question, withoutFuture } from '../panels/predict/question.ts';
import type { Outcome } from './store.ts';

/** What is shown of a view, and what is asked there. */
export interface Presented {
  readonly view: StageView;
  readonly asking: Question | null;
  readonly chosen: string | null;
  readonly outcome: Outcome | null;
}

/** Asks questions: hides what comes where one is due, and remembers what was answered until the answer is seen. */
export class Predicting {
  private pending: Outcome | null = null;
  private whole: StageView | null = null;

  /** @param due whether a question is wanted wherever one is worth it; `must` asks wherever one can be asked */
  present(view: StageView, due: boolean, must: boolean): Presented {
    this.whole = view;
    const outcome = this.pending !== null && view.n === this.pending.question.n + 1 ? this.pending : null;
    this.pending = null;
    const asking = must || (due && isWorthAsking(view)) ? question(view) : null;
    return { view: asking ? withoutFuture(view) : view, asking, chosen: null, outcome };
  }

  /** The same view again, for a reader who has switched questions on or off. */
  again(due: boolean): Presented | null {
    return this.whole ? this.present(this.whole, due, false) : null;
  }

  /** The step that answers is under way. */
  answer(asked: Question, chosen: string | null): void {
    this.pending = { question: asked, chosen };
  }
}
