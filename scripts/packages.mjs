import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './run.mjs';

const needed = [20, 19];

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > needed[0] || (major === needed[0] && minor >= needed[1])) return;
  console.error(`RingMinusOne needs Node ${needed.join('.')} or later; this is ${process.versions.node}.`);
  process.exit(2);
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** npm keeps in node_modules a copy of the lock file it installed from; optional packages may be missing there (other platforms). */
export function packagesAreInstalled() {
  const wanted = readPackages('package-lock.json');
  const installed = readPackages('node_modules/.package-lock.json');
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || (entry.optional && !installed[path]) || installed[path]?.version === entry.version,
  );
}

/** Installs what package-lock.json names, if node_modules does not hold it yet. Resolves to true if it is there afterwards. */
export async function ensurePackages({ quiet = false } = {}) {
  checkNode();
  if (packagesAreInstalled()) return true;
  console.error('Installing packages (npm ci) ...');
  const args = ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
  const stdio = quiet ? ['ignore', 'ignore', 'inherit'] : ['ignore', 'inherit', 'inherit'];
  const npm = process.env.npm_execpath;
  const status = npm?.endsWith('.js')
    ? await run(process.execPath, [npm, ...args], { stdio })
    : await run('npm', args, { stdio, shell: process.platform === 'win32' });
  if (status !== 0) console.error('The packages could not be installed: see above.');
  return status === 0;
}
