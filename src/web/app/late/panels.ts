import style from '../../styles/panels.css?inline';
import { adopt } from '../../ui/adopt.ts';

adopt(style);

export { Block } from '../../panels/block/Block.tsx';
export { Consoles } from '../../panels/consoles/Consoles.tsx';
export { Exits } from '../../panels/exits/Exits.tsx';
export { Linked } from '../../panels/notices/Linked.tsx';
export { Predict } from '../../panels/predict/Predict.tsx';
export { Processor } from '../../panels/processor/Processor.tsx';
export { Stops } from '../../panels/stops/Stops.tsx';
export { Walk } from '../../panels/walk/Walk.tsx';
export { WhyDialog } from '../../panels/why/WhyDialog.tsx';
export { Timeline } from './Timeline.tsx';
