import type { StageView } from '../../session/views.ts';
import type { Showing } from './showing.ts';
import type { StageState, StageStore } from './store.ts';

/** One event is selected in all panels at once: its row, its tick, its exit and its crossing. Time stays. */
export interface Selecting {
  /** By the step behind it; once more, and none is. */
  select(n: number | null): void;
  /** As long as it is pointed at, it stands in the place of what is selected. */
  hover(n: number | null): void;
}

/** The step behind the event that is selected, or pointed at. */
export const selectionOf = ({ hovered, selected }: StageState): number | null => hovered ?? selected;

/** What is left of a selection in another view: at another step it must still be to be seen. */
export function keptSelection(n: number | null, before: StageView | undefined, { n: at, exits, rings }: StageView): number | null {
  const isShown = at === before?.n || [...exits.latest, ...rings.past, ...rings.future].some((event) => event.n === n);
  return isShown ? n : null;
}

export function createSelecting(store: StageStore, { showExit }: Showing): Selecting {
  const take = (change: Partial<Pick<StageState, 'hovered' | 'selected'>>) => {
    store.setState(change);
    const state = store.getState();
    const n = selectionOf(state);
    const view = state.frame?.view;
    const isOld = view?.timeline.ticks.some((tick) => tick.n === n) && !view.exits.latest.some((exit) => exit.n === n);
    if (!state.frame?.running) showExit(isOld ? n : null);
  };
  return {
    select(n) {
      const { selected, hovered } = store.getState();
      take({ selected: n === selected ? null : n, hovered: n === hovered ? null : hovered });
    },
    hover(n) {
      if (n !== store.getState().hovered) take({ hovered: n });
    },
  };
}
