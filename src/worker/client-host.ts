/** The machine for a page that has no worker: the same host, by the clock of wherever it runs. */
import { createHost as create, type Host } from './host.ts';
import type { Answer } from './protocol.ts';

interface Clocked {
  readonly performance: { now(): number };
}

const { performance: clock } = globalThis as unknown as Clocked;

export const createHost = (post: (answer: Answer) => void): Host => create(post, () => clock.now());
