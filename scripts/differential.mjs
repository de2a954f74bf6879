import { cachedBundle } from './bundle.mjs';
import { ensurePackages } from './packages.mjs';
import { run } from './run.mjs';

if (!(await ensurePackages())) process.exit(1);
const file = await cachedBundle('tests/differential/differential.ts', 'differential', ['src', 'tests/differential']);
process.exitCode = await run(process.execPath, [file, ...process.argv.slice(2)]);
