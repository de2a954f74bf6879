import { useEffect } from 'react';
import { useMedia, useStage, useStageState } from '../ui/hooks.ts';

/** By how much everything is larger: 12 px become 20. */
const PRESENTED = 5 / 3;

/** What remotes send, and who stands at a lectern: forward, back, a black screen, the end. */
const KEYS: Readonly<Record<string, 'step' | 'back' | 'black' | 'leave'>> = {
  PageDown: 'step',
  '.': 'step',
  PageUp: 'back',
  b: 'black',
  B: 'black',
  Escape: 'leave',
};

/** Windows in which everything has room so much larger, and would else be a stamp in their middle. */
const LARGE = '(min-width: 2400px) and (min-height: 1200px)';
const HUGE = '(min-width: 3000px) and (min-height: 1600px)';

/** By how much everything is larger than it is drawn. */
export function useScale(): number {
  const scale = useStageState((s) => s.scale);
  const presenting = useStageState((s) => s.presenting !== null);
  const large = useMedia(LARGE);
  const huge = useMedia(HUGE);
  return scale * (presenting ? PRESENTED : 1) * (huge ? 2 : large ? 1.5 : 1);
}

/** How large everything is; and keys of the presentation, while there is one: they act wherever the focus is, but for a dialog or a field. */
export function usePresenting(): void {
  const { store, controller } = useStage();
  const presenting = useStageState((s) => s.presenting !== null);
  const factor = useScale();
  useEffect(() => {
    const { documentElement } = document;
    documentElement.toggleAttribute('data-presenting', presenting);
    documentElement.toggleAttribute('data-scaled', factor !== 1);
    documentElement.style.setProperty('--rm-presented', String(factor));
    if (!presenting) return;
    const onKeyDown = (event: KeyboardEvent) => {
      const action = KEYS[event.key];
      if (!action || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.target instanceof Element && event.target.closest('dialog,input,select,textarea,[contenteditable]')) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (action === 'black') controller.present(store.getState().presenting === 'black' ? 'shown' : 'black');
      else if (action === 'leave') controller.present(null);
      else if (store.getState().presenting === 'black') controller.present('shown');
      else controller[action]();
    };
    // Before the keys of the stage, some of which have the same letters.
    document.addEventListener('keydown', onKeyDown, { capture: true });
    return () => document.removeEventListener('keydown', onKeyDown, { capture: true });
  }, [presenting, factor, store, controller]);
}
