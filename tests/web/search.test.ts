/** What readers type into the gallery, and what they find. */
import { expect, test } from 'vitest';
import { lessons } from '../../src/lessons/catalog.ts';
import { findLessons } from '../../src/web/panels/lesson/search.ts';

const find = (sought: string) => {
  const { lessons: found, instead } = findLessons(lessons(), sought);
  return { titles: found.map(({ title }) => title), instead };
};

test.each(['ring -1', 'ring −1', 'Ring-1', 'ring –1'])('%s is the part of that name, whatever the dash is', (sought) => {
  const { titles } = find(sought);
  expect(titles).toEqual(
    lessons()
      .filter(({ part }) => part === 'Ring −1')
      .map(({ title }) => title),
  );
  expect(titles.length).toBeGreaterThan(5);
});

test('ring 1 is not ring −1', () => {
  const { titles } = find('ring 1');
  expect(titles).toContain('Moved to ring 1');
  expect(titles).not.toContain('Who owns CR3');
});

test.each([
  ['cr3', 'Who owns CR3'],
  ['vm exit', 'The first exit'],
  ['vmexit', 'The first exit'],
  ['page fault', 'Whose page is it?'],
  ['pagefault', 'Whose page is it?'],
  ['mov cr3', 'The first exit'],
  ['ept', 'A walk in two dimensions'],
  ['syscall', 'A program asks its kernel'],
])('%s finds %s', (sought, title) => {
  const { titles, instead } = find(sought);
  expect(titles).toContain(title);
  expect(titles.length).toBeLessThan(10);
  expect(instead).toBe('');
});

test.each([
  ['intrrupt', 'interrupt'],
  ['hypervizor', 'hypervisor'],
  ['privledge', 'privilege'],
  ['virtualisation', 'virtualization'],
])('%s is taken for %s, and that is said', (sought, meant) => {
  const { titles, instead } = find(sought);
  expect(instead).toBe(meant);
  expect(titles).toEqual(find(meant).titles);
  expect(titles.length).toBeGreaterThan(0);
});

test('nothing is found where nothing is near, and everything where nothing is sought', () => {
  expect(find('zzzz')).toEqual({ titles: [], instead: '' });
  for (const nothing of ['', '  ', '-']) expect(find(nothing).titles).toHaveLength(lessons().length);
});
