/** Assembled images in a folder, so that a command need not wait for the assembler again. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageStore } from '../session/guests.ts';

/** What cannot be read is assembled anew, what cannot be written is left: the folder only saves time. */
export function imagesIn(folder: string): ImageStore {
  const fileOf = (path: string) => join(folder, `${path.replaceAll('/', '+')}.json`);
  return {
    read(path) {
      try {
        return JSON.parse(readFileSync(fileOf(path), 'utf8'));
      } catch {
        return undefined;
      }
    },
    write(path, image) {
      const draft = `${fileOf(path)}.${process.pid}.tmp`;
      try {
        mkdirSync(folder, { recursive: true });
        writeFileSync(draft, JSON.stringify(image));
        renameSync(draft, fileOf(path));
      } catch {}
    },
  };
}
