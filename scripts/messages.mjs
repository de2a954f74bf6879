import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { importBundled } from './bundle.mjs';
import { root } from './run.mjs';

const usage = `node scripts/messages.mjs [--check | --write] [--lang de]

The texts that people see, and their messages in another language (docs/languages.md).

  (nothing)  prints the texts that have no message yet
  --check    the same, and fails when there are any, or messages without a text
  --write    puts both files in order: each message in the order of its text in the sources, new texts with an empty message`;

/** Tags of templates that are texts. */
const TAGS = new Set(['say', 'parts', 'phrase']);
/** Functions that mark a literal as a text. */
const MARKS = new Set(['worded']);
/** Strata whose texts stand in page.json; those of the others stand in session.json. */
const PAGE = ['web', 'figures', 'package'];
const FILES = ['page', 'session'];

/**
 * The texts of one module, in their order: `{ text, line }`; `wrong` names what cannot be a text, and what would be said before a language
 * is known.
 */
export async function textsIn(path, code) {
  const { parseSync } = await import('rolldown/utils');
  const { program, errors } = parseSync(path, code);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`);
  const texts = [];
  const wrong = [];
  const lineOf = (node) => code.slice(0, node.start).split('\n').length;
  const visit = (node, depth) => {
    if (node.type === 'TaggedTemplateExpression' && TAGS.has(node.tag.name)) {
      const strings = node.quasi.quasis.map(({ value }) => value.cooked);
      texts.push({ text: strings.reduce((key, text, at) => `${key}{${at - 1}}${text}`), line: lineOf(node) });
      if (strings.length > 10) wrong.push(`${path}:${lineOf(node)}: a text has at most nine values`);
      if (depth === 0)
        wrong.push(`${path}:${lineOf(node)}: this is said as the module is read, before a language is known; mark it with worded()`);
    }
    if (node.type === 'CallExpression' && MARKS.has(node.callee.name)) {
      const [given] = node.arguments;
      if (given?.type === 'Literal' && typeof given.value === 'string') texts.push({ text: given.value, line: lineOf(node) });
      else wrong.push(`${path}:${lineOf(node)}: worded() marks a text in quotes`);
    }
    const inside = depth + (/Function|ArrowFunction|PropertyDefinition/.test(node.type) ? 1 : 0);
    for (const value of Object.values(node))
      for (const child of Array.isArray(value) ? value : [value]) if (child && typeof child.type === 'string') visit(child, inside);
  };
  visit(program, 0);
  return { texts, wrong };
}

/** Texts that tables make of names and numbers, or that stand in drawings, and that nothing marks: by their file of messages `[text, path]`. */
async function tableTexts() {
  const { TABLE_TEXTS } = await importBundled('src/session/table-texts.ts', 'table-texts', ['src/cpu', 'src/lib', 'src/session']);
  const { drawnTexts } = await importBundled('src/figures/descriptors.ts', 'descriptor-texts', ['src/figures', 'src/lib']);
  const from = (path) => (text) => [text, path];
  return { session: TABLE_TEXTS.map(from('src/session/table-texts.ts')), page: drawnTexts().map(from('src/figures/descriptors.ts')) };
}

/** All texts of src, each in the file of messages where it belongs: name of the file to `{ text, at }`. A text of both stands in session.json. */
export async function allTexts() {
  const src = join(root, 'src');
  const found = { page: new Map(), session: new Map() };
  const wrong = [];
  const paths = readdirSync(src, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
  for (const path of paths.filter((one) => /\.tsx?$/.test(one) && one !== 'lib/say.ts').sort()) {
    const code = readFileSync(join(src, path), 'utf8');
    if (![...TAGS, ...MARKS].some((name) => code.includes(name))) continue;
    const here = await textsIn(path, code);
    wrong.push(...here.wrong);
    const file = found[PAGE.includes(path.split('/')[0]) ? 'page' : 'session'];
    for (const { text, line } of here.texts) if (!file.has(text)) file.set(text, `src/${path}:${line}`);
  }
  for (const [name, texts] of Object.entries(await tableTexts()))
    for (const [text, at] of texts) if (!found[name].has(text)) found[name].set(text, at);
  for (const text of found.session.keys()) found.page.delete(text);
  return { found, wrong };
}

/** The languages that have messages: all but English. */
export const languages = () =>
  readdirSync(join(root, 'src/messages'), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

const fileOf = (lang, name) => join(root, `src/messages/${lang}/${name}.json`);

/** The messages of a language by the file that they stand in. */
export function messagesOf(lang) {
  return Object.fromEntries(FILES.map((name) => [name, JSON.parse(readFileSync(fileOf(lang, name), 'utf8'))]));
}

/** All messages of a language. */
export const allMessages = (lang) => Object.assign({}, ...Object.values(messagesOf(lang)));

/** What is missing, what has no text, and what stands in the wrong file, each as a line that says so. */
export async function problemsOf(lang) {
  const { found, wrong } = await allTexts();
  const messages = messagesOf(lang);
  const problems = [...wrong];
  for (const name of FILES) {
    for (const [text, at] of found[name])
      if (!messages[name][text]) problems.push(`${at}: ${lang}/${name}.json has no message for ${JSON.stringify(text)}`);
    for (const text of Object.keys(messages[name]))
      if (!found[name].has(text)) problems.push(`${lang}/${name}.json: nothing says ${JSON.stringify(text)}`);
  }
  return problems;
}

async function write(lang) {
  const { found } = await allTexts();
  const known = allMessages(lang);
  for (const name of FILES) {
    const ordered = Object.fromEntries([...found[name].keys()].map((text) => [text, known[text] ?? '']));
    writeFileSync(fileOf(lang, name), `${JSON.stringify(ordered, null, 2)}\n`);
  }
}

async function main() {
  const boolean = { type: 'boolean', default: false };
  const { values } = parseArgs({ options: { check: boolean, write: boolean, help: boolean, lang: { type: 'string', default: 'de' } } });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (values.write) await write(values.lang);
  const problems = await problemsOf(values.lang);
  for (const problem of problems) console.log(problem);
  if (problems.length > 0) console.log(`\nnode scripts/messages.mjs --write puts new texts in their places; ${problems.length} to mend.`);
  return values.check && problems.length > 0 ? 1 : 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = await main();
