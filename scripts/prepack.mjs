import { buildLibrary } from './library.mjs';
import { ensurePackages } from './packages.mjs';
import { buildSite, siteIsFresh } from './site.mjs';

if (!(await ensurePackages()) || !(siteIsFresh() || (await buildSite())) || !(await buildLibrary())) process.exit(1);
