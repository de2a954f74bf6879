/** Questions in the making. */
import { told } from '../../lib/say.ts';
import type { OptionView, QuestionView } from '../views.ts';
import { MISCONCEPTIONS, type MisconceptionId } from './misconceptions.ts';

/** An answer that one could give. */
export interface Choice {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly hot?: OptionView['hot'];
  readonly badge?: string;
  /** What one believes who chooses it in error. */
  readonly belief: MisconceptionId;
}

export interface Draft extends Omit<QuestionView, 'n'> {
  /** How much it shows, from 1; of 0 only when it is asked for. */
  readonly telling: number;
}

const OPTIONS = 4;

/**
 * Four options, the right one among them, in the order in which `choices` has them; null when there are not so many.
 *
 * @param choices each false but for the answer
 * @param ranked ids of those to take first
 * @param wanted a misconception whose option is to be there
 */
export function options(
  choices: readonly Choice[],
  answer: string,
  wanted: string,
  ranked: readonly string[] = [],
): readonly OptionView[] | null {
  const rank = (choice: Choice): number => {
    if (choice.id === answer) return -2;
    if (choice.belief === wanted) return -1;
    const at = ranked.indexOf(choice.id);
    return at < 0 ? ranked.length + choices.indexOf(choice) : at;
  };
  const unique = choices.filter((choice, i) => choices.findIndex(({ id }) => id === choice.id) === i);
  const four = [...unique].sort((a, b) => rank(a) - rank(b)).slice(0, OPTIONS);
  if (four.length < OPTIONS || four[0]?.id !== answer) return null;
  return unique.filter((choice) => four.includes(choice)).map((choice) => optionOf(choice, answer));
}

function optionOf({ id, title, note, hot = null, badge = '', belief }: Choice, answer: string): OptionView {
  const right = id === answer;
  return { id, title, note, hot, badge, misconception: right ? '' : belief, wrong: right ? '' : told(MISCONCEPTIONS[belief].wrong) };
}
