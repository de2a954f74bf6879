import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

function note(hash, path) {
  const status = statSync(join(root, path), { throwIfNoEntry: false });
  if (!status) return;
  if (!status.isDirectory()) {
    hash.update(`${path} ${status.size} ${status.mtimeMs}\n`);
    return;
  }
  for (const name of readdirSync(join(root, path)).sort()) note(hash, `${path}/${name}`);
}

/** Changes when any of these files and folders changes in size or time of modification. */
export function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const path of paths) note(hash, path);
  return hash.digest('hex').slice(0, 16);
}
