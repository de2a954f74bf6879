/** One comparison that the processor makes, with the values compared. */
export interface WhyCheck {
  /** What must be so: `CPL is 0`; another for each of a list. */
  readonly rule: string;
  /** What was: `CPL 3`. */
  readonly found: string;
  /** `leads on`: it does not hold, and the next one may still allow it. `open`: an earlier one had decided. */
  readonly outcome: 'passed' | 'failed' | 'leads on' | 'open';
}

/** The comparisons that led to what happened at a step, in the manual's order. */
export interface Why {
  readonly n: number;
  /** `hlt raised #GP` */
  readonly title: string;
  readonly checks: readonly WhyCheck[];
  /** What follows from the one that failed, or from all. */
  readonly verdict: string;
  /** Where the manual says so. */
  readonly source: string;
}
