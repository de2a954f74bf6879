import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { plainSources } from './scripts/plain-sources.mjs';

/** Who watches sees each change of a source at once, and waits longer for the tests. */
const watching = !process.argv.includes('run');

/** No long file is left over at the end, when one processor has nothing more to do. */
class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rest = (file: TestSpecification) => Number(!file.moduleId.includes('.slow.'));
    return (await super.sort(files)).sort((a, b) => rest(a) - rest(b));
  }
}

export default defineConfig({
  plugins: watching ? [] : [await plainSources()],
  test: {
    environment: 'node',
    include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
    exclude: ['tests/browser/**', 'tests/bench/**'],
    passWithNoTests: true,
    maxWorkers: '100%',
    /* Files share a process, the simulator in it, and what it has assembled: what a test has set it takes back. */
    isolate: false,
    sequence: { sequencer: SlowFirst },
    testTimeout: 120_000,
    reporters: ['default'],
  },
});
