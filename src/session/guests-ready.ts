/** In the place of guests.ts in a machine without sources and assembler: it runs the images it is given. */

import type { Assembled, FileProvider } from '../asm/index.ts';
import { say } from '../lib/say.ts';
import { type ReadyImage, unpacked } from './ready-image.ts';
import { Refused } from './refused.ts';
import type { PortedSource } from './views.ts';

export { SourceErrors } from './source-errors.ts';

const ready = new Map<string, Assembled>();

export function provide(images: Readonly<Record<string, ReadyImage>>): void {
  for (const [path, image] of Object.entries(images)) ready.set(path, unpacked(image));
}

/** Without sources there is nothing to compare. */
export const portOf = (): ReadonlyMap<string, PortedSource> => new Map();

export const guestFiles = (): FileProvider => ({ text: () => undefined });

export function guestImage(path: string, changes: Readonly<Record<string, string>> = {}): Assembled {
  if (Object.keys(changes).length > 0) throw new Refused(say`This machine has no assembler.`);
  const image = ready.get(path);
  if (image === undefined) throw new Refused(say`This machine was not given ${path}.`);
  return image;
}
