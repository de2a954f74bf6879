import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cachedBundle } from './bundle.mjs';
import { ensurePackages } from './packages.mjs';
import { root, run } from './run.mjs';

const folder = 'tests/bench';
const suffix = '.bench.ts';
const wanted = process.argv.slice(2);

if (!(await ensurePackages())) process.exit(1);
const benches = (existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : [])
  .filter((file) => file.endsWith(suffix))
  .map((file) => file.slice(0, -suffix.length))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
  .sort();
if (benches.length === 0) {
  console.error(`No bench in ${folder} is called ${wanted.join(' or ') || '*'}${suffix}.`);
  process.exit(2);
}
for (const name of benches) {
  console.log(`\n== ${name}`);
  const file = await cachedBundle(`${folder}/${name}${suffix}`, `bench-${name}`, ['src', 'tests/bench', 'tests/support']);
  if ((await run(process.execPath, [file])) !== 0) process.exitCode = 1;
}
