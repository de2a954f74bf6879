/** All lessons, in the order of the gallery, and the glossary. */
import type { Lesson } from './lesson.ts';
import { parseLesson } from './parse.ts';
import alwaysRunning from './text/always-running.md?raw';
import amdsWay from './text/amds-way.md?raw';
import article from './text/article.md?raw';
import askingInstead from './text/asking-instead.md?raw';
import asks from './text/asks.md?raw';
import belowTheOneBelow from './text/below-the-one-below.md?raw';
import clock from './text/clock.md?raw';
import diskFile from './text/disk-file.md?raw';
import fastWay from './text/fast-way.md?raw';
import firstExit from './text/first-exit.md?raw';
import forbidden from './text/forbidden.md?raw';
import hostileGuest from './text/hostile-guest.md?raw';
import ownPort from './text/own-port.md?raw';
import peers from './text/peers.md?raw';
import rewritingCosts from './text/rewriting-costs.md?raw';
import rewritten from './text/rewritten.md?raw';
import ring1 from './text/ring-1.md?raw';
import sensitive from './text/sensitive.md?raw';
import slipThrough from './text/slip-through.md?raw';
import switchingItOn from './text/switching-it-on.md?raw';
import twoDimensions from './text/two-dimensions.md?raw';
import twoKernels from './text/two-kernels.md?raw';
import unusedRings from './text/unused-rings.md?raw';
import whatExits from './text/what-exits.md?raw';
import whatItCosts from './text/what-it-costs.md?raw';
import whoOwnsCr3 from './text/who-owns-cr3.md?raw';
import whosePage from './text/whose-page.md?raw';
import whoseTables from './text/whose-tables.md?raw';
import whoseTick from './text/whose-tick.md?raw';

const TEXTS: readonly (readonly [id: string, text: string])[] = [
  ['forbidden', forbidden],
  ['asks', asks],
  ['fast-way', fastWay],
  ['clock', clock],
  ['whose-page', whosePage],
  ['own-port', ownPort],
  ['unused-rings', unusedRings],
  ['peers', peers],
  ['ring-1', ring1],
  ['slip-through', slipThrough],
  ['sensitive', sensitive],
  ['whose-tables', whoseTables],
  ['rewritten', rewritten],
  ['rewriting-costs', rewritingCosts],
  ['asking-instead', askingInstead],
  ['switching-it-on', switchingItOn],
  ['first-exit', firstExit],
  ['what-exits', whatExits],
  ['who-owns-cr3', whoOwnsCr3],
  ['two-dimensions', twoDimensions],
  ['disk-file', diskFile],
  ['whose-tick', whoseTick],
  ['two-kernels', twoKernels],
  ['hostile-guest', hostileGuest],
  ['amds-way', amdsWay],
  ['what-it-costs', whatItCosts],
  ['below-the-one-below', belowTheOneBelow],
  ['always-running', alwaysRunning],
  ['article', article],
];

let parsed: readonly Lesson[] | undefined;

export function lessons(): readonly Lesson[] {
  parsed ??= TEXTS.map(([id, text]) => parseLesson(id, text));
  return parsed;
}

export function findLesson(id: string): Lesson | undefined {
  return lessons().find((lesson) => lesson.id === id);
}

export function lessonsByPart(): readonly { readonly part: string; readonly lessons: readonly Lesson[] }[] {
  const parts = [...new Set(lessons().map(({ part }) => part))];
  return parts.map((part) => ({ part, lessons: lessons().filter((lesson) => lesson.part === part) }));
}
