import { useEffect, useLayoutEffect } from 'react';
import { useStageState } from './hooks.ts';

/** The stable hooks of the page: what tests, graders and scripts wait for and read. It is ready when a step is drawn and the page is `whole`. */
export function usePageHooks(whole = true) {
  const n = useStageState((s) => (s.phase === 'ready' ? (s.frame?.view.n ?? null) : null));
  const hash = useStageState((s) => s.frame?.view.hash ?? '');
  useLayoutEffect(() => {
    const { dataset } = document.documentElement;
    if (n === null) {
      delete dataset.ready;
      return;
    }
    dataset.step = String(n);
    if (hash) dataset.hash = hash;
    else delete dataset.hash;
  }, [n, hash]);
  useEffect(() => {
    if (n === null || !whole) return;
    const frame = requestAnimationFrame(() => {
      document.documentElement.dataset.ready = '';
    });
    return () => cancelAnimationFrame(frame);
  }, [n, whole]);
}
