import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fingerprint } from './fingerprint.mjs';
import { cacheFolder, root } from './run.mjs';

const native = [/^@resvg\//, /^iced-x86$/, /^playwright-core/];
const day = 24 * 60 * 60 * 1000;

/** `import text from './x.asm?raw'`, as Vite understands it. */
export const rawText = {
  name: 'raw-text',
  resolveId(source, importer) {
    if (source.endsWith('?raw') && importer) return `${resolve(dirname(importer.split('?')[0]), source.slice(0, -4))}?raw`;
  },
  load(id) {
    if (!id.endsWith('?raw')) return;
    return { code: `export default ${JSON.stringify(readFileSync(id.slice(0, -4), 'utf8'))};`, moduleType: 'js' };
  },
};

/** Bundles one TypeScript entry, and what it imports, into one module for Node. */
export async function bundle(entry, file) {
  const { rolldown } = await import('rolldown');
  const build = await rolldown({ input: join(root, entry), platform: 'node', external: native, plugins: [rawText], logLevel: 'warn' });
  const draft = `${file}.${process.pid}.tmp`;
  mkdirSync(dirname(file), { recursive: true });
  await build.write({ file: draft, format: 'esm', codeSplitting: false });
  await build.close();
  renameSync(draft, file);
}

/** The path of the entry's bundle in the cache, made again only when a source has changed. */
export async function cachedBundle(entry, name, sources) {
  const file = join(cacheFolder, `${name}-${fingerprint([...sources, 'scripts/bundle.mjs', 'package-lock.json'])}.mjs`);
  if (statSync(file, { throwIfNoEntry: false })) return file;
  await bundle(entry, file);
  forgetOld(name);
  return file;
}

/** What the entry exports, by way of its bundle in the cache. */
export async function importBundled(entry, name, sources) {
  return import(pathToFileURL(await cachedBundle(entry, name, sources)).href);
}

function forgetOld(name) {
  for (const other of readdirSync(cacheFolder)) {
    const path = join(cacheFolder, other);
    const status = other.startsWith(`${name}-`) && statSync(path, { throwIfNoEntry: false });
    if (status && Date.now() - status.mtimeMs > day) rmSync(path, { recursive: true, force: true });
  }
}
