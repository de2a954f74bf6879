/** Runs a TypeScript program as one bundle in a process of its own: `node tests/support/bundled.mjs tests/support/question-walk.ts`. */
import { importBundled } from '../../scripts/bundle.mjs';

const [entry] = process.argv.slice(2);
const name = entry.replace(/^.*\//, '').replace(/\.ts$/, '');
await importBundled(entry, name, ['src', entry.replace(/\/[^/]*$/, '')]);
