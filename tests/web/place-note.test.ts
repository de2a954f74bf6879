import { expect, test } from 'vitest';
import { notePlace } from '../../src/web/ui/place-note.ts';

const room = { width: 320, height: 480 };
const note = { width: 200, height: 60 };
const word = (left: number, top: number) => ({ left, top, width: 50, height: 20 });

test.each([
  ['below its word', word(40, 100), { left: 40, top: 120 }],
  ['not beyond the right edge', word(260, 100), { left: 112, top: 120 }],
  ['nor the left one', word(-30, 100), { left: 8, top: 120 }],
  ['above, where there is no room below', word(40, 420), { left: 40, top: 360 }],
])('a note is %s', (_, at, place) => {
  expect(notePlace(at, note, room)).toEqual(place);
});

test('a note higher than what is above or below stays in the window', () => {
  expect(notePlace(word(40, 240), { width: 200, height: 400 }, room)).toEqual({ left: 40, top: 72 });
});
