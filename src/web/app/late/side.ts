import style from '../../styles/texts.css?inline';
import { adopt } from '../../ui/adopt.ts';

adopt(style);

export { LessonPanel } from '../../panels/lesson/Lesson.tsx';
export { Source } from '../../panels/source/Source.tsx';
