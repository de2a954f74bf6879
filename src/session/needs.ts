/** Which images a scenario needs: what the build makes ready for pages that load no assembler. */
import { guestImage, imagesAskedFor } from './guests.ts';
import { diskFor, MINIM } from './minim-disk.ts';
import { PORTS } from './ports.ts';
import { packed, type ReadyImage } from './ready-image.ts';
import { SCENARIOS } from './scenarios.ts';
import { Session } from './session.ts';
import type { Vmm } from './views.ts';

export { imageFile } from '../lib/image-file.ts';

/** Every way to open a scenario, each scenario's own way first. */
export const openings: readonly { readonly scenario: string; readonly vmm: Vmm }[] = SCENARIOS.flatMap(({ id, vmm, vmms }) =>
  [vmm, ...vmms.filter((other) => other !== vmm)].map((each) => ({ scenario: id, vmm: each })),
);

/** What lies on minim's disk, which is made once. */
diskFor(MINIM);
const ON_DISK = imagesAskedFor();

/** Paths of the images that one opening needs. */
export function needsOf(scenario: string, vmm: Vmm): readonly string[] {
  imagesAskedFor();
  const { images } = Session.open({ scenario, vmm });
  const onDisk = [images.own?.name, images.guest?.name].some((name) => name === MINIM || name === PORTS[MINIM]) ? ON_DISK : [];
  return [...new Set([...imagesAskedFor(), ...onDisk])];
}

export const readyImage = (path: string): ReadyImage => packed(guestImage(path));
