import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { serveFolder } from './site.ts';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
];

export interface OpenPage {
  readonly page: Page;
  /** What went wrong so far: uncaught errors, console errors, answers of 400 and above, requests that left loopback. */
  readonly problems: string[];
}

export interface BrowserSite {
  readonly origin: string;
  readonly browser: Browser;
  open(path?: string, options?: BrowserContextOptions): Promise<OpenPage>;
  close(): Promise<void>;
}

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', args: flags });
}

function watch(page: Page): string[] {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
  });
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') problems.push(`left the machine: ${request.url()}`);
  });
  return problems;
}

/** Serves the built site and starts a browser with an empty profile; every page gets a context of its own. */
export async function openSite(folder: string = dist, headers: Record<string, string> = {}): Promise<BrowserSite> {
  if (!existsSync(folder)) throw new Error(`${folder} is not there: npm run build`);
  const server = await serveFolder(folder, headers);
  const browser = await launchBrowser();
  return {
    origin: server.origin,
    browser,
    async open(path = '/', options = {}) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block', ...options });
      const page = await context.newPage();
      const problems = watch(page);
      await page.goto(server.origin + path);
      return { page, problems };
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
