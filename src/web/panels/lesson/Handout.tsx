import { useEffect, useRef, useState } from 'react';
import { illustration } from '../../../figures/illustration.ts';
import { type Lesson, lessonLanguage, type Page } from '../../../lessons/lesson.ts';
import { termsIn } from '../../../lessons/terms.ts';
import { say } from '../../../lib/say.ts';
import type { QuestionView, StageView } from '../../../session/views.ts';
import { useStage, useStageState } from '../../ui/hooks.ts';
import { Blocks } from './Blocks.tsx';

export { default as style } from '../../styles/print.css?inline';

/** A lesson on paper: its pages in a row, each with its rings, its sentence and its question; answers only if wanted. */
export function Handout({ lesson, onClose }: { readonly lesson: Lesson; readonly onClose: () => void }) {
  const { controller } = useStage();
  const dialog = useRef<HTMLDialogElement>(null);
  const [views, setViews] = useState<readonly StageView[] | null>(null);
  const [answers, setAnswers] = useState(false);
  const progress = useStageState((s) => s.progress?.done ?? 0);
  useEffect(() => {
    dialog.current?.showModal();
    void controller.sheet(lesson).then(setViews);
  }, [controller, lesson]);
  return (
    <dialog ref={dialog} className="handout" aria-labelledby="handout-title" data-keys="own" onClose={onClose}>
      <div className="handout-do">
        <button type="button" className="tb main" aria-disabled={!views || undefined} onClick={() => views && window.print()}>
          {say`Print`}
        </button>
        <label>
          <input type="checkbox" checked={answers} onChange={(event) => setAnswers(event.currentTarget.checked)} /> {say`with the answers`}
        </label>
        <form method="dialog">
          <button type="submit" className="tool">
            {say`Close`}
          </button>
        </form>
      </div>
      <h1 id="handout-title" lang={lessonLanguage(lesson)}>
        {lesson.title}
      </h1>
      <p className="handout-one" lang={lessonLanguage(lesson)}>
        {lesson.one}
      </p>
      {views ? (
        <ol>
          {lesson.pages.map((page, i) => (
            <Sheet
              key={page.title}
              page={page}
              lang={lessonLanguage(lesson)}
              view={views[i] ?? null}
              before={views[i - 1] ?? null}
              answers={answers}
            />
          ))}
        </ol>
      ) : (
        <p role="status">{say`Going through the lesson, step ${progress} …`}</p>
      )}
      {views && <Words lesson={lesson} />}
    </dialog>
  );
}

/** What the words of the glossary mean: on paper nothing opens. */
function Words({ lesson }: { readonly lesson: Lesson }) {
  const glossary = useStageState((s) => s.glossary);
  const terms = [...termsIn(lesson.pages.flatMap(({ blocks }) => blocks))].filter(([term]) => glossary[term] !== undefined);
  if (terms.length === 0) return null;
  return (
    <section className="handout-words">
      <h2>{say`Words`}</h2>
      <dl lang={lessonLanguage(lesson)}>
        {terms.map(([term, text]) => (
          <div key={term}>
            <dt>{text}</dt>
            <dd>{glossary[term]}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

interface SheetProps {
  readonly page: Page;
  readonly lang: string | undefined;
  readonly view: StageView | null;
  readonly before: StageView | null;
  readonly answers: boolean;
}

function Sheet({ page, lang, view, before, answers }: SheetProps) {
  const asked = view?.question ?? null;
  const shown = view && !page.change && !page.build && view.n !== before?.n ? view : null;
  return (
    <li>
      <h2 lang={lang}>{page.title}</h2>
      <div className="handout-page">
        <div>
          <Blocks blocks={page.blocks} lang={lang} />
          {page.change && (
            <pre>
              {page.change.path}
              {'\n'}
              {prefixed(page.change.old, '−')}
              {'\n'}
              {prefixed(page.change.new, '+')}
            </pre>
          )}
          {asked && <Asked asked={asked} answers={answers} />}
        </div>
        {shown && (
          <figure>
            <img src={picture(shown, asked !== null)} alt="" />
            <figcaption>{asked ? say`Step ${shown.n}` : say`Step ${shown.n}: ${shown.sentence.replace(/\*/g, '')}`}</figcaption>
          </figure>
        )}
      </div>
    </li>
  );
}

const prefixed = (text: string, mark: string): string =>
  text
    .split('\n')
    .map((line) => `${mark} ${line}`)
    .join('\n');

function Asked({ asked, answers }: { readonly asked: QuestionView; readonly answers: boolean }) {
  return (
    <>
      <h3>{asked.title}</h3>
      <ul className="handout-options">
        {asked.options.map(({ id, title, note }) => (
          <li key={id} data-right={(answers && id === asked.answer) || undefined}>
            {title} <span>{note}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The rings as a picture that stands alone; without what comes where that is asked for. */
function picture(view: StageView, asked: boolean): string {
  const rings = { ...view.rings, future: asked ? [] : view.rings.future };
  const svg = illustration({ ...view, rings }, { title: '', panel: 'rings', theme: 'light', link: '' });
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
