import { useState } from 'react';
import { type Panel, panels } from '../../../figures/panel.ts';
import { say, told, worded } from '../../../lib/say.ts';
import type { StageView } from '../../../session/views.ts';
import { download } from '../../ui/download.ts';
import { useStage } from '../../ui/hooks.ts';
import { animationOf, pngOf, stripOf, svgOf } from '../../ui/picture.ts';
import type { Shared } from './snippets.ts';

const SCALE = 2;
/** Steps of a strip at most, as `rm1 figure` has it. */
const MOST = 24;

/** `3, 7, 9` as numbers; null when it is something else. */
export function stepsOf(text: string): readonly number[] | null {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length > MOST || !parts.every((part) => /^(0|[1-9]\d{0,14})$/.test(part))) return null;
  return parts.map(Number);
}

const PANEL_NAMES: Readonly<Record<Panel, string>> = {
  rings: worded('Rings'),
  stream: worded('Instructions'),
  timeline: worded('Timeline'),
  exits: worded('Exits'),
  walk: worded('Address'),
  registers: worded('Registers'),
};

/** The step, or several, as files for papers and slides. */
export function SharePicture({ shared, tell }: { readonly shared: Shared; readonly tell: (text: string) => void }) {
  const { store, controller } = useStage();
  const [panel, setPanel] = useState<Panel>('rings');
  const [theme, setTheme] = useState<'light' | 'dark'>('light');
  const [strip, setStrip] = useState('');
  const n = store.getState().frame?.view.n ?? 0;
  const usual = [n, n + 1, n + 2, n + 3].join(', ');

  const save = async (
    steps: readonly number[],
    draw: (views: readonly StageView[]) => Promise<BlobPart> | BlobPart,
    type: string,
    ending: string,
  ) => {
    if (panel === 'walk') controller.showWalk();
    const views = await controller.views(steps);
    const missing = steps.find((step, k) => views[k]?.n !== step);
    if (missing !== undefined) {
      tell(say`This run has no step ${missing}: it ends before.`);
      return;
    }
    download(shared.picture.replace(/\.svg$/, ending), type, await draw(views));
    tell(say`Saved.`);
  };
  const options = {
    title: shared.subject,
    panel,
    theme,
    link: shared.base + shared.hash,
    numbers: store.getState().numbers,
  };
  const one = (views: readonly StageView[]) => svgOf(views[0]!, options);
  const saveSeveral = (draw: typeof stripOf, ending: string) => {
    const steps = stepsOf(strip || usual);
    if (steps === null || (draw === animationOf && steps.length < 2)) {
      tell(say`It takes up to ${MOST} steps with commas between, such as 3, 7, 9.`);
      return;
    }
    const link = options.link.replace(/step=\d+/, `step=${steps[0]}`);
    void save(steps, (views) => draw(views, { ...options, link }), 'image/svg+xml', ending);
  };
  return (
    <fieldset className="share-picture">
      <legend>{say`As a picture`}</legend>
      <label>
        <span>{say`Panel`}</span>
        <select value={panel} onChange={(event) => setPanel(event.currentTarget.value as Panel)}>
          {panels.map((name) => (
            <option key={name} value={name}>
              {told(PANEL_NAMES[name])}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{say`on`}</span>
        <select value={theme} onChange={(event) => setTheme(event.currentTarget.value as 'light' | 'dark')}>
          <option value="light">{say`white`}</option>
          <option value="dark">{say`black`}</option>
        </select>
      </label>
      <button type="button" className="tool" onClick={() => save([n], one, 'image/svg+xml', '.svg')}>
        {say`Save SVG`}
      </button>
      <button type="button" className="tool" onClick={() => save([n], (views) => pngOf(one(views), SCALE), 'image/png', '.png')}>
        {say`Save PNG`}
      </button>
      <label className="share-strip">
        <span>{say`Steps`}</span>
        <input
          type="text"
          inputMode="numeric"
          value={strip}
          placeholder={usual}
          onChange={(event) => setStrip(event.currentTarget.value)}
        />
      </label>
      <button type="button" className="tool" onClick={() => saveSeveral(stripOf, '-strip.svg')}>
        {say`Save strip`}
      </button>
      <button type="button" className="tool" onClick={() => saveSeveral(animationOf, '-animated.svg')}>
        {say`Save animation`}
      </button>
    </fieldset>
  );
}
