import { memo } from 'react';
import { say } from '../../lib/say.ts';
import { LessonPage } from '../panels/lesson/LessonPage.tsx';
import { Predict } from '../panels/predict/Predict.tsx';
import { useStageState } from '../ui/hooks.ts';
import { lessonPermalink } from './permalink.ts';

/** The lesson of a frame. Programs are written in the whole page, which has the room. */
export const FrameLesson = memo(function FrameLesson() {
  const open = useStageState((s) => s.lesson);
  return open && <LessonPage open={open} question={<Predict />} build={() => <Elsewhere link={lessonPermalink(open)} />} />;
});

function Elsewhere({ link }: { readonly link: string }) {
  return (
    <p>
      <a href={link} target="_blank" rel="noopener">
        {say`This page sets an exercise: write it in RingMinusOne.`}
      </a>
    </p>
  );
}
