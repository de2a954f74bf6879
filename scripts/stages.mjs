import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { runPackage } from './run.mjs';
import { findChromium } from './tools.mjs';

/** Runs named stages one after another and adds up what passed, failed and was skipped. A stage that ends badly counts at least one failure. */
export class Stages {
  passed = 0;
  failed = 0;
  skipped = 0;
  bad = [];

  async one(name, action) {
    console.log(`\n== ${name}`);
    this.add(name, (await action()) ? { passed: 1 } : { failed: 1 });
  }

  async types() {
    for (const config of ['tsconfig.core.json', 'tsconfig.node.json', 'tsconfig.json']) {
      await this.one(`types: ${config}`, async () => (await runPackage('tsc', ['-p', config])) === 0);
    }
  }

  async lint() {
    await this.one('format and lint', async () => (await runPackage('biome', ['check', '--error-on-warnings', '.'])) === 0);
  }

  async vitest(name, args, options = {}) {
    console.log(`\n== ${name}`);
    const folder = mkdtempSync(join(tmpdir(), 'rm1-test-'));
    const report = join(folder, 'report.json');
    try {
      const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
      const status = await runPackage('vitest', ['run', ...reporters, ...args], options);
      this.add(name, readReport(report, status));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Builds the site, and tests it in Chromium where there is one. */
  async browser(name, files = [], { env = {}, ...options } = {}) {
    const { buildSite } = await import('./site.mjs');
    await this.one('build', buildSite);
    const chromium = findChromium();
    if (!chromium) this.skip(name, 'Chromium is missing');
    else
      await this.vitest(name, ['--config', 'vitest.browser.config.ts', ...files], { ...options, env: { ...env, CHROMIUM_PATH: chromium } });
  }

  skip(name, why) {
    console.log(`\n== ${name}: skipped, ${why}`);
    this.add(name, { skipped: 1 });
  }

  add(name, { passed = 0, failed = 0, skipped = 0, failures = [] }) {
    this.passed += passed;
    this.failed += failed;
    this.skipped += skipped;
    if (failed > 0) this.bad.push(`${name} (${failed})`, ...failures);
  }

  /** Prints the last line and returns the exit status that agrees with it. */
  finish() {
    if (this.bad.length > 0) console.log(`\nFailed:\n${this.bad.join('\n')}`);
    const skipped = this.skipped > 0 ? `, ${this.skipped} skipped` : '';
    console.log(`\n${this.passed} passed, ${this.failed} failed${skipped}`);
    return this.failed > 0 ? 1 : 0;
  }
}

const LONGEST_MESSAGE = 1500;

/** What failed is told once more at the end, where a log that was cut still has it. */
function readReport(file, status) {
  const count = { passed: 0, failed: 0, skipped: 0, failures: [] };
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { ...count, failed: 1, failures: [`  ${file}: no report was written (status ${status})`] };
  }
  for (const suite of report.testResults) {
    const failedBefore = count.failed;
    for (const test of suite.assertionResults) {
      if (test.status === 'passed') count.passed++;
      else if (test.status === 'failed') {
        count.failed++;
        count.failures.push(failure(suite.name, test.fullName, test.failureMessages.join('\n')));
      } else count.skipped++;
    }
    if (suite.status === 'failed' && count.failed === failedBefore) {
      count.failed++;
      count.failures.push(failure(suite.name, 'the file itself', suite.message));
    }
  }
  if (status !== 0 && count.failed === 0) count.failed = 1;
  return count;
}

function failure(file, name, message) {
  return `  ${relative(process.cwd(), file)} > ${name}\n${message.slice(0, LONGEST_MESSAGE).replace(/^/gm, '    ')}`;
}
