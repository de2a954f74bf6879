import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { say } from '../../../lib/say.ts';
import type { SourceFile } from '../../../session/views.ts';
import { isChanged } from '../../store/frame-link.ts';
import { exerciseHere, writtenIn } from '../../store/writing.ts';
import { useStage, useStageState } from '../../ui/hooks.ts';
import { Late, LateScript } from '../../ui/late.tsx';
import { BuildTask } from '../lesson/Build.tsx';
import { SourceErrors } from '../notices/SourceErrors.tsx';
import { changesOf, samePath, spotsOf, standing } from './model.ts';
import { Port } from './Port.tsx';

const editor = new LateScript(() => import('./Editor.tsx'));

const NONE: readonly SourceFile[] = [];

/** The sources of what runs: read them, change them, assemble, and go on with the new machine. */
export const Source = memo(function Source() {
  const { controller } = useStage();
  const files = useStageState((s) => s.sources) ?? NONE;
  const drafts = useStageState((s) => s.drafts);
  const changed = useStageState(isChanged);
  const errors = useStageState((s) => s.sourceErrors);
  const view = useStageState((s) => s.frame?.view ?? null);
  const exercise = useStageState((s) => exerciseHere(s)?.exercise ?? null);
  const opening = useStageState((s) => s.phase === 'opening');
  const [chosen, setChosen] = useState<string | null>(() => Object.keys(changesOf(files, drafts))[0] ?? null);
  const [cursor, setCursor] = useState({ path: '', line: 0 });
  const here = useMemo(() => standing(view, files), [view, files]);
  const wrong = errors[0] ? (files.find(({ path }) => samePath(errors[0]!.file, path))?.path ?? null) : null;
  useEffect(() => {
    if (wrong !== null) setChosen(wrong);
  }, [wrong]);
  const head = useRef<HTMLSelectElement>(null);
  useEffect(() => beginWriting(head.current), []);
  const task = exercise === null ? null : writtenIn(exercise);
  const path = chosen ?? task ?? here?.path ?? files[0]?.path ?? '';
  const file = files.find((one) => one.path === path);
  const spots = useMemo(() => spotsOf(errors, path), [errors, path]);
  const port = useRef<Pick<HTMLDialogElement, 'showModal'>>(null);
  const isPort = files.some((one) => one.port !== undefined);
  const pending = Object.keys(changesOf(files, drafts)).length > 0;
  const assemble = () => {
    setChosen(path);
    controller.assemble();
  };
  const closeIt = () => {
    controller.closeSources();
    requestAnimationFrame(() => document.querySelector<HTMLElement>('.source-open')?.focus({ preventScroll: true }));
  };
  return (
    <section className="pane source" aria-label={say`Source`} data-testid="source">
      <div className="source-head">
        <label>
          <span className="hidden">{say`File`}</span>
          <select ref={head} value={path} data-keys="own" onChange={(event) => setChosen(event.currentTarget.value)}>
            {images(files).map(([image, own]) => (
              <optgroup key={image} label={image}>
                {own.map((one) => (
                  <option key={one.path} value={one.path}>
                    {drafts[one.path] !== undefined && drafts[one.path] !== one.text ? say`${one.path} (changed)` : one.path}
                  </option>
                ))}
              </optgroup>
            ))}
          </select>
        </label>
        {chosen !== null && here && chosen !== here.path && (
          <button type="button" className="quiet" onClick={() => setChosen(null)}>
            {say`where the processor is`}
          </button>
        )}
        {isPort && (
          <button type="button" className="quiet" onClick={() => port.current?.showModal()}>
            {say`what the port changed`}
          </button>
        )}
        <button type="button" className="quiet end" onClick={closeIt}>
          {say`close`}
        </button>
      </div>
      {isPort && <Port ref={port} files={files} path={path} />}
      {file && (
        <Late
          of={editor}
          wanted
          meanwhile={<pre className="editor-waiting">{drafts[path] ?? file.text}</pre>}
          draw={({ Editor }) => (
            <Editor
              key={path}
              path={path}
              text={drafts[path] ?? file.text}
              drafted={drafts[path] !== undefined}
              errors={spots}
              line={here?.path === path ? here.line : 0}
              sight={exercise !== null && task === path ? placeToWrite(exercise.source) : null}
              onChange={(text) => controller.draft(path, text)}
              onRun={assemble}
              onLine={(line) => setCursor({ path, line })}
            />
          )}
        />
      )}
      {exercise !== null && (
        <section className="source-task" aria-label={say`Exercise`}>
          <h2>{exercise.title}</h2>
          <BuildTask id={exercise.id} />
        </section>
      )}
      <SourceErrors />
      <div className="source-do">
        <button type="button" className="tb main" aria-disabled={!pending || undefined} onClick={() => pending && assemble()}>
          {say`Assemble and start`}
        </button>
        <span className="source-said" role="status">
          {opening
            ? say`Assembling…`
            : errors.length > 0
              ? errors.length === 1
                ? say`One error: the machine beside is the last that assembled.`
                : say`${errors.length} errors: the machine beside is the last that assembled.`
              : pending
                ? say`Ctrl+Enter assembles. Escape leaves the text.`
                : changed
                  ? say`This machine runs your version.`
                  : say`Change a line, and this machine runs it.`}
        </span>
        {cursor.path === path && !pending && (
          <span className="source-line">
            {say`line ${cursor.line}:`}
            <button type="button" className="quiet" onClick={() => controller.stopAtLine(path, cursor.line, true)}>
              {say`run to here`}
            </button>
            <button type="button" className="quiet" onClick={() => controller.stopAtLine(path, cursor.line, false)}>
              {say`stop here`}
            </button>
          </span>
        )}
        {(changed || pending) && (
          <button type="button" className="quiet end" onClick={controller.revert}>
            {say`undo all changes`}
          </button>
        )}
      </div>
    </section>
  );
});

/** The text that takes the place of another begins at its top, for the eye and the keyboard; the focus opens no keyboard on a phone. */
function beginWriting(head: HTMLElement | null): void {
  head?.focus({ preventScroll: true });
  head?.closest('section')?.scrollIntoView({ block: 'nearest' });
}

/** The line of an exercise's source, from 1, that the reader replaces; the first where none says so. */
const placeToWrite = (source: string): number => Math.max(1, source.split('\n').findIndex((line) => line.endsWith('; write this')) + 1);

function images(files: readonly SourceFile[]): readonly (readonly [string, readonly SourceFile[]])[] {
  return [...new Set(files.map(({ image }) => image))].map((image) => [image, files.filter((file) => file.image === image)]);
}
