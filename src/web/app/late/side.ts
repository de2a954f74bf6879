export { LessonPanel } from '../../panels/lesson/Lesson.tsx';
export { Source } from '../../panels/source/Source.tsx';
export { default as style } from '../../styles/texts.css?inline';
