import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const usage = `node scripts/shots.mjs [--url ADDRESS] [--out FOLDER] [--sizes 1440x900,720x420,375x812] [--themes light,dark] [--only NAME]

Screenshots of the stage. Without --url the fixture page is served from the sources.`;

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    out: { type: 'string', default: '/tmp/rm1-shots' },
    sizes: { type: 'string', default: '1440x900,720x420,375x812' },
    themes: { type: 'string', default: 'light,dark' },
    query: { type: 'string', default: '' },
    hash: { type: 'string', default: '' },
    name: { type: 'string', default: 'stage' },
    full: { type: 'boolean', default: false },
    rest: { type: 'boolean', default: false },
    scale: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}

let server;
let address = values.url;
if (!address) {
  const { createServer } = await import('vite');
  server = await createServer({ server: { port: 0, host: '127.0.0.1' }, logLevel: 'warn' });
  await server.listen();
  address = `http://127.0.0.1:${server.httpServer.address().port}/tests/support/stage/`;
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-quic',
    '--hide-scrollbars',
  ],
});
mkdirSync(values.out, { recursive: true });
try {
  for (const size of values.sizes.split(',')) {
    const [width, height] = size.split('x').map(Number);
    for (const colorScheme of values.themes.split(',')) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme,
        deviceScaleFactor: Number(values.scale),
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      page.on('pageerror', (error) => console.error('uncaught:', error.message));
      page.on(
        'console',
        (message) => ['error', 'warning'].includes(message.type()) && console.error(message.type(), message.text().slice(0, 400)),
      );
      await page.goto(`${address}${values.query}${values.hash}`);
      const ready = page.waitForSelector('html[data-ready]', { timeout: values.rest ? 1500 : 15_000 });
      await ready.catch(() => values.rest || console.error(`${size} ${colorScheme}: not ready`));
      await page.evaluate(() => document.fonts.ready);
      await page.waitForTimeout(150);
      const file = join(values.out, `${values.name}-${size}-${colorScheme}.png`);
      await page.screenshot({ path: file, fullPage: values.full });
      console.log(file);
      await context.close();
    }
  }
} finally {
  await browser.close();
  await server?.close();
}
