/** Two outputs of one image, line by line. */
import { EXEMPTIONS, type Exemption } from './exemptions.ts';
import type { Run } from './runs.ts';

export interface Row {
  readonly ours: string | undefined;
  /** Undefined where the peer has stopped. */
  readonly theirs: string | undefined;
  /** Why they may differ; undefined if they are the same, or must be. */
  readonly exemption: Exemption | undefined;
}

export const differs = ({ ours, theirs }: Row): boolean => ours !== theirs;
export const isUnexplained = (row: Row): boolean => differs(row) && row.exemption === undefined;

export function compare(run: Run, ours: readonly string[], theirs: readonly string[]): Row[] {
  const rows: Row[] = [];
  for (let i = 0; i < Math.max(ours.length, theirs.length); i++) {
    const row = { ours: ours[i], theirs: theirs[i] as string | undefined, exemption: undefined };
    rows.push(row.ours === row.theirs ? row : { ...row, exemption: EXEMPTIONS.find((exemption) => covers(exemption, run, row)) });
  }
  return rows;
}

function covers({ peer, image, line, apart }: Exemption, run: Run, { ours, theirs }: Row): boolean {
  if (peer !== run.peer || !image.test(run.image) || ours === undefined) return false;
  if (!line.test(ours)) return false;
  if (apart === 'stopped') return theirs === undefined;
  if (theirs === undefined) return false;
  return apart === undefined || ours.replace(apart, '') === theirs.replace(apart, '');
}

const SAME = ' ';
const OURS = '+';
const THEIRS = '-';

/** As a file: a line that both printed begins with a blank, one of the peer's with a minus, one of ours with a plus. */
export function toText(rows: readonly Row[]): string {
  const lines = rows.flatMap((row) => {
    if (!differs(row)) return [SAME + row.ours];
    return [...(row.theirs === undefined ? [] : [THEIRS + row.theirs]), ...(row.ours === undefined ? [] : [OURS + row.ours])];
  });
  return `${lines.join('\n')}\n`;
}

/** The two outputs that such a file holds. */
export function fromText(text: string): { readonly ours: string[]; readonly theirs: string[] } {
  const lines = text.split('\n').filter((line) => line !== '');
  const except = (mark: string): string[] => lines.filter((line) => line[0] !== mark).map((line) => line.slice(1));
  return { ours: except(THEIRS), theirs: except(OURS) };
}
