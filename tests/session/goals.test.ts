/** The purposes that a source names, on the rows of the instruction stream that serve them. */
import { beforeAll, expect, test } from 'vitest';
import { MapIndex } from '../../src/asm/index.ts';
import { guestFiles, guestImage } from '../../src/session/guests.ts';
import { MONITORS } from '../../src/session/monitors.ts';
import { SCENARIOS } from '../../src/session/scenarios.ts';
import type { StreamInstruction } from '../../src/session/views.ts';
import { opened } from './support/sessions.ts';

/** The instructions from the first exit for a control register to the entry after it. */
function handlerOfCr3(): readonly StreamInstruction[] {
  const session = opened({ scenario: 'two-kernels', vmm: 'vtx' });
  const isAtExit = () => {
    const event = session.view().stream.past.at(-1);
    return event?.kind === 'event' && event.note.startsWith('reason 28');
  };
  for (let k = 0; k < 100 && !isAtExit(); k++) for (const _ of session.nextEvent());
  const rows: StreamInstruction[] = [];
  for (let k = 0; k < 400 && session.view().who.vm === 0; k++) {
    const { current } = session.view().stream;
    if (current !== null) rows.push(current);
    session.step();
  }
  return rows;
}

let handler: readonly StreamInstruction[];
beforeAll(() => {
  handler = handlerOfCr3();
}, 60_000);

/** What the source says above a line, back to the label that is not local. */
function saidAbove(source: string): string {
  const [file, line] = source.split(':');
  const lines = (guestFiles().text(`vmm/vtx/${file}`) ?? '').split('\n').slice(0, Number(line));
  for (const text of lines.reverse()) {
    if (text.startsWith(';@ goal ')) return text.slice(8);
    if (/^\w+:/.test(text)) return '';
  }
  return '';
}

test('each row of the exit handler has the purpose that its source names above it', () => {
  const rows = handler.filter(({ source }) => /^(exits|cr)\.inc:/.test(source));
  expect(rows.length).toBeGreaterThan(12);
  for (const { source, goal } of rows) expect(`${source} ${goal}`).toBe(`${source} ${saidAbove(source)}`);
});

test('they follow each other as the handler goes on', () => {
  const goals = handler.map(({ goal }) => goal);
  const runs = goals.filter((goal, i) => goal !== '' && goal !== goals[i - 1]);
  expect(runs.slice(0, 2)).toEqual(['why did the guest leave?', 'which register, from which?']);
  expect(runs.at(-1)).toBe('back into the guest');
});

test('a purpose ends with its function, also where the next begins with a macro', () => {
  const index = new MapIndex(guestImage('minim/minim.asm').map);
  const goalOf = (name: string) => index.at(index.symbol(name)!.value)?.goal;
  expect(goalOf('dispatch')).toBe('what does the program ask?');
  expect(goalOf('tick')).toBe('');
});

test('a row without a purpose in its source has none', () => {
  expect(handler.some(({ goal }) => goal === '')).toBe(true);
});

const images = new Set([...Object.values(MONITORS), ...SCENARIOS].map(({ source }) => source));
const NEVER_GOES_ON = /^(?:[\w.]+:)?\s*(?:align|jmp|ret|iret|ud2)\b/;

test.each([...images])('no purpose in %s is cut short by a label that its code runs on into', (path) => {
  const { map } = guestImage(path);
  const index = new MapIndex(map);
  const textOf = ({ file, line }: { file: number; line: number }) => guestFiles().text(map.files[file]!)!.split('\n')[line - 1]!;
  const cut = map.sections.flatMap(({ spans }) =>
    spans.flatMap((span, i) => {
      const next = spans[i + 1];
      if (span.kind !== 'instruction' || next?.kind !== 'instruction' || NEVER_GOES_ON.test(textOf(span))) return [];
      const [here, there] = [index.at(span.address)!, index.at(next.address)!];
      const goesOn = here.role === there.role && here.function !== there.function;
      return goesOn && here.goal !== '' && there.goal === '' ? [`${here.source}: ${here.goal}`] : [];
    }),
  );
  expect(cut).toEqual([]);
});
