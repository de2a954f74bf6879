import type { ReactNode, Ref } from 'react';
import { lessonLanguage } from '../../../lessons/lesson.ts';
import { say } from '../../../lib/say.ts';
import type { OpenLesson } from '../../store/store.ts';
import { useStage } from '../../ui/hooks.ts';
import { Blocks } from './Blocks.tsx';
import { ChangeTask } from './Change.tsx';

interface LessonPageProps {
  readonly open: OpenLesson;
  readonly title?: Ref<HTMLHeadingElement>;
  /** Beside its title. */
  readonly tools?: ReactNode;
  readonly question: ReactNode;
  /** The exercise that a page sets, by its name. */
  readonly build: (id: string) => ReactNode;
}

/** A page of a lesson: its text, its question, and the way to the next page. */
export function LessonPage({ open: { lesson, page }, title, tools, question, build }: LessonPageProps) {
  const { controller } = useStage();
  const here = lesson.pages[page]!;
  const lang = lessonLanguage(lesson);
  const last = page === lesson.pages.length - 1;
  return (
    <section className="pane lesson" aria-label={say`Lesson`} data-testid="lesson">
      <div className="lesson-where">
        <bdi lang={lang}>{lesson.title}</bdi>
        <span>{say`${page + 1} of ${lesson.pages.length}`}</span>
        {tools}
      </div>
      <h2 ref={title} tabIndex={-1} lang={lang}>
        {here.title}
      </h2>
      <Blocks blocks={here.blocks} lang={lang} />
      {here.change && <ChangeTask page={{ ...here, change: here.change }} />}
      {here.build && build(here.build)}
      {page === 0 && (
        <div className="lesson-facts">
          {lesson.goals.length > 0 && (
            <>
              <h3>{say`Afterwards you can`}</h3>
              <ul lang={lang}>
                {lesson.goals.map((goal) => (
                  <li key={goal}>{goal}</li>
                ))}
              </ul>
            </>
          )}
          {lesson.machine !== '' && <p>{say`The machine here: ${lesson.machine}.`}</p>}
        </div>
      )}
      {question}
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
}
