/** The entry of picture.js: a step as a picture, when the page around asks for one. */
import type { Numbers } from '../../figures/numbers.ts';
import { type Panel, panels } from '../../figures/panel.ts';
import { say } from '../../lib/say.ts';
import type { Frame, StageState } from '../store/store.ts';
import { pngOf, svgOf } from '../ui/picture.ts';
import { permalink } from './permalink.ts';

const MOST_SCALE = 3;

export interface Wanted {
  readonly panel?: unknown;
  readonly theme?: unknown;
  readonly format?: unknown;
  readonly scale?: unknown;
}

/** The step that a frame shows as `{svg}`, or as `{png}` where that is asked for. */
export async function picture(
  frame: Frame,
  scenarios: StageState['scenarios'],
  { panel, theme, format, scale }: Wanted,
  numbers: Numbers,
): Promise<Record<string, unknown>> {
  const svg = svgOf(frame.view, {
    title: scenarios.find(({ id }) => id === frame.scenario)?.title ?? say`A program`,
    panel: panels.find((name) => name === panel) ?? ('rings' satisfies Panel),
    theme: theme === 'dark' ? 'dark' : 'light',
    link: permalink(frame, numbers),
    numbers,
  });
  if (format !== 'png') return { svg };
  const pixels = Number.isSafeInteger(scale) ? Math.max(1, Math.min(MOST_SCALE, scale as number)) : 2;
  return { png: await pngOf(svg, pixels) };
}
