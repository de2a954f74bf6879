import { defineConfig } from 'vitest/config';
import { plainSources } from './scripts/plain-sources.mjs';

/** Who watches sees each change of a source at once, and waits longer for the tests. */
const watching = !process.argv.includes('run');

export default defineConfig({
  plugins: watching ? [] : [await plainSources()],
  test: {
    environment: 'node',
    include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
    exclude: ['tests/browser/**', 'tests/bench/**'],
    passWithNoTests: true,
    maxWorkers: '100%',
    testTimeout: 120_000,
    reporters: ['default'],
  },
});
