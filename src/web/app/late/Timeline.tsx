import { Timeline as Panel, type TimelineProps } from '../../panels/timeline/Timeline.tsx';

const fetchGestures = () => import('../../panels/timeline/gestures.ts').then(({ gestures }) => gestures);

export const Timeline = ({ compact }: Pick<TimelineProps, 'compact'>) => <Panel compact={compact} fetchGestures={fetchGestures} />;
