import { describe, expect, test } from 'vitest';
import { cutOperands, streamEnd, streamLines } from '../../src/figures/stream-lines.ts';
import type { BlockView, StreamRow } from '../../src/session/views.ts';
import { blockEmpty, blockTitle, changedFields, found } from '../../src/web/panels/block/model.ts';
import { consoleLines, keyBytes, textBytes } from '../../src/web/panels/consoles/model.ts';
import { exitsModel } from '../../src/web/panels/exits/model.ts';
import { phrases, plainSentence } from '../../src/web/panels/narration/model.ts';
import { registerCells } from '../../src/web/panels/processor/model.ts';
import { ringsSentence } from '../../src/web/panels/rings/model.ts';
import { changesOf, spotsOf } from '../../src/web/panels/source/model.ts';
import { zoomed } from '../../src/web/panels/timeline/window.ts';
import { positionOf, speedAt, speedPositions, speedText } from '../../src/web/panels/transport/model.ts';
import { failureView, scene, viewAt } from '../support/stage/views.ts';

const two = scene('vtx', 2);
const before = viewAt(two, 10);

test('a sentence is cut at the names of programs', () => {
  expect(phrases('to switch from *count* to *hello*.').map((p) => [p.text, p.name])).toEqual([
    ['to switch from ', false],
    ['count', true],
    [' to ', false],
    ['hello', true],
    ['.', false],
  ]);
  expect(plainSentence('2 * 3 * 4')).toBe('2 * 3 * 4');
});

describe('the stream', () => {
  test.each([6, 12, 24, 28])('fits %i rows, the current one among them', (slots) => {
    const lines = streamLines(before.stream, null, slots);
    expect(lines.length).toBeLessThanOrEqual(slots);
    expect(lines.filter((line) => line.when === 'current')).toHaveLength(1);
  });

  test('rests about three fifths down', () => {
    const lines = streamLines(before.stream, null, 20);
    const at = lines.findIndex((line) => line.when === 'current');
    expect(at / lines.length).toBeGreaterThan(0.5);
    expect(at / lines.length).toBeLessThan(0.72);
  });

  test('keeps a row’s key when it becomes current and then past', () => {
    const at = (i: number) =>
      streamLines(viewAt(two, i).stream, null, 24).find((line) => line.n === two.steps[11]!.n && line.kind === 'instruction');
    expect(at(10)?.when).toBe('future');
    expect(at(11)?.when).toBe('current');
    expect(at(12)?.when).toBe('past');
    expect(new Set([at(10)?.key, at(11)?.key, at(12)?.key]).size).toBe(1);
  });

  test('ends with what ended it', () => {
    const view = failureView(two);
    const lines = streamLines(view.stream, streamEnd(view), 24);
    expect(lines.at(-1)).toMatchObject({ kind: 'event', text: 'VM 1 shut down' });
  });

  test('names a local label when it is reached, not each time round a loop', () => {
    const row = { ...before.stream.current!, label: '.work' };
    const round = [0x10, 0x14, 0x10, 0x14, 0x10].map((address, i) => ({ ...row, address, n: i, label: address === 0x10 ? '.work' : '' }));
    const lines = streamLines({ past: round, current: { ...row, label: '', address: 0x14, n: 9 }, future: [], files: [] }, null, 20);
    expect(lines.filter((line) => line.kind === 'label')).toHaveLength(1);
  });

  describe('with brackets', () => {
    const row = { ...before.stream.current!, label: '' };
    const rows = ['', 'decode', 'decode', 'emulate', 'emulate', ''].map((goal, n) => ({ ...row, n, address: n * 4, goal }));
    const shown = (slots: number, from = rows) =>
      streamLines({ past: from.slice(0, -1), current: from.at(-1)!, future: [], files: [] }, null, slots, { goals: true });
    const marks = (line: (typeof lines)[number]) =>
      line.bracket === null ? '' : `${line.bracket.begins ? '[' : ''}${line.bracket.goal}${line.bracket.ends ? ']' : ''}`;
    const lines = shown(20);

    test('a purpose stands where its rows begin, and they end before the next', () => {
      expect(lines.map(({ kind }) => kind).join(' ')).toBe(
        'header instruction goal instruction instruction goal instruction instruction instruction',
      );
      expect(lines.map(marks)).toEqual(['', '', '[decode', 'decode', 'decode]', '[emulate', 'emulate', 'emulate]', '']);
    });

    test('a label says the purpose that begins at it', () => {
      const labelled = rows.map((one) => (one.n === 3 ? { ...one, label: 'handler' } : one));
      expect(shown(20, labelled).filter(({ kind }) => kind === 'label')).toMatchObject([{ text: 'handler:', note: 'emulate' }]);
    });

    test('the rows below the top say whose purpose they still serve', () => {
      const few = shown(4);
      expect(few[0]).toMatchObject({ kind: 'header', note: 'emulate' });
      expect(few.map(marks)).toEqual(['', 'emulate', 'emulate]', '']);
    });

    test('there are none unless they are asked for', () => {
      const plain = streamLines({ past: rows, current: null, future: [], files: [] }, null, 20);
      expect(plain.every(({ kind, bracket }) => kind !== 'goal' && bracket === null)).toBe(true);
    });
  });

  test('gives two events of one step keys of their own', () => {
    const event = { kind: 'event', n: 5, who: before.who, text: 'VM exit', note: '' } as const;
    const lines = streamLines({ past: [event, event], current: before.stream.current, future: [], files: [] }, null, 20);
    expect(new Set(lines.map((line) => line.key)).size).toBe(lines.length);
  });

  test('underlines what the current instruction touches, whole words only', () => {
    expect(cutOperands('eax, [ecx+eaxx*4]', ['eax']).map((p) => [p.text, p.touched])).toEqual([
      ['eax', true],
      [', [ecx+eaxx*4]', false],
    ]);
  });
});

describe('the exits', () => {
  test('show the newest in detail until another is chosen', () => {
    const inside = viewAt(two, 20).exits;
    const order = [30, 28, 0, 1, 12, 10];
    expect(exitsModel(inside, order, null).detail?.index).toBe(413);
    const before = inside.latest.find(({ index }) => index === 412)!;
    expect(exitsModel(inside, order, before.n).detail?.index).toBe(412);
    expect(exitsModel(inside, order, 1).detail?.index).toBe(413);
    const old = { ...before, index: 3, n: 30 };
    expect(exitsModel({ ...inside, chosen: old }, order, 30).detail?.index).toBe(3);
    expect(exitsModel({ ...inside, chosen: old }, order, null).detail?.index).toBe(413);
  });

  test('say when the order of the rows is no longer that of the counts', () => {
    expect(exitsModel(before.exits, [30, 28, 0, 1, 12, 10], null).stale).toBe(false);
    expect(exitsModel(before.exits, [28, 30, 0, 1, 12, 10], null).stale).toBe(true);
  });

  test('add up the cycles that there are so far', () => {
    const detail = exitsModel(viewAt(two, 20).exits, [28], null).detail!;
    expect(detail.parts.map((p) => p.name)).toEqual(['exit', 'handler']);
    expect(detail.cycles).toContain('so far');
  });
});

test('registers: the ones every step is about come first, selectors have four digits', () => {
  const few = registerCells(before.registers, false);
  expect(few.cells.slice(0, 4).map((c) => c.name)).toEqual(['EAX', 'EBX', 'ECX', 'EDX']);
  expect(few.hidden).toBe(before.registers.length - few.cells.length);
  const all = registerCells(before.registers, true);
  expect(all.cells.find((c) => c.name === 'CS')?.value).toBe('0008');
});

test('the rings as a sentence', () => {
  expect(ringsSentence(before)).toBe('The processor is in VM 1, ring 0, at C0101A55; next: VM exit 28 to ring −1. VM 2 halted in ring 0.');
  expect(ringsSentence(failureView(two))).toContain('shut down');
});

test('a console acts upon its control characters', () => {
  expect(consoleLines('ab\b\bcd\r\nx\ty')).toEqual(['cd', 'x       y']);
  expect(keyBytes('Enter', false)).toEqual([13]);
  expect(keyBytes('c', true)).toEqual([3]);
  expect(keyBytes('e', false)).toBeNull();
  expect(textBytes('ls é')).toEqual([108, 115, 32]);
});

test('speeds are logarithmic, from one step a second to as fast as it goes', () => {
  expect(speedAt(0)).toBe(1);
  expect(speedText(speedAt(0))).toBe('1 step/s');
  expect(speedAt(speedPositions)).toBe(Number.POSITIVE_INFINITY);
  const speeds = Array.from({ length: speedPositions }, (_, i) => speedAt(i));
  expect([...speeds].sort((a, b) => a - b)).toEqual(speeds);
  for (const speed of [4, 30, 1000]) expect(Math.abs(Math.log10(speedAt(positionOf(speed)) / speed))).toBeLessThan(0.1);
});

test('zooming keeps the cycle under the pointer', () => {
  const { timeline } = before;
  const around = timeline.window.from + 9000;
  const next = zoomed(timeline, 0.5, around);
  const share = (w: { from: number; to: number }) => (around - w.from) / (w.to - w.from);
  expect(share(next)).toBeCloseTo(share(timeline.window), 2);
});

describe('the VMCS panel', () => {
  const field = (id: string, value: string, meaning = '') => ({
    id,
    name: `field ${id}`,
    value,
    meaning,
    about: 'of no use',
    refused: false,
  });
  const block = (address: number, ...fields: ReturnType<typeof field>[]): BlockView => ({
    kind: 'VMCS',
    vm: 1,
    owner: 'VM 1',
    address,
    state: 'launched',
    refusal: '',
    groups: [{ title: 'Guest state', when: 'saved at a VM exit', fields }],
    checks: [],
  });

  test('marks what a step changed, and nothing of another VM’s block', () => {
    const before = block(0x1000, field('6800h', '1'), field('6802h', '2'));
    expect([...changedFields(before, block(0x1000, field('6800h', '1'), field('6802h', '3')))]).toEqual(['6802h']);
    expect(changedFields(before, block(0x2000, field('6800h', '9'))).size).toBe(0);
    expect(changedFields(null, before).size).toBe(0);
  });

  test('finds a field by number, name, value or meaning, all words of it', () => {
    const one = field('4002h', '8401E172', 'HLT exiting, CR3-load exiting');
    for (const sought of ['', '4002', 'FIELD', 'e172', 'cr3-load', 'hlt cr3']) expect(found(one, sought)).toBe(true);
    expect(found(one, 'no use')).toBe(false);
    expect(found(one, 'no use', true)).toBe(true);
    expect(found(one, 'hlt invlpg')).toBe(false);
  });

  test('says why there is none', () => {
    expect(blockEmpty('VMCS')).toContain('VMPTRLD');
    expect(blockEmpty('VMCB')).toContain('VMRUN');
    expect(blockEmpty(null)).toContain('Nobody uses');
    expect(blockTitle(block(0))).toBe('VMCS of VM 1, at');
  });
});

describe('the source panel', () => {
  const files = [
    { path: 'duet/boot.inc', text: 'a', image: 'duet/duet.asm' },
    { path: 'vmm/lib/boot.inc', text: 'b', image: 'vmm/vtx/vtx.asm' },
  ];

  test('errors belong to their file, with or without the folder of the sources', () => {
    const error = { file: 'src/guest/duet/boot.inc', line: 3, column: 1, message: 'no such instruction', hint: '' };
    expect(spotsOf([error], 'duet/boot.inc')).toEqual([error]);
    expect(spotsOf([error], 'boot.inc')).toEqual([error]);
    expect(spotsOf([error], 'vmm/lib/boot.inc')).toEqual([]);
  });

  test('only what differs is a change', () => {
    expect(changesOf(files, { 'duet/boot.inc': 'a', 'vmm/lib/boot.inc': 'c' })).toEqual({ 'vmm/lib/boot.inc': 'c' });
  });
});

describe('folds', () => {
  const row = { ...before.stream.current!, label: '', goal: '' };
  const at = (address: number, n: number, mnemonic = 'nop') => ({ ...row, address, n, mnemonic, operands: '', bytes: '90 90 90 90' });
  const loop = (rounds: number, from = 0) => Array.from({ length: rounds * 2 }, (_, i) => at(i % 2 === 0 ? 0x10 : 0x14, from + i));
  const shown = (past: readonly StreamRow[], current = at(0x40, 99), future: readonly StreamRow[] = [], open: readonly string[] = []) =>
    streamLines({ past, current, future, files: [] }, null, 40, { open: new Set(open) }).filter(({ kind }) => kind !== 'header');
  const words = (lines: ReturnType<typeof shown>) =>
    lines.map((line) => (line.kind === 'instruction' ? line.n : 'text' in line && line.text));

  test('of a loop the last round stays; of one that comes, the first', () => {
    expect(words(shown([at(0, 0), ...loop(5, 1), at(0x18, 11)]))).toEqual([0, '8 instructions more, 4 times round', 9, 10, 11, 99]);
    expect(words(shown([], at(0, 0), [...loop(5, 1), at(0x18, 11)]))).toEqual([0, 1, 2, '8 instructions more, 4 times round', 11]);
    expect(words(shown(loop(2)))).toEqual([0, 1, 2, 3, 99]);
  });

  test('where the beginning is no longer known, a round still begins at its lowest address', () => {
    expect(words(shown(loop(6).slice(1), at(0x10, 12)))).toEqual(['at least 9 instructions more, 4 times round', 10, 11, 12]);
  });

  test('rounds that are not all known are the least there were, or will be', () => {
    expect(words(shown(loop(6, 500), at(0x10, 512)))).toEqual(['at least 10 instructions more, 5 times round', 510, 511, 512]);
    expect(words(shown(loop(6), at(0x10, 12)))).toEqual(['10 instructions more, 5 times round', 10, 11, 12]);
    expect(words(shown([], at(0, 0), loop(5, 1)))).toEqual([0, 1, 2, 'at least 8 instructions more, 4 times round']);
  });

  test('rows with an event among them stay', () => {
    const event = { kind: 'event', n: 4, who: row.who, text: 'VM exit', note: '' } as const;
    expect(words(shown([...loop(2), event, ...loop(2, 4)]))).toEqual([0, 1, 2, 3, 'VM exit', 4, 5, 6, 7, 99]);
  });

  test('what was called folds when it has come back to behind the call', () => {
    const call = { ...at(0x100, 0, 'call'), operands: 'walk' };
    const body = Array.from({ length: 9 }, (_, i) => at(0x200 + 4 * i, 1 + i, i === 8 ? 'ret' : 'nop'));
    expect(words(shown([call, ...body], at(0x104, 10)))).toEqual([0, '9 instructions more in walk', 10]);
    expect(words(shown([call, ...body], at(0x300, 10))).length).toBe(11);
    expect(words(shown([call, ...body.slice(0, 8)], at(0x220, 9))).length).toBe(10);
  });

  test('an open fold lies between its rows and now, where it can be folded again', () => {
    const lines = shown([...loop(4), at(0x18, 8)], undefined, [], [`${row.who.vm} ${0x10}`]);
    expect(words(lines)).toEqual([0, 1, 2, 3, 4, 5, 'fold again', 6, 7, 8, 99]);
    expect(lines[6]).toMatchObject({ kind: 'fold', fold: { isOpen: true } });
  });
});
