import type { Request } from '../../worker/protocol.ts';

type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;

/** Sends a request to the machine, and returns the number by which its answers name it. */
export type Send = (request: Unnumbered<Request>) => number;
