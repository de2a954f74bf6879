import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assemble } from '../../src/asm/index.ts';

const WORDS = [
  ...[
    'mov',
    'add',
    'jmp',
    'jz',
    'push',
    'call',
    'lgdt',
    'loop',
    'rep',
    'lock',
    'o16',
    'a32',
    'times',
    'db',
    'dw',
    'dd',
    'dq',
    'resb',
    'equ',
    'incbin',
  ],
  ...[
    'eax',
    'al',
    'esp',
    'bx',
    'cs',
    'cr3',
    'byte',
    'dword',
    'short',
    'far',
    'strict',
    'nosplit',
    'label',
    '.local',
    'a.local',
    '..@x',
    '$',
    '$$',
    '$eax',
  ],
  ...['5', '0', '-1', '0x10', '0FFh', '1e9', '1.5', '99999999999999999999', '0b12', "'str'", '"open', '`\\x`', "''", '?'],
  ...[
    '[',
    ']',
    '(',
    ')',
    '{',
    '}',
    ',',
    ':',
    '+',
    '-',
    '*',
    '/',
    '//',
    '%',
    '%%',
    '<<',
    '>>>',
    '&&',
    '~',
    '!',
    '=',
    '\\',
    ';',
    ';@ role kernel',
    ';@ what',
  ],
  ...[
    '%define',
    '%xdefine',
    '%macro m 1-*',
    '%macro m 0',
    '%macro m 2+',
    '%endmacro',
    'm',
    'm 1,2',
    '%if',
    '%ifdef',
    '%ifidn',
    '%elif',
    '%else',
    '%endif',
  ],
  ...[
    '%rep 3',
    '%rep',
    '%endrep',
    '%exitrep',
    '%include',
    '"main"',
    '%assign',
    '%undef',
    '%1',
    '%0',
    '%%x',
    '%{1:2}',
    '%+',
    '%[',
    '%rotate',
    '%push',
    '%pop',
    '%$x',
    '%error',
  ],
  ...[
    '%strlen',
    '%substr',
    '%defstr',
    'x',
    'x(1)',
    'x(y)',
    'section',
    '.text',
    '.bss',
    'vstart=',
    'align',
    'org',
    'bits',
    '16',
    '32',
    'struc',
    'endstruc',
    'istruc',
    'at',
    'iend',
    'absolute',
    'global',
    'extern',
  ],
  '\n',
  '\n',
  '\n',
  '\n',
];

const source = fc.array(fc.constantFrom(...WORDS), { maxLength: 60 }).map((words) => words.join(' '));

function run(text: string): void {
  const started = Date.now();
  const result = assemble({ text: (path) => (path === 'main' ? text : undefined), bytes: () => new Uint8Array(3) }, 'main');
  expect(Date.now() - started).toBeLessThan(10_000);
  for (const error of result.ok ? result.warnings : result.errors) {
    expect(error.line).toBeGreaterThan(0);
    expect(error.column).toBeGreaterThan(0);
    expect(error.message).not.toBe('');
  }
}

test('no text makes the assembler throw or hang', () => {
  fc.assert(fc.property(fc.string({ maxLength: 200, unit: 'binary' }), run), { numRuns: 500, seed: 1 });
});

test('nor does any mixture of what it knows', () => {
  fc.assert(fc.property(source, run), { numRuns: 1500, seed: 2 });
});

describe('it ends, whatever the source does', () => {
  test.each([
    ['a macro that uses itself is not expanded again', '%macro m 0\nm\n%endmacro\nm\n'],
    ['a recursive macro', '%rmacro m 0\nm\n%endmacro\nm\n'],
    ['defines in a circle', '%define a b\n%define b a\ndb a\n'],
    ['a define that grows', '%define a(x) x x\n%define b(x) a(a(a(a(a(a(a(a(x))))))))\ndb b(b(b(b(1))))\n'],
    ['a file that includes itself', '%include "main"\n'],
    ['repetitions without end', '%rep 1000000\n%rep 1000000\nnop\n%endrep\n%endrep\n'],
    ['a repetition beyond the limit', '%rep 100000000\nnop\n%endrep\n'],
    ['more than memory holds', 'times 1000000000 nop\n'],
    ['times twice', 'times 100000 times 100000 db 0\n'],
    ['dup in dup', 'db 1000000000 dup (1000000000 dup (1))\n'],
    ['much reserved', 'resb 0FFFFFFFFh\nresb 0FFFFFFFFh\n'],
    ['much reserved without bytes', 'section .bss\nresb 0FFFFFFFFh\nresb 0FFFFFFFFh\n'],
    ['addresses that do not settle', 'a: times (b-a) nop\nb: times 5-(b-a) nop\n'],
    ['parentheses without end', `${'('.repeat(100000)}`],
    ['an expression nested deeply', `dd ${'('.repeat(100000)}1${')'.repeat(100000)}`],
    ['many signs', `dd ${'-'.repeat(100000)}1`],
    ['many choices', `dd 1${' ? 1 : 1'.repeat(50000)}`],
    ['a long sum', `dd 1${'+1'.repeat(50000)}`],
    ['nested brackets', `%define a ${'%['.repeat(5000)}1${']'.repeat(5000)}\ndb a\n`],
    ['sections far apart', 'section a start=0\ndb 1\nsection b start=0FFFFFFFFh\ndb 1\n'],
    ['an origin at the end', 'org 0FFFFFFFFh\nx: dd x\n'],
    ['a bracket', '['],
    ['a percent', '%'],
    ['an empty macro head', '%macro'],
    ['a large number of parameters', '%macro x 0-99999999999\n%endmacro'],
  ])('%s', (_what, text) => {
    run(text);
  });
});
