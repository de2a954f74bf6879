import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rawText } from './bundle.mjs';
import { root } from './run.mjs';

/** What other pages load, all of it classic scripts: machine.js, embed/, ringminusone.js. */
export async function buildEmbed(dist) {
  mkdirSync(join(dist, 'embed'), { recursive: true });
  const machine = await machineScript();
  writeFileSync(join(dist, 'machine.js'), machine);
  await shell('src/web/embed/main.tsx', join(dist, 'embed'), 'embed', { inline: false });
  writeFileSync(join(dist, 'ringminusone.html'), await offlinePage(machine));
  copyFileSync(join(root, 'embed/index.html'), join(dist, 'embed/index.html'));
  await minify('embed/boot.js', join(dist, 'embed/boot.js'));
  await minify('embed/ringminusone.js', join(dist, 'ringminusone.js'));
  posters(join(dist, 'posters'));
}

async function minify(script, file) {
  const { rolldown } = await import('rolldown');
  const build = await rolldown({ input: join(root, script), platform: 'browser', logLevel: 'warn' });
  await build.write({ file, format: 'iife', minify: true });
  await build.close();
}

/** A picture of each scenario where it opens. */
function posters(folder) {
  mkdirSync(folder, { recursive: true });
  const rm1 = (...args) => execFileSync(process.execPath, [join(root, 'bin/rm1.mjs'), ...args], { cwd: root, encoding: 'utf8' });
  for (const { id } of JSON.parse(rm1('scenarios', '--json'))) rm1('figure', id, '-o', join(folder, `${id}.svg`));
}

/** A script that declares the machine as one function, and runs it where there is no document: see src/web/embed/rungs.ts. */
async function machineScript() {
  const { rolldown } = await import('rolldown');
  const build = await rolldown({ input: join(root, 'src/worker/serve.ts'), platform: 'browser', plugins: [rawText], logLevel: 'warn' });
  const { output } = await build.generate({ format: 'iife', name: 'rm1', minify: true, codeSplitting: false });
  await build.close();
  return `function rm1Machine(scope){${output[0].code.trim()}\nrm1.serve(scope)}\nif(typeof document==='undefined')rm1Machine(self);\n`;
}

/** A script and its styles, beside each other in a folder: name.js and name.css. */
async function shell(entry, outDir, name, { inline }) {
  const { build } = await import('vite');
  const { default: react } = await import('@vitejs/plugin-react');
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    plugins: [react()],
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
    const scripts = [machine, readFileSync(join(folder, 'offline.js'), 'utf8')].map(inlined);
    const styles = readFileSync(join(folder, 'offline.css'), 'utf8').replaceAll('</', '<\\/');
    const parts = { styles: `<style>${styles}</style>`, scripts: scripts.map((text) => `<script>${text}</script>`).join('\n') };
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
