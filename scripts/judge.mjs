import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './run.mjs';

/** What `rm1 conform` says of one file of vectors: its only family. A status of 1 says that some failed, which the figures say as well. */
export function judge(file) {
  const args = [join(root, 'bin', 'rm1.mjs'), 'conform', '--json', file];
  const options = { encoding: 'utf8', maxBuffer: 1 << 28 };
  try {
    return JSON.parse(execFileSync(process.execPath, args, options)).families[0];
  } catch (error) {
    if (error.status !== 1) throw error;
    return JSON.parse(error.stdout).families[0];
  }
}

export const inThousands = (value) => value.toString().replace(/\B(?=(\d{3})+$)/g, ',');
