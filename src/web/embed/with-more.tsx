/** Loads more.js when something needs it. */
import { type ReactNode, useEffect, useState } from 'react';

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
  loading ??= new Promise<More>((resolve, reject) => {
    const failed = () => {
      loading = null;
      reject(new Error(`${from} could not be loaded`));
    };
    const script = document.createElement('script');
    script.src = from;
    script.onload = () => (scope.rm1More ? resolve(scope.rm1More) : failed());
    script.onerror = failed;
    document.head.append(script);
  });
  return loading;
}

/** Shows what needs it as soon as it is there. */
export function WithMore({ show }: { readonly show: (more: More) => ReactNode }) {
  const [found, setFound] = useState(more);
  useEffect(() => {
    if (!found) loadMore().then((loaded) => setFound(() => loaded), console.error);
  }, [found]);
  return found && show(found);
}
