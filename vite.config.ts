import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** The page asks for the stage and what it imports beside the script that starts the machine and then imports the stage. */
const stageAtOnce: Plugin = {
  name: 'stage-at-once',
  transformIndexHtml(html, { bundle = {} }) {
    const stage = Object.values(bundle).find((chunk) => chunk.type === 'chunk' && chunk.name === 'stage');
    const files = stage?.type === 'chunk' ? [stage.fileName, ...stage.imports] : [];
    return files
      .filter((file) => !html.includes(file))
      .map((file) => ({ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `./${file}` }, injectTo: 'head' }));
  },
};

/**
 * Nearly all of the stage runs before the first picture. A browser that takes the hint (https://v8.dev/blog/explicit-compile-hints) compiles it as it
 * comes, beside the page; others read a comment.
 */
const stageCompiledAtOnce: Plugin = {
  name: 'stage-compiled-at-once',
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      for (const chunk of Object.values(bundle))
        if (chunk.type === 'chunk' && chunk.name === 'stage') chunk.code = `//# allFunctionsCalledOnLoad\n${chunk.code}`;
    },
  },
};

export default defineConfig({
  base: './',
  plugins: [react(), stageAtOnce, stageCompiledAtOnce],
  /* What packs programs into links comes late. */
  resolve: { alias: [{ find: /^\.\/packed\.ts$/, replacement: fileURLToPath(new URL('src/web/app/packing.ts', import.meta.url)) }] },
  build: {
    target: 'es2023',
    outDir: 'dist',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    /* What the first scripts share with later ones is one file, and so is the stage with all that it needs. */
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'shared',
              test: /src[\\/](lib[\\/]say|figures[\\/]tree)\.ts$|vite[\\/]preload-helper/,
              priority: 1,
            },
            { name: 'stage', test: /src[\\/]web[\\/]app[\\/]start\.tsx$/ },
          ],
        },
      },
    },
  },
  worker: {
    format: 'iife',
  },
  preview: { host: '127.0.0.1' },
  server: { host: '127.0.0.1' },
});
