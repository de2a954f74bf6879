import { memo, useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import { say } from '../../lib/say.ts';
import { listenToKeys } from '../app/keys.ts';
import { Narration } from '../panels/narration/Narration.tsx';
import { DamagedLink } from '../panels/notices/DamagedLink.tsx';
import { linkedLost } from '../panels/notices/lost.ts';
import { Notices } from '../panels/notices/Notices.tsx';
import { SourceErrors } from '../panels/notices/SourceErrors.tsx';
import { Rings } from '../panels/rings/Rings.tsx';
import { Stream } from '../panels/stream/Stream.tsx';
import { Speed, Transport } from '../panels/transport/Transport.tsx';
import { WhyDialog } from '../panels/why/WhyDialog.tsx';
import { type Stage, StageContext, useSize, useStageState } from '../ui/hooks.ts';
import { usePageHooks } from '../ui/page-hooks.ts';
import { LateCells } from './LateCells.tsx';
import { locked } from './locks.ts';
import type { EmbedPanel, Look } from './look.ts';
import { lessonPermalink, permalink } from './permalink.ts';
import type { Answers } from './record.ts';
import { LESSON, MEMORY, MORE, type More, With } from './with-more.tsx';

interface EmbedProps {
  readonly stage: Stage;
  readonly looks: StoreApi<Look>;
  readonly answers: Answers;
}

/** Part of the stage in another page. */
export function Embed({ stage, looks, answers }: EmbedProps) {
  const controls = useStore(looks, (look) => look.controls);
  const readonly = useStore(looks, (look) => look.readonly);
  const held = useMemo(() => ({ ...stage, controller: locked(stage.controller, { controls, readonly }) }), [stage, controls, readonly]);
  return (
    <StageContext value={held}>
      <Frame stage={held} looks={looks} answers={answers} />
    </StageContext>
  );
}

function Frame({ stage: { store, controller }, looks, answers }: EmbedProps) {
  const root = useRef<HTMLElement>(null);
  const { width } = useSize(root);
  const look = useStore(looks);
  const motion = useStageState((s) => s.motion);
  const damaged = useStageState((s) => s.linkError !== null);
  const linked = useStageState((s) => s.linked !== null);
  const lesson = useStageState((s) => s.lesson !== null);
  const asks = look.predict !== 'off' || lesson;
  useEffect(() => (root.current ? listenToKeys(root.current, store, controller) : undefined), [store, controller]);
  usePageHooks();
  const small = width < 480;
  const still = look.motion === 'none' || look.motion === 'reduced';
  return (
    <main
      className="app embed"
      ref={root}
      data-layout={small ? 'phone' : 'embed'}
      data-motion={still ? 'none' : motion}
      style={{ zoom: look.scale }}
    >
      <Notices Errors={SourceErrors} />
      {linked && <With late={MORE} show={({ Linked }) => <Linked />} lost={<p role="alert">{linkedLost()}</p>} />}
      {lesson && !damaged && <With late={LESSON} show={({ FrameLesson }) => <FrameLesson />} />}
      {damaged ? (
        <DamagedLink as="div" />
      ) : (
        <div className="embed-panels">
          {look.panels.map((panel) => (
            <Panel key={panel} panel={panel} small={small} />
          ))}
        </div>
      )}
      {asks && <With late={MORE} show={(more) => questions(more, answers, lesson)} />}
      {look.controls !== 'none' && !damaged && (
        <Transport small={width < 820} few={look.controls === 'step'} speed={look.controls === 'full'} predict={look.predict === 'on'} />
      )}
      {look.controls === 'full' && width < 820 && <Speed />}
      <Whole />
    </main>
  );
}

const Panel = memo(function Panel({ panel, small }: { readonly panel: EmbedPanel; readonly small: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  return (
    <div className={`embed-panel embed-${panel}`} ref={box}>
      {contents(panel, small, width)}
    </div>
  );
});

function contents(panel: EmbedPanel, small: boolean, width: number) {
  switch (panel) {
    case 'rings':
      return <Rings names="short" Cells={LateCells} />;
    case 'code':
      return <Stream most={28} title={false} />;
    case 'text':
      return <Narration Why={WhyDialog} />;
    case 'mem':
      return <With late={MEMORY} show={({ Memory }) => <Memory />} />;
    default:
      return <With late={MORE} show={(more) => further(more, panel, small, width)} />;
  }
}

/** A lesson asks itself. */
const questions = ({ Predict, Record }: More, answers: Answers, lesson: boolean) => (
  <>
    {!lesson && <Predict />}
    <Record answers={answers} />
  </>
);

function further(
  { Block, Consoles, Exits, Processor, Timeline, Walk }: More,
  panel: Exclude<EmbedPanel, 'rings' | 'code' | 'text' | 'mem'>,
  small: boolean,
  width: number,
) {
  switch (panel) {
    case 'regs':
      return <Processor />;
    case 'exits':
      return <Exits width={Math.max(200, Math.min(480, width))} />;
    case 'walk':
      return <Walk width={Math.min(640, width)} entries />;
    case 'vmcs':
      return <Block />;
    case 'timeline':
      return <Timeline compact={small} />;
    case 'console':
      return <Consoles roomy />;
  }
}

/** The way to the whole stage at this very step, or page. */
function Whole() {
  const frame = useStageState((s) => s.frame);
  const numbers = useStageState((s) => s.numbers);
  const lesson = useStageState((s) => s.lesson);
  return (
    <p className="embed-whole">
      <a href={lesson ? lessonPermalink(lesson) : permalink(frame, numbers)} target="_blank" rel="noopener">
        {say`Open in RingMinusOne`}
      </a>
    </p>
  );
}
