// What takes too long for every change: fifty times as many random cases of properties, the big bench image, vectors of new seeds, random instructions at each level, hypervisors beside Bochs and QEMU.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkSeeds, toolsAreHere } from './fresh-vectors.mjs';
import { ensurePackages } from './packages.mjs';
import { root, run } from './run.mjs';
import { Stages } from './stages.mjs';

const HOUR = 60;
/** The soak keeps what it has when its time is up; it is stopped from outside only if it does not. */
const SOAK_MINUTES = 5.5 * HOUR;
/** Each night has seeds of its own. A soak of the same day goes on where it was stopped. */
const day = Math.floor(Date.now() / 86_400_000);

if (!(await ensurePackages())) process.exit(1);
const stages = new Stages();
await stages.vitest(
  'random cases of properties',
  ['tests/lib', 'tests/machine', 'tests/web', 'tests/figures', 'tests/session/changes.test.ts', '--testTimeout=3600000'],
  {
    RM1_SEED: String(day),
    RM1_RUNS: '50',
  },
);
if (existsSync(join(root, 'dist')))
  await stages.vitest('every page of the lessons, by axe', ['--config', 'vitest.browser.config.ts', 'tests/browser/access.slow.test.ts'], {
    RM1_RUNS: '1',
  });
await stages.vitest('images of the peers', ['tests/peers'], { RM1_NIGHTLY: '1' });
const node = (script, ...args) => run(process.execPath, [script, ...args], { minutes: 6 * HOUR });
if (toolsAreHere())
  await stages.one('vectors of three new seeds', async () => checkSeeds(['a', 'b', 'c'].map((letter) => `${day}${letter}`)));
else stages.add('vectors of three new seeds', { skipped: 1 });
await stages.one('beside Bochs and QEMU', async () => (await node('scripts/differential.mjs')) === 0);
const soak = ['--level', '10000000', '--seed', String(day), '--minutes', String(SOAK_MINUTES), '--write'];
await stages.one('soak', async () => (await node('scripts/soak.mjs', ...soak)) === 0);
process.exitCode = stages.finish();
