import { join } from 'node:path';
import { bundle } from './bundle.mjs';
import { ensurePackages } from './packages.mjs';
import { root } from './run.mjs';
import { buildSite } from './site.mjs';

if (!(await ensurePackages()) || !(await buildSite())) process.exit(1);
await bundle('src/cli/main.ts', join(root, 'lib', 'rm1.mjs'));
