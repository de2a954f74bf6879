/** A reader's changes of sources as lines that go and lines that come, small enough for a link. */
import { crc32 } from '../lib/crc32.ts';
import { say } from '../lib/say.ts';
import { commonLines } from './common-lines.ts';
import { Refused } from './refused.ts';
import type { Hunk, SourceEdit } from './views.ts';

type TextOf = (path: string) => string | undefined;

/** Products of lengths above which two texts are not compared line by line. */
const MOST_COMPARED = 1 << 22;

const linesOf = (text: string): readonly string[] => text.split('\n');

function hunksOf(old: readonly string[], now: readonly string[]): readonly Hunk[] {
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  const most = Math.min(old.length, now.length) - start;
  while (end < most && old[old.length - 1 - end] === now[now.length - 1 - end]) end++;
  const before = old.slice(start, old.length - end);
  const after = now.slice(start, now.length - end);
  const pairs = before.length * after.length > MOST_COMPARED ? [] : commonLines(before, after);
  const hunks: Hunk[] = [];
  let [a, b] = [0, 0];
  for (const [x, y] of [...pairs, [before.length, after.length] as const]) {
    if (a < x || b < y) hunks.push([start + a + 1, x - a, ...after.slice(b, y)]);
    [a, b] = [x + 1, y + 1];
  }
  return hunks;
}

/** What the changes are, by path; a text that is as it was is no change. */
export function editsOf(changes: Readonly<Record<string, string>>, textOf: TextOf): readonly SourceEdit[] {
  return Object.keys(changes)
    .sort()
    .flatMap((path): SourceEdit[] => {
      const before = textOf(path);
      const now = changes[path];
      if (before === now) return [];
      if (before === undefined) return [{ path, of: '', hunks: [[1, 0, ...linesOf(now)]] }];
      return [{ path, of: crc32(before), hunks: hunksOf(linesOf(before), linesOf(now)) }];
    });
}

function textAfter({ path, of, hunks }: SourceEdit, textOf: TextOf): string {
  const before = textOf(path);
  if (before === undefined && of !== '') throw new Refused(say`This changes ${path}, and there is no such source here.`);
  if (before !== undefined && crc32(before) !== of)
    throw new Refused(
      say`This changes ${path}, which is another text here than where the change was made: it cannot be changed the same way.`,
    );
  const old = before === undefined ? [] : linesOf(before);
  const now: string[] = [];
  let next = 0;
  for (const [line, gone, ...come] of hunks) {
    if (line - 1 < next || line - 1 + gone > old.length)
      throw new Refused(say`This changes line ${line} of ${path}, which has ${old.length} lines: the change does not fit.`);
    now.push(...old.slice(next, line - 1), ...come);
    next = line - 1 + gone;
  }
  return [...now, ...old.slice(next)].join('\n');
}

/** The texts that edits lead to. Throws Refused where one was made of another text. */
export function applied(edits: readonly SourceEdit[], textOf: TextOf): Readonly<Record<string, string>> {
  return Object.fromEntries(edits.map((edit) => [edit.path, textAfter(edit, textOf)]));
}
