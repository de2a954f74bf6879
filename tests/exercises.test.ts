/** What the lessons ask the reader to write: the source to begin with is not yet enough, a solution is, and each check says what it misses. */
import { describe, expect, test } from 'vitest';
import { grade } from '../src/cli/grade.ts';
import type { CliIo } from '../src/cli/io.ts';
import { exercises } from '../src/lessons/exercises.ts';
import { expectHeld } from './support/exercises.ts';
import { solutionOf } from './support/solutions.ts';

test.each(exercises().flatMap((exercise) => (exercise.path === null ? [[exercise.id, exercise] as const] : [])))('%s', (_, exercise) => {
  expectHeld(exercise);
});

describe('rm1 grade', () => {
  const solution = (id: string) => new TextEncoder().encode(solutionOf(id));
  const graded = (args: string[], files: Readonly<Record<string, Uint8Array>> = {}) => {
    let out = '';
    let err = '';
    const io: CliIo = {
      readFile: (path) => files[path],
      writeFile: () => {},
      stdout: (text) => {
        out += text;
      },
      stderr: (text) => {
        err += text;
      },
    };
    return { status: grade(args, io), out, err };
  };

  test('a solution passes, with status 0', () => {
    const { status, out } = graded(['system-call', 'mine.asm'], { 'mine.asm': solution('system-call') });
    expect(out).toMatch(/^passed {2}The program goes on in ring 3\n[\s\S]*3 passed, 0 failed\n$/);
    expect(status).toBe(0);
  });

  test('what is not yet written fails, says where and why, status 1; the same as JSON', () => {
    const files = { 'mine.asm': new TextEncoder().encode(graded(['count-ticks', '--begin']).out) };
    const { status, out } = graded(['count-ticks', 'mine.asm'], files);
    expect(status).toBe(1);
    expect(out).toContain('failed  A second tick comes\n        at step');
    const told = JSON.parse(graded(['count-ticks', 'mine.asm', '--json'], files).out);
    expect(told).toMatchObject({ exercise: 'count-ticks', passed: false });
    expect(told.checks[0].reason).toContain('there is no interrupt 20h number 2');
  });

  test('what does not assemble is told at its line, in its own name, status 2', () => {
    const { status, err } = graded(['system-call', 'mine.asm'], { 'mine.asm': new TextEncoder().encode('nop\nmoov eax, 1\n') });
    expect(status).toBe(2);
    expect(err).toMatch(/^mine\.asm:2:1: .*mov/);
  });

  test('bad arguments name what there is', () => {
    expect(graded(['no-such', 'mine.asm'])).toMatchObject({ status: 2, err: expect.stringContaining('There are: end-program') });
    expect(graded(['system-call', 'none.asm'])).toMatchObject({ status: 2, err: expect.stringContaining('there is no file none.asm') });
    expect(graded(['system-call'])).toMatchObject({ status: 2, err: expect.stringContaining('expected a file') });
    expect(JSON.parse(graded(['--list', '--json']).out)).toHaveLength(exercises().length);
  });
});
