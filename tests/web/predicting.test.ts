/** Where a question is asked, nothing on the page may answer it. */
import { expect, test } from 'vitest';
import { timelineFigure } from '../../src/figures/timeline.ts';
import { walkTree } from '../../src/figures/tree.ts';
import { Session } from '../../src/session/session.ts';
import { Predicting } from '../../src/web/store/predicting.ts';

/** Right before the third VM exit of a run that has been to its end. */
function before(): Session {
  const session = Session.open({ scenario: 'first-exit' });
  session.run(Number.POSITIVE_INFINITY);
  session.seek(session.log.stepOf(session.log.exits[2]) - 1);
  return session;
}

test('the timeline ends where the question is asked', () => {
  const session = before();
  const view = session.view(false, { kind: 'who', misconception: '' });
  const { timeline } = new Predicting().present(view, null).view;
  expect(view.timeline.ticks.some(({ n }) => n > view.n)).toBe(true);
  expect(timeline.ticks.length).toBe(2);
  expect(Math.max(...timeline.segments.map(({ toCycle }) => toCycle))).toBeLessThanOrEqual(view.cycle);
  const slice = timeline.reachedCycle / timeline.overview.length;
  const shown = timeline.overview.findLastIndex((shares) => shares.some((share) => share > 0));
  expect((shown + 1) * slice).toBeLessThanOrEqual(view.cycle);
  expect((shown + 3) * slice).toBeGreaterThan(view.cycle);
});

test('an exit has no tick before it has come', () => {
  const session = before();
  const ticks = () => {
    const { timeline, n, cycle } = session.view();
    const figure = timelineFigure(timeline, { width: 900, compact: false, n, cycle, at: null });
    return [...walkTree(figure)].filter(({ attributes }) => String(attributes.class).startsWith('xt ')).length;
  };
  expect(ticks()).toBe(2);
  session.step(1);
  expect(ticks()).toBe(3);
});
