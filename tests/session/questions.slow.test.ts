import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { MISCONCEPTIONS } from '../../src/session/questions/misconceptions.ts';

interface Walked {
  readonly opened: number;
  readonly asked: Readonly<Record<string, number>>;
  /** Misconceptions whose option was never offered. */
  readonly never: readonly string[];
  readonly wrong: readonly string[];
}

/** Those for which no scenario has a step; tests/session/questions.test.ts has programs for them. */
const ELSEWHERE = /^(popf-|rpl-decides$|first-fault-stands$|ss-for-stacks$)/;

test('every question of every scenario has four options and one right one, which is what the machine does', async () => {
  const program = ['tests/support/bundled.mjs', 'tests/support/question-walk.ts'];
  const { stdout } = await promisify(execFile)(process.execPath, program, { maxBuffer: 1 << 24 });
  const { opened, asked, never, wrong }: Walked = JSON.parse(stdout);
  expect(wrong).toEqual([]);
  expect(opened).toBeGreaterThan(30);
  expect(Object.keys(asked).sort()).toEqual(['bit', 'exit', 'reason', 'vector', 'who']);
  for (const count of Object.values(asked)) expect(count).toBeGreaterThan(100);
  expect(never.filter((id) => !ELSEWHERE.test(id))).toEqual([]);
  expect(never.length).toBeLessThan(Object.keys(MISCONCEPTIONS).length / 4);
}, 400_000);
