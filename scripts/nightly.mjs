// What takes too long for every change: the big bench image, ten million random instructions at each level, hypervisors beside Bochs and QEMU.
import { ensurePackages } from './packages.mjs';
import { run } from './run.mjs';
import { Stages } from './stages.mjs';

const HOUR = 60;

if (!(await ensurePackages())) process.exit(1);
const stages = new Stages();
await stages.vitest('images of the peers', ['tests/peers'], { RM1_NIGHTLY: '1' });
const node = (script, ...args) => run(process.execPath, [script, ...args], { minutes: 6 * HOUR });
await stages.one('soak', async () => (await node('scripts/soak.mjs', '--level', '10000000', '--write')) === 0);
await stages.one('beside Bochs and QEMU', async () => (await node('scripts/differential.mjs')) === 0);
process.exitCode = stages.finish();
