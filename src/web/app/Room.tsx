import { useRef } from 'react';
import { say, told, worded } from '../../lib/say.ts';
import { Narration } from '../panels/narration/Narration.tsx';
import { Rings } from '../panels/rings/Rings.tsx';
import { Stream } from '../panels/stream/Stream.tsx';
import { Transport } from '../panels/transport/Transport.tsx';
import type { Presented, Tab } from '../store/store.ts';
import { useSize, useStage, useStageState } from '../ui/hooks.ts';
import { Scrolled } from '../ui/Scrolled.tsx';
import { Cells, LessonPanel, Predict, Source, Stops, Why } from './late.tsx';
import { Progress } from './Progress.tsx';
import { PanelNamed, usePanels } from './Tabs.tsx';

/** The stage for a room: the sentence above, what runs beside where it runs, and the transport, all at once and nothing to scroll. */
export function Room({ side }: { readonly side: 'lesson' | 'source' | null }) {
  const [first, second] = useStageState((s) => s.presented);
  return (
    <div className="room" data-side={side ?? undefined}>
      <Narration Why={Why} />
      <main className="stage">
        {side === 'lesson' && (
          <div className="lesson-side">
            <LessonPanel />
          </div>
        )}
        {side === 'source' && <Source />}
        <div className="room-panels">
          <Shown panel={first} />
          <div className="room-asked">
            {side === null && <Predict />}
            <Shown panel={second} />
          </div>
        </div>
      </main>
      <footer className="bottom bar">
        <Progress />
        <Transport small end={<Choice />} />
      </footer>
    </div>
  );
}

function Shown({ panel }: { readonly panel: Presented }) {
  if (panel === 'rings') {
    return (
      <div className="room-panel">
        <section className="pane rings" aria-label={say`Rings`}>
          <Rings names="short" Cells={Cells} />
        </section>
      </div>
    );
  }
  return panel === 'stream' ? (
    <div className="room-panel">
      <Stream most={28} title Stops={Stops} />
    </div>
  ) : (
    <Further panel={panel} />
  );
}

/** Has more than fits, mostly. */
function Further({ panel }: { readonly panel: Tab }) {
  const { title } = usePanels().find(({ id }) => id === panel) ?? { title: '' };
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  return (
    <Scrolled className="room-panel" aria-label={told(title)}>
      <div ref={box}>
        <PanelNamed id={panel} layout="narrow" width={width} />
      </div>
    </Scrolled>
  );
}

const PLACES = [worded('First panel'), worded('Second panel')];

/** Which two panels the room sees, and the way out. */
function Choice() {
  const { controller } = useStage();
  const presented = useStageState((s) => s.presented);
  const panels = usePanels();
  return (
    <details className="room-choice" data-keys="own">
      <summary>{say`Panels`}</summary>
      <div>
        {PLACES.map((place, i) => (
          <label key={place}>
            {told(place)}
            <select
              className="room-choose"
              value={presented[i]}
              onChange={({ currentTarget: { value } }) => controller.presentPanel(i, value as Presented)}
            >
              <option value="rings">{say`Rings`}</option>
              <option value="stream">{say`Instructions`}</option>
              {panels.map(({ id, title }) => (
                <option key={id} value={id}>
                  {told(title)}
                </option>
              ))}
            </select>
          </label>
        ))}
        <button type="button" className="tool" onClick={() => controller.present(null)}>
          {say`End the presentation`}
        </button>
      </div>
    </details>
  );
}
