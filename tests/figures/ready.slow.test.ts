import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = `${root}/docs/figures`;

test('the ready figures are, byte for byte, what rm1 figure draws: node scripts/figures.mjs draws them anew', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/figures.mjs', '--check'], { cwd: root }).catch(
    (error: { stdout: string }) => error,
  );
  expect(stdout).toBe('');
}, 120_000);

test('they are small, and every one is on their page with its command', () => {
  const page = readFileSync(`${folder}/README.md`, 'utf8');
  const files = readdirSync(folder).filter((name) => name.endsWith('.svg'));
  expect(files.length).toBeGreaterThanOrEqual(16);
  for (const file of files) {
    const svg = readFileSync(`${folder}/${file}`, 'utf8');
    expect(page).toContain(`(${file})`);
    expect(svg.length, file).toBeLessThan((svg.includes('@keyframes') ? 40 : 20) * 1024);
  }
});
