import { lazy, memo, Suspense, useState } from 'react';
import type { Lesson } from '../../../lessons/lesson.ts';
import { say } from '../../../lib/say.ts';
import { useStage, useStageState } from '../../ui/hooks.ts';
import { Predict } from '../predict/Predict.tsx';
import { Blocks } from './Blocks.tsx';
import { BuildTask } from './Build.tsx';
import { ChangeTask } from './Change.tsx';

/** The text of a lesson's page, its question, and the way to the next page. */
export const LessonPanel = memo(function LessonPanel() {
  const open = useStageState((s) => s.lesson);
  const { controller } = useStage();
  if (!open) return null;
  const { lesson, page } = open;
  const here = lesson.pages[page]!;
  const last = page === lesson.pages.length - 1;
  return (
    <section className="pane lesson" aria-label={say`Lesson`} data-testid="lesson">
      <p className="lesson-where">
        {lesson.title}
        <span>{say`${page + 1} of ${lesson.pages.length}`}</span>
        <PrintButton lesson={lesson} />
        <button type="button" className="quiet" onClick={controller.closeLesson}>
          {say`leave the lesson`}
        </button>
      </p>
      <h2>{here.title}</h2>
      <Blocks blocks={here.blocks} />
      {here.change && <ChangeTask page={{ ...here, change: here.change }} />}
      {here.build && <BuildTask id={here.build} />}
      {page === 0 && (
        <div className="lesson-facts">
          {lesson.goals.length > 0 && (
            <>
              <h3>{say`Afterwards you can`}</h3>
              <ul>
                {lesson.goals.map((goal) => (
                  <li key={goal}>{goal}</li>
                ))}
              </ul>
            </>
          )}
          {lesson.machine !== '' && <p>{say`The machine here: ${lesson.machine}.`}</p>}
        </div>
      )}
      <Predict />
      <nav className="lesson-pages" aria-label={say`Pages`}>
        <button
          type="button"
          className="tool"
          aria-disabled={page === 0 || undefined}
          onClick={() => page > 0 && controller.openLesson(lesson, page - 1)}
        >
          {say`Previous page`}
        </button>
        {last ? (
          <span className="lesson-end">{say`The end of this lesson.`}</span>
        ) : (
          <button type="button" className="tool strong" onClick={() => controller.openLesson(lesson, page + 1)}>
            {say`Next page`}
          </button>
        )}
      </nav>
    </section>
  );
});

const Handout = lazy(() => import('./Handout.tsx'));

function PrintButton({ lesson }: { readonly lesson: Lesson }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="quiet end" onClick={() => setOpen(true)}>
        {say`print`}
      </button>
      {open && (
        <Suspense>
          <Handout lesson={lesson} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
