/** A witness run once more. */
import type { Resource, Row } from '../isa/row.ts';
import type { Lab } from './experiment.ts';
import { changed, type Difference, differences } from './outcome.ts';
import type { Evidence } from './report.ts';

/**
 * Whether it shows again what it showed.
 *
 * @param exactly the very differences; on another processor others will do
 */
export function holds(lab: Lab, row: Row, { shows, of, witness }: Evidence, exactly = true): boolean {
  const same = (found: readonly Difference[], told: readonly Difference[]): boolean =>
    exactly ? JSON.stringify(found) === JSON.stringify(told) : found.length > 0;
  const { ground, other } = lab;
  lab.use(row, witness.form, witness.state);
  const runs = witness.places.map((place) => lab.run(ground, place));
  const [one, two] = runs;
  if (!one || runs.includes(null)) return false;
  const ran = one.after.fault === null;
  switch (shows) {
    case 'trap':
      return ran && !!two && two.after.fault !== null;
    case 'alike':
      return ran && !!two && two.after.fault === null && differences(ground, one.after, two.after, 'CPL').length === 0;
    case 'lets':
      return ran;
    case 'writes':
      return (
        ran &&
        changed(ground, one.before, one.after).includes(of as Resource) &&
        same(differences(ground, one.before, one.after, null), witness.differences)
      );
    default: {
      const second = of === 'identity' ? lab.run(other, one.place) : two;
      if (!ran || !second || second.after.fault !== null) return false;
      return same(differences(ground, one.after, second.after, of === 'identity' ? null : (of as Resource)), witness.differences);
    }
  }
}
