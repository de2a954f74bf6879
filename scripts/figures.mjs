/** Draws docs/figures from its list; with --check, says which differ and changes nothing. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importBundled } from './bundle.mjs';
import { root } from './run.mjs';

const folder = join(root, 'docs/figures');
const figures = JSON.parse(readFileSync(join(folder, 'figures.json'), 'utf8'));
const check = process.argv.includes('--check');
const drafts = mkdtempSync(join(tmpdir(), 'rm1-figures-'));
const differing = [];

function keep(name, text) {
  const before = (() => {
    try {
      return readFileSync(join(folder, name), 'utf8');
    } catch {
      return '';
    }
  })();
  if (before === text) return;
  differing.push(name);
  if (!check) writeFileSync(join(folder, name), text);
}

const entry = ({ name, title, caption, args }) => `## ${title}

<picture><source media="(prefers-color-scheme: dark)" srcset="${name}-dark.svg" /><img src="${name}.svg" alt="${caption}" /></picture>

${caption} [light](${name}.svg), [dark](${name}-dark.svg)

    rm1 figure ${args} -o ${name}.svg
`;

const page = `# Figures

For lecture notes, slides and articles, in place of the four concentric circles: each is a state of a machine that ran, drawn by the command below it. They stand
alone: no script, nothing from elsewhere; the animated ones stand still where motion is not wanted, and show their first step on paper and in programs that do not
animate. \`node scripts/figures.mjs\` draws them anew; the dark ones have \`--theme dark\`, and PNG comes with \`-o NAME.png --scale 3\`.

**Licence: [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/).** Attribution: "RingMinusOne", with a link to where you found them where there is room for one.

${figures.map(entry).join('\n')}`;

try {
  const { main } = await importBundled('src/cli/main.ts', 'rm1-figures', ['src']);
  for (const { name, args } of figures) {
    for (const [theme, file] of [
      ['light', `${name}.svg`],
      ['dark', `${name}-dark.svg`],
    ]) {
      const draft = join(drafts, file);
      if ((await main(['figure', ...args.split(' '), '--theme', theme, '-o', draft])) !== 0) throw new Error(`${file} could not be drawn`);
      keep(file, readFileSync(draft, 'utf8'));
    }
  }
  keep('README.md', page);
} finally {
  rmSync(drafts, { recursive: true, force: true });
}
if (differing.length > 0) console.log(`${check ? 'Not as drawn now' : 'Drawn anew'}: ${differing.join(', ')}`);
if (check && differing.length > 0) process.exitCode = 1;
