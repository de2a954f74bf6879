import { useEffect, useState } from 'react';
import { CATALOGUE, type Exercise } from '../../../lessons/lesson.ts';
import { say } from '../../../lib/say.ts';
import { exerciseHere } from '../../store/writing.ts';
import { useStage, useStageState } from '../../ui/hooks.ts';
import { Blocks } from './Blocks.tsx';

/** What is to be written, its checks, and how they came out. */
export function BuildTask({ id }: { readonly id: string }) {
  const { controller } = useStage();
  const [found, setExercise] = useState<Exercise | null>(null);
  const brought = useStageState((s) => s.lesson?.lesson.exercises?.find((one) => one.id === id) ?? null);
  const exercise = brought ?? found;
  useEffect(() => {
    void import('../../../lessons/exercises.ts').then(({ findExercise }) => setExercise(findExercise(id) ?? null));
  }, [id]);
  const open = useStageState((s) => (s.exercise?.exercise.id === id ? exerciseHere(s) : null));
  const errors = useStageState((s) => s.sourceErrors.length);
  if (!exercise) return null;
  const lang = brought ? undefined : CATALOGUE;
  const results = open?.results ?? null;
  const passed = results?.every((one) => one.passed) ?? false;
  return (
    <div className="build" data-testid="build">
      <Blocks blocks={exercise.blocks} lang={lang} />
      <ol className="checks">
        {exercise.checks.map(({ title }, i) => {
          const result = results?.[i];
          return (
            <li key={title} data-passed={result?.passed}>
              <bdi lang={lang}>{title}</bdi>
              {result && <b> {result.passed ? say`passed` : say`not yet`}</b>}
              {result && !result.passed && <span>{say`At step ${result.step}, ${result.reason}`}</span>}
            </li>
          );
        })}
      </ol>
      <div className="build-do">
        {open ? (
          <button type="button" className="tool strong" onClick={controller.checkExercise}>
            {say`Check`}
          </button>
        ) : (
          <button type="button" className="tool strong" onClick={() => controller.beginExercise(exercise)}>
            {say`Write it`}
          </button>
        )}
        <p role="status">
          {open?.checking
            ? say`Checking…`
            : errors > 0 && open
              ? say`It does not assemble yet: see the marked line.`
              : passed
                ? say`All checks passed.`
                : ''}
        </p>
      </div>
    </div>
  );
}
