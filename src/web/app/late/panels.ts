export { Block } from '../../panels/block/Block.tsx';
export { Consoles } from '../../panels/consoles/Consoles.tsx';
export { Exits } from '../../panels/exits/Exits.tsx';
export { Predict } from '../../panels/predict/Predict.tsx';
export { Processor } from '../../panels/processor/Processor.tsx';
export { Walk } from '../../panels/walk/Walk.tsx';
export { Timeline } from './Timeline.tsx';
