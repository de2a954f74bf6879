import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

/** The service worker of a site that is built: `mark` is the query of the machine's scripts and images (scripts/site.mjs). */
export async function serviceWorker(dist, mark) {
  const inside = (folder) => readdirSync(join(dist, folder)).map((name) => `${folder}/${name}`);
  const marked = ['machine-first.js', 'machine-late.js', ...inside('images')];
  const named = inside('assets');
  const hash = createHash('sha256');
  for (const file of ['index.html', ...marked, ...named]) hash.update(file).update(readFileSync(join(dist, file)));
  const files = ['./', ...named, ...marked.map((file) => `${file}?${mark}`)];
  const { rolldown } = await import('rolldown');
  const build = await rolldown({
    input: join(root, 'src/web/service-worker.ts'),
    platform: 'browser',
    transform: { define: { RM1_FILES: JSON.stringify(files), RM1_MARK: JSON.stringify(hash.digest('hex').slice(0, 16)) } },
    logLevel: 'warn',
  });
  const { output } = await build.generate({ format: 'iife', minify: true, comments: false });
  await build.close();
  return output[0].code;
}
