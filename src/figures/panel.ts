import { say } from '../lib/say.ts';
import type { StageView } from '../session/views.ts';
import type { Numbers } from './numbers.ts';
import { ringsFigure } from './rings.ts';
import { ringsTitles } from './rings-titles.ts';
import { exitsFigure, registersFigure } from './state.ts';
import { streamFigure } from './stream.ts';
import { timelineFigure } from './timeline.ts';
import { type FigureNode, picture } from './tree.ts';
import { walkFigure } from './walk.ts';

/** The panels that can be printed as pictures. */
export const panels = ['rings', 'stream', 'timeline', 'exits', 'walk', 'registers'] as const;
export type Panel = (typeof panels)[number];

/** One panel of the stage as a picture that stands alone: print it with `printSvg`. */
export function panelFigure(view: StageView, panel: Panel, numbers: Numbers = 'hex'): FigureNode {
  const sentence = view.sentence.replace(/\*([^*\s][^*]*)\*/g, '$1');
  switch (panel) {
    case 'rings':
      return ringsFigure(view.rings, { width: 460, height: 424, n: view.n, sentence, titles: ringsTitles });
    case 'stream':
      return streamFigure(view, { width: 640, rows: 24, sentence });
    case 'timeline':
      return timelineFigure(view.timeline, {
        width: 960,
        n: view.n,
        cycle: view.cycle,
        at: view.rings.active,
        ticksAre: view.exits.codeIs,
        sentence,
      });
    case 'exits':
      return exitsFigure(view, 336, sentence);
    case 'registers':
      return registersFigure(view, 336, sentence, numbers);
    case 'walk':
      return view.walk
        ? walkFigure(view.walk, { width: 420, vm: view.who.vm, sentence })
        : picture(420, 24, 'rm-walk', say`No address to follow.`, []);
  }
}
