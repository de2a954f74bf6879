/** rm1 grade: an exercise's checks against a student's program. */
import { formatError } from '../asm/errors.ts';
import { exercises, findExercise } from '../lessons/exercises.ts';
import { type Exercise, exerciseMachine } from '../lessons/lesson.ts';
import { readScenarioFile, ScenarioFileErrors } from '../lessons/scenario-file.ts';
import { type Checked, check } from '../session/claims.ts';
import { SourceErrors } from '../session/guests.ts';
import { Session } from '../session/session.ts';
import { finish } from './finish.ts';
import type { CliIo } from './io.ts';

const USAGE = `usage: rm1 grade EXERCISE SUBMISSION.asm [--json]
       rm1 grade MINE.scenario.json SUBMISSION.asm [--json]    the checks of a scenario file
       rm1 grade EXERCISE --begin       print the source to begin with
       rm1 grade --list [--json]

Assembles a program, runs it, and holds the exercise's checks against it. The status is 0 if all passed, 1 if not, 2 if it does not assemble.
`;

export function grade(args: string[], io: CliIo): number {
  const json = args.includes('--json');
  const [id, file, ...rest] = args.filter((arg) => !arg.startsWith('-'));
  if (args.includes('--help') || args.includes('-h')) {
    io.stdout(USAGE);
    return 0;
  }
  if (args.includes('--list')) return list(json, io);
  const exercise = id === undefined ? undefined : isFile(id) ? ownExercise(id, io) : findExercise(id);
  if (typeof exercise === 'string') return refuse(exercise, io);
  const wrong = args.find((arg) => arg.startsWith('-') && arg !== '--json' && arg !== '--begin');
  if (wrong !== undefined || rest.length > 0) return refuse(`${wrong ?? rest[0]} is not expected here`, io);
  if (exercise === undefined)
    return refuse(
      `expected an exercise${id === undefined ? '' : `, found ${id}`}. There are: ${exercises()
        .map((one) => one.id)
        .join(', ')}`,
      io,
    );
  if (args.includes('--begin')) {
    io.stdout(exercise.source);
    return 0;
  }
  if (file === undefined) return refuse('expected a file to grade', io);
  const bytes = io.readFile(file);
  if (bytes === undefined) return refuse(`there is no file ${file}`, io);
  try {
    const session = Session.open(exerciseMachine(exercise, new TextDecoder().decode(bytes)));
    return report(exercise.id, finish(check(session, exercise)), json, io);
  } catch (error) {
    if (!(error instanceof SourceErrors)) throw error;
    const errors = error.errors.map((one) => (one.file === (exercise.path ?? 'program.asm') ? { ...one, file } : one));
    if (json) io.stdout(`${JSON.stringify({ exercise: exercise.id, passed: false, errors })}\n`);
    for (const one of errors) io.stderr(`${formatError(one)}\n`);
    return 2;
  }
}

const isFile = (id: string): boolean => id.endsWith('.json');

/** The checks of a scenario file; or what is wrong with it. */
function ownExercise(path: string, io: CliIo): Exercise | string {
  const bytes = io.readFile(path);
  if (bytes === undefined) return `there is no file ${path}`;
  try {
    const { lesson } = readScenarioFile(path, new TextDecoder().decode(bytes));
    return lesson?.exercises?.[0] ?? `${path} has no checks`;
  } catch (error) {
    if (error instanceof ScenarioFileErrors) return error.message;
    throw error;
  }
}

function report(exercise: string, checks: readonly Checked[], json: boolean, io: CliIo): number {
  const failed = checks.filter(({ passed }) => !passed).length;
  if (json) io.stdout(`${JSON.stringify({ exercise, passed: failed === 0, checks })}\n`);
  else {
    for (const { title, passed, step, reason } of checks)
      io.stdout(passed ? `passed  ${title}\n` : `failed  ${title}\n        at step ${step}, ${reason}\n`);
    io.stdout(`${checks.length - failed} passed, ${failed} failed\n`);
  }
  return failed === 0 ? 0 : 1;
}

function list(json: boolean, io: CliIo): number {
  const all = exercises().map(({ id, title, checks }) => ({ id, title, checks: checks.map((one) => one.title) }));
  if (json) io.stdout(`${JSON.stringify(all)}\n`);
  else
    for (const { id, title, checks } of all)
      io.stdout(`${id.padEnd(16)}${title}\n${checks.map((one) => `${''.padEnd(16)}- ${one}\n`).join('')}`);
  return 0;
}

function refuse(message: string, io: CliIo): number {
  io.stderr(`rm1 grade: ${message}\n${USAGE}`);
  return 2;
}
