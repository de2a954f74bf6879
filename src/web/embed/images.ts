/**
 * The two machines of an embed: the full one assembles every source, the core one is given the images that its scenario needs.
 * The build says which those are.
 */
import { imageFile } from '../../lib/image-file.ts';
import type { Client, Request } from '../../worker/protocol.ts';
import { loadScript } from '../app/load-script.ts';

type Images = Extract<Request, { type: 'images' }>['images'];

/** By scenario and monitor the paths of the images; the first monitor is the scenario's own. */
declare const RM1_NEEDS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const scope = globalThis as unknown as { rm1Images?: Record<string, Images[string]> };

/** The script of a machine. */
export type MachineName = 'machine.js' | 'core.js' | 'core-svm.js' | 'core-asks.js';

export interface Needs {
  readonly machine: MachineName;
  /** Paths of its images. */
  readonly images: readonly string[];
}

/**
 * What an opening needs; null when only the full machine can open it.
 *
 * @param asks the machine is to ask questions
 */
export function needed(scenario: string | null, vmm: string | null, asks = false): Needs | null {
  const found = scenario === null ? Object.values(RM1_NEEDS)[0] : Object.hasOwn(RM1_NEEDS, scenario) ? RM1_NEEDS[scenario] : undefined;
  const under = vmm ?? Object.keys(found ?? {})[0] ?? '';
  if (found === undefined || !Object.hasOwn(found, under)) return null;
  return { machine: asks ? 'core-asks.js' : under === 'svm' ? 'core-svm.js' : 'core.js', images: found[under]! };
}

const loading = new Map<string, Promise<void>>();

function load(path: string, base: string): Promise<void> {
  const known = loading.get(path);
  if (known) return known;
  const loaded = loadScript(new URL(imageFile(path), base).href);
  loading.set(path, loaded);
  loaded.catch(() => loading.delete(path));
  return loaded;
}

/** Begins to load the images of an opening, which will say itself what went wrong. */
export function prefetch(paths: readonly string[], base: string): void {
  for (const path of paths) load(path, base).catch(() => {});
}

/** A core machine that is given its images before it opens anything. */
export function withImages(client: Client, base: string, failed: (reason: string) => void): Client {
  let before: Promise<void> = Promise.resolve();
  const give = async (paths: readonly string[]) => {
    await Promise.all(paths.map((path) => load(path, base)));
    client.send({ type: 'images', id: 0, images: Object.fromEntries(paths.map((path) => [path, scope.rm1Images![path]!])) });
  };
  return {
    get rung() {
      return client.rung;
    },
    send(request) {
      const paths = request.type === 'open' ? needed(request.scenario ?? null, request.vmm ?? null)?.images : undefined;
      before = before
        .then(() => (paths ? give(paths) : undefined))
        .then(() => client.send(request))
        .catch((error: unknown) => failed(error instanceof Error ? error.message : String(error)));
    },
    onAnswer: (listener) => client.onAnswer(listener),
    close: () => client.close(),
  };
}
