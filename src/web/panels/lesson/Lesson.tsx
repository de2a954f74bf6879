import { createElement, Fragment, memo, type ReactElement } from 'react';
import type { Block, Inline } from '../../../lessons/lesson.ts';
import { useStage, useStageState } from '../../ui/hooks.ts';
import { Predict } from '../predict/Predict.tsx';

/** The text of a lesson's page, its question, and the way to the next page. */
export const LessonPanel = memo(function LessonPanel() {
  const open = useStageState((s) => s.lesson);
  const { controller } = useStage();
  if (!open) return null;
  const { lesson, page } = open;
  const here = lesson.pages[page]!;
  const last = page === lesson.pages.length - 1;
  return (
    <section className="pane lesson" aria-label="Lesson" data-testid="lesson">
      <p className="lesson-where">
        {lesson.title}
        <span>
          {page + 1} of {lesson.pages.length}
        </span>
        <button type="button" className="quiet end" onClick={controller.closeLesson}>
          leave the lesson
        </button>
      </p>
      <h2>{here.title}</h2>
      {written(here.blocks, (block) => (
        <BlockText block={block} />
      ))}
      {page === 0 && (
        <div className="lesson-facts">
          {lesson.goals.length > 0 && (
            <>
              <h3>Afterwards you can</h3>
              <ul>
                {lesson.goals.map((goal) => (
                  <li key={goal}>{goal}</li>
                ))}
              </ul>
            </>
          )}
          <p>The machine here: {lesson.machine}.</p>
        </div>
      )}
      <Predict />
      <nav className="lesson-pages" aria-label="Pages">
        <button
          type="button"
          className="tool"
          aria-disabled={page === 0 || undefined}
          onClick={() => page > 0 && controller.openLesson(lesson, page - 1)}
        >
          Previous page
        </button>
        {last ? (
          <span className="lesson-end">The end of this lesson.</span>
        ) : (
          <button type="button" className="tool strong" onClick={() => controller.openLesson(lesson, page + 1)}>
            Next page
          </button>
        )}
      </nav>
    </section>
  );
});

/** Text as it is written: its parts never change places, so they need no keys. */
function written<T>(parts: readonly T[], draw: (part: T) => ReactElement): ReactElement {
  return createElement(Fragment, null, ...parts.map(draw));
}

function BlockText({ block }: { readonly block: Block }) {
  switch (block.kind) {
    case 'paragraph':
      return (
        <p>
          <Line text={block.text} />
        </p>
      );
    case 'list':
      return (
        <ul>
          {written(block.items, (item) => (
            <li>
              <Line text={item} />
            </li>
          ))}
        </ul>
      );
    case 'listing':
      return <pre>{block.text}</pre>;
  }
}

function Line({ text }: { readonly text: readonly Inline[] }) {
  return written(text, (part) => <Stretch part={part} />);
}

function Stretch({ part }: { readonly part: Inline }) {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'emphasis':
      return <em>{part.text}</em>;
    case 'strong':
      return <strong>{part.text}</strong>;
    case 'code':
      return <code>{part.text}</code>;
    case 'link':
      return <a href={part.to}>{part.text}</a>;
    case 'term':
      return <Term part={part} />;
  }
}

function Term({ part }: { readonly part: Extract<Inline, { kind: 'term' }> }) {
  const meaning = useStageState((s) => s.glossary[part.term] ?? '');
  return (
    <span className="term" title={meaning}>
      {part.text}
      <span className="hidden"> ({meaning})</span>
    </span>
  );
}
