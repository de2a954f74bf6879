/** What the gallery shows of a lesson beside its words. */
import { expect, test } from 'vitest';
import { findLesson, lessons } from '../../src/lessons/catalog.ts';
import { SCENARIOS, scenarioView } from '../../src/session/scenarios.ts';
import { openingOf } from '../../src/web/panels/lesson/opening.ts';

const scenarios = SCENARIOS.map(scenarioView);
const opening = (id: string) => {
  const lesson = findLesson(id)!;
  return openingOf(
    lesson,
    scenarios.find((scenario) => scenario.id === lesson.scenario),
  );
};

test.each([
  ['forbidden', { kind: 'bare', vms: 1, hot: { vm: 1, ring: '3' }, note: 'Bare metal · 7 pages' }],
  ['ring-1', { kind: 'ring0', vms: 2, hot: { vm: 1, ring: '1' }, note: 'Trap and emulate · 7 pages' }],
  ['rewriting-costs', { kind: 'ring0', vms: 2, hot: { vm: 1, ring: '1' }, note: 'Translation · 7 pages' }],
  ['first-exit', { kind: 'vmx', vms: 1, hot: { vm: 1, ring: '0' }, note: 'VT-x · 8 pages' }],
  ['two-dimensions', { kind: 'vmx', vms: 2, hot: { vm: 1, ring: 'm' }, note: 'VT-x · Nested paging · 5 pages' }],
  ['amds-way', { kind: 'vmx', vms: 2, hot: { vm: 1, ring: '0' }, note: 'AMD-V · 5 pages' }],
])('%s begins where its first claim of a ring says, on its machine', (id, expected) => {
  expect(opening(id)).toEqual(expected);
});

test('ring 0 of a machine that has no hypervisor yet is no cell of a guest', () => {
  expect(opening('switching-it-on').hot).toEqual({ vm: 1, ring: 'm' });
});

test('each lesson says on what it runs', () => {
  for (const { id } of lessons()) expect(opening(id).note).toMatch(/^\S.* · \d+ pages$/);
});
