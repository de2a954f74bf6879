/** In machines for embeds: no lab. */
import type { LabHost } from './lab-host.ts';

export function createLabHost(): LabHost {
  return { receive: () => {}, slice: () => false };
}
