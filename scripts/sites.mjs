/** Builds a course page, a blog post and slides with their real generators, and tries the embed in each: npm run sites. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { importBundled } from './bundle.mjs';
import { ensurePackages } from './packages.mjs';
import { root } from './run.mjs';
import { buildSite, siteIsFresh } from './site.mjs';
import { prepared, runIn, sites } from './sites/generators.mjs';
import { KINDS } from './sites/kinds.mjs';
import { serve, tried } from './sites/trial.mjs';
import { STEP } from './sites/words.mjs';

const usage = `npm run sites -- [--only NAME,NAME] [--pictures]

Builds a site of each kind (${Object.keys(KINDS).join(', ')}) from the snippets that the Share dialog offers, and steps the embed in its pages.
Generators come from npm into ${sites}, or from Debian: what is missing is skipped, and the command that brings it is said.
--pictures writes what is seen into docs/pictures/sites.`;

const { values } = parseArgs({
  options: { only: { type: 'string' }, pictures: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const names = values.only?.split(',') ?? Object.keys(KINDS);
const unknown = names.find((name) => !KINDS[name]);
if (unknown) {
  console.error(`There is no kind ${unknown}: ${Object.keys(KINDS).join(', ')}`);
  process.exit(2);
}

if (!(await ensurePackages()) || !(siteIsFresh() || (await buildSite()))) process.exit(1);
const { snippets } = await importBundled('src/web/panels/header/snippets.ts', 'snippets', ['src/web', 'src/lib']);
const { writePages } = await importBundled('src/cli/pages/write.ts', 'pages', ['src']);

/** The built site, and over it its pages as a build with --url has them. */
const pages = join(sites, 'pages');
const ours = await serve(pages, join(root, 'dist'));
const base = `${ours.origin}/`;
await writePages(pages, base);
const offered = snippets({
  base,
  hash: `#scenario=first-exit&vmm=vtx&step=${STEP}`,
  lang: 'en',
  subject: 'One VM exit, whole',
  title: `One VM exit, whole, step ${STEP}`,
  picture: `${base}posters/first-exit.svg`,
});
const given = { base, snippets: Object.fromEntries(offered.map(({ id, text }) => [id, text])) };

const pictures = join(root, 'docs/pictures/sites');
if (values.pictures) mkdirSync(pictures, { recursive: true });
const pictured = (name, looks = []) =>
  Object.fromEntries(
    values.pictures ? looks.map((look) => [look, join(pictures, `${name}${look === 'light' ? '' : `-${look}`}.png`)]) : [],
  );

const count = { passed: 0, failed: 0, skipped: 0 };
function tell(name, wrong) {
  console.log(`${name}: ${wrong || 'stands and steps'}`);
  count[wrong ? 'failed' : 'passed']++;
}

async function trySite(name) {
  const kind = KINDS[name];
  const folder = join(sites, name);
  const at = (path) => join(folder, path);
  const write = (path, text) => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
  };
  write('package.json', '{ "private": true }\n');
  const { versions, missing } = await prepared(folder, kind);
  if (missing) {
    console.log(`${name}: skipped, ${missing}`);
    count.skipped++;
    return;
  }
  if (versions) console.log(`${name}: ${versions}`);
  const built = await kind.build({ write, at, run: runIn(folder), ...given });
  const { origin, close } = built.out ? await serve(at(built.out)) : built;
  try {
    for (const [page, asked] of Object.entries(built.pages))
      tell(page, await tried(origin + asked.path, asked, pictured(page, asked.pictures)));
  } finally {
    await close();
  }
}

for (const name of names) {
  try {
    await trySite(name);
  } catch (error) {
    tell(name, error.message);
  }
}
ours.close();
console.log(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exit(count.failed > 0 ? 1 : 0);
