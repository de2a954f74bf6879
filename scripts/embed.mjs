import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { importBundled, rawText } from './bundle.mjs';
import { allMessages, languages } from './messages.mjs';
import { root } from './run.mjs';

/** What other pages load, all of it classic scripts: the machines and their images, embed/, ringminusone.js. */
export async function buildEmbed(dist, { machine, needs, scripts }, url) {
  const embed = join(dist, 'embed');
  for (const folder of [embed, join(dist, 'images')]) mkdirSync(folder, { recursive: true });
  for (const [name, script] of Object.entries(scripts)) writeFileSync(join(dist, name), script);
  await shell('src/web/embed/main.tsx', embed, 'embed', { ...small, define: { RM1_NEEDS: JSON.stringify(needs) } });
  await late('src/web/embed/more.ts', 'rm1More', join(embed, 'more.js'));
  await late('src/web/embed/files.ts', 'rm1Files', join(embed, 'files.js'));
  await late('src/web/embed/lesson.ts', 'rm1Lesson', join(embed, 'lesson.js'));
  await late('src/web/embed/picture.ts', 'rm1Picture', join(embed, 'picture.js'));
  await late('src/web/embed/memory.ts', 'rm1Memory', join(embed, 'memory.js'));
  writeFileSync(join(dist, 'ringminusone.html'), await offlinePage(machine));
  copyFileSync(join(root, 'embed/index.html'), join(embed, 'index.html'));
  await messages(join(dist, 'messages'));
  await minify('embed/boot.js', join(embed, 'boot.js'));
  await minify('embed/ringminusone.js', join(dist, 'ringminusone.js'));
  await pages(dist, url);
}

/** The messages of each language as a script, for frames that may not fetch: messages/de.js. */
async function messages(folder) {
  mkdirSync(folder, { recursive: true });
  for (const language of languages()) {
    const script = `self.rm1Messages=${JSON.stringify(allMessages(language))};\n`;
    writeFileSync(join(folder, `${language}.js`), script);
  }
}

const isStyle = (id) => id.endsWith('.css');

/** An embed is drawn by Preact under React's name, and its links are unpacked by what more.js brings. */
const small = {
  alias: [
    { find: /^react(-dom\/client)?$/, replacement: join(root, 'src/web/embed/react.ts') },
    { find: /^react\/jsx-runtime$/, replacement: 'preact/jsx-runtime' },
    { find: /^\.\/packed\.ts$/, replacement: join(root, 'src/web/embed/packed.ts') },
  ],
  treeshake: { moduleSideEffects: isStyle },
};

/** What an embed shows only when it is asked to, over what embed.js shares with it (src/web/embed/shared.ts). */
async function late(entry, name, file) {
  const shared = {
    react: 'rm1Shared.react',
    'react/jsx-runtime': 'rm1Shared.jsx',
    zustand: 'rm1Shared.zustand',
    [join(root, 'src/web/ui/hooks.ts')]: 'rm1Shared.hooks',
    [join(root, 'src/lib/say.ts')]: 'rm1Shared.say',
    [join(root, 'src/figures/gutter.ts')]: 'rm1Shared.gutter',
    [join(root, 'src/figures/rings.ts')]: 'rm1Shared.rings',
    [join(root, 'src/figures/stream-lines.ts')]: 'rm1Shared.stream',
  };
  const { rolldown } = await import('rolldown');
  const build = await rolldown({
    input: join(root, entry),
    platform: 'browser',
    external: (id) => Object.hasOwn(shared, id),
    plugins: [rawText, styleText],
    treeshake: { moduleSideEffects: false },
    logLevel: 'warn',
  });
  await build.write({ file, format: 'iife', name, minify: true, comments: false, codeSplitting: false, globals: shared });
  await build.close();
}

/** A style with those that it imports in their places: what a page adopts may import nothing. */
const wholeStyle = (file) => readFileSync(file, 'utf8').replace(/@import "(.*?)";/g, (_, other) => wholeStyle(join(dirname(file), other)));

/** `import style from './x.css?inline'`, as Vite understands it. */
const styleText = {
  name: 'style-text',
  resolveId(source, importer) {
    if (source.endsWith('.css?inline') && importer) return join(dirname(importer), source);
  },
  load(id) {
    if (!id.endsWith('.css?inline')) return;
    const style = wholeStyle(id.replace('?inline', ''))
      .replace(/\/\*.*?\*\//gs, '')
      .replace(/\s+/g, ' ');
    return { code: `export default ${JSON.stringify(style)};`, moduleType: 'js' };
  },
};

/** A script that keeps its names to itself. */
async function minify(script, file) {
  const { rolldown } = await import('rolldown');
  const build = await rolldown({ input: join(root, script), platform: 'browser', logLevel: 'warn' });
  await build.write({ file, format: 'es', minify: true, comments: false });
  await build.close();
}

/** What reads without JavaScript: pages, posters, and what other sites ask about a link. */
async function pages(dist, url) {
  const { writePages } = await importBundled('src/cli/pages/write.ts', 'pages', ['src']);
  await writePages(dist, url);
  copyFileSync(join(root, 'embed/page.css'), join(dist, 'scenarios/page.css'));
}

/** Every image that a scenario needs, as a script of its own by its file in the site; and which those are, by scenario and monitor. */
export async function readyImages() {
  const { imageFile, needsOf, openings, readyImage } = await importBundled('src/session/needs.ts', 'needs', ['src']);
  const needs = {};
  for (const { scenario, vmm } of openings) needs[scenario] = { ...needs[scenario], [vmm]: needsOf(scenario, vmm) };
  const paths = [...new Set(Object.values(needs).flatMap((each) => Object.values(each).flat()))];
  const script = (path) => `(self.rm1Images??={})[${JSON.stringify(path)}]=${JSON.stringify(readyImage(path))};\n`;
  return { needs, images: Object.fromEntries(paths.map((path) => [imageFile(path), script(path)])) };
}

/** A script and its styles, beside each other in a folder: name.js and name.css. */
async function shell(entry, outDir, name, { inline = false, define, alias = [], treeshake }) {
  const { build } = await import('vite');
  const { default: react } = await import('@vitejs/plugin-react');
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    plugins: [react()],
    define,
    resolve: { alias },
    build: {
      target: 'es2023',
      outDir,
      emptyOutDir: false,
      modulePreload: false,
      cssCodeSplit: false,
      assetsInlineLimit: inline ? Number.POSITIVE_INFINITY : 0,
      chunkSizeWarningLimit: 1500,
      rolldownOptions: {
        input: join(root, entry),
        ...(treeshake && { treeshake }),
        transform: { define: { 'import.meta': '{}' } },
        output: { format: 'iife', codeSplitting: false, entryFileNames: `${name}.js`, assetFileNames: `${name}[extname]` },
      },
    },
  });
}

/** The app, its styles and fonts, the machine and the messages, packed, as one page that needs nothing else. */
async function offlinePage(machine) {
  const folder = mkdtempSync(join(tmpdir(), 'rm1-offline-'));
  try {
    await shell('src/web/app/offline.tsx', folder, 'offline', { inline: true });
    await minify('embed/offline.js', join(folder, 'unpack.js'));
    const read = (name) => readFileSync(join(folder, name), 'utf8');
    const packed = { machine, app: read('offline.js') };
    for (const language of languages()) packed[language] = JSON.stringify(allMessages(language));
    const parts = {
      styles: `<style>${read('offline.css').replaceAll('</', '<\\/')}</style>`,
      scripts: `${Object.entries(packed).map(packedScript).join('')}<script>${inlined(read('unpack.js'))}</script>`,
    };
    return readFileSync(join(root, 'embed/offline.html'), 'utf8').replace(/<!-- (styles|scripts) -->/g, (_, name) => parts[name]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A text as an element that embed/offline.js unpacks. */
function packedScript([name, text]) {
  return `<script type="text/plain" id="rm1-${name}">${gzipSync(text, { level: 9 }).toString('base64')}</script>\n`;
}

/** A script's text as it may stand in a page. */
function inlined(text) {
  if (text.includes('<!--')) throw new Error('a script with <!-- cannot stand in a page');
  return text.replace(/<\/(?=script)/gi, '<\\/');
}
