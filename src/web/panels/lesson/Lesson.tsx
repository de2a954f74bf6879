import { memo, useEffect, useRef, useState } from 'react';
import type { Lesson } from '../../../lessons/lesson.ts';
import { say } from '../../../lib/say.ts';
import { useStage, useStageState } from '../../ui/hooks.ts';
import { Late, LateScript } from '../../ui/late.tsx';
import { Asked } from '../predict/Asked.tsx';
import { BuildTask } from './Build.tsx';
import { LessonPage } from './LessonPage.tsx';

/** The lesson that is open, on the stage. */
export const LessonPanel = memo(function LessonPanel() {
  const open = useStageState((s) => s.lesson);
  const { controller } = useStage();
  const title = useRef<HTMLHeadingElement>(null);
  const at = open && `${open.lesson.id} ${open.page}`;
  useEffect(() => {
    if (at !== null && title.current) beginReading(title.current);
  }, [at]);
  if (!open) return null;
  const { lesson } = open;
  const tools = (
    <>
      <PrintButton lesson={lesson} />
      <button type="button" className="quiet" onClick={controller.closeLesson}>
        {say`leave the lesson`}
      </button>
    </>
  );
  return <LessonPage open={open} title={title} tools={tools} question={<Asked />} build={(id) => <BuildTask id={id} />} />;
});

/** A page that was turned to is read from its title on: by the eye, the ear and the keyboard. */
function beginReading(title: HTMLElement): void {
  title.focus({ preventScroll: true });
  const { top } = title.getBoundingClientRect();
  if (top < 0 || top > innerHeight / 2) title.closest('section')?.scrollIntoView();
}

const handout = new LateScript(() => import('./Handout.tsx'));

function PrintButton({ lesson }: { readonly lesson: Lesson }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="quiet end" onClick={() => setOpen(true)}>
        {say`print`}
      </button>
      {open && <Late of={handout} wanted draw={({ Handout }) => <Handout lesson={lesson} onClose={() => setOpen(false)} />} />}
    </>
  );
}
