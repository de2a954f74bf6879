import { zoomed } from '../panels/timeline/window.ts';
import type { Controller } from '../store/controller.ts';
import type { StageStore } from '../store/store.ts';

export type KeyAction =
  | 'restart'
  | 'back'
  | 'step'
  | 'run'
  | 'exit'
  | 'previous-exit'
  | 'next-exit'
  | 'stop-here'
  | 'next-stop'
  | 'last-stop'
  | 'zoom-in'
  | 'zoom-out'
  | 'over'
  | 'out'
  | 'stop'
  | 'help';

const ACTIONS: Readonly<Record<string, KeyAction>> = {
  Home: 'restart',
  ArrowLeft: 'back',
  ArrowRight: 'step',
  ' ': 'run',
  e: 'exit',
  E: 'exit',
  '[': 'previous-exit',
  ']': 'next-exit',
  '+': 'zoom-in',
  '=': 'zoom-in',
  '-': 'zoom-out',
  b: 'stop-here',
  B: 'stop-here',
  g: 'next-stop',
  G: 'last-stop',
  Escape: 'stop',
  '?': 'help',
};

const SHIFTED: Readonly<Record<string, KeyAction>> = { ArrowRight: 'over', ArrowUp: 'out' };

/** Keys that act even when single keys are switched off: neither types a character. */
const ALWAYS: ReadonlySet<KeyAction> = new Set(['stop']);

/** What a key asks for, or null when it is not ours. */
export function keyAction(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): KeyAction | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  return (event.shiftKey && SHIFTED[event.key]) || (ACTIONS[event.key] ?? null);
}

/** Whether the element that has the focus wants this key for itself. */
function isTaken(target: Element, key: string): boolean {
  if (target.closest('[data-keys="own"],textarea,select,dialog,[contenteditable]')) return true;
  if (target instanceof HTMLInputElement && target.type !== 'checkbox') return true;
  return key === ' ' && target.closest('button,a,summary,input') !== null;
}

/** Lets the keys of the transport act while the focus is in the stage or nowhere; returns how to stop. */
export function listenToKeys(stage: Element, store: StageStore, controller: Controller): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    const action = keyAction(event);
    if (!action || event.defaultPrevented || !(event.target instanceof Element)) return;
    if (document.querySelector('dialog[open]')) return;
    if (event.target !== document.body && !stage.contains(event.target)) return;
    if (isTaken(event.target, event.key) || !(store.getState().keysOn || ALWAYS.has(action))) return;
    event.preventDefault();
    perform(action, event.repeat, store, controller);
  };
  document.addEventListener('keydown', onKeyDown);
  return () => document.removeEventListener('keydown', onKeyDown);
}

function perform(action: KeyAction, repeat: boolean, store: StageStore, controller: Controller): void {
  const view = store.getState().frame?.view;
  switch (action) {
    case 'step':
      controller.step();
      break;
    case 'back':
      controller.back();
      break;
    case 'zoom-in':
    case 'zoom-out': {
      if (!view) return;
      const next = zoomed(view.timeline, action === 'zoom-in' ? 0.7 : 1.4, view.cycle);
      controller.setWindow(next.from, next.to);
      break;
    }
    case 'next-exit':
      controller.exit();
      break;
    case 'previous-exit':
      controller.exit(true);
      break;
    default:
      if (repeat) return;
      if (action === 'restart') controller.restart();
      else if (action === 'run') controller.toggleRun();
      else if (action === 'over' || action === 'out') controller.stepping(action);
      else if (action === 'help') controller.showKeys(true);
      else if (action === 'stop') controller.stop();
      else if (action === 'stop-here') stopHere(store, controller);
      else if (action === 'next-stop' || action === 'last-stop') controller.toStop(action === 'last-stop');
      else controller.exit();
  }
}

/** A stop at the current instruction, or none there any more. */
function stopHere(store: StageStore, controller: Controller): void {
  const view = store.getState().frame?.view;
  const current = view?.stream.current;
  if (!view || !current) return;
  const address = current.original?.address ?? current.address;
  const there = view.stops.find((stop) => stop.kind === 'instruction' && stop.vm === current.who.vm && stop.address === address);
  if (there) controller.removeStop(there.id);
  else controller.stopAt(view.n);
}
