export { ShareDialog } from '../../panels/header/ShareDialog.tsx';
export { Lessons } from '../../panels/lesson/Lessons.tsx';
export { DamagedLink } from '../../panels/notices/DamagedLink.tsx';
export { default as style } from '../../styles/dialogs.css?inline';
export { Keys } from '../Keys.tsx';
