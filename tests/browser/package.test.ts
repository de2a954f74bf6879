import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BrowserSite, openSite } from '../support/browser.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const project = mkdtempSync(join(tmpdir(), 'rm1-project-'));
const start = promisify(execFile);
const KB = 1024;

/** Runs a program in the fresh project. */
const inProject = async (program: string, ...args: string[]) =>
  (await start(program, args, { cwd: project, timeout: 120_000, maxBuffer: 1 << 24 })).stdout;

const write = (file: string, text: string) => writeFileSync(join(project, file), text);

/** The code that a bundler makes of a module of the project, and the modules that went into it. */
async function bundled(entry: string) {
  const build = await rolldown({
    input: join(project, entry),
    cwd: project,
    platform: 'browser',
    logLevel: 'silent',
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  });
  const { output } = await build.generate({ format: 'esm', codeSplitting: false });
  await build.close();
  const [{ code, modules }] = output;
  return { code, modules: Object.entries(modules).flatMap(([id, { code: kept }]) => (kept ? [id.slice(project.length)] : [])) };
}

let site: BrowserSite;

beforeAll(async () => {
  await start('npm', ['pack', '--silent', '--pack-destination', project], { cwd: root, timeout: 240_000 });
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  write('package.json', JSON.stringify({ name: 'a-course', private: true, type: 'module' }));
  await inProject('npm', 'install', '--offline', '--no-audit', '--no-fund', `./ringminusone-${version}.tgz`);
  mkdirSync(join(project, 'node_modules/@types'), { recursive: true });
  for (const name of ['react', 'react-dom', 'scheduler', 'csstype', '@types/react', '@types/react-dom'])
    symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name));
  site = await openSite(join(project, 'node_modules/ringminusone/dist'));
}, 300_000);

afterAll(async () => {
  await site?.close();
  rmSync(project, { recursive: true, force: true });
});

test('the machine runs in Node, without a page', async () => {
  write(
    'course.js',
    `import { Session, assemble, disassembleImage, illustration } from 'ringminusone';
import { printLink } from 'ringminusone/links';
const session = Session.open({ scenario: 'first-exit' });
session.seek(612);
const { n, sentence, rings } = session.view();
session.back();
const made = assemble({ text: () => 'mov eax, 41\\ninc eax\\nhlt\\n' }, 'own.asm');
const own = Session.open({ source: 'org 7c00h\\n inc eax\\n hlt\\n', vmm: 'none' });
own.step(2);
console.log(JSON.stringify({ n, sentence, back: session.n, ring: rings.active.ring, ended: own.ended, link: printLink({ scenario: 'first-exit', step: n }),
  svg: illustration(session.view(), { title: 'T', panel: 'rings', theme: 'light', link: '' }).slice(0, 4),
  text: disassembleImage(made.image, 0, 16).map(({ text }) => text) }));`,
  );
  expect(JSON.parse(await inProject('node', 'course.js'))).toEqual({
    n: 612,
    sentence: expect.stringContaining('CR3'),
    back: 611,
    ring: expect.any(String),
    ended: true,
    link: '#scenario=first-exit&step=612',
    svg: '<svg',
    text: ['mov eax, 29h', 'inc eax', 'hlt'],
  });
});

test('rm1 is there, draws, and says what a PNG needs', async () => {
  const rm1 = join(project, 'node_modules/.bin/rm1');
  expect(await inProject(rm1, 'scenarios')).toContain('first-exit');
  expect(await inProject(rm1, 'figure', 'first-exit')).toMatch(/^<svg/);
  await expect(inProject(rm1, 'figure', 'first-exit', '-o', 'one.png')).rejects.toThrow('npm install @resvg/resvg-wasm');
});

test('its types fit a strict project', async () => {
  write(
    'typed.tsx',
    `import { type DisassembledLine, disassembleImage, Session, type StageView } from 'ringminusone';
import 'ringminusone/element';
import { parseLink } from 'ringminusone/links';
import { RingMinusOne } from 'ringminusone/react';
const lines: readonly DisassembledLine[] = disassembleImage(Uint8Array.of(0xf4));
const view: StageView = Session.open({ scenario: 'first-exit' }).view();
export const sentence: string = view.sentence + lines[0]!.text;
export const found = document.querySelector('ring-minus-one')?.goTo(3).then(({ step }): number => step);
export const Page = () => <RingMinusOne scenario="first-exit" step={612} onExit={({ reason }) => console.log(reason.length)} />;
export const link = parseLink('#step=1').ok;
// @ts-expect-error: there is no such panel of controls
export const wrong = <RingMinusOne controls="all" />;
`,
  );
  const options = { strict: true, noEmit: true, jsx: 'react-jsx', module: 'nodenext', target: 'es2023', skipLibCheck: false, types: [] };
  write('tsconfig.json', JSON.stringify({ compilerOptions: { ...options, lib: ['es2023', 'dom', 'dom.iterable'] }, files: ['typed.tsx'] }));
  await inProject('node', join(root, 'node_modules/typescript/bin/tsc'), '-p', '.').catch((error: { stdout: string }) => {
    throw new Error(error.stdout);
  });
});

test('a bundler takes what is used: the disassembler brings neither React, the processor nor a source', async () => {
  write('disassembler.js', `import { disassembleImage } from 'ringminusone';\nconsole.log(disassembleImage(Uint8Array.of(0xf4))[0].text);`);
  const { code, modules } = await bundled('disassembler.js');
  expect(modules.filter((id) => /react|\/(cpu|machine|session|guest|figures|web)\//.test(id))).toEqual([]);
  expect(code.length).toBeLessThan(150 * KB);
  write('whole.js', `import { Session } from 'ringminusone';\nconsole.log(Session.open({}).n);`);
  expect((await bundled('whole.js')).code.length).toBeGreaterThan(500 * KB);
});

test('bundled into a page, it steps there', async () => {
  write(
    'page.js',
    `import { Session } from 'ringminusone';
const session = Session.open({ scenario: 'first-exit' });
session.seek(612);
globalThis.sentence = session.view().sentence;`,
  );
  const { code } = await bundled('page.js');
  const { page, problems } = await site.open('/embed/index.html#scenario=first-exit&poster=static');
  await page.addScriptTag({ content: code, type: 'module' });
  await page.waitForFunction(() => 'sentence' in globalThis);
  expect(await page.evaluate(() => (globalThis as unknown as { sentence: string }).sentence)).toContain('CR3');
  expect(problems).toEqual([]);
  await page.context().close();
});

test('the component is text on a server, and a machine in the page', async () => {
  write(
    'server.js',
    `import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { RingMinusOne } from 'ringminusone/react';
console.log(renderToString(createElement(RingMinusOne, { scenario: 'first-exit', step: 612, readonly: true, program: 'hlt <' }, 'One VM exit.')));`,
  );
  expect(await inProject('node', 'server.js')).toBe(
    '<ring-minus-one base="/ringminusone/" scenario="first-exit" step="612" readonly=""><pre data-asm="">hlt &lt;</pre>One VM exit.</ring-minus-one>\n',
  );
  write(
    'client.js',
    `import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { RingMinusOne } from 'ringminusone/react';
globalThis.heard = [];
const told = (name) => (detail) => heard.push(name + ' ' + detail.step);
createRoot(document.body).render(createElement(RingMinusOne,
  { base: '/', scenario: 'first-exit', step: 612, onReady: told('ready'), onExit: told('exit') }, 'One VM exit.'));`,
  );
  const { code } = await bundled('client.js');
  const { page, problems } = await site.open('/embed/index.html#scenario=first-exit&poster=static');
  await page.addScriptTag({ content: code, type: 'module' });
  await page.waitForFunction(() => (globalThis as unknown as { heard?: string[] }).heard?.includes('ready 612'));
  await page.evaluate(() => document.querySelector<HTMLElement & { stepForward(): Promise<unknown> }>('ring-minus-one')?.stepForward());
  await page.waitForFunction(() => (globalThis as unknown as { heard: string[] }).heard.includes('exit 613'));
  expect(problems).toEqual([]);
  await page.context().close();
});
