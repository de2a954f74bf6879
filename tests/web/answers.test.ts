/** Answers that are pointed at in the ring diagram. */
import { expect, test } from 'vitest';
import { ringsFigure } from '../../src/figures/rings.ts';
import { cellPath, cellsOf } from '../../src/figures/rings-cells.ts';
import { planRings } from '../../src/figures/rings-plan.ts';
import { walkTree } from '../../src/figures/tree.ts';
import { findLesson } from '../../src/lessons/catalog.ts';
import { lessonMachine } from '../../src/lessons/lesson.ts';
import { Session } from '../../src/session/session.ts';
import type { QuestionView, RingsView } from '../../src/session/views.ts';
import { answerPlaces, nextAnswer, placeOf } from '../../src/web/panels/rings/answers.ts';

const SIZE = { width: 420, height: 400 };

/** The view of the first page of a lesson that asks who runs next, and the question. */
function asked(id: string): { readonly rings: RingsView; readonly question: QuestionView } {
  const lesson = findLesson(id)!;
  const session = Session.open(lessonMachine(lesson));
  for (const { place, predict, change } of lesson.pages) {
    if (place !== null && place !== 'start') for (const _ of session.toPlace(place));
    const { rings, question } = session.view(false, predict);
    if (question?.kind === 'who' && !change) return { rings, question };
  }
  throw new Error(`${id} asks nobody who runs next`);
}

test.each(['who-owns-cr3', 'forbidden', 'below-the-one-below'])('in %s every option that is a place has one in the diagram', (lesson) => {
  const { question, rings } = asked(lesson);
  const places = answerPlaces(question.options, rings, SIZE);
  const placed = question.options.filter(({ hot }) => hot !== null);
  expect(
    places
      .flatMap(({ options }) => options)
      .map(({ id }) => id)
      .sort(),
  ).toEqual(placed.map(({ id }) => id).sort());
});

test('the core and the rings have the outlines that the diagram draws', () => {
  const { rings } = asked('who-owns-cr3');
  const plan = planRings(rings, SIZE);
  const drawn = [...walkTree(ringsFigure(rings, { ...SIZE, n: 0 }))].filter(({ attributes }) =>
    String(attributes.class).startsWith('cell'),
  );
  for (const vm of rings.vms)
    for (const ring of ['3', '0'] as const)
      expect(drawn.map(({ attributes }) => attributes.d)).toContain(cellPath(plan, { vm: vm.vm, ring }));
  const core = drawn.find(({ tag }) => tag === 'circle')!.attributes;
  expect(cellPath(plan, { vm: 0, ring: 'm' })).toContain(`a${core.r} ${core.r} `);
});

test('two options of one place are chosen in turn', () => {
  const { question, rings } = asked('who-owns-cr3');
  const both = answerPlaces(question.options, rings, SIZE).find(({ options }) => options.length > 1)!;
  const [one, two] = both.options;
  expect(nextAnswer(both, null)).toBe(one);
  expect(nextAnswer(both, one!.id)).toBe(two);
  expect(nextAnswer(both, two!.id)).toBe(one);
});

test.each(['who-owns-cr3', 'forbidden', 'below-the-one-below'])(
  'in %s a ring answers what is drawn there, and its machine where only that is',
  (lesson) => {
    const { question, rings } = asked(lesson);
    const plan = planRings(rings, SIZE);
    const places = answerPlaces(question.options, rings, SIZE);
    const meant = new Set(cellsOf(plan).map((cell) => placeOf(places, plan, cell)));
    meant.delete(null);
    expect([...meant].map((place) => place!.path).sort()).toEqual(places.map(({ path }) => path).sort());
    for (const cell of cellsOf(plan)) {
      const place = placeOf(places, plan, cell);
      expect(place === null || place.path === cellPath(plan, cell) || place.whole === cell.vm).toBe(true);
    }
  },
);
