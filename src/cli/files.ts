/** Where sources are looked for. */
import type { CliIo } from './io.ts';

/** Every directory above a file, the nearest first: where a tree of sources keeps what its parts share. */
export function above(file: string): string[] {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('/')).filter((directory) => directory !== '');
}

/** Reads files as written, then in each of the directories. */
export function finder(io: CliIo, directories: readonly string[]): (path: string) => Uint8Array | undefined {
  return (path) => {
    const places = path.startsWith('/') ? [path] : [path, ...directories.map((directory) => `${directory}/${path}`)];
    for (const place of places) {
      const found = io.readFile(place);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}
