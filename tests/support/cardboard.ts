import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { type BrowserSite, openSite } from './browser.ts';

/** Builds the stage on its machine of cardboard (tests/support/stage), and opens it as `openSite` does; closed, its folder is gone. */
export async function openCardboard(): Promise<BrowserSite> {
  const folder = mkdtempSync(join(tmpdir(), 'rm1-cardboard-'));
  const root = fileURLToPath(new URL('stage', import.meta.url));
  await build({ root, base: './', configFile: false, logLevel: 'warn', build: { outDir: folder, emptyOutDir: true, target: 'es2023' } });
  const site = await openSite(folder);
  return {
    ...site,
    async close() {
      await site.close();
      rmSync(folder, { recursive: true });
    },
  };
}
