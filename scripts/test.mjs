import { ensurePackages } from './packages.mjs';
import { Stages } from './stages.mjs';
import { ensureTools } from './tools.mjs';

const stages = new Stages();

async function everything() {
  if (!(await ensurePackages())) {
    stages.add('packages', { failed: 1 });
    return;
  }
  for (const tool of await ensureTools()) stages.add(`${tool} is missing`, { failed: 1 });
  await stages.types();
  await stages.lint();
  await stages.vitest('unit tests', []);
  await stages.browser('browser tests');
}

try {
  await everything();
} catch (error) {
  console.error(error);
  stages.add('the test script itself', { failed: 1 });
}
process.exitCode = stages.finish();
