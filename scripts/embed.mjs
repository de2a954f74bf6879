import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rawText } from './bundle.mjs';
import { root } from './run.mjs';

/** What other pages load, all of it classic scripts: machine.js, embed/, ringminusone.js. */
export async function buildEmbed(dist) {
  mkdirSync(join(dist, 'embed'), { recursive: true });
  writeFileSync(join(dist, 'machine.js'), await machineScript());
  await embedScript(join(dist, 'embed'));
  for (const name of ['index.html', 'boot.js']) copyFileSync(join(root, 'embed', name), join(dist, 'embed', name));
  posters(join(dist, 'posters'));
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

async function embedScript(outDir) {
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
      chunkSizeWarningLimit: 1500,
      rolldownOptions: {
        input: join(root, 'src/web/embed/main.tsx'),
        output: { format: 'iife', codeSplitting: false, entryFileNames: 'embed.js', assetFileNames: 'embed[extname]' },
      },
    },
  });
}
