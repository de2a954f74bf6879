import { worded } from '../../lib/say.ts';

/** The keys as they are listed; those of one line do the same or go in opposite ways. */
export const KEY_LIST: readonly { readonly keys: readonly string[]; readonly does: string }[] = [
  { keys: ['→', '←'], does: worded('one step on, one step back') },
  { keys: [worded('Shift →')], does: worded('over what is called next') },
  { keys: [worded('Shift ↑')], does: worded('out of what runs now, to behind its return') },
  { keys: [worded('Space')], does: worded('run, pause') },
  { keys: [worded('Home')], does: worded('back to power-on') },
  { keys: [']', '['], does: worded('on to the next VM exit, back to the last; on bare metal, interrupt or fault') },
  { keys: ['E'], does: worded('run to the next exit') },
  { keys: ['B'], does: worded('stop at the current instruction from now on, or no longer') },
  { keys: ['G', worded('Shift G')], does: worded('run to the next stop, back to the last') },
  { keys: ['+', '−'], does: worded('zoom the timeline') },
  { keys: ['↑', '↓'], does: worded('from an instruction’s address to the next, from a register to the next') },
  { keys: ['↑', '↓', '←', '→'], does: worded('in the rings, from place to place; Enter lists its steps') },
  { keys: [worded('Esc')], does: worded('give up a run or a search') },
  { keys: ['?'], does: worded('this list') },
];
