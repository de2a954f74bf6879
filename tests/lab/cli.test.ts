import { describe, expect, test } from 'vitest';
import type { CliIo } from '../../src/cli/io.ts';
import { lab } from '../../src/cli/lab.ts';

function run(...args: string[]): { status: number; stdout: string; stderr: string } {
  const said = { stdout: '', stderr: '' };
  const io: CliIo = {
    readFile: () => undefined,
    writeFile: () => {},
    stdout: (text) => {
      said.stdout += text;
    },
    stderr: (text) => {
      said.stderr += text;
    },
  };
  return { status: lab(args, io), ...said };
}

describe('rm1 lab refuses with a reason', () => {
  test.each([
    [['--cpu', 'k7'], "rm1 lab: no processor 'k7': there are katmai, "],
    [['--cpu'], 'rm1 lab: --cpu needs a name'],
    [['--instruction', 'popcorn'], 'rm1 lab: no row of the instruction table is called popcorn'],
    [['--cpu', 'katmai', '--instruction', 'vmcall'], 'rm1 lab: katmai does not have VMCALL'],
    [['popf'], 'rm1 lab: expected options, found popf; an instruction is --instruction popf'],
    [['--fast'], 'rm1 lab: there is no option --fast'],
  ])('%j', (args, message) => {
    const { status, stdout, stderr } = run(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  test('--help', () => {
    expect(run('--help')).toMatchObject({ status: 0, stderr: '', stdout: expect.stringMatching(/^usage: rm1 lab /) });
  });
});
