import { ensurePackages } from './packages.mjs';
import { buildSite } from './site.mjs';

process.exitCode = (await ensurePackages()) && (await buildSite()) ? 0 : 1;
