import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { figure } from '../../src/cli/figure.ts';
import type { CliIo } from '../../src/cli/io.ts';
import { illustration } from '../../src/figures/illustration.ts';
import { panels } from '../../src/figures/panel.ts';
import { Session } from '../../src/session/session.ts';

interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  readonly files: ReadonlyMap<string, Uint8Array | string>;
}

async function run(...args: string[]): Promise<Ran> {
  let out = '';
  let err = '';
  const files = new Map<string, Uint8Array | string>();
  const io: CliIo = {
    readFile: () => undefined,
    writeFile: (path, content) => files.set(path, content),
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
  };
  const status = await figure(args, io);
  return { status, out, err, files };
}

/** Opening and closing tags match, and nothing but one element stands at the top. */
function wellFormed(xml: string): boolean {
  const open: string[] = [];
  let roots = 0;
  for (const [, close, name, rest] of xml.matchAll(/<(\/?)([\w-]+)((?:[^<>"]|"[^"]*")*)>/g)) {
    if (close) {
      if (open.pop() !== name) return false;
    } else if (!rest!.endsWith('/')) {
      if (open.length === 0) roots++;
      open.push(name!);
    }
  }
  return open.length === 0 && roots === 1;
}

const EXIT = 613;

describe('a step as a picture', () => {
  test.each(panels)('%s: the same text every time, whole, small, with nothing from elsewhere', async (panel) => {
    for (const theme of ['light', 'dark'] as const) {
      const made = await run('first-exit', '--step', String(EXIT), '--panel', panel, '--theme', theme);
      expect(made.status).toBe(0);
      expect(wellFormed(made.out)).toBe(true);
      expect(made.out.length).toBeLessThan(20_000);
      expect(made.out).not.toMatch(/<script|@import|var\(|NaN|undefined/);
      expect(made.out.replace(/xmlns="[^"]*"/g, '')).not.toMatch(/https?:/);
      expect((await run('first-exit', '--step', String(EXIT), '--panel', panel, '--theme', theme)).out).toBe(made.out);
    }
  });

  test('title, sentence and the way back to the step are inside', async () => {
    const { out } = await run('first-exit', '--step', String(EXIT), '--base', 'https://example.org/rings/');
    const session = Session.open({ scenario: 'first-exit' });
    session.seek(EXIT);
    const view = session.view();
    expect(out).toContain(`<title id="title">One VM exit, whole, step ${EXIT}</title>`);
    expect(out).toContain(`<desc id="description">${view.sentence.replace(/\*/g, '')}</desc>`);
    const link = `https://example.org/rings/#scenario=first-exit&vmm=vtx&step=${EXIT}`;
    expect(out).toContain(`href="${link.replace(/&/g, '&amp;')}"`);
    expect(out).toBe(illustration(view, { title: 'One VM exit, whole', panel: 'rings', theme: 'light', link }));
  });

  test('a link never becomes markup', async () => {
    const { out } = await run('first-exit', '--step', '1', '--base', 'x"><script>alert(1)</script>');
    expect(out).not.toContain('<script');
    expect(wellFormed(out)).toBe(true);
  });

  test('the k-th exit, and where the scenario opens', async () => {
    expect((await run('two-kernels', '--exit', '3', '--panel', 'exits')).out).toContain('3 since power-on');
    const opened = await run('two-kernels', '--panel', 'timeline');
    expect(opened.status).toBe(0);
    expect(opened.out.length).toBeLessThan(20_000);
  });

  test('PNG: of the size asked for', async () => {
    const { files } = await run('first-exit', '--step', String(EXIT), '-o', 'out.png', '--scale', '3');
    const png = files.get('out.png') as Uint8Array;
    const view = new DataView(png.buffer, png.byteOffset);
    expect([...png.subarray(1, 4)]).toEqual([...'PNG'].map((c) => c.charCodeAt(0)));
    expect([view.getUint32(16), view.getUint32(20)]).toEqual([(460 + 32) * 3, (424 + 32) * 3]);
  });
});

describe('several steps as a strip', () => {
  test('numbered, each with its sentence, names of their own', async () => {
    const { out, status } = await run('first-exit', '--strip', `${EXIT - 1},${EXIT},${EXIT + 1}`);
    expect(status).toBe(0);
    expect(wellFormed(out)).toBe(true);
    for (const [i, n] of [EXIT - 1, EXIT, EXIT + 1].entries()) expect(out).toMatch(new RegExp(`>${i + 1}</text>\\s*<text[^>]*>step ${n}<`));
    const ids = [...out.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, name] of out.matchAll(/(?:href="|url\()#([\w-]+)[")]/g)) expect(ids).toContain(name);
  });
});

describe('several steps in turn', () => {
  test('what they share stands once; the rest is switched by style, and the first step is what stands still', async () => {
    const { out, status } = await run('first-exit', '--exit', '1', '--lead', '2', '--animate', '4', '--seconds', '1.5');
    expect(status).toBe(0);
    expect(wellFormed(out)).toBe(true);
    expect(out).not.toMatch(/<script|@import|<animate|<set/);
    for (const n of [EXIT - 2, EXIT - 1, EXIT, EXIT + 1]) expect(out.split(`>step ${n}<`).length).toBe(2);
    expect(out.split('>hypervisor<').length).toBeLessThan(4);
    const [, first] = new RegExp(`class="(fr\\d+)"><text[^>]*>step ${EXIT - 2}<`).exec(out)!;
    expect(out).toContain(
      `.${first}{animation:${first} 6s step-end infinite}@keyframes ${first}{0%{visibility:visible}25%{visibility:hidden}}`,
    );
    expect(out).toMatch(/@media \(prefers-reduced-motion:reduce\)\{[^{]+\{animation:none\}\}/);
    const ids = [...out.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, name] of out.matchAll(/(?:href="|url\()#([\w-]+)[")]/g)) expect(ids).toContain(name);
    expect((await run('first-exit', '--animate', `${EXIT - 2}-${EXIT + 1}`, '--seconds', '1.5')).out).toBe(out);
  });

  test('a place by its event', async () => {
    const { out } = await run('first-exit', '--place', 'exit:cr-write', '--lead', '1');
    expect(out).toBe((await run('first-exit', '--step', String(EXIT - 1))).out);
  });
});

describe('what cannot be done is said', () => {
  test.each([
    [[], 'expected a scenario'],
    [['nowhere'], 'There is no scenario “nowhere”; there are two-kernels'],
    [['first-exit', '--panel', 'disk'], '--panel is one of rings, stream'],
    [['first-exit', '--step', '1', '--exit', '2'], 'only one of --step, --exit, --place, --strip and'],
    [['first-exit', '--animate', '9-3'], '--animate takes 2 to 48 steps, found 0'],
    [['first-exit', '--animate', '0-999999999'], '--animate takes 2 to 48 steps, found 49'],
    [['first-exit', '--animate', 'x'], '--animate takes steps such as 12'],
    [['first-exit', '--place', 'gate'], '--place begins with one of exit, entry'],
    [['first-exit', '--place', 'exit:a:b'], '--place is EVENT:NAME:COUNT'],
    [['first-exit', '--place', 'exception:99'], 'This run has no exception 99 number 1'],
    [['first-exit', '--paging', 'flat'], '--paging is shadow or nested'],
    [['first-exit', '--step', 'x'], '--step takes a number, found x'],
    [['first-exit', '--strip', '3,,4'], '--strip takes steps with commas between'],
    [['first-exit', '-o', 'out.gif'], 'the output is a .svg or a .png, found out.gif'],
    [['triple-fault', '--step', '999999'], 'This run has no step 999999'],
    [['first-exit', '--exit', '99999'], 'VM exits, and --exit asks for 99999'],
  ])('%j', async (args, message) => {
    const { status, err } = await run(...args);
    expect(status).toBe(2);
    expect(err).toContain(message);
  });
});

test('rm1 writes the picture into a file', async () => {
  const { execFileSync } = await import('node:child_process');
  const out = join(mkdtempSync(join(tmpdir(), 'rm1-figure-')), 'rings.svg');
  execFileSync('node', ['bin/rm1.mjs', 'figure', 'first-exit', '--step', String(EXIT), '-o', out]);
  expect(readFileSync(out, 'utf8')).toBe((await run('first-exit', '--step', String(EXIT))).out);
});
