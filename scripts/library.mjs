import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, rawText } from './bundle.mjs';
import { root, runPackage } from './run.mjs';

const lib = join(root, 'lib');

/** Builds what the npm package holds beside the site: modules and their types, the element, the React component, and rm1. */
export async function buildLibrary() {
  rmSync(lib, { recursive: true, force: true });
  mkdirSync(lib);
  await modules();
  await one('src/package/links.ts', 'links.mjs');
  await one('src/package/react.tsx', 'react.mjs', ['react', 'react/jsx-runtime', './element.mjs']);
  await one('embed/ringminusone.js', 'element.mjs');
  await bundle('src/cli/main.ts', join(lib, 'rm1.mjs'));
  return (await types()) === 0;
}

/** One file for each source, so that a bundler takes only what is used. */
async function modules() {
  const { rolldown } = await import('rolldown');
  const build = await rolldown({
    input: { index: join(root, 'src/package/index.ts') },
    platform: 'neutral',
    plugins: [rawText],
    treeshake: { moduleSideEffects: false },
    logLevel: 'warn',
  });
  await build.write({
    dir: join(lib, 'modules'),
    format: 'esm',
    preserveModules: true,
    preserveModulesRoot: join(root, 'src'),
    entryFileNames: '[name].mjs',
  });
  await build.close();
}

/** A module that holds all it needs, except `external`. */
async function one(entry, file, external = []) {
  const { rolldown } = await import('rolldown');
  const build = await rolldown({ input: join(root, entry), platform: 'neutral', external, logLevel: 'warn' });
  await build.write({ file: join(lib, file), format: 'esm', codeSplitting: false });
  await build.close();
}

/** Declarations of the entries and of what they name. */
export function types(folder = join(lib, 'types')) {
  return runPackage('tsc', ['-p', 'tsconfig.package.json', '--outDir', folder]);
}
