/** The images: assembled by our assembler, with the frame they share. */
import { readFileSync } from 'node:fs';
import { assemble, formatError } from '../../../src/asm/index.ts';

/** What an image or its boot sector includes, by name. */
const FOLDERS = ['images', 'images/lib'];

function text(folder: string, name: string): string | undefined {
  for (const place of FOLDERS) {
    try {
      return readFileSync(`${folder}/${place}/${name}`, 'utf8');
    } catch {}
  }
  return undefined;
}

function bytesOf(folder: string, name: string, head = ''): Uint8Array {
  const assembled = assemble(
    { text: (path) => (path === 'main.asm' ? `${head}%include "${name}"\n` : text(folder, path.split('/').at(-1)!)) },
    'main.asm',
  );
  if (!assembled.ok) throw new Error(assembled.errors.map(formatError).join('\n'));
  return assembled.image;
}

/** The image as a Multiboot loader takes it. @param folder where tests/differential is */
export const imageOf = (folder: string, name: string): Uint8Array => bytesOf(folder, `${name}.asm`);

const SECTOR = 512;
/** Bochs insists on a disk whose size is that of its geometry. */
export const GEOMETRY = { cylinders: 20, heads: 16, sectors: 63 };

/** A disk that boots the image. */
export function diskOf(folder: string, image: Uint8Array): Uint8Array {
  const sectors = Math.ceil(image.length / SECTOR);
  const disk = new Uint8Array(GEOMETRY.cylinders * GEOMETRY.heads * GEOMETRY.sectors * SECTOR);
  disk.set(bytesOf(folder, 'boot.asm', `SECTORS equ ${sectors}\n`));
  disk.set(image, SECTOR);
  return disk;
}
