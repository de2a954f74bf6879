/** Lines of assembly made from the table: every form of every row, with operands of every kind it takes. */
import { type Form, NAMES, type Pattern } from '../../../src/asm/forms.ts';
import { BYTE_REGISTERS, DWORD_REGISTERS, SEGMENT_REGISTERS, STACK_REGISTERS, WORD_REGISTERS } from '../../../src/isa/registers.ts';

/** A small generator of repeatable numbers (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

type Random = () => number;

const pick = <T>(next: Random, from: readonly T[]): T => from[Math.floor(next() * from.length)];

const NUMBERS = [
  '0',
  '1',
  '2',
  '127',
  '128',
  '-1',
  '-128',
  '-129',
  '255',
  '256',
  '0x7fff',
  '0x8000',
  '0xffff',
  '0xff80',
  '65408',
  '0x12345678',
  '0xffffffff',
  '0xffffff80',
  '0x80000000',
  '-0x80000000',
  "'a'",
  "'ab'",
  'constant',
  'here',
  'ahead',
  'ahead-here',
];
const DISPLACEMENTS = [
  '',
  '',
  '+1',
  '-1',
  '+127',
  '+128',
  '-128',
  '-129',
  '+0',
  '+0x1234',
  '+0x7fffffff',
  '+constant',
  '+here',
  '+ahead',
  '+ahead-here',
  '-4+4',
];
const INDEXES = ['eax', 'ecx', 'edx', 'ebx', 'ebp', 'esi', 'edi'];
const PAIRS_16 = ['bx+si', 'bx+di', 'bp+si', 'bp+di', 'si+bx', 'di', 'si', 'bp', 'bx', 'di+bp'];

function address(next: Random): string {
  const d = pick(next, DISPLACEMENTS);
  const kind = Math.floor(next() * 16);
  const displacement = pick(next, ['', '', '', '', 'byte ', 'dword ']);
  if (kind < 4) return `${pick(next, DWORD_REGISTERS)}${d}`;
  if (kind === 4) return `${pick(next, DWORD_REGISTERS)}+${pick(next, INDEXES)}${d}`;
  if (kind === 5) return `${pick(next, DWORD_REGISTERS)}+${pick(next, INDEXES)}*${pick(next, ['1', '2', '4', '8'])}${d}`;
  if (kind === 6) return `${pick(next, INDEXES)}*${pick(next, ['1', '2', '3', '4', '5', '8', '9'])}${d}`;
  if (kind === 7) return `${pick(next, INDEXES)}*${pick(next, ['2', '4'])}+${pick(next, DWORD_REGISTERS)}${d}`;
  if (kind === 8) return `${pick(next, INDEXES)}+esp${d}`;
  if (kind < 11) return `${pick(next, PAIRS_16)}${d}`;
  if (kind === 11) return `${pick(next, PAIRS_16)}+${pick(next, ['byte 5', '5', '0'])}`;
  if (kind === 12) return `${displacement}${pick(next, DWORD_REGISTERS)}${d}`;
  if (kind === 13)
    return pick(next, ['here', 'ahead', '0x1234', 'dword 0x1234', 'word 0x1234', '0xffffffff', 'constant', 'a16 0x10', 'a32 0x10']);
  if (kind === 14) return `nosplit ${pick(next, INDEXES)}*${pick(next, ['1', '2'])}${d}`;
  return pick(next, ['here+4', '0', 'ahead-here', 'here+esi', '4+ebx', 'constant+edi*4']);
}

function memory(next: Random): string {
  const segment = pick(next, ['', '', '', '', 'es:', 'cs:', 'ss:', 'ds:', 'fs:', 'gs:']);
  return `[${segment}${address(next)}]`;
}

const SIZES: Readonly<Record<number, string>> = { 8: 'byte ', 16: 'word ', 32: 'dword ', 64: 'qword ', 80: 'tword ' };

function register(next: Random, pattern: Pattern): string {
  const fixed = pattern.bits === 8 ? BYTE_REGISTERS : pattern.bits === 16 ? WORD_REGISTERS : DWORD_REGISTERS;
  return pick(next, fixed);
}

function operand(next: Random, pattern: Pattern, form: Form): string {
  const sized = `${pattern.implied && next() < 0.8 ? '' : (SIZES[pattern.memoryBits] ?? '')}`;
  switch (pattern.method) {
    case 'E':
      return next() < 0.4 ? register(next, pattern) : `${sized}${memory(next)}`;
    case 'M':
      if (pattern.operand === 'Mp' && form.patterns.length === 1) return `${pick(next, ['', SIZES[form.size]])}far ${memory(next)}`;
      if (form.row.since === 'fpu' || form.row.since === 'sse3') return `${next() < 0.9 ? sized : ''}${memory(next)}`;
      return `${pattern.operand === 'Mq' && next() < 0.5 ? 'qword ' : ''}${memory(next)}`;
    case 'G':
    case 'R':
    case 'Z':
      return register(next, pattern);
    case 'ST':
      return `${next() < 0.1 ? 'to ' : ''}${pick(next, STACK_REGISTERS)}`;
    case 'S':
      return pick(next, SEGMENT_REGISTERS);
    case 'C':
      return pick(next, ['cr0', 'cr2', 'cr3', 'cr4']);
    case 'D':
      return pick(next, ['dr0', 'dr3', 'dr6', 'dr7']);
    case 'O':
      return `[${pick(next, ['', '', 'es:', 'ds:'])}${pick(next, ['here', 'ahead+2', '0x1234', 'constant', 'word 0x123', 'dword 0x123'])}]`;
    case 'A':
      return pick(next, ['8:here', '0x1234:0x5678', 'dword 8:here', 'word 8:0x1234', 'constant:ahead']);
    case 'J':
      return `${pick(next, ['', '', '', 'short ', 'near ', 'strict near '])}${pick(next, ['here', 'ahead', '$', '$+2', '$+100', '$-126', '$+300', 'far_away'])}`;
    case 'sI':
    case 'I': {
      const stated = pick(next, [
        '',
        '',
        '',
        '',
        pattern.operand === 'Ib' ? 'byte ' : 'byte ',
        SIZES[form.size] ?? '',
        'strict byte ',
        `strict ${SIZES[form.size] ?? ''}`,
      ]);
      return stated + pick(next, NUMBERS);
    }
    default:
      return pattern.operand === 'eAX' ? (form.size === 16 ? 'ax' : 'eax') : pattern.operand.toLowerCase();
  }
}

const PREFIXES = ['', '', '', '', '', '', '', 'lock ', 'rep ', 'repne ', 'o16 ', 'o32 ', 'a16 ', 'a32 ', 'es ', 'times 2 '];

/** NASM 2.16.01 leaves the operand-size prefix out of these when they have an operand. */
const SPOILT: ReadonlySet<string> = new Set(['retw', 'retnw']);

/** One line for each form and round. */
export function corpus(seed: number, rounds: number): string[] {
  const next = random(seed);
  const lines: string[] = [];
  for (const [name, { forms }] of NAMES) {
    for (const form of forms) {
      if (SPOILT.has(name) && form.written.length > 0) continue;
      const count = form.patterns.length === 0 ? 1 : rounds;
      if (form.written.length === 0 && rounds > 1) lines.push(name);
      for (let i = 0; i < count; i++) {
        const operands = form.written.map((position) => operand(next, form.patterns[position], form));
        lines.push(`${pick(next, PREFIXES)}${name} ${operands.join(', ')}`.trim());
      }
    }
  }
  return lines;
}

const BASES_32 = ['', ...DWORD_REGISTERS];
const SCALED_32 = ['', ...INDEXES.flatMap((index) => [1, 2, 4, 8].map((scale) => `${index}*${scale}`))];
const FORMS_16 = ['bx+si', 'bx+di', 'bp+si', 'bp+di', 'si', 'di', 'bp', 'bx', ''];
const DISPLACEMENTS_32 = ['', '5', '-128', '1000', '-40000'];
const DISPLACEMENTS_16 = ['', '5', '-128', '1000'];
const SEGMENTS = ['', 'es:', 'cs:', 'ss:', 'ds:', 'fs:', 'gs:'];

function sum(parts: readonly string[]): string {
  return parts
    .filter((part) => part !== '')
    .join('+')
    .replaceAll('+-', '-');
}

/** Every base, index, scale and size of displacement in both address sizes, with every segment, as operands of instructions of each kind. */
export function addressingForms(): string[] {
  const wide = BASES_32.flatMap((base) => SCALED_32.flatMap((index) => DISPLACEMENTS_32.map((d) => sum([base, index, d]))));
  const narrow = FORMS_16.flatMap((form) => DISPLACEMENTS_16.map((d) => sum([form, d])));
  const absolute = [
    'dword 0',
    'word 0',
    'dword 5',
    'dword 1000',
    'word 5',
    'word 1000',
    'nosplit eax*2',
    'nosplit eax*2+5',
    'byte ebx+0',
    'dword ebx+5',
    'word bx+5',
  ];
  const unsplit = INDEXES.flatMap((index) => [1, 2].flatMap((scale) => ['', '+5', '+1000'].map((d) => `nosplit ${index}*${scale}${d}`)));
  const shapes = [
    (address: string) => `mov eax, [${address}]`,
    (address: string) => `add [${address}], cl`,
    (address: string) => `imul bx, [${address}], 300`,
    (address: string) => `not dword [${address}]`,
  ];
  return [...wide, ...narrow, ...absolute, ...unsplit]
    .filter((address) => address !== '')
    .flatMap((address, k) => [shapes[k % 4](address), shapes[(k >> 2) % 4](`${SEGMENTS[k % 7]}${address}`)]);
}
