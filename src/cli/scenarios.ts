/** rm1 scenarios: what can be opened by name. */
import { told } from '../lib/say.ts';
import { SCENARIOS } from '../session/scenarios.ts';
import type { CliIo } from './io.ts';

export function scenarios(args: string[], io: CliIo): number {
  if (args.includes('--help')) io.stdout('usage: rm1 scenarios [--json]\n');
  else if (args.includes('--json'))
    io.stdout(`${JSON.stringify(SCENARIOS.map(({ id, title, summary, vmms }) => ({ id, title, summary, vmms })))}\n`);
  else
    for (const { id, title, summary, vmms } of SCENARIOS)
      io.stdout(`${id.padEnd(14)}${told(title)}\n${''.padEnd(14)}${told(summary)}\n${''.padEnd(14)}runs: ${vmms.join(', ')}\n`);
  return 0;
}
