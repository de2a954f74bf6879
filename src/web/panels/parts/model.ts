import { worded } from '../../../lib/say.ts';
import type { Part } from '../../store/store.ts';

/** Panels that ask for their part of the view while they are shown, and are loaded when they first are. */
export const PARTS: readonly { readonly id: Part; readonly title: string }[] = [
  { id: 'tables', title: worded('Tables') },
  { id: 'devices', title: worded('Devices') },
  { id: 'memory', title: worded('Memory') },
];

export const isPart = (id: string): id is Part => PARTS.some((part) => part.id === id);
