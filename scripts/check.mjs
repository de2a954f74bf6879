import { ensurePackages } from './packages.mjs';
import { Stages } from './stages.mjs';

if (!(await ensurePackages())) process.exit(1);
const stages = new Stages();
await stages.types();
await stages.lint();
await stages.vitest('import law and fast tests', ['--exclude', '**/*.slow.test.ts']);
process.exitCode = stages.finish();
