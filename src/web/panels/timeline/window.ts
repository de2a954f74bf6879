import type { TimelineView } from '../../../session/views.ts';

/** Cycles of the narrowest window. */
export const NARROWEST = 200;

/** Cycles of the widest window: the whole run, and a little beyond it. */
export const widest = (view: TimelineView): number => Math.max(view.reachedCycle * 1.1, 2 * NARROWEST);

/** The window after zooming by a factor around a cycle, never outside the run. */
export function zoomed(view: TimelineView, factor: number, around: number): { readonly from: number; readonly to: number } {
  const { from, to } = view.window;
  const width = Math.max(NARROWEST, Math.min((to - from) * factor, widest(view)));
  const share = to > from ? (around - from) / (to - from) : 0.5;
  const start = Math.max(0, around - width * share);
  return { from: Math.round(start), to: Math.round(start + width) };
}

/** The window moved sideways by a share of its width. */
export function panned(view: TimelineView, share: number): { readonly from: number; readonly to: number } {
  const width = view.window.to - view.window.from;
  const start = Math.max(0, view.window.from + width * share);
  return { from: Math.round(start), to: Math.round(start + width) };
}
