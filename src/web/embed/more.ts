/** The entry of more.js: the panels that an embed shows when it is asked to, its questions, and programs in links. */
export { pack, unpack } from '../app/packed.ts';
export { Block } from '../panels/block/Block.tsx';
export { Consoles } from '../panels/consoles/Consoles.tsx';
export { Exits } from '../panels/exits/Exits.tsx';
export { Linked } from '../panels/notices/Linked.tsx';
export { Predict } from '../panels/predict/Predict.tsx';
export { Processor } from '../panels/processor/Processor.tsx';
export { Timeline } from '../panels/timeline/Timeline.tsx';
export { Walk } from '../panels/walk/Walk.tsx';
export { Record } from './Record.tsx';
