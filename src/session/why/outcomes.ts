/** Comparisons of the processor, and what became of each. */
import type { WhyCheck } from '../views.ts';

/** A comparison before it is known whether it was reached. */
export interface Rule {
  readonly rule: string;
  readonly found: string;
  readonly holds: boolean;
  /** When it holds, nothing behind it is asked. */
  readonly suffices?: true;
}

/** Whether one of the rules decides, and does not hold. */
export function fails(rules: readonly Rule[]): boolean {
  return outcomes(rules).some(({ outcome }) => outcome === 'failed');
}

/** Rules as they were asked: those behind the one that decides stay open. */
export function outcomes(rules: readonly Rule[]): readonly WhyCheck[] {
  let decided = false;
  return rules.map(({ rule, found, holds, suffices }, i) => {
    if (decided) return { rule, found, outcome: 'open' as const };
    const leadsOn = suffices === true && !holds && i < rules.length - 1;
    decided = holds ? suffices === true : !leadsOn;
    return { rule, found, outcome: holds ? ('passed' as const) : leadsOn ? ('leads on' as const) : ('failed' as const) };
  });
}
