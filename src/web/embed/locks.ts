import type { Controller } from '../store/controller.ts';
import type { Look } from './look.ts';

const nothing = () => {};

/** What is left of a controller where the author of a page has locked some of it. */
export function locked(controller: Controller, { controls, readonly }: Pick<Look, 'controls' | 'readonly'>): Controller {
  const free = controls === 'basic' || controls === 'full';
  return {
    ...controller,
    ...(!free && { restart: nothing, seek: nothing, exit: nothing, toggleRun: nothing }),
    ...(controls === 'none' && { step: nothing, back: nothing }),
    ...(controls !== 'full' && { setSpeed: nothing }),
    ...((readonly || !free) && { input: nothing }),
  };
}
