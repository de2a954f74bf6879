import { useEffect, useState } from 'react';
import { Timeline as Panel, type TimelineProps } from '../../panels/timeline/Timeline.tsx';
import type { Gestures } from '../../panels/timeline/wheel.ts';

/** The timeline with its gestures, as soon as they have come. */
export function Timeline({ compact }: Pick<TimelineProps, 'compact'>) {
  const [gestures, setGestures] = useState<Gestures>();
  useEffect(() => {
    import('../../panels/timeline/gestures.ts').then(
      (script) => setGestures(() => script.gestures),
      () => {},
    );
  }, []);
  return <Panel compact={compact} gestures={gestures} />;
}
