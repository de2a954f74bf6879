import { memo, useEffect, useRef } from 'react';
import { say } from '../../lib/say.ts';
import { Header } from '../panels/header/Header.tsx';
import { Narration } from '../panels/narration/Narration.tsx';
import { Notices } from '../panels/notices/Notices.tsx';
import { Rings } from '../panels/rings/Rings.tsx';
import { Stream } from '../panels/stream/Stream.tsx';
import { Transport } from '../panels/transport/Transport.tsx';
import { type Layout, type Stage, StageContext, useLayout, useStage, useStageState } from '../ui/hooks.ts';
import { usePageHooks } from '../ui/page-hooks.ts';
import { listenToKeys } from './keys.ts';
import {
  Cells,
  Consoles,
  DamagedLink,
  Keys,
  LessonPanel,
  Linked,
  OnPaper,
  Predict,
  Room,
  Source,
  SourceErrors,
  State,
  Stops,
  Tabs,
  Timeline,
  useLateParts,
  Why,
} from './late.tsx';
import { Progress } from './Progress.tsx';
import { usePresenting, useScale } from './presenting.ts';

/** The stage: everything a scenario is watched with. */
export function App({ stage, later }: { readonly stage: Stage; readonly later: () => void }) {
  return (
    <StageContext value={stage}>
      <Frame later={later} />
    </StageContext>
  );
}

/** `later` is done when the page is idle for the first time. */
function Frame({ later }: { readonly later: () => void }) {
  const { store, controller } = useStage();
  const root = useRef<HTMLDivElement>(null);
  const presenting = useStageState((s) => s.presenting);
  const layout = useLayout(useScale());
  const damaged = useStageState((s) => s.linkError !== null);
  const motion = useStageState((s) => s.motion);
  const side = useStageState((s) => (s.linkError ? null : s.sources ? 'source' : s.lesson ? 'lesson' : null));
  const inRoom = presenting !== null && layout !== 'phone' && !damaged;
  const under = layout === 'compact' || (inRoom && layout === 'narrow');
  const arranged = side ? <SideArrangement layout={layout} side={side} /> : <Arrangement layout={layout} />;
  useEffect(() => (root.current ? listenToKeys(root.current, store, controller) : undefined), [store, controller]);
  const keysShown = useStageState((s) => s.keysShown);
  const shown = useStageState((s) => s.frame !== null || s.died !== null || s.linkError !== null);
  usePageHooks(useLateParts(shown, later));
  usePresenting();
  return (
    <div className="app" ref={root} data-layout={inRoom ? 'room' : layout} data-motion={motion} data-side={side ?? undefined}>
      {!under && <Header />}
      <Notices Errors={SourceErrors} />
      <Linked />
      <OnPaper />
      {damaged ? <DamagedLink /> : inRoom ? <Room side={side} meanwhile={arranged} /> : arranged}
      {under && <Header />}
      {keysShown && <Keys />}
      {presenting === 'black' && <div className="blackout" data-testid="blackout" />}
    </div>
  );
}

/** A lesson, or the source: a text beside the rings and the instructions it speaks of. */
function SideArrangement({ layout, side }: { readonly layout: Layout; readonly side: 'lesson' | 'source' }) {
  const small = layout === 'compact' || layout === 'phone';
  const roomy = layout === 'wide' || layout === 'medium';
  return (
    <>
      <main className="stage side-stage">
        {side === 'source' ? (
          <Source />
        ) : (
          <div className="lesson-side">
            <LessonPanel />
            {roomy && <Tabs layout={layout} />}
          </div>
        )}
        <div className="shown">
          <section className="pane rings" aria-label={say`Rings`}>
            <Rings names={small ? 'short' : 'full'} Cells={Cells} />
          </section>
          <Narration Why={Why} />
          <Stream most={layout === 'wide' ? 20 : 12} title={!small} Stops={Stops} />
        </div>
      </main>
      <footer className="bottom bar">
        <Progress />
        <Transport small={small || layout === 'narrow'} />
      </footer>
      {(side === 'source' || (!roomy && !small)) && <Tabs layout={layout} />}
    </>
  );
}

const Arrangement = memo(function Arrangement({ layout }: { readonly layout: Layout }) {
  const small = layout === 'compact' || layout === 'phone';
  const rings = (
    <section className="pane rings" aria-label={say`Rings`} key="rings">
      <Rings names={small ? 'short' : 'full'} Cells={Cells} />
      {(layout === 'wide' || layout === 'medium') && <Consoles />}
    </section>
  );
  const stream = <Stream key="stream" most={28} title={!small} Stops={Stops} />;
  if (layout === 'wide') {
    return (
      <>
        <Narration Why={Why} />
        <main className="stage">
          {rings}
          {stream}
          <State />
        </main>
        <footer className="bottom">
          <Transport small={false} />
          <Progress />
          <Timeline compact={false} />
        </footer>
      </>
    );
  }
  return (
    <>
      {!small && <Narration Why={Why} />}
      <Predict />
      <main className="stage">
        {rings}
        {small ? (
          <div className="told" key="stream">
            <Narration Why={Why} />
            {stream}
          </div>
        ) : (
          stream
        )}
      </main>
      <footer className="bottom bar">
        <Progress />
        <Transport small={small || layout === 'narrow'} />
      </footer>
      <Tabs layout={layout} />
    </>
  );
});
