import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildEmbed, readyImages } from './embed.mjs';
import { fingerprint } from './fingerprint.mjs';
import { MACHINES, machineInTwo, machineScript } from './machine.mjs';
import { serviceWorker } from './offline.mjs';
import { cacheFolder, root, runPackage } from './run.mjs';

const inputs = ['src', 'public', 'embed', 'scripts', 'index.html', 'vite.config.ts', 'package-lock.json'];
const stamp = join(cacheFolder, 'site-fingerprint');

/** Builds the static site into dist/. With the address at which it will stand, its pages say it to those who make previews. */
export async function buildSite({ url = '' } = {}) {
  const made = fingerprint(inputs);
  const { NODE_ENV } = process.env;
  /* Vite builds for whatever is set, and a test sets it. */
  process.env.NODE_ENV = 'production';
  try {
    const { needs, images } = await readyImages();
    const scripts = { ...(await machineInTwo(needs)), ...images };
    for (const name of Object.keys(MACHINES)) scripts[name] = await machineScript(name);
    const hash = createHash('sha256');
    for (const script of Object.values(scripts)) hash.update(script);
    const mark = hash.digest('hex').slice(0, 8);
    const env = { VITE_RM1_MACHINE: mark };
    if ((await runPackage('vite', ['build'], { env })) !== 0) return false;
    await buildEmbed(join(root, 'dist'), { machine: scripts['machine.js'], needs, scripts }, url);
    writeFileSync(join(root, 'dist/service-worker.js'), await serviceWorker(join(root, 'dist'), mark));
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
  }
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(stamp, made);
  return true;
}

export function siteIsFresh() {
  return existsSync(join(root, 'dist', 'index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(inputs);
}
