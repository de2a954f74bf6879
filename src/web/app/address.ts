import { frameLink, isOwn, lessonLink } from '../store/frame-link.ts';
import type { StageStore } from '../store/store.ts';
import { type LinkState, printLink } from './link.ts';

const QUIET = 300;

/** Whether this window wrote its address itself, and for what a reader made here: a link that was given to it has no such mark. */
export const isOfThisWindow = (): boolean => history.state?.own === true;

/** Keeps the address bar at the current step, when things have been quiet for a moment; returns how to write it at once. */
export function followAddress(store: StageStore, asked: () => LinkState): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** While the address is another, the reader is on the way elsewhere. */
  let known = location.hash;
  const onHashChange = () => {
    known = location.hash;
  };
  addEventListener('hashchange', onHashChange);
  const write = () => {
    const state = store.getState();
    const { frame, linkError, phase, died, lesson } = state;
    if (!frame || linkError || phase !== 'ready' || died) return;
    const { hash: hashed, theme, lang, numbers, scale } = asked();
    const place = lesson ? lessonLink(lesson.lesson, lesson.page) : frameLink(frame);
    const hash = printLink({ ...place, hash: hashed, theme, lang, numbers, scale });
    if (hash !== location.hash) {
      try {
        history.replaceState({ own: isOwn(state) }, '', hash);
        known = location.hash;
      } catch {
        stop();
      }
    }
  };
  const stopListening = store.subscribe((state, before) => {
    if (state.frame === before.frame && state.lesson === before.lesson) return;
    clearTimeout(timer);
    timer = setTimeout(() => location.hash === known && write(), QUIET);
  });
  const stop = () => {
    clearTimeout(timer);
    stopListening();
    removeEventListener('hashchange', onHashChange);
  };
  return write;
}
