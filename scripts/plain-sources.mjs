import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { rawText } from './bundle.mjs';
import { fingerprint } from './fingerprint.mjs';
import { cacheFolder, root } from './run.mjs';
import { strata } from './strata.mjs';

const src = join(root, 'src');
const KEPT = 6;

/**
 * A plugin by which tests get the simulator as plain modules that Node itself loads. Vitest's own modules read every import through a getter, which
 * makes the hot loop up to forty times slower.
 */
export async function plainSources() {
  const plain = await written();
  return {
    name: 'plain-sources',
    enforce: 'pre',
    resolveId(source, importer) {
      if (!importer || !source.startsWith('.') || !source.endsWith('.ts')) return;
      const path = relative(src, resolve(dirname(importer), source));
      if (strata.includes(path.split(sep)[0])) return join(plain, path.replace(/\.ts$/, '.js'));
    },
    config: () => ({ test: { server: { deps: { external: [/[\\/]plain-[0-9a-f]{16}[\\/]/] } } } }),
  };
}

/** The folder of the modules, made again only when a source has changed. */
async function written() {
  const folder = join(cacheFolder, `plain-${fingerprint(['src', 'scripts', 'package-lock.json'])}`);
  if (statSync(folder, { throwIfNoEntry: false })) return folder;
  const draft = `${folder}.${process.pid}.tmp`;
  mkdirSync(draft, { recursive: true });
  await write(draft, `${folder}-images`);
  try {
    renameSync(draft, folder);
  } catch {
    rmSync(draft, { recursive: true, force: true });
  }
  forgetOld();
  return folder;
}

/** Images that a test file has assembled are there for the next. */
const keepImages = (images) => ({
  name: 'keep-images',
  transform(code, id) {
    if (!id.endsWith('/session/guests.ts')) return;
    return `${code}\nimport { imagesIn } from '../cli/kept-images.ts';\nkeepImages(imagesIn(${JSON.stringify(images)}));`;
  },
});

async function write(dir, images) {
  const { rolldown } = await import('rolldown');
  const build = await rolldown({
    input: strata.flatMap(modules),
    platform: 'node',
    // A helper of the transform is no package: it is written beside the modules.
    external: (id) => /^(?!@oxc-project\/)[@\w][^:]/.test(id),
    plugins: [rawText, keepImages(images)],
    treeshake: false,
    preserveEntrySignatures: 'strict',
    logLevel: 'warn',
  });
  await build.write({
    dir,
    format: 'esm',
    preserveModules: true,
    preserveModulesRoot: src,
    entryFileNames: '[name].js',
    sourcemap: 'inline',
  });
  await build.close();
}

function modules(stratum) {
  const folder = join(src, stratum);
  if (!statSync(folder, { throwIfNoEntry: false })) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name));
}

function forgetOld() {
  const age = (name) => statSync(join(cacheFolder, name)).mtimeMs;
  const folders = readdirSync(cacheFolder).filter((name) => /^plain-[0-9a-f]{16}(-images)?$/.test(name));
  const old = folders.sort((a, b) => age(b) - age(a)).slice(KEPT);
  for (const name of old) rmSync(join(cacheFolder, name), { recursive: true, force: true });
}
