import { memo, useEffect, useRef } from 'react';
import { say, told, worded } from '../../lib/say.ts';
import { blockName } from '../panels/block/name.ts';
import { Header } from '../panels/header/Header.tsx';
import { Narration } from '../panels/narration/Narration.tsx';
import { Notices } from '../panels/notices/Notices.tsx';
import { isPart, PARTS } from '../panels/parts/model.ts';
import { Rings } from '../panels/rings/Rings.tsx';
import { Stream } from '../panels/stream/Stream.tsx';
import { Speed, Transport } from '../panels/transport/Transport.tsx';
import type { Tab } from '../store/store.ts';
import { type Layout, type Stage, StageContext, useLayout, useSize, useStage, useStageState } from '../ui/hooks.ts';
import { usePageHooks } from '../ui/page-hooks.ts';
import { listenToKeys } from './keys.ts';
import {
  Block,
  Consoles,
  DamagedLink,
  Exits,
  Keys,
  LessonPanel,
  Linked,
  LookedAt,
  OnPaper,
  Predict,
  Processor,
  Source,
  SourceErrors,
  Stops,
  Timeline,
  useLateParts,
  Walk,
  Why,
} from './late.tsx';
import { usePresenting, useScale } from './presenting.ts';
import { Shown } from './Shown.tsx';

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
  useEffect(() => (root.current ? listenToKeys(root.current, store, controller) : undefined), [store, controller]);
  const keysShown = useStageState((s) => s.keysShown);
  const shown = useStageState((s) => s.frame !== null || s.died !== null || s.linkError !== null);
  usePageHooks(useLateParts(shown, later));
  usePresenting();
  return (
    <div className="app" ref={root} data-layout={layout} data-motion={motion} data-side={side ?? undefined}>
      {layout !== 'compact' && <Header />}
      <Notices Errors={SourceErrors} />
      <Linked />
      <OnPaper />
      {damaged ? <DamagedLink /> : side ? <SideArrangement layout={layout} side={side} /> : <Arrangement layout={layout} />}
      {layout === 'compact' && <Header />}
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
            <Rings names={small ? 'short' : 'full'} />
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
      <Rings names={small ? 'short' : 'full'} />
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

function State() {
  const box = useRef<HTMLDivElement>(null);
  const predict = useStageState((s) => s.asking !== null || s.outcome !== null);
  const long = useStageState((s) => s.below !== 'processor' && (s.below !== 'block' || blockName(s.frame?.view ?? null) !== null));
  const { width } = useSize(box);
  return (
    <div className="state" ref={box}>
      <Predict />
      <Exits width={Math.max(200, width)} brief={long || predict} />
      <Shown width={width} />
      {!long && <Walk width={width} entries={false} />}
    </div>
  );
}

function Progress() {
  const progress = useStageState((s) => s.progress);
  const starting = useStageState((s) => s.phase === 'starting' && !s.died);
  if (!progress && !starting) return <div className="progress" />;
  const share = progress && progress.total > 0 ? Math.min(1, progress.done / progress.total) : 0;
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={progress?.text ?? say`Starting the machine`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
    >
      <i style={{ transform: `scaleX(${share})` }} />
    </div>
  );
}

const TABS: readonly { readonly id: Tab; readonly title: string }[] = [
  { id: 'timeline', title: worded('Timeline') },
  { id: 'exits', title: worded('Exits') },
  { id: 'state', title: worded('Processor') },
  { id: 'block', title: 'VMCS' },
  ...PARTS,
  { id: 'walk', title: worded('Address') },
  { id: 'consoles', title: worded('Consoles') },
];

/** What does not fit beside the stream, one at a time. */
function Tabs({ layout }: { readonly layout: Layout }) {
  const { controller } = useStage();
  const tab = useStageState((s) => s.tab);
  const block = useStageState((s) => blockName(s.frame?.view ?? null));
  const tabs = TABS.filter((t) => (t.id !== 'consoles' || layout !== 'medium') && (t.id !== 'block' || block !== null)).map((t) =>
    t.id === 'block' && block !== null ? { ...t, title: block } : t,
  );
  const selected = tabs.some((t) => t.id === tab) ? tab : tabs[0]!.id;
  const box = useRef<HTMLElement>(null);
  const { width } = useSize(box);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const next = tabs[(tabs.findIndex((t) => t.id === selected) + by + tabs.length) % tabs.length]!;
    controller.setTab(next.id);
    document.getElementById(`tab-${next.id}`)?.focus();
  };
  return (
    <section className="tabs" ref={box} aria-label={say`More of the machine`}>
      <div role="tablist" aria-label={say`Panels`} onKeyDown={onKeyDown} data-keys="own">
        {tabs.map(({ id, title }) => (
          <button
            key={id}
            id={`tab-${id}`}
            type="button"
            role="tab"
            aria-selected={id === selected}
            aria-controls="tab-panel"
            tabIndex={id === selected ? 0 : -1}
            onClick={() => controller.setTab(id)}
          >
            {told(title)}
          </button>
        ))}
      </div>
      <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${selected}`}>
        {selected === 'timeline' && (
          <>
            <Speed />
            <Timeline compact={layout === 'phone'} />
          </>
        )}
        {selected === 'exits' && <Exits width={Math.min(480, Math.max(200, width))} />}
        {selected === 'state' && <Processor />}
        {selected === 'block' && <Block />}
        {selected === 'walk' && <Walk width={Math.min(640, width)} entries />}
        {isPart(selected) && <LookedAt part={selected} />}
        {selected === 'consoles' && <Consoles roomy />}
      </div>
    </section>
  );
}
