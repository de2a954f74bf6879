/** Why an answer is right, in one sentence: the comparison that decided. */
import { say } from '../../lib/say.ts';
import type { Forecast } from './forecast.ts';

/** The check that failed, or those that led out of the guest; empty where the step cannot be asked why. */
export function decided({ why }: Forecast): string {
  if (why === null) return '';
  const failed = why.checks.find(({ outcome }) => outcome === 'failed');
  if (failed !== undefined) return say`“${failed.rule}” does not hold: ${failed.found} (${why.source}).`;
  const held = why.checks.filter(({ outcome }) => outcome === 'passed').map(({ rule, found }) => `${rule}: ${found}`);
  return held.length === 0 ? '' : say`${held.join('; ')} (${why.source}).`;
}
