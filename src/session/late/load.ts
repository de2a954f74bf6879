/** In the app's first machine, which is a worker by its address: the rest of it lies beside it as a script. */
import { say } from '../../lib/say.ts';
import { Refused } from '../refused.ts';

export type Parts = typeof import('./parts.ts');

const scope = globalThis as unknown as {
  importScripts(...addresses: string[]): void;
  readonly location: { readonly href: string };
  /** Declared by machine-late.js; it takes what the two scripts share. */
  rm1Late?: (shared: unknown) => Parts;
  readonly rm1Shared?: unknown;
};

/** The address of a script of this build: its folder and its mark are those of the machine's own. */
const beside = (file: string): string =>
  scope.location.href.replace(/[^/?]*(\?.*)?$/, (_, mark: string | undefined) => file + (mark ?? ''));

/** Runs scripts that lie beside this one; they are there when this returns. Throws Refused where they cannot be had. */
export function run(...files: readonly string[]): void {
  try {
    scope.importScripts(...files.map(beside));
  } catch {
    throw new Refused(say`A part of the machine could not be loaded. Is the network there? Try once more when it is.`);
  }
}

let parts: Parts | null = null;

/** The rest of the machine, loaded when it is first asked for. */
export function late<More = unknown>(): Parts & More {
  if (parts === null) {
    if (scope.rm1Late === undefined) run('machine-late.js');
    parts = scope.rm1Late!(scope.rm1Shared);
  }
  return parts as Parts & More;
}
