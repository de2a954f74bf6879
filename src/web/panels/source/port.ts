import { say } from '../../../lib/say.ts';
import type { PortedSource, PortLine, SourceFile } from '../../../session/views.ts';

/** A source of a ported kernel. */
export interface Ported {
  readonly path: string;
  /** Its last name: `trap.inc`. */
  readonly name: string;
  readonly port: PortedSource;
}

export const portedOf = (files: readonly SourceFile[]): readonly Ported[] =>
  files.flatMap(({ path, port }) => (port === undefined ? [] : [{ path, name: path.slice(path.lastIndexOf('/') + 1), port }]));

/** The source with the most changes that have a reason. */
export function mostTold(ported: readonly Ported[]): Ported | undefined {
  const reasons = ({ port }: Ported): number => port.parts.filter(({ why }) => why !== '').length;
  return ported.reduce<Ported | undefined>((best, one) => (best === undefined || reasons(one) > reasons(best) ? one : best), undefined);
}

/** `25 of 139`, `81, new`, `the same` */
export function countsOf({ from, code, changed, gone }: PortedSource): string {
  if (changed + gone === 0) return say`the same`;
  return from === '' ? say`${code}, new` : say`${changed} of ${code}`;
}

/** The whole port in a sentence. */
export function portSentence(ported: readonly Ported[]): string {
  const sum = (of: (port: PortedSource) => number): number => ported.reduce((all, { port }) => all + of(port), 0);
  const same = ported.filter(({ port }) => port.changed + port.gone === 0).length;
  const [fresh, all, gone] = [sum(({ changed }) => changed), sum(({ code }) => code), sum((port) => port.gone)];
  return say`${fresh} of ${all} lines of code are new, in place of ${gone}; ${same} of ${ported.length} files, and all programs, are the very same. Where only ring 0 may, the kernel asks.`;
}

const CONTEXT = 3;
/** So many lines that are alike are shown whole. */
const SHORT = 9;

/** Lines that are alike, as far as they are worth seeing. */
export function folded(lines: readonly PortLine[]): {
  readonly before: readonly PortLine[];
  readonly hidden: number;
  readonly after: readonly PortLine[];
} {
  if (lines.length <= SHORT) return { before: lines, hidden: 0, after: [] };
  return { before: lines.slice(0, CONTEXT), hidden: lines.length - 2 * CONTEXT, after: lines.slice(-CONTEXT) };
}
