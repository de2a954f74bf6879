import { ensurePackages } from './packages.mjs';
import { runPackage } from './run.mjs';

process.exitCode = (await ensurePackages()) ? await runPackage('vite', process.argv.slice(2), { minutes: 60 * 24 }) : 1;
