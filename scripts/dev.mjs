import { parseArgs } from 'node:util';
import { servedMachine } from './machine.mjs';
import { ensurePackages } from './packages.mjs';
import { root } from './run.mjs';

const usage = `npm run dev -- [--port NUMBER] [--host ADDRESS]

Serves the app from its sources: a page shows at once what you edit. After a change to the machine itself, reload the page.`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '5173' },
    host: { type: 'string', default: '127.0.0.1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}
if (!(await ensurePackages())) process.exit(1);
const { createServer } = await import('vite');
const server = await createServer({ root, plugins: [servedMachine], server: { port: Number(values.port), host: values.host } });
await server.listen();
server.printUrls();
