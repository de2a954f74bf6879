/**
 * Keeps the app for times without a network. The build says which files there are and by which mark (scripts/offline.mjs); whatever else lies on
 * the site, frames included, passes by. An update waits until no page of the app is open.
 */

/** Addresses beside this script, the page itself as `./`. What has a hash in its name or its query never changes. */
declare const RM1_FILES: readonly string[];
declare const RM1_MARK: string;

interface ExtendableEvent {
  waitUntil(work: Promise<unknown>): void;
}

interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

const scope = globalThis as unknown as {
  readonly location: Location;
  addEventListener(type: 'install' | 'activate', listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
};

const PREFIX = 'ringminusone-';
const CACHE = PREFIX + RM1_MARK;
const absolute = (address: string): string => new URL(address, scope.location.href).href;
const page = absolute('./');
const files: ReadonlySet<string> = new Set(RM1_FILES.map(absolute));

/** From the cache of the build before where it has the file, else from the network. */
async function fresh(address: string): Promise<Response> {
  const kept = address === page ? undefined : await caches.match(address);
  return kept ?? fetch(address, { cache: address === page ? 'no-cache' : 'default' });
}

async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  for (const address of files) {
    const response = await fresh(address);
    if (!response.ok) throw new Error(`${address} was answered by ${response.status}`);
    await cache.put(address, response);
  }
}

async function forgetOthers(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
}

async function answer(address: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(address)) ?? fetch(request);
}

scope.addEventListener('install', (event) => event.waitUntil(fill()));
scope.addEventListener('activate', (event) => event.waitUntil(forgetOthers()));
scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const asked = request.url.replace(/#.*$/, '');
  const address = request.mode === 'navigate' && asked.replace(/(index\.html)?(\?.*)?$/, '') === page ? page : asked;
  if (request.method === 'GET' && files.has(address)) event.respondWith(answer(address, request));
});
