/** rm1 lesson check: whether what a lesson or a scenario file says is what happens. */
import { findExercise } from '../lessons/exercises.ts';
import { GLOSSARY } from '../lessons/glossary.ts';
import { type Inline, type Lesson, LessonError, type Page } from '../lessons/lesson.ts';
import { parseLesson } from '../lessons/parse.ts';
import { type OpenedScenario, readScenarioFile, ScenarioFileErrors } from '../lessons/scenario-file.ts';
import { inEnglish } from '../lib/say.ts';
import { Session } from '../session/session.ts';
import { finish } from './finish.ts';
import type { CliIo } from './io.ts';
import { pageProblems, placeProblems, problemsIn } from './lesson-pages.ts';

const USAGE = `usage: rm1 lesson check FILE... [--json]

Goes through lessons (.md) and scenario files (.json) on their machines, and holds every place, claim and question against what happens.
The status is 0 if all of it holds, 1 if not, 2 if a file cannot be read.
`;

interface Report {
  readonly file: string;
  readonly title: string;
  readonly pages: number;
  readonly problems: readonly string[];
  /** It cannot be read at all. */
  readonly unreadable: boolean;
}

export function lesson(args: string[], io: CliIo): number {
  const [verb, ...files] = args.filter((arg) => !arg.startsWith('-'));
  if (args.includes('--help') || args.includes('-h')) {
    io.stdout(USAGE);
    return 0;
  }
  const wrong = args.find((arg) => arg.startsWith('-') && arg !== '--json');
  if (wrong !== undefined || verb !== 'check' || files.length === 0) {
    io.stderr(`rm1 lesson: ${wrong === undefined ? 'expected check and a file' : `${wrong} is not expected here`}\n${USAGE}`);
    return 2;
  }
  const reports = inEnglish(() => files.map((file) => reportOf(file, io)));
  if (args.includes('--json')) io.stdout(`${JSON.stringify(reports)}\n`);
  else for (const report of reports) print(report, io);
  if (reports.some(({ unreadable }) => unreadable)) return 2;
  return reports.every(({ problems }) => problems.length === 0) ? 0 : 1;
}

function print({ file, title, pages, problems, unreadable }: Report, io: CliIo): void {
  if (unreadable) for (const problem of problems) io.stderr(`${problem}\n`);
  else {
    io.stdout(`${problems.length === 0 ? 'holds ' : 'failed'}  ${file}: ${title}, ${pages} page${pages === 1 ? '' : 's'}\n`);
    for (const problem of problems) io.stdout(`        ${problem}\n`);
  }
}

function reportOf(file: string, io: CliIo): Report {
  const unreadable = (problems: readonly string[]): Report => ({ file, title: '', pages: 0, problems, unreadable: true });
  const bytes = io.readFile(file);
  if (bytes === undefined) return unreadable([`${file}: no such file`]);
  const text = new TextDecoder().decode(bytes);
  try {
    const opened = /^\s*\{/.test(text) ? readScenarioFile(file, text) : null;
    const read = opened === null ? parseLesson(file, text) : opened.lesson;
    const problems = [...(opened === null ? [] : startProblems(opened)), ...(read === null ? [] : lessonProblems(read))];
    return { file, title: read?.title ?? opened?.file.title ?? '', pages: read?.pages.length ?? 0, problems, unreadable: false };
  } catch (error) {
    if (error instanceof ScenarioFileErrors) return unreadable(error.problems);
    if (error instanceof LessonError) return unreadable([`${file}, ${error.message}`]);
    throw error;
  }
}

function lessonProblems(read: Lesson): readonly string[] {
  const named = read.pages.flatMap((page) => unknownNames(read, page).map((message) => ({ page: page.title, message })));
  return [...named, ...pageProblems(read)].map(({ page, message }) => `“${page}”: ${message}`);
}

/** Exercises and words that there are not. */
function unknownNames({ exercises = [] }: Lesson, { build, blocks }: Page): readonly string[] {
  const own = exercises.some(({ id }) => id === build);
  const texts: readonly Inline[] = blocks.flatMap((block) =>
    block.kind === 'paragraph' ? block.text : block.kind === 'list' ? block.items.flat() : [],
  );
  return [
    ...(build === null || own || findExercise(build) ? [] : [`there is no exercise ${build}: rm1 grade --list names them`]),
    ...texts.flatMap((part) =>
      part.kind === 'term' && !Object.hasOwn(GLOSSARY, part.term)
        ? [`the glossary has no word ${part.term}: there are ${Object.keys(GLOSSARY).join(', ')}`]
        : [],
    ),
  ];
}

/** Whether the machine opens, and where the file says. */
function startProblems({ machine, start: { step, exit, place } }: OpenedScenario): readonly string[] {
  return problemsIn(() => {
    const session = Session.open(machine);
    if (step !== undefined) session.seek(step);
    if (exit !== undefined) finish(session.toExit(exit));
    const problems = place === undefined ? [] : placeProblems(session, place);
    if (step !== undefined && session.n !== step) return [`start: there is no step ${step}: the run ends at ${session.n}`];
    if (exit !== undefined && session.log.exits.length < exit) return [`start: there is no exit ${exit} in ${session.n} steps`];
    return problems.map((problem) => `start: ${problem}`);
  });
}
