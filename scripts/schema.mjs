import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importBundled } from './bundle.mjs';
import { root, runPackage } from './run.mjs';

/** Writes public/schema/scenario.v1.json from src/lessons/scenario-schema.ts. */
const { SCENARIO_SCHEMA } = await importBundled('src/lessons/scenario-schema.ts', 'schema', ['src/lessons']);
const folder = join(root, 'public/schema');
mkdirSync(folder, { recursive: true });
const path = join(folder, 'scenario.v1.json');
writeFileSync(path, JSON.stringify(SCENARIO_SCHEMA, null, 2));
process.exitCode = await runPackage('biome', ['check', '--write', path]);
