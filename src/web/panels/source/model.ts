import type { SourceError, SourceFile, StageView } from '../../../session/views.ts';

/** Where something is wrong in the file that is open. */
export interface Spot {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint: string;
}

/** Errors of one file; a path may come with the folder of the sources before it. */
export function spotsOf(errors: readonly SourceError[], path: string): readonly Spot[] {
  return errors.filter(({ file }) => samePath(file, path));
}

export function samePath(a: string, b: string): boolean {
  return a === b || a.endsWith(`/${b}`) || b.endsWith(`/${a}`);
}

/** The file and line of the instruction the processor stands at: `boot.inc:26`, found by its last name. */
export function standing(view: StageView | null, files: readonly SourceFile[]): { readonly path: string; readonly line: number } | null {
  const match = /^(.+):(\d+)$/.exec(view?.stream.current?.source ?? '');
  if (!match) return null;
  const name = match[1] ?? '';
  const monitor = view?.who.role === 'monitor';
  const fitting = files.filter(({ path }) => samePath(path, name));
  const own = fitting.find(({ image }) => image.startsWith('vmm/') === monitor) ?? fitting[0];
  return own ? { path: own.path, line: Number(match[2]) } : null;
}

/** The texts that differ from what they were. */
export function changesOf(files: readonly SourceFile[], drafts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    files.flatMap(({ path, text }) => (drafts[path] === undefined || drafts[path] === text ? [] : [[path, drafts[path]]])),
  );
}
