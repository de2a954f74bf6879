#!/usr/bin/env node
import { existsSync } from 'node:fs';
import module from 'node:module';
import { pathToFileURL } from 'node:url';

const underTypeScript = existsSync(new URL('../src/cli/main.ts', import.meta.url));

async function fromCheckout() {
  const { ensurePackages } = await import('../scripts/packages.mjs');
  if (!(await ensurePackages({ quiet: true }))) process.exit(2);
  const { cachedBundle } = await import('../scripts/bundle.mjs');
  const { strata } = await import('../scripts/strata.mjs');
  const sources = strata.map((folder) => `src/${folder}`);
  const file = await cachedBundle('src/cli/main.ts', 'rm1', sources);
  return { file: pathToFileURL(file), images: file.replace(/\.mjs$/, '-images') };
}

const { file, images } = underTypeScript ? await fromCheckout() : { file: new URL('../lib/rm1.mjs', import.meta.url) };
module.enableCompileCache?.();
const { main } = await import(file);
process.exitCode = await main(process.argv.slice(2), images);
