export { ShareDialog } from '../../panels/header/ShareDialog.tsx';
export { Lessons } from '../../panels/lesson/Lessons.tsx';
export { Keys } from '../Keys.tsx';
