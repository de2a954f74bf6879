// Vectors of other seeds, made by the tools of ../shared, and what comes of them: `node scripts/fresh-vectors.mjs SEED...`. All families, as many as in the sets there.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inThousands, judge } from './judge.mjs';
import { ensurePackages } from './packages.mjs';
import { root } from './run.mjs';

const shared = join(root, '..', 'shared');
const TOOLS = [
  { name: 'silicon', program: join(shared, 'silicon', 'make-vectors.sh'), args: (seed, folder) => [seed, folder] },
  { name: 'system', program: join(shared, 'system', 'sysvec'), args: (seed, folder) => ['all', seed, folder] },
];

export const toolsAreHere = () => TOOLS.every(({ program }) => existsSync(program));

/** Makes and judges one set; true when no vector failed. */
function check({ name, program, args }, seed) {
  const folder = mkdtempSync(join(tmpdir(), 'rm1-vectors-'));
  try {
    execFileSync(program, args(seed, folder), { stdio: ['ignore', 'ignore', 'inherit'] });
    const sum = { passed: 0, failed: 0, apart: 0 };
    for (const file of readdirSync(folder).filter((entry) => entry.endsWith('.jsonl.gz'))) {
      const found = judge(join(folder, file));
      sum.passed += found.passed;
      sum.failed += found.failed;
      sum.apart += found.disputed + found.sourcesWay;
      if (found.failed > 0)
        console.log(`${name}, seed ${seed}, ${found.family}: ${found.failed} failed; \`rm1 conform\` of such a file lists them`);
    }
    console.log(`${name}, seed ${seed}: ${inThousands(sum.passed)} passed, ${sum.failed} failed, ${sum.apart} not judged`);
    return sum.failed === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every set of every seed; true when no vector failed. */
export const checkSeeds = (seeds) => seeds.flatMap((seed) => TOOLS.map((tool) => check(tool, seed))).every(Boolean);

if (process.argv[1] === import.meta.filename) {
  const seeds = process.argv.slice(2);
  if (!(await ensurePackages())) process.exit(1);
  if (seeds.length === 0 || !toolsAreHere()) {
    console.error(
      seeds.length === 0 ? 'usage: node scripts/fresh-vectors.mjs SEED...' : `There are no tools in ${shared}: nothing is made.`,
    );
    process.exit(2);
  }
  process.exitCode = checkSeeds(seeds) ? 0 : 1;
}
