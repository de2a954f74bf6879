/**
 * Programs that a kernel loads from its disk. Nobody but the kernel knows where it put them, so they are known by their bytes: a page of RAM that
 * begins as a page of a program does is that program's.
 */
import { MapIndex } from '../asm/index.ts';
import type { LoadedImage, Located } from './images.ts';

const PAGE = 4096;

export class DiskPrograms {
  /** In the order in which the kernel counts them, from 1. */
  readonly names: readonly string[];
  private readonly pages: readonly {
    readonly image: LoadedImage;
    readonly index: MapIndex;
    readonly from: number;
    readonly bytes: Uint8Array;
  }[];

  /** @param images each linked at the beginning of a page; one without bytes is never found */
  constructor(images: readonly LoadedImage[]) {
    this.names = images.map(({ name }) => name);
    this.pages = images.flatMap((image) => {
      const index = new MapIndex(image.map);
      return Array.from({ length: Math.ceil(image.bytes.length / PAGE) }, (_, k) => ({
        image,
        index,
        from: k * PAGE,
        bytes: image.bytes.subarray(k * PAGE, (k + 1) * PAGE),
      }));
    });
  }

  locate(ram: Uint8Array, physical: number): Located | null {
    const offset = physical % PAGE;
    const start = physical - offset;
    for (const { image, index, from, bytes } of this.pages) {
      if (offset >= bytes.length || !holds(ram, start, bytes)) continue;
      const place = index.atOffset(from + offset);
      if (place !== undefined) return { image, index, offset: from + offset, place };
    }
    return null;
  }
}

function holds(ram: Uint8Array, start: number, bytes: Uint8Array): boolean {
  if (start + bytes.length > ram.length) return false;
  for (let k = 0; k < bytes.length; k++) if (ram[start + k] !== bytes[k]) return false;
  return true;
}
