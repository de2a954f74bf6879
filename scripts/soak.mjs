// The soak in a process of its own, watched: a case that takes longer than a minute hangs, and is named.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { cachedBundle } from './bundle.mjs';
import { ensurePackages } from './packages.mjs';
import { cacheFolder, root } from './run.mjs';

const SILENCE = 60_000;

if (!(await ensurePackages())) process.exit(1);
const program = await cachedBundle('tests/soak/main.ts', 'soak', ['src', 'tests/soak', 'tests/support']);
const args = process.argv.slice(2);
const seed = args.includes('--seed') ? args[args.indexOf('--seed') + 1] : '1';
const file = args.includes('--file') ? [] : ['--file', join(cacheFolder, `soak-${seed}.json`)];
const child = fork(program, [...args, ...file], { cwd: root });
let last = null;
let heard = Date.now();
child.on('message', (message) => {
  last = message;
  heard = Date.now();
});
const watch = setInterval(() => {
  if (last === null || Date.now() - heard < SILENCE) return;
  console.error(
    `It hangs: cell '${last.cell}', seed ${seed}, a case from ${last.number} on. Once more: npm run soak -- --seed ${seed} --only '${last.cell}' --case ${last.number}`,
  );
  child.kill('SIGKILL');
  process.exitCode = 1;
}, 5000);
child.on('exit', (status) => {
  clearInterval(watch);
  process.exitCode ||= status ?? 1;
});
