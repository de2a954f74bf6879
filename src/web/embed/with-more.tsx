/** The scripts that an embed loads when something needs them. */
import { type ReactNode, useEffect, useState } from 'react';
import { loadScript } from '../app/load-script.ts';
import { adopt } from '../ui/adopt.ts';

export type More = typeof import('./more.ts');

const scope = globalThis as unknown as Record<string, unknown>;
let folder = '';

/** Says where they lie. */
export function moreLiesIn(of: string): void {
  folder = of;
}

/** A script that declares its exports under a name, and the styles of what it draws. */
class Late<T extends object> {
  private loading: Promise<T> | null = null;
  private readonly file: string;
  private readonly name: string;

  constructor(file: string, name: string) {
    this.file = file;
    this.name = name;
  }

  readonly found = (): T | null => (scope[this.name] as T | undefined) ?? null;

  load(): Promise<T> {
    this.loading ??= loadScript(folder + this.file).then(() => {
      const found = this.found();
      if (!found) throw new Error(`${this.file} is not what it should be`);
      if ('style' in found) adopt(found.style as string);
      return found;
    });
    this.loading.catch(() => {
      this.loading = null;
    });
    return this.loading;
  }
}

export const MORE = new Late<More>('more.js', 'rm1More');
/** What reads scenario files. */
export const FILES = new Late<typeof import('./files.ts')>('files.js', 'rm1Files');
export const LESSON = new Late<typeof import('./lesson.ts')>('lesson.js', 'rm1Lesson');
export const MEMORY = new Late<typeof import('./memory.ts')>('memory.js', 'rm1Memory');

/** What draws a step for the page around. */
export const PICTURE = new Late<typeof import('./picture.ts')>('picture.js', 'rm1Picture');

interface WithProps<T extends object> {
  readonly late: Late<T>;
  readonly show: (found: T) => ReactNode;
  /** In its place where it cannot be had. */
  readonly lost?: ReactNode;
}

/** Shows what needs one as soon as it is there. */
export function With<T extends object>({ late, show, lost }: WithProps<T>) {
  const [found, setFound] = useState(late.found);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (found) return;
    late.load().then(
      (loaded) => setFound(() => loaded),
      (error) => {
        console.error(error);
        setFailed(true);
      },
    );
  }, [late, found]);
  return found ? show(found) : failed && lost;
}
