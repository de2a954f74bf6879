import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** By a path that is no literal, since scripts have no types. */
const script = '../scripts/api.mjs';

test('docs/api.md says what the package exports: node scripts/api.mjs writes it anew', async () => {
  const { currentPage } = (await import(script)) as { currentPage(): Promise<string> };
  const page = readFileSync(fileURLToPath(new URL('../docs/api.md', import.meta.url)), 'utf8');
  const current = await currentPage();
  expect(page.split('\n')).toEqual(current.split('\n'));
  expect(page).toContain('### Session');
}, 60_000);
