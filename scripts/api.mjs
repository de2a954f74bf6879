/** Writes docs/api.md: what the npm package exports, from the declarations of its entries and their doc comments. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { types } from './library.mjs';
import { root } from './run.mjs';

const ENTRIES = { ringminusone: 'index', 'ringminusone/links': 'links', 'ringminusone/element': 'element', 'ringminusone/react': 'react' };

const HEAD = `# The npm package

    npm install ringminusone

| | |
|---|---|
| \`ringminusone\` | the machine without a page, in Node and browsers; the assembler, the disassembler, pictures |
| \`ringminusone/links\` | links to a step, read and written: [links](links.md) |
| \`ringminusone/element\` | defines \`<ring-minus-one>\`: [embedding](embedding.md) |
| \`ringminusone/react\` | the same as a component for React 18 and 19 and for MDX; text on a server, a machine in the page |
| \`rm1\` | the command line: [rm1](command-line.md) |
| \`ringminusone/dist/\` | the built site, as [deploying](deploying.md) has it: copy it where your pages are, and name that place by \`base\` |

It has no dependencies. A bundler takes only what is used: the disassembler alone is below 150 KB, the whole machine with its sources about 1.5 MB before compression.
PNG from \`rm1\` needs \`@resvg/resvg-wasm\`, \`@fontsource/inter\` and \`@fontsource/jetbrains-mono\` beside it.

    import { Session } from 'ringminusone';

    const session = Session.open({ scenario: 'first-exit' });
    for (const _ of session.nextEvent());            // to the first VM exit; a generator, so that a page can pause it
    console.log(session.n, session.view().sentence);
    session.back();                                  // and one step back

This page is written by \`node scripts/api.mjs\` from the declarations and their comments.
`;

const DECLARATION = /^(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?export (?:declare )?(?:abstract )?(?:class|interface|type|function|const) (\w+)/gm;
const EXPORT = /^export (?:type )?(?:\{([^}]*)\}|\*)(?: from '([^']+)')?;/gm;

const fileOf = (from, path) => join(dirname(from), path).replace(/\.tsx?$/, '.d.ts');

/** What a file declares and exports, by name: comment and text. */
function declarations(file) {
  const text = readFileSync(file, 'utf8');
  const found = new Map();
  for (const match of text.matchAll(DECLARATION)) {
    const start = match.index + (match[1]?.length ?? 0);
    found.set(match[2], { comment: commentText(match[1]), text: statement(text, start) });
  }
  return { text, found };
}

const commentText = (comment = '') =>
  comment
    .replace(/^\/\*\*\s?|\s*\*\/\s*$/g, '')
    .replace(/^\s*\* ?/gm, '')
    .trim();

/** A statement from its start to the end of the line where every bracket is closed. */
function statement(text, start) {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    if (text.startsWith('/*', i)) i = text.indexOf('*/', i) + 1;
    else if ('{(['.includes(text[i])) depth++;
    else if ('})]'.includes(text[i])) depth--;
    if (depth === 0 && (text[i] === ';' || (text[i] === '}' && /[\n]|^$/.test(text[i + 1] ?? '')))) return text.slice(start, i + 1);
  }
  throw new Error(`a declaration does not end: ${text.slice(start, start + 80)}`);
}

/** Every export of a file, through what it exports anew, in order. */
function exported(file, names = null) {
  const { text, found } = declarations(file);
  const all = new Map(found);
  for (const [, list, from] of text.matchAll(EXPORT)) {
    if (!from) continue;
    const listed = list?.split(',').flatMap((name) => name.trim().replace(/^type /, '') || []);
    const wanted = listed && names ? listed.filter((name) => names.includes(name)) : listed;
    if (wanted?.length === 0) continue;
    for (const [name, declared] of exported(fileOf(file, from), wanted ?? null))
      all.set(name, { ...declared, inBulk: wanted === undefined });
  }
  if (names === null) return all;
  return new Map(names.map((name) => [name, all.get(name) ?? imported(file, text, name)]));
}

/** A name that a file passes on from an import of its own. */
function imported(file, text, name) {
  const from = new RegExp(`^import (?:type )?\\{[^}]*\\b${name}\\b[^}]*\\} from '([^']+)'`, 'm').exec(text)?.[1];
  if (from === undefined) throw new Error(`${file} exports ${name}, and nobody knows what that is`);
  return exported(fileOf(file, from), [name]).get(name);
}

/** Without what is private, and as it would be written in a source. */
const shown = (text) =>
  text
    .replace(/^ *(?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)? *private [^\n]*\n/gm, '')
    .replace(/^export (declare )?/, '')
    .replace(/^( {4})+/gm, (indent) => '  '.repeat(indent.length / 4));

/** The page, from a folder of declarations. */
export function apiPage(folder) {
  const parts = Object.entries(ENTRIES).map(([module, entry]) => {
    const file = join(folder, 'package', `${entry}.d.ts`);
    const about = /^\/\*\* (.*?) \*\//.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
    const names = [...exported(file)].sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
    const each = names
      .filter(([, { inBulk }]) => !inBulk)
      .map(([name, { comment, text }]) => `### ${name}\n\n${comment && `${comment}\n\n`}\`\`\`ts\n${shown(text)}\n\`\`\``);
    const types = names.filter(([, { inBulk }]) => inBulk).map(([name]) => `\`${name}\``);
    const rest = types.length === 0 ? '' : `\n\nAnd the types of what a view holds, which their declarations explain: ${types.join(', ')}.`;
    return `## ${module}\n\n${about}\n\n${each.join('\n\n')}${rest}`;
  });
  return `${HEAD}\n${parts.join('\n\n')}\n`;
}

/** The page as the sources have it now. */
export async function currentPage() {
  const folder = mkdtempSync(join(tmpdir(), 'rm1-api-'));
  try {
    if ((await types(folder)) !== 0) throw new Error('the declarations could not be made');
    return apiPage(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(join(root, 'docs/api.md'), await currentPage());
