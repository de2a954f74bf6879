/** Builds a course page, a blog post and slides with their real generators, and tries the embed in each: npm run sites. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { importBundled } from './bundle.mjs';
import { ensurePackages } from './packages.mjs';
import { root } from './run.mjs';
import { buildSite, siteIsFresh } from './site.mjs';
import { KINDS, writer } from './sites/kinds.mjs';
import { findChromium } from './tools.mjs';

/** Outside of the repository, whose package.json and node_modules a generator would take for its own. */
const sites = join(tmpdir(), 'ringminusone-sites');

const usage = `npm run sites -- [--only NAME,NAME] [--pictures]

Builds a page of each kind (${Object.keys(KINDS).join(', ')}) from the snippet that the Share dialog offers, and steps the embed in it.
Generators come from npm into ${sites}, or are on the machine: apt-get install hugo jekyll pandoc; what is missing is skipped, and said.
--pictures writes a course page, a blog post and a slide into docs/pictures/sites.`;

const { values } = parseArgs({
  options: { only: { type: 'string' }, pictures: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}

const STEP = 612;
const PICTURED = ['docusaurus', 'component', 'hugo', 'reveal'];
const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** A folder on loopback; without headers of any kind, as a static host has it. */
function serve(folder) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    try {
      let file = join(folder, decodeURIComponent(pathname));
      if (statSync(file).isDirectory()) file = join(file, 'index.html');
      const body = readFileSync(file);
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve({ server, origin: `http://127.0.0.1:${server.address().port}` })),
  );
}

/** Runs a program in a folder; throws with the end of what it said. */
const runIn =
  (folder) =>
  (program, ...args) =>
    new Promise((resolve, reject) => {
      const child = spawn(program, args, { cwd: folder, env: { ...process.env, NODE_ENV: 'production', DO_NOT_TRACK: '1' } });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said = (said + text).slice(-4000)));
      child.on('error', reject);
      child.on('close', (status) => (status === 0 ? resolve(said) : reject(new Error(`${program} ended with ${status}:\n${said}`))));
    });

async function isThere(program) {
  try {
    await runIn(root)(program, program === 'hugo' ? 'version' : '--version');
    return true;
  } catch {
    return false;
  }
}

let packed;

/** Our own package, as `npm publish` would send it; the path of the archive. */
async function archive() {
  packed ??= runIn(root)('npm', 'pack', '--silent', '--pack-destination', sites).then((said) =>
    join(sites, said.trim().split('\n').at(-1)),
  );
  return packed;
}

async function generator(folder, { npm, program, ours }) {
  if (program && !(await isThere(program))) return `${program} is not on this machine: apt-get install ${program}`;
  if (!npm) return '';
  const known = npm.every((name) => {
    const [, plain, version] = /^(@?[^@]+)@(.*)$/.exec(name);
    try {
      return JSON.parse(readFileSync(join(folder, 'node_modules', plain, 'package.json'), 'utf8')).version.startsWith(version);
    } catch {
      return false;
    }
  });
  const missing = known ? [] : [...npm];
  if (ours) missing.push(await archive());
  if (missing.length > 0) await runIn(folder)('npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', ...missing);
  return '';
}

/** Opens a page; resolves to what went wrong in it, or ''. */
async function tried(address, picture) {
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--headless', '--no-sandbox', '--disable-gpu'] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  await page.addInitScript(() => {
    window.rm1 = [];
    addEventListener('message', ({ data, source }) => {
      if (data?.source === 'rm1') window.rm1.push({ ...data });
      if (data?.type === 'ready') window.rm1Frame = source;
    });
  });
  const place = () => page.evaluate(() => `${document.activeElement?.localName} ${scrollY}`);
  await page.goto(address, { waitUntil: 'load' });
  const before = await place();
  if (!address.includes('#/'))
    await page
      .locator('iframe, ring-minus-one')
      .first()
      .evaluate((frame) => frame.getBoundingClientRect().top < innerHeight || frame.scrollIntoView());
  const seen = (type, step) =>
    page.waitForFunction(
      ([wanted, n]) => window.rm1.find((message) => message.type === wanted && (n === null || message.step === n)),
      [type, step],
      {
        timeout: 20_000,
      },
    );
  try {
    const ready = await (await seen('ready', null)).jsonValue();
    if (ready.step !== STEP) return `it began at step ${ready.step}`;
    await page.evaluate(() => window.rm1Frame.postMessage({ type: 'step' }, '*'));
    await seen('exit', STEP + 1);
    if ((await place()) !== before) return `the reader was moved from ${before} to ${await place()}`;
    const heights = await page.evaluate(() => window.rm1.filter(({ type }) => type === 'resize').length);
    if (heights > 6) return `its height did not come to rest: ${heights} messages`;
    await page.waitForTimeout(600);
    if (picture) await page.screenshot({ path: picture });
    return '';
  } catch (error) {
    return String(error.message).split('\n')[0];
  } finally {
    await browser.close();
  }
}

if (!(await ensurePackages()) || !(siteIsFresh() || (await buildSite()))) process.exit(1);
const { snippets } = await importBundled('src/web/panels/header/snippets.ts', 'snippets', ['src/web']);
const ours = await serve(join(root, 'dist'));
const shared = {
  base: `${ours.origin}/`,
  hash: `#scenario=first-exit&vmm=vtx&step=${STEP}`,
  title: `One VM exit, whole, step ${STEP}`,
  picture: `${ours.origin}/posters/first-exit.svg`,
};
const pictures = join(root, 'docs/pictures/sites');
if (values.pictures) mkdirSync(pictures, { recursive: true });
let passed = 0;
const count = { failed: 0, skipped: 0 };
for (const name of values.only?.split(',') ?? Object.keys(KINDS)) {
  const kind = KINDS[name];
  if (!kind) throw new Error(`there is no kind ${name}: ${Object.keys(KINDS).join(', ')}`);
  const folder = join(sites, name);
  mkdirSync(folder, { recursive: true });
  writer(folder)('package.json', '{ "private": true }\n');
  let wrong = '';
  let theirs;
  try {
    const missing = await generator(folder, kind);
    if (missing !== '') {
      console.log(`${name}: skipped, ${missing}`);
      count.skipped++;
      continue;
    }
    const snippet = snippets(shared).find(({ id }) => id === kind.snippet)?.text;
    const { out, page } = await kind.build({
      write: writer(folder),
      run: runIn(folder),
      at: (path) => join(folder, path),
      snippet,
      step: STEP,
    });
    theirs = await serve(join(folder, out));
    wrong = await tried(theirs.origin + page, values.pictures && PICTURED.includes(name) ? join(pictures, `${name}.png`) : undefined);
  } catch (error) {
    wrong = error.message;
  }
  theirs?.server.close();
  console.log(`${name}: ${wrong || 'stands and steps'}`);
  if (wrong) count.failed++;
  else passed++;
}
ours.server.close();
ours.server.closeAllConnections();
console.log(`\n${passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exit(count.failed > 0 ? 1 : 0);
