import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  plugins: [react()],
  /* What packs programs into links comes late. */
  resolve: { alias: [{ find: /^\.\/packed\.ts$/, replacement: fileURLToPath(new URL('src/web/app/packing.ts', import.meta.url)) }] },
  build: {
    target: 'es2023',
    outDir: 'dist',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    /* What the first script shares with later ones is one file, not two. */
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'shared', test: /src[\\/](lib[\\/]say|figures[\\/]tree)\.ts$/ }] } } },
  },
  worker: {
    format: 'iife',
  },
  preview: { host: '127.0.0.1' },
  server: { host: '127.0.0.1' },
});
