import { describe, expect, test } from 'vitest';
import { countLines, examine, type Import, listFiles, readSource, type Source } from './support/sources.ts';

interface Stratum {
  readonly imports: readonly string[];
  readonly types?: readonly string[];
  readonly packages?: readonly string[];
}

/** The strata, lowest first: what each may import besides itself. `types` may be imported by `import type` only. */
const strata: Record<string, Stratum> = {
  lib: { imports: [] },
  isa: { imports: ['lib'] },
  asm: { imports: ['lib', 'isa'] },
  cpu: { imports: ['lib', 'isa'] },
  machine: { imports: ['lib', 'isa', 'cpu'] },
  trace: { imports: ['lib', 'isa', 'cpu', 'machine'] },
  lab: { imports: ['lib', 'isa', 'asm', 'cpu', 'machine', 'trace'] },
  guest: { imports: [] },
  session: { imports: ['lib', 'isa', 'asm', 'cpu', 'machine', 'trace', 'lab', 'guest'], packages: ['fflate'] },
  lessons: { imports: ['lib', 'guest'], types: ['session'], packages: ['mdast-util-from-markdown'] },
  figures: { imports: ['lib'], types: ['session'] },
  messages: { imports: [] },
  worker: { imports: ['lib', 'session'] },
  cli: {
    imports: ['session', 'messages', 'lab', 'figures', 'lessons', 'asm', 'isa', 'lib'],
    packages: ['node:*', '@resvg/resvg-wasm', 'fflate'],
  },
  web: { imports: ['lib', 'messages', 'figures', 'lessons', "the worker's client"], types: ['session'], packages: ['*'] },
  package: { imports: ['isa', 'asm', 'session', 'figures', 'web'], packages: ['react'] },
};

const onlyInWeb = ['window', 'document', 'React', 'Date', 'performance', 'performance.now', 'Math.random', 'crypto', 'localStorage'];

/** Long because they are tables of facts, one row a line. */
const dataTables: readonly string[] = [];

const softLimit = 400;
const hardLimit = 800;

function stratumOf(path: string, specifier: string): string {
  const [folder, name] = path.split('/');
  if (folder !== 'worker') return folder;
  return /^(client|protocol)\b/.test(name ?? '') || /\?(worker|url)\b/.test(specifier) ? "the worker's client" : folder;
}

function packageIsAllowed(specifier: string, allowed: readonly string[]): boolean {
  return allowed.some((name) =>
    name.endsWith('*') ? specifier.startsWith(name.slice(0, -1)) : specifier === name || specifier.startsWith(`${name}/`),
  );
}

function isAllowed(from: string, target: Import): boolean {
  const { imports, types = [], packages = [] } = strata[from];
  if (target.path === undefined) return packageIsAllowed(target.specifier, packages);
  const folder = target.path.split('/')[0];
  if (folder === from) return true;
  const names = [folder, stratumOf(target.path, target.specifier)];
  return names.some((name) => imports.includes(name) || (target.typeOnly && types.includes(name)));
}

const sources: Source[] = listFiles(['.ts', '.tsx']).map(readSource);

describe('the strata', () => {
  test('every folder of src has a row in the table', () => {
    expect([...new Set(sources.map(({ folder }) => folder))].filter((folder) => !strata[folder])).toEqual([]);
  });

  test('scripts/strata.mjs lists those that run in Node, in the order of the table', async () => {
    const list = '../scripts/strata.mjs';
    const { strata: inNode } = await import(list);
    expect([...inNode, 'web', 'package']).toEqual(Object.keys(strata));
  });

  test.each(Object.keys(strata))('%s imports only what its row allows', (folder) => {
    const broken = sources
      .filter((source) => source.folder === folder)
      .flatMap(({ path, imports }) =>
        imports
          .filter((target) => !isAllowed(folder, target))
          .map((target) => `${path} imports ${target.typeOnly ? 'type ' : ''}${target.specifier}`),
      );
    expect(broken).toEqual([]);
  });

  test('cpu never imports machine, and web never imports cpu or machine', () => {
    expect(strata.cpu.imports).not.toContain('machine');
    for (const folder of ['cpu', 'machine']) expect([...strata.web.imports, ...(strata.web.types ?? [])]).not.toContain(folder);
  });

  test('relative imports name a file with its ending', () => {
    const vague = sources.flatMap(({ path, imports }) =>
      imports
        .filter((target) => target.path !== undefined && !/\.\w+$/.test(target.path))
        .map(({ specifier }) => `${path} imports ${specifier}`),
    );
    expect(vague).toEqual([]);
  });
});

describe('determinism', () => {
  test('no browser, no clock and no dice below web', () => {
    const offenders = sources
      .filter(({ folder }) => folder !== 'web')
      .flatMap(({ path, mentions }) => onlyInWeb.filter((name) => mentions.has(name)).map((name) => `${path} mentions ${name}`));
    expect(offenders).toEqual([]);
  });

  test('the check sees code, and neither comments, strings nor property names', () => {
    const { mentions } = examine('lib/x.ts', 'const t: Date = performance.now(); Math.random();');
    expect([...mentions]).toEqual(expect.arrayContaining(['Date', 'performance.now', 'Math.random']));
    const innocent = examine('lib/x.ts', "// Date\nconst s = 'window'; view.window = { document: s };\ninterface V { window: number }");
    expect(onlyInWeb.filter((name) => innocent.mentions.has(name))).toEqual([]);
  });
});

describe('the size of files', () => {
  const sizes = listFiles(['.ts', '.tsx', '.asm', '.inc', '.css']).map((path) => ({ path, lines: countLines(path) }));

  test(`no file has more than ${hardLimit} lines, tables of data aside`, () => {
    const long = sizes.filter(({ path, lines }) => lines > hardLimit && !dataTables.includes(path));
    expect(long).toEqual([]);
  });

  test(`files of more than ${softLimit} lines are named`, () => {
    const longish = sizes.filter(({ path, lines }) => lines > softLimit && !dataTables.includes(path));
    if (longish.length > 0) console.log(longish.map(({ path, lines }) => `${lines} lines: src/${path}`).join('\n'));
  });

  test('every listed table of data exists', () => {
    expect(dataTables.filter((table) => !sizes.some(({ path }) => path === table))).toEqual([]);
  });
});
