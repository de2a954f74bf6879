import { parseArgs } from 'node:util';
import { ensurePackages } from './packages.mjs';
import { root } from './run.mjs';
import { buildSite, siteIsFresh } from './site.mjs';

const usage = `npm start -- [--port NUMBER] [--host ADDRESS]

Installs what is missing, builds the site if the sources have changed, and serves it.`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: process.env.PORT ?? '4173' },
    host: { type: 'string', default: '127.0.0.1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}
if (!(await ensurePackages())) process.exit(1);
if (!siteIsFresh() && !(await buildSite())) process.exit(1);

const { preview } = await import('vite');
const server = await preview({ root, preview: { host: values.host, port: Number(values.port), strictPort: false } });
const { port } = server.httpServer.address();
const name = values.host === '0.0.0.0' || values.host === '::' ? 'localhost' : values.host;
console.log(`\nRingMinusOne is at http://${name}:${port}/  (Ctrl-C stops it)`);
