import { describe, expect, test } from 'vitest';
import { MapIndex } from '../../src/asm/index.ts';
import { assembled } from './support/assembling.ts';

const SOURCE = `; title
        bits 32
        org 100000h
;@ role monitor
;@ goal see one exit
%macro save 1
        push    %1              ; keep it
        push    dword 0
%endmacro
start:  mov eax, cr3            ; which page table
.again: dec eax
        jnz     .again
        save    ebx             ; used here
;@ role program count
count:  inc eax                 ; counts
COUNT   equ 5
table:  dd count, 0
;@ role monitor
back:   ret
        section .bss
buffer: resb 16
        absolute 7E00h
scratch: resd 1
struc point
.x:     resd 1
endstruc
`;

const result = assembled(SOURCE);
const index = new MapIndex(result.map);

describe('the debug map', () => {
  test('survives JSON', () => {
    expect(JSON.parse(JSON.stringify(result.map))).toEqual(result.map);
  });

  test('gives the line and comment of an address and of an offset in the image', () => {
    expect(index.at(0x100000)).toMatchObject({
      source: 'main.asm:10',
      comment: 'which page table',
      label: 'start',
      function: 'start',
      role: 'monitor',
      section: '.text',
    });
    expect(index.atOffset(0)).toEqual(index.at(0x100000));
    expect(index.at(0x100001)?.span).toBe(index.at(0x100000)?.span);
  });

  test('tells local labels from functions', () => {
    expect(index.at(0x100003)).toMatchObject({ label: '.again', function: 'start' });
    expect(index.at(0x100004)).toMatchObject({ label: '', function: 'start' });
    expect(index.labelAt(0x100003)).toBe('start.again');
    expect(index.labelAt(0x100004)).toBeUndefined();
  });

  test('shows the line inside a macro, and where the macro was used', () => {
    const place = index.at(0x100006);
    expect(place).toMatchObject({ source: 'main.asm:7', comment: 'keep it' });
    expect(place?.span?.via).toMatchObject({ line: 13, macro: 'save' });
    expect(index.at(0x100007)).toMatchObject({ source: 'main.asm:8', comment: '' });
  });

  test('roles hold from their pragma to the next', () => {
    expect(index.at(index.symbol('count')!.value)).toMatchObject({ role: 'program', name: 'count', comment: 'counts' });
    expect(index.at(index.symbol('table')!.value)?.span?.kind).toBe('data');
    expect(index.at(index.symbol('back')!.value)).toMatchObject({ role: 'monitor', name: '' });
  });

  test('knows what has no bytes in the image', () => {
    expect(index.at(index.symbol('buffer')!.value)).toMatchObject({
      label: 'buffer',
      section: '.bss',
      span: { kind: 'reserve', offset: -1, length: 16 },
    });
    expect(index.at(0x7e00)).toMatchObject({ label: 'scratch', section: 'absolute', span: { length: 4 } });
    expect(index.at(0)).toBeUndefined();
  });

  test('lists goals and symbols', () => {
    expect(result.map.goals).toEqual([{ text: 'see one exit', file: 0, line: 5, address: 0x100000, section: '.text' }]);
    expect(index.at(0x100006)?.goal).toBe('see one exit');
    expect(index.at(index.symbol('count')!.value)?.goal).toBe('');
    expect(index.symbol('COUNT')).toEqual({ name: 'COUNT', value: 5, kind: 'constant', section: '' });
    expect(index.symbol('point.x')).toMatchObject({ value: 0, kind: 'field' });
    expect(index.symbol('start.again')).toMatchObject({ value: 0x100003, kind: 'label', section: '.text' });
  });

  test('sections may share virtual addresses; the image tells them apart', () => {
    const { map } = assembled('bits 32\norg 0\nnop\nsection a vstart=8048000h\na1: nop\nsection b vstart=8048000h\nb1: hlt\n');
    const shared = new MapIndex(map);
    expect(shared.allAt(0x8048000).map((place) => place.label)).toEqual(['a1', 'b1']);
    expect(shared.atOffset(8)).toMatchObject({ label: 'b1', section: 'b' });
  });
});

test('of several labels at one address the one that stands next to what is there', () => {
  const { map } = assembled(
    'bits 32\norg 100h\npage_end:\npage:\nkernel: nop\n.loop: nop\ntext_end:\nsection .bss align=1\nstack: resb 4\n',
  );
  const index = new MapIndex(map);
  expect([index.labelAt(0x100), index.at(0x100)?.label, index.labelAt(0x101)]).toEqual(['kernel', 'kernel', 'kernel.loop']);
  expect(index.symbol('stack')?.value).toBe(index.symbol('text_end')?.value);
  expect(index.labelAt(0x102)).toBe('stack');
});

test('entry is start, or else the origin', () => {
  expect(assembled('org 7C00h\nnop\nstart: nop').entry).toBe(0x7c01);
  expect(assembled('org 7C00h\nnop').entry).toBe(0x7c00);
  expect(assembled('org 7C00h\nnop').org).toBe(0x7c00);
});

test('the listing has line, address, bytes and source', () => {
  const { listing } = assembled('        bits 32\nstart:  mov eax, 5      ; five\n        times 12 db 1\n        align 4\n\nend:\n');
  expect(listing.split('\n').map((line) => line.replace(/ +/g, ' '))).toEqual([
    ' 1 bits 32',
    ' 2 00000000 B805000000 start: mov eax, 5 ; five',
    ' 3 00000005 010101010101010101- times 12 db 1',
    ' 3 0000000E 010101',
    ' 4 00000011 909090 align 4',
    ' 5',
    ' 6 end:',
    '',
  ]);
});
