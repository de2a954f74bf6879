import { describe, expect, test } from 'vitest';
import { drawnEntry, drawnTexts } from '../../src/figures/descriptors.ts';
import { diskFigure } from '../../src/figures/disk.ts';
import { walkTree } from '../../src/figures/tree.ts';
import { speak } from '../../src/lib/say.ts';
import type { MemoryView } from '../../src/session/views.ts';
import { dumpRows } from '../../src/web/panels/memory/model.ts';
import { readAddress } from '../../src/web/ui/read-address.ts';

describe('an entry as it is drawn', () => {
  test.each([
    ['segment', 0x0000ffff, 0x00cf9a00],
    ['system', 0x02340067, 0xc0008b10],
    ['gate', 0x000802d0, 0xc010ee00],
    ['vector', 0xf000e2c3, 0],
  ] as const)('%s: its fields make up the entry again', (kind, low, high) => {
    const words = drawnEntry(kind, low, high);
    expect(words.map(({ value }) => value)).toEqual(kind === 'vector' ? [low] : [high, low]);
    for (const { value, fields } of words) {
      const whole = fields.reduce((sum, field) => {
        const shift = Number(field.bits.split(':').at(-1));
        const radix = field.value.endsWith('h') ? 16 : 10;
        return sum + Number.parseInt(field.value, radix) * 2 ** shift;
      }, 0);
      expect(whole).toBe(value);
    }
  });

  test('every meaning is told in the language of the page', () => {
    const texts = () =>
      (['segment', 'gate', 'vector'] as const).flatMap((kind) =>
        drawnEntry(kind, 0, 0).flatMap(({ fields }) => fields.map(({ text }) => text)),
      );
    expect(texts()).toEqual(expect.arrayContaining(['base 31:24', 'DPL: descriptor privilege level', 'segment selector']));
    speak(Object.fromEntries(drawnTexts().map((text) => [text, `«${text}»`])));
    try {
      for (const text of texts()) expect(text).toMatch(/^(\S+: )?«.+»$/);
    } finally {
      speak(null);
    }
  });
});

const VIEW: MemoryView = {
  part: 'memory',
  space: 'linear',
  address: 0x1000,
  physical: 0x1000,
  bytes: [0x41, 0x00, -1, ...Array.from({ length: 29 }, (_, k) => k)],
  spans: [
    { from: 0, to: 11, what: 'GDT' },
    { from: 12, to: 31, what: 'start, kernel' },
  ],
  changed: [1, 17],
  note: '',
  spaces: ['linear'],
  places: [],
};

describe('the dump', () => {
  test('rows with what begins in them, and what was changed', () => {
    const rows = dumpRows(VIEW, 16);
    expect(rows.map(({ address, what }) => [address, what])).toEqual([
      [0x1000, 'GDT, +12 start, kernel'],
      [0x1010, ''],
    ]);
    expect(rows[0]!.bytes.slice(0, 3)).toEqual([
      { address: 0x1000, text: '41', changed: false },
      { address: 0x1001, text: '00', changed: true },
      { address: 0x1002, text: '··', changed: false },
    ]);
    expect(rows[1]!.bytes.map(({ changed }) => changed).indexOf(true)).toBe(1);
    expect(rows[0]!.text.slice(0, 3)).toBe('A··');
    expect(dumpRows(VIEW, 8)).toHaveLength(4);
  });

  test.each([
    ['C0100020', 0xc0100020],
    [' 0x10 ', 16],
    ['20h', 32],
    ['', null],
    ['G1', null],
    ['123456789', null],
  ])('“%s” as an address', (text, address) => {
    expect(readAddress(text)).toBe(address);
  });
});

test('the disk has a square for each sector, and one mark', () => {
  const disk = {
    vm: 0,
    base: 0,
    sectors: 40,
    last: 33,
    wrote: false,
    runs: [
      { first: 0, last: 7, what: 'superblock' as const, name: '', size: 0 },
      { first: 8, last: 39, what: 'free' as const, name: '', size: 0 },
    ],
  };
  const squares = [...walkTree(diskFigure(disk, 320, ''))].filter(({ attributes }) => String(attributes.class).startsWith('sector'));
  expect(squares).toHaveLength(41);
  const mark = squares.at(-1)!.attributes;
  const own = squares[33]!.attributes;
  expect([Number(mark.x) + 1, Number(mark.y) + 1]).toEqual([own.x, own.y]);
});
