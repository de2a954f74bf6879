import { type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
import { glyph } from '../../../figures/glyph.ts';
import { CATALOGUE, type Lesson } from '../../../lessons/lesson.ts';
import { say } from '../../../lib/say.ts';
import type { ScenarioView } from '../../../session/views.ts';
import { DialogEnd } from '../../ui/DialogEnd.tsx';
import { Figure } from '../../ui/Figure.tsx';
import { useStage, useStageState } from '../../ui/hooks.ts';
import { openingOf } from './opening.ts';
import { findLessons } from './search.ts';

type Parts = readonly { readonly part: string; readonly lessons: readonly Lesson[] }[];

/** px */
const GLYPH = 48;

/** The gallery: all lessons by part. */
export function Lessons({ ref }: { readonly ref: Ref<Pick<HTMLDialogElement, 'showModal'>> }) {
  const { controller, openFile } = useStage();
  const scenarios = useStageState((s) => s.scenarios);
  const dialog = useRef<HTMLDialogElement>(null);
  const [open, setOpen] = useState(false);
  const [parts, setParts] = useState<Parts | null>(null);
  const [sought, setSought] = useState('');
  useImperativeHandle(ref, () => ({
    showModal() {
      dialog.current?.showModal();
      if (matchMedia('(pointer: coarse)').matches) dialog.current?.focus();
      setOpen(true);
    },
  }));
  useEffect(() => {
    if (open && !parts) void import('../../../lessons/catalog.ts').then(({ lessonsByPart }) => setParts(lessonsByPart()));
  }, [open, parts]);
  const start = (lesson: Lesson) => {
    dialog.current?.close();
    controller.openLesson(lesson, 0);
  };
  const fromFile = (file: File) => {
    dialog.current?.close();
    openFile?.(file);
  };
  const all = parts?.flatMap(({ lessons }) => lessons) ?? [];
  const found = findLessons(all, sought);
  const shown = (parts ?? []).map(({ part, lessons }) => ({ part, lessons: lessons.filter((lesson) => found.lessons.includes(lesson)) }));
  return (
    <dialog ref={dialog} className="lessons" tabIndex={-1} aria-labelledby="lessons-title" data-keys="own">
      <h2 id="lessons-title">{say`Lessons`}</h2>
      <p>{say`One idea each, seen to happen. Each asks before it tells.`}</p>
      <input
        type="search"
        className="search"
        placeholder={say`Find a lesson`}
        aria-label={say`Find a lesson`}
        value={sought}
        onChange={(event) => setSought(event.currentTarget.value)}
      />
      <p role="status" className={found.instead === '' && found.lessons.length > 0 ? 'hidden' : 'empty'}>
        {found.instead !== ''
          ? say`No lesson speaks of “${sought}”; these do of “${found.instead}”.`
          : found.lessons.length > 0 || !parts
            ? say`${found.lessons.length} lessons`
            : say`No lesson speaks of “${sought}”.`}{' '}
        {parts && found.lessons.length === 0 && (
          <button type="button" className="tool strong" onClick={() => setSought('')}>
            {say`Show all lessons`}
          </button>
        )}
      </p>
      {shown.map(
        ({ part, lessons }, i) =>
          lessons.length > 0 && (
            <section key={part} aria-labelledby={`part-${i}`}>
              <h3 id={`part-${i}`} lang={CATALOGUE}>
                {part}
              </h3>
              <ul>
                {lessons.map((lesson) => (
                  <li key={lesson.id}>
                    <Entry lesson={lesson} scenario={scenarios.find(({ id }) => id === lesson.scenario)} start={start} />
                  </li>
                ))}
              </ul>
            </section>
          ),
      )}
      <div className="lessons-end">
        {openFile && <FileButton onFile={fromFile} />}
        <DialogEnd />
      </div>
    </dialog>
  );
}

interface EntryProps {
  readonly lesson: Lesson;
  readonly scenario: ScenarioView | undefined;
  readonly start: (lesson: Lesson) => void;
}

function Entry({ lesson, scenario, start }: EntryProps) {
  const { kind, vms, hot, note } = openingOf(lesson, scenario);
  return (
    <button type="button" onClick={() => start(lesson)}>
      <Figure figure={glyph(GLYPH, { kind, vms, hot: hot ?? undefined })} />
      <span className="entry">
        <b lang={CATALOGUE}>{lesson.title}</b>
        <span lang={CATALOGUE}>{lesson.one}</span>
        <small>{note}</small>
      </span>
    </button>
  );
}

/** Whoever teaches brings their own. */
function FileButton({ onFile }: { readonly onFile: (file: File) => void }) {
  const choose = () => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = '.md,.json,.asm';
    input.onchange = () => {
      const [file] = input.files ?? [];
      if (file) onFile(file);
    };
    input.click();
  };
  return (
    <button type="button" className="tool" onClick={choose}>
      {say`Open a file`}
    </button>
  );
}
