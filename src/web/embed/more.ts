/** The entry of more.js: the panels that an embed shows when it is asked to, its questions, and programs in links. */
import cells from '../styles/cells.css?inline';
import consoles from '../styles/consoles.css?inline';
import noted from '../styles/noted.css?inline';

export { pack, unpack } from '../app/packed.ts';
export { Block } from '../panels/block/Block.tsx';
export { Consoles } from '../panels/consoles/Consoles.tsx';
export { Exits } from '../panels/exits/Exits.tsx';
export { Linked } from '../panels/notices/Linked.tsx';
export { Predict } from '../panels/predict/Predict.tsx';
export { Processor } from '../panels/processor/Processor.tsx';
export { Cells } from '../panels/rings/Cells.tsx';
export { Timeline } from '../panels/timeline/Timeline.tsx';
export { Walk } from '../panels/walk/Walk.tsx';
export { Record } from './Record.tsx';

export const style = consoles + noted + cells;
