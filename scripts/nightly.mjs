/**
 * What takes too long for every change, one after the other: fifty times as many random cases of properties, links and figures at many more steps;
 * every change and exercise of the lessons by axe; the big bench image; vectors of new seeds; hypervisors beside Bochs and QEMU; random instructions
 * at each level, the soak. Tests know it by RM1_NIGHTLY (tests/support/night.ts).
 */
import { checkSeeds, toolsAreHere } from './fresh-vectors.mjs';
import { ensurePackages } from './packages.mjs';
import { run } from './run.mjs';
import { Stages } from './stages.mjs';

const HOUR = 60;
/** The soak keeps what it has when its time is up; it is stopped from outside only if it does not. */
const SOAK_MINUTES = 5.5 * HOUR;
const LONGEST = { minutes: 6 * HOUR };
/** Each night has seeds of its own. A soak of the same day goes on where it was stopped. */
const day = Math.floor(Date.now() / 86_400_000);
const byNight = { ...LONGEST, env: { RM1_NIGHTLY: '1', RM1_SEED: String(day) } };

if (!(await ensurePackages())) process.exit(1);
const stages = new Stages();
await stages.vitest(
  'random cases of properties, links and figures at many steps',
  ['tests/lib', 'tests/machine', 'tests/web', 'tests/figures', 'tests/session/changes.test.ts', '--testTimeout=3600000'],
  byNight,
);
await stages.browser('every change and exercise of the lessons, by axe', ['tests/browser/access.slow.test.ts'], byNight);
await stages.vitest('images of the peers', ['tests/peers'], byNight);
const node = (script, ...args) => run(process.execPath, [script, ...args], LONGEST);
if (toolsAreHere())
  await stages.one('vectors of three new seeds', async () => checkSeeds(['a', 'b', 'c'].map((letter) => `${day}${letter}`)));
else stages.skip('vectors of three new seeds', 'their tools are not beside the checkout');
await stages.one('beside Bochs and QEMU', async () => (await node('scripts/differential.mjs')) === 0);
const soak = ['--level', '10000000', '--seed', String(day), '--minutes', String(SOAK_MINUTES), '--write'];
await stages.one('soak', async () => (await node('scripts/soak.mjs', ...soak)) === 0);
process.exitCode = stages.finish();
