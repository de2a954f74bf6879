/** Which address is followed: what the step is about, what the reader chooses, or what was typed; and none that tells what is asked. */
import { describe, expect, test } from 'vitest';
import { Session } from '../../src/session/session.ts';
import type { WalkView, WalkWish } from '../../src/session/views.ts';

const PROGRAM = `
        bits 32
        org  100000h
start:  lgdt [gdtr]
        mov  ax, 10h
        mov  ds, ax
        mov  esp, 90000h
        mov  dword [20h], 5     ; DS begins at 102000h
        push dword [20h]
        mov  esi, 30h
        mov  edi, 103000h
        movsb
        mov  eax, [1000h]       ; DS ends at FFFh
        hlt
gdt:    dq 0, 00CF9A000000FFFFh, 0040921020000FFFh
gdtr:   dw 23
        dd gdt
`;

function at(n: number, wish: WalkWish = null): WalkView {
  const session = Session.open({ source: PROGRAM });
  session.seek(n);
  session.followed = wish;
  return session.view().walk!;
}
const names = ({ choices }: WalkView): string[] => choices.map(({ id, name }) => (id === name ? id : `${id} ${name}`));

describe('by itself', () => {
  test('what the instruction works on, in its segment', () => {
    const walk = at(4);
    expect(names(walk)).toEqual(['fetch instruction', 'operand writes']);
    expect(walk).toMatchObject({
      chosen: 'operand',
      what: 'what mov writes',
      segment: 'DS',
      offset: 0x20,
      base: 0x102000,
      linear: 0x102020,
    });
    expect(walk.physical).toBe(0x102020);
  });

  test('an operand before the stack; both can be chosen', () => {
    expect(names(at(5))).toEqual(['fetch instruction', 'operand reads', 'stack']);
    expect(at(5)).toMatchObject({ chosen: 'operand', linear: 0x102020 });
    expect(at(5, { choice: 'stack' })).toMatchObject({
      chosen: 'stack',
      what: 'the stack that is written',
      linear: 0x8fffc,
      segment: 'SS',
    });
    expect(at(5, { choice: 'fetch' })).toMatchObject({ chosen: 'fetch', segment: 'CS' });
  });

  test('of a string instruction, both ends', () => {
    const walk = at(8);
    expect(names(walk)).toEqual(['fetch instruction', 'source DS:ESI', 'destination ES:EDI']);
    expect(walk).toMatchObject({ chosen: 'source', linear: 0x102030 });
    expect(at(8, { choice: 'destination' })).toMatchObject({ linear: 0x103000, segment: 'ES', what: 'the destination of movsb' });
  });

  test('a choice that the step has not falls back', () => expect(at(0, { choice: 'stack' }).chosen).toBe('operand'));

  test('loading a segment reads its descriptor', () => {
    expect(names(at(2))).toEqual(['fetch instruction', 'GDT 0010']);
    expect(at(2, { choice: 'GDT 0010' })).toMatchObject({ what: 'descriptor 0010 of the GDT', segment: '' });
  });

  test('an address that its segment does not allow leads nowhere', () => {
    const walk = at(9);
    expect(walk).toMatchObject({ chosen: 'operand', physical: null, fault: 'the segment does not allow it: general protection' });
  });
});

describe('an address that was typed', () => {
  test('linear, or in a segment', () => {
    expect(at(6, { segment: '', offset: 0x1234 })).toMatchObject({ chosen: '', linear: 0x1234, base: 0, segment: '' });
    expect(at(6, { segment: 'DS', offset: 0x34 })).toMatchObject({ chosen: '', linear: 0x102034, base: 0x102000, segment: 'DS' });
  });

  test('also where the machine has ended, which still stands somewhere', () => {
    const session = Session.open({ source: 'bits 32\norg 100000h\nhlt' });
    session.run(10);
    expect(session.view()).toMatchObject({ end: 'halted', walk: null, linear: 0x100001 });
    session.followed = { segment: '', offset: 0x100000 };
    expect(session.view().walk).toMatchObject({ linear: 0x100000, choices: [] });
  });
});

describe('with paging', () => {
  const paged = (last: string): WalkView => {
    const lines = [
      'mov dword [200000h], 83h',
      'mov dword [200004h], 81h ; may not be written',
      'mov eax, cr4',
      'or eax, 10h',
      'mov cr4, eax',
      'mov eax, 200000h',
      'mov cr3, eax',
      'mov eax, cr0',
      'or eax, 80010000h',
      'mov cr0, eax',
      last,
    ];
    const session = Session.open({ source: ['bits 32', 'org 100000h', ...lines, 'hlt'].join('\n') });
    session.seek(lines.length - 1);
    return session.view().walk!;
  };
  test('a read is allowed', () =>
    expect(paged('mov eax, [400010h]')).toMatchObject({ linear: 0x400010, physical: 0x10, fault: '', references: 1 }));
  test.each([
    ['mov [400010h], eax', 'protected: page fault'],
    ['add [400010h], eax', 'protected: page fault'],
    ['mov [800010h], eax', 'not present: page fault'],
  ])('%s is not', (last, fault) => expect(paged(last)).toMatchObject({ chosen: 'operand', fault, physical: null }));
  test('where code cannot be fetched, the instruction is followed', () => {
    const session = Session.open({ source: 'bits 32\norg 100000h\nmov eax, 0FFF00000h\njmp eax' });
    session.seek(2);
    expect(session.view().walk).toMatchObject({ chosen: 'fetch', linear: 0xfff00000 });
  });
});

test('where a question is asked, no address tells what comes', () => {
  const session = Session.open({ source: PROGRAM });
  session.seek(9);
  expect(names(session.view().walk!).length).toBeGreaterThan(1);
  const { question, walk } = session.view(false, { kind: null, misconception: '' });
  expect(question).not.toBe(null);
  expect(names(walk!)).toEqual(['fetch instruction']);
});
