import { configDefaults, defineConfig } from 'vitest/config';

/** They measure times, keep both processors busy themselves, or build the site anew. */
const ALONE = ['access.slow', 'embed', 'package', 'stage'].map((name) => `tests/browser/${name}.test.ts`);

/** In most files a page waits half of the time. */
const AT_ONCE = 2;

export default defineConfig({
  test: {
    environment: 'node',
    passWithNoTests: true,
    /* Tests of one file that say so run beside each other. */
    maxConcurrency: AT_ONCE,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'alone',
          include: ALONE,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'two at a time',
          include: ['tests/browser/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...ALONE],
          maxWorkers: AT_ONCE,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
