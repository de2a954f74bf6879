/** Writes a built site's pages without JavaScript: scenarios/, posters/, and oembed/ where the site knows its address. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCENARIOS } from '../../session/scenarios.ts';
import { png } from '../png.ts';
import { contentsPage, oembed, POSTER_SCALE, scenarioPage } from './page.ts';
import { walkthrough } from './walkthrough.ts';

/** @param site its address with a slash at the end, or empty */
export async function writePages(folder: string, site: string): Promise<void> {
  const write = (path: string, content: string | Uint8Array) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  const tales = SCENARIOS.map((scenario) => walkthrough(scenario, (n) => `${site}#scenario=${scenario.id}&step=${n}`));
  for (const tale of tales) {
    const { id } = tale.scenario;
    write(`posters/${id}.svg`, tale.posters.light);
    write(`posters/${id}-dark.svg`, tale.posters.dark);
    write(`scenarios/${id}/index.html`, scenarioPage(tale, { site }));
    if (site === '') continue;
    write(`posters/${id}.png`, await png(tale.posters.light, POSTER_SCALE));
    write(`oembed/${id}.json`, oembed(tale, { site }));
  }
  write('scenarios/index.html', contentsPage(tales));
}
