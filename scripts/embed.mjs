import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { cachedBundle, rawText } from './bundle.mjs';
import { root } from './run.mjs';

/** What other pages load, all of it classic scripts: machine.js, embed/, ringminusone.js. */
export async function buildEmbed(dist) {
  mkdirSync(join(dist, 'embed'), { recursive: true });
  const machine = await machineScript([]);
  writeFileSync(join(dist, 'machine.js'), machine);
  writeFileSync(join(dist, 'core.js'), await machineScript([withoutAssembler]));
  const needs = await readyImages(join(dist, 'images'));
  const define = { RM1_NEEDS: JSON.stringify(needs) };
  await shell('src/web/embed/main.tsx', join(dist, 'embed'), 'embed', { inline: false, define });
  writeFileSync(join(dist, 'ringminusone.html'), await offlinePage(machine));
  copyFileSync(join(root, 'embed/index.html'), join(dist, 'embed/index.html'));
  await minify('embed/boot.js', join(dist, 'embed/boot.js'));
  await minify('embed/ringminusone.js', join(dist, 'ringminusone.js'));
  await posters(Object.keys(needs), join(dist, 'posters'));
}

async function minify(script, file) {
  const { rolldown } = await import('rolldown');
  const build = await rolldown({ input: join(root, script), platform: 'browser', logLevel: 'warn' });
  await build.write({ file, format: 'iife', minify: true });
  await build.close();
}

/** A picture of each scenario where it opens. */
async function posters(scenarios, folder) {
  mkdirSync(folder, { recursive: true });
  const { main } = await import(pathToFileURL(await cachedBundle('src/cli/main.ts', 'rm1-build', ['src'])).href);
  for (const id of scenarios) {
    if ((await main(['figure', id, '-o', join(folder, `${id}.svg`)])) !== 0) throw new Error(`there is no picture of ${id}`);
  }
}

/** A script that declares the machine as one function, and runs it where there is no document: see src/web/embed/rungs.ts. */
async function machineScript(plugins) {
  const { rolldown } = await import('rolldown');
  const build = await rolldown({
    input: join(root, 'src/worker/serve.ts'),
    platform: 'browser',
    plugins: [...plugins, rawText],
    logLevel: 'warn',
  });
  const { output } = await build.generate({ format: 'iife', name: 'rm1', minify: true, codeSplitting: false });
  await build.close();
  return `function rm1Machine(scope){${output[0].code.trim()}\nrm1.serve(scope)}\nif(typeof document==='undefined')rm1Machine(self);\n`;
}

const withoutAssembler = {
  name: 'without-assembler',
  resolveId(source) {
    if (/(^|\/)guests\.ts$/.test(source)) return join(root, 'src/session/guests-ready.ts');
  },
};

/** Writes each image that a scenario needs as a script of its own; resolves to which those are, by scenario and monitor. */
async function readyImages(folder) {
  mkdirSync(folder, { recursive: true });
  const { needsOf, openings, readyImage } = await import(pathToFileURL(await cachedBundle('src/session/needs.ts', 'needs', ['src'])).href);
  const needs = {};
  for (const { scenario, vmm } of openings) needs[scenario] = { ...needs[scenario], [vmm]: needsOf(scenario, vmm) };
  for (const path of new Set(Object.values(needs).flatMap((each) => Object.values(each).flat()))) {
    const script = `(self.rm1Images??={})[${JSON.stringify(path)}]=${JSON.stringify(readyImage(path))};\n`;
    writeFileSync(join(folder, `${path.replace(/\.asm$/, '').replaceAll('/', '-')}.js`), script);
  }
  return needs;
}

/** A script and its styles, beside each other in a folder: name.js and name.css. */
async function shell(entry, outDir, name, { inline, define }) {
  const { build } = await import('vite');
  const { default: react } = await import('@vitejs/plugin-react');
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    plugins: [react()],
    define,
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
        transform: { define: { 'import.meta': '{}' } },
        output: { format: 'iife', codeSplitting: false, entryFileNames: `${name}.js`, assetFileNames: `${name}[extname]` },
      },
    },
  });
}

/** The app, its styles and fonts, and the machine, as one page that needs nothing else. */
async function offlinePage(machine) {
  const folder = mkdtempSync(join(tmpdir(), 'rm1-offline-'));
  try {
    await shell('src/web/app/offline.tsx', folder, 'offline', { inline: true });
    const packed = gzipSync(machine, { level: 9 }).toString('base64');
    const app = inlined(readFileSync(join(folder, 'offline.js'), 'utf8'));
    const styles = readFileSync(join(folder, 'offline.css'), 'utf8').replaceAll('</', '<\\/');
    const parts = {
      styles: `<style>${styles}</style>`,
      scripts: `<script type="text/plain" id="rm1-packed">${packed}</script>\n<script>${app}</script>`,
    };
    return readFileSync(join(root, 'embed/offline.html'), 'utf8').replace(/<!-- (styles|scripts) -->/g, (_, name) => parts[name]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A script's text as it may stand in a page. */
function inlined(text) {
  if (text.includes('<!--')) throw new Error('a script with <!-- cannot stand in a page');
  return text.replace(/<\/(?=script)/gi, '<\\/');
}
