import style from '../../styles/dialogs.css?inline';
import { adopt } from '../../ui/adopt.ts';

adopt(style);

export { ShareDialog } from '../../panels/header/ShareDialog.tsx';
export { Lessons } from '../../panels/lesson/Lessons.tsx';
export { DamagedLink } from '../../panels/notices/DamagedLink.tsx';
export { Keys } from '../Keys.tsx';
