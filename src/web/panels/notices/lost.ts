import { say } from '../../../lib/say.ts';

/** In the place of Linked.tsx where that could not be loaded: that something was changed is told in any case. */
export const linkedLost = (): string => say`The link or the file changes this machine. What it changes could not be loaded.`;
