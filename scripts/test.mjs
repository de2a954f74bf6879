import { ensurePackages } from './packages.mjs';
import { Stages } from './stages.mjs';
import { ensureTools, findChromium } from './tools.mjs';

const stages = new Stages();

async function everything() {
  if (!(await ensurePackages())) {
    stages.add('packages', { failed: 1 });
    return;
  }
  const { buildSite } = await import('./site.mjs');
  const missing = await ensureTools();
  for (const tool of missing) stages.add(`${tool} is missing`, { failed: 1 });
  await stages.types();
  await stages.lint();
  await stages.vitest('unit tests', []);
  await stages.one('build', buildSite);
  if (!missing.includes('chromium')) {
    await stages.vitest('browser tests', ['--config', 'vitest.browser.config.ts'], { CHROMIUM_PATH: findChromium() });
  }
}

try {
  await everything();
} catch (error) {
  console.error(error);
  stages.add('the test script itself', { failed: 1 });
}
process.exitCode = stages.finish();
