import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildEmbed } from './embed.mjs';
import { fingerprint } from './fingerprint.mjs';
import { cacheFolder, root, runPackage } from './run.mjs';

const inputs = ['src', 'public', 'embed', 'scripts', 'index.html', 'vite.config.ts', 'package-lock.json'];
const stamp = join(cacheFolder, 'site-fingerprint');

/** Builds the static site into dist/. */
export async function buildSite() {
  const made = fingerprint(inputs);
  if ((await runPackage('vite', ['build'])) !== 0) return false;
  await buildEmbed(join(root, 'dist'));
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(stamp, made);
  return true;
}

export function siteIsFresh() {
  return existsSync(join(root, 'dist', 'index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(inputs);
}
