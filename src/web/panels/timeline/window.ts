import type { TimelineView } from '../../../session/views.ts';

/** The window after zooming by a factor around a cycle, never outside the run. */
export function zoomed(view: TimelineView, factor: number, around: number): { readonly from: number; readonly to: number } {
  const { from, to } = view.window;
  const width = Math.max(200, Math.min((to - from) * factor, Math.max(view.reachedCycle * 1.1, 400)));
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
