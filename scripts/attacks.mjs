// The hostile kernel's attacks under every technique: what held and what broke.
import { execFileSync } from 'node:child_process';
import { cachedBundle } from './bundle.mjs';
import { ensurePackages } from './packages.mjs';
import { root } from './run.mjs';

if (!(await ensurePackages({ quiet: true }))) process.exit(1);
const program = await cachedBundle('tests/attacks/main.ts', 'attacks', ['src', 'tests/attacks']);
execFileSync(process.execPath, [program, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
