/** The purposes that a source names, on the rows of the instruction stream that serve them. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { MapLine } from '../../src/asm/debug-map.ts';
import { MapIndex } from '../../src/asm/index.ts';
import { guestFiles, guestImage } from '../../src/session/guests.ts';
import { MONITORS } from '../../src/session/monitors.ts';
import { PORTS } from '../../src/session/ports.ts';
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

const images = new Set([...Object.values(MONITORS), ...SCENARIOS].map(({ source }) => source).concat(Object.values(PORTS)));
const NEVER_GOES_ON = /^(?:[\w.]+:)?\s*(?:align|jmp|ret|iret|ud2)\b/;
const BRANCH = /^(?:[\w.]+:)?\s*(?:j\w+|loop\w*)\s+([\w.]+)/;

describe.each([...images])('in %s', (path) => {
  const { map } = guestImage(path);
  const index = new MapIndex(map);
  const textOf = ({ file, line }: MapLine) => guestFiles().text(map.files[file]!)!.split('\n')[line - 1]!;
  const instructions = map.sections.map(({ spans }) => spans.filter(({ kind }) => kind === 'instruction'));

  test('no purpose is cut short by a label that its code runs on into', () => {
    const cut = instructions.flatMap((spans) =>
      spans.flatMap((span, i) => {
        const next = spans[i + 1];
        if (next?.address !== span.address + span.length || NEVER_GOES_ON.test(textOf(span))) return [];
        const [here, there] = [index.at(span.address)!, index.at(next.address)!];
        const goesOn = here.role === there.role && here.function !== there.function;
        return goesOn && here.goal !== '' && there.goal === '' ? [`${here.source}: ${here.goal}`] : [];
      }),
    );
    expect(cut).toEqual([]);
  });

  test('no purpose goes on at a label that is reached from before it', () => {
    const begin = new Set(map.goals.map(({ address }) => address));
    const labels = new Map(map.sections.flatMap((section) => section.labels.map(({ name, address }) => [name, address] as const)));
    const wrong = instructions.flat().flatMap((span) => {
      const here = index.at(span.address)!;
      const name = BRANCH.exec(textOf(span))?.[1] ?? '';
      const target = labels.get(name.startsWith('.') ? here.function + name : name) ?? 0;
      if (target <= span.address || begin.has(target)) return [];
      const there = index.at(target)!;
      return there.goal === '' || there.goal === here.goal ? [] : [`${here.source}, to ${there.source}: ${there.goal}`];
    });
    expect(wrong).toEqual([]);
  });
});
