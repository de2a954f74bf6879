// Writes src/session/guest-sources.ts: an import for each assembly source, so that every bundler finds them.
import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
const guest = join(root, 'src/guest');

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.(asm|inc)$/.test(entry.name)) yield relative(guest, path);
  }
}

const names = [...sources(guest)];
const identifier = (name) => name.replace(/[^a-z0-9]+(.)?/gi, (_, next) => (next ?? '').toUpperCase());
const text = `/** Every assembly source in src/guest, by its path there. Written by \`node scripts/guest-sources.mjs\`. */
${names.map((name) => `import ${identifier(name)} from '../guest/${name}?raw';`).join('\n')}

export const GUEST_SOURCES: Readonly<Record<string, string>> = {
${names.map((name) => `  '${name}': ${identifier(name)},`).join('\n')}
};
`;
writeFileSync(join(root, 'src/session/guest-sources.ts'), text);
execFileSync('npx', ['biome', 'check', '--write', 'src/session/guest-sources.ts'], { cwd: root, stdio: 'inherit' });
