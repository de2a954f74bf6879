import { expect, test } from 'vitest';
import { Session } from '../../src/session/session.ts';
import { Kind } from '../../src/trace/log.ts';

test('a kernel in ring 1 is told which check kept it from its monitor’s memory', () => {
  const session = Session.open({ scenario: 'hostile', vmm: 'translate' });
  session.run(250_000);
  const { log } = session;
  const row = Array.from({ length: log.length }, (_, k) => k).find((k) => log.kindOf(k) === Kind.FAULT && log.valueOf(k, 0) === 12)!;
  session.seek(log.stepOf(row));
  const failed = session.why()?.checks.find(({ outcome }) => outcome === 'failed');
  expect(failed?.rule).toBe('the access lies within the limit of SS');
  expect(failed?.found).toMatch(/^bytes FFD.*limit FFBFFFFFh$/);
});
