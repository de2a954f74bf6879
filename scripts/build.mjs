import { parseArgs } from 'node:util';
import { ensurePackages } from './packages.mjs';
import { buildSite } from './site.mjs';

const usage = `npm run build -- [--url ADDRESS]

Builds the static site into dist/. With the address at which it will stand, its pages have previews: Open Graph, oEmbed, pictures as PNG.`;

const { values } = parseArgs({ options: { url: { type: 'string', default: '' }, help: { type: 'boolean', default: false } } });
if (values.help) {
  console.log(usage);
  process.exit(0);
}
if (values.url !== '' && !/^https?:\/\/[^\s?#]+$/.test(values.url)) {
  console.error(`--url is the address of a site, such as https://example.org/rings/; found ${values.url}`);
  process.exit(2);
}
const url = values.url.replace(/\/?$/, values.url === '' ? '' : '/');
process.exitCode = (await ensurePackages()) && (await buildSite({ url })) ? 0 : 1;
