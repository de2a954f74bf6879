import { say } from '../../lib/say.ts';
import type { QuestionView, StageView, TimelineView } from '../../session/views.ts';
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
    timeline: pastOf(view.timeline, view),
    ...(view.block && { block: { ...view.block, checks: [] } }),
  };
}

/** As if the run had come no further: where it went on from here is drawn once it has been seen. */
function pastOf(timeline: TimelineView, { n, cycle }: StageView): TimelineView {
  const { segments, ticks, overview, reachedCycle } = timeline;
  const slice = Math.max(1, reachedCycle) / overview.length;
  return {
    ...timeline,
    segments: segments.filter(({ fromCycle }) => fromCycle < cycle).map((one) => ({ ...one, toCycle: Math.min(one.toCycle, cycle) })),
    ticks: ticks.filter((tick) => tick.n <= n),
    overview: overview.map((shares, i) => ((i + 1) * slice <= cycle ? shares : NOBODY)),
  };
}

const NOBODY = [0, 0, 0] as const;
