/** Loads more.js when something needs it. */
import { type ReactNode, useEffect, useState } from 'react';
import { loadScript } from '../app/load-script.ts';

export type More = typeof import('./more.ts');

const scope = globalThis as unknown as { rm1More?: More };
let from = '';
let loading: Promise<More> | null = null;

/** Says where it lies. */
export function moreLiesIn(folder: string): void {
  from = `${folder}more.js`;
}

export const more = (): More | null => scope.rm1More ?? null;

export function loadMore(): Promise<More> {
  loading ??= loadScript(from).then(() => {
    if (!scope.rm1More) throw new Error(`${from} is not what it should be`);
    return scope.rm1More;
  });
  loading.catch(() => {
    loading = null;
  });
  return loading;
}

type Files = typeof import('./files.ts');

/** What reads scenario files, which lies beside it. */
export async function loadFiles(folder: string): Promise<Files> {
  await loadScript(`${folder}files.js`);
  return (globalThis as unknown as { rm1Files: Files }).rm1Files;
}

/** Shows what needs it as soon as it is there. */
export function WithMore({ show }: { readonly show: (more: More) => ReactNode }) {
  const [found, setFound] = useState(more);
  useEffect(() => {
    if (!found) loadMore().then((loaded) => setFound(() => loaded), console.error);
  }, [found]);
  return found && show(found);
}
