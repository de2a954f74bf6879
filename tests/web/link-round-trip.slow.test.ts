import { describe, expect, test } from 'vitest';
import { SCENARIOS } from '../../src/session/scenarios.ts';
import { Session } from '../../src/session/session.ts';
import { parseLink, printLink } from '../../src/web/app/link.ts';
import { BY_NIGHT } from '../support/night.ts';

/**
 * Every step up to here, and some beyond it. The small machines end before, so of them it is every step; by night it goes to the end of all that
 * end within sixty thousand steps, under each technique. Further on a step is reached in the same way as before: parsed, and sought.
 */
const EVERY = BY_NIGHT ? 60_000 : 240;
const EVERY_OF_SMALL = BY_NIGHT ? EVERY : 1_400;
const SMALL = ['first-exit', 'refused-entry', 'rings', 'ports', 'triple-fault'];
const FURTHER = [1_000, 4_001];

const openings = SCENARIOS.flatMap(({ id, vmm, vmms }) => (BY_NIGHT ? vmms : [vmm]).map((each) => [id, each] as const));

function machine(hash: string): Session {
  const parsed = parseLink(hash);
  if (!parsed.ok) throw new Error(parsed.error.message);
  const { scenario, vmm, vms, paging } = parsed.link;
  return Session.open({ scenario: scenario!, ...(vmm && { vmm }), ...(vms && { vms }), ...(paging && { paging }) });
}

/** 0 to `count` in an order that goes to and fro. */
const shuffled = (count: number) => Array.from({ length: count + 1 }, (_, k) => (k * 89) % (count + 1));

describe('a link to a step leads to the same state', () => {
  test.each(openings)('%s under %s', (scenario, vmm) => {
    const link = (step: number) => printLink({ scenario, vmm, step });
    const one = Session.open({ scenario, vmm });
    const every = SMALL.includes(scenario) ? EVERY_OF_SMALL : EVERY;
    const hashes = new Map<number, bigint | string>();
    for (let n = 0; n <= every && one.n === n; n++) {
      hashes.set(n, one.machine.hash());
      one.step();
    }
    for (const n of FURTHER) {
      one.seek(n);
      if (one.n === n) hashes.set(n, one.machine.hash());
    }
    const last = [...hashes.keys()].filter((n) => n <= every).at(-1)!;
    if (SMALL.includes(scenario)) expect(one.ended || last < every).toBe(true);
    const other = machine(link(0));
    for (const n of [...FURTHER, ...shuffled(last)]) {
      if (!hashes.has(n)) continue;
      const parsed = parseLink(link(n));
      expect(parsed).toMatchObject({ ok: true, link: { scenario, vmm, step: n } });
      expect(printLink(parsed.ok ? parsed.link : {})).toBe(link(n));
      other.seek(n);
      if (other.machine.hash() !== hashes.get(n)) expect.fail(`${link(n)} is another state`);
    }
    for (const n of [last >> 1, FURTHER[0]!].filter((step) => hashes.has(step))) {
      const fresh = machine(link(n));
      fresh.seek(n);
      expect(fresh.machine.hash()).toBe(hashes.get(n));
    }
  });
});
