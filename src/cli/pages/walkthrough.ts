/** What a page without JavaScript tells of a scenario: where it opens, and some steps from there. */
import { illustration } from '../../figures/illustration.ts';
import { whoText } from '../../figures/words.ts';
import { guestFiles } from '../../session/guests.ts';
import type { Scenario } from '../../session/scenarios.ts';
import { Session } from '../../session/session.ts';
import type { StageView } from '../../session/views.ts';

const STEPS = 24;

export interface TaleRow {
  readonly n: number;
  readonly who: string;
  /** Empty where no instruction is next. */
  readonly instruction: string;
  readonly source: string;
  readonly sentence: string;
}

export interface Walkthrough {
  readonly scenario: Scenario;
  /** The step at which it opens. */
  readonly n: number;
  readonly posters: { readonly light: string; readonly dark: string };
  readonly rows: readonly TaleRow[];
  /** The file that the image is assembled from. */
  readonly program: { readonly path: string; readonly text: string };
}

const plain = (sentence: string): string => sentence.replace(/\*([^*\s][^*]*)\*/g, '$1');

function rowOf({ n, who, stream: { current }, sentence }: StageView): TaleRow {
  return {
    n,
    who: whoText(who),
    instruction: current === null ? '' : `${current.mnemonic} ${current.operands}`.trim(),
    source: current?.source ?? '',
    sentence: plain(sentence),
  };
}

/** @param link where a step can be stepped through */
export function walkthrough(scenario: Scenario, link: (n: number) => string): Walkthrough {
  const session = Session.open({ scenario: scenario.id });
  for (const _ of session.opening());
  const opening = session.view();
  const drawn = { title: scenario.title, panel: 'rings', link: link(opening.n) } as const;
  const rows = [rowOf(opening)];
  while (rows.length < STEPS && !session.ended) {
    session.step();
    rows.push(rowOf(session.view()));
  }
  return {
    scenario,
    n: opening.n,
    posters: { light: illustration(opening, { ...drawn, theme: 'light' }), dark: illustration(opening, { ...drawn, theme: 'dark' }) },
    rows,
    program: { path: scenario.source, text: guestFiles().text(scenario.source) ?? '' },
  };
}
