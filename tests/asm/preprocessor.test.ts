import { describe, expect, test } from 'vitest';
import { bytes, errors } from './support/assembling.ts';

/** What becomes of a source, in hex: the preprocessor seen through its bytes. */
describe('single-line macros', () => {
  test.each([
    ['%define N 5\ndb N', '05'],
    ['%define f(a,b) a*10+b\ndb f(1,2), f(3,4)', '0C 22'],
    ['%define f 1\n%define f(x) 2\ndb f, f(0)', '01 02'],
    ['%idefine Foo 7\ndb FOO, foo', '07 07'],
    ['%define a 1\n%xdefine b a\n%define c a\n%define a 2\ndb b, c', '01 02'],
    ['%define n 1\n%undef n\nn: db n-$$', '00'],
    ['%assign i 2+3\n%assign i i*i\ndb i', '19'],
    ['%define r(n) e %+ n\nmov r(ax), r(bx)', '89 D8'],
    ["%strlen n 'abcd'\ndb n", '04'],
    ["%substr s 'hello' 2,3\ndb s", '65 6C 6C'],
    ["%strcat s 'a', 'b'\ndb s", '61 62'],
    ['%defstr s a b\ndb s', '61 20 62'],
    ['db __LINE__', '02'],
  ])('%j', (source, expected) => {
    expect(bytes(source)).toBe(expected);
  });
});

describe('multi-line macros', () => {
  test.each([
    ['%macro m 2\ndb %2, %1\n%endmacro\nm 1, 2', '02 01'],
    ['%macro m 1-2 9\ndb %1, %2, %0\n%endmacro\nm 1\nm 1,2', '01 09 02 01 02 02'],
    ['%macro m 0\ndb 1\n%endmacro\n%macro m 1\ndb 2\n%endmacro\nm\nm 0', '01 02'],
    ["%macro m 1+\ndb %1\n%endmacro\nm 'a', 1, 2", '61 01 02'],
    ['%macro m 2\ndb %1\ndb %2\n%endmacro\nm {1,2}, 3', '01 02 03'],
    ['%macro m 0\njmp %%x\n%%x:\n%endmacro\nm\nm', 'EB 00 EB 00'],
    ['%macro m 1-*\n%rep %0\npush %1\n%rotate 1\n%endrep\n%endmacro\nm eax, ebx', '50 53'],
    ['%macro m 3\ndb %{1:3}\n%endmacro\nm 1,2,3', '01 02 03'],
    ['%macro m 1\nj%-1 %%x\n%%x:\n%endmacro\nm z', '75 00'],
    ['%macro m 1\nmov e%1, %{1}\n%endmacro\n%define di 5\nm ax', ''],
    ['%macro nop 0\ndb 1\nnop\n%endmacro\nnop', '01 90'],
    ['%macro m 0\n%00: db 5\n%endmacro\nx: m\nd: db x-$$', '05 00'],
    ['%macro m 1\ndb 1\n%if %1\n%exitmacro\n%endif\ndb 2\n%endmacro\nm 0\nm 1', '01 02 01'],
    ['%imacro Big 0\ndb 3\n%endmacro\nBIG', '03'],
    ['x: y: db 1', ''],
  ])('%j', (source, expected) => {
    if (expected === '') expect(errors(`bits 32\n${source}`)).not.toEqual([]);
    else expect(bytes(source)).toBe(expected);
  });
});

describe('conditions and repetitions', () => {
  test.each([
    ['%if 2 > 1\ndb 1\n%else\ndb 2\n%endif', '01'],
    ['%if 0\ndb 1\n%elif 1\ndb 2\n%elif 1\ndb 3\n%endif', '02'],
    ['%ifdef x\ndb 1\n%elifndef x\ndb 2\n%endif', '02'],
    ['%if 0\n%if 1\ndb 1\n%endif\ngarbage [\n%endif\ndb 3', '03'],
    ['%ifidn a, a\ndb 1\n%endif\n%ifidni A, a\ndb 2\n%endif\n%ifnidn a, b\ndb 3\n%endif', '01 02 03'],
    ["%ifnum 5\ndb 1\n%endif\n%ifstr 'a'\ndb 2\n%endif\n%ifid a\ndb 3\n%endif\n%ifempty\ndb 4\n%endif", '01 02 03 04'],
    ['%macro m 1\n%endmacro\n%ifmacro m 1\ndb 1\n%endif', '01'],
    ['%assign i 0\n%rep 3\ndb i\n%assign i i+1\n%endrep', '00 01 02'],
    ['%assign i 0\n%rep 100\n%if i = 2\n%exitrep\n%endif\ndb i\n%assign i i+1\n%endrep', '00 01'],
    ['%rep 2\n%rep 2\ndb 1\n%endrep\ndb 2\n%endrep', '01 01 02 01 01 02'],
    ['nop\n%if $-$$ = 1\ndb 5\n%endif', '90 05'],
  ])('%j', (source, expected) => {
    expect(bytes(source)).toBe(expected);
  });
});

describe('files', () => {
  test('an included file is found by its name, then beside the file that includes it', () => {
    const files = { 'lib/a.inc': '%include "b.inc"\ndb 1\n', 'lib/b.inc': 'db 2\n', 'data.bin': 'ABCDEF' };
    expect(bytes('%include "lib/a.inc"\ndb 3', files)).toBe('02 01 03');
    expect(bytes('incbin "data.bin"', files)).toBe('41 42 43 44 45 46');
    expect(bytes('incbin "data.bin", 4', files)).toBe('45 46');
    expect(bytes('incbin "data.bin", 1, 2', files)).toBe('42 43');
  });

  test('a line ends where no backslash carries it on', () => {
    expect(bytes('db 1, \\\n2\r\ndb 3')).toBe('01 02 03');
  });
});
