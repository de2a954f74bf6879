/** Places on a line: what a number of the picture's subject is in pixels, and a bend from one place to another. */

type Range = readonly [from: number, to: number];

const between = ([from, to]: Range, share: number): number => from * (1 - share) + to * share;
const shareOf = ([from, to]: Range, value: number): number => (to === from ? 0.5 : (value - from) / (to - from));

/** The place of a number of `domain` in `range`; outside of the domain it goes on. */
export const linear =
  (domain: Range, range: Range) =>
  (value: number): number =>
    between(range, shareOf(domain, value));

/** The same, which stays at the ends of the range. */
export const clamped =
  (domain: Range, range: Range) =>
  (value: number): number =>
    between(range, Math.min(1, Math.max(0, shareOf(domain, value))));

/** The multiples of 1, 2 or 5 times a power of ten, from 1 on, within a domain: about as many as `wanted`. */
export function roundNumbers([from, to]: Range, wanted: number): readonly number[] {
  const rough = (to - from) / wanted;
  const power = Math.max(1, 10 ** Math.floor(Math.log10(rough)));
  const excess = rough / power;
  /* Where a step is nearer, by ratio, to the next of 1, 2, 5 and 10. */
  const step = power * (excess >= Math.sqrt(50) ? 10 : excess >= Math.sqrt(10) ? 5 : excess >= Math.SQRT2 ? 2 : 1);
  const first = Math.ceil(from / step);
  const last = Math.floor(to / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => (first + k) * step);
}

/** A path that leaves one place and reaches another vertically. */
export function bend([x0, y0]: Range, [x1, y1]: Range): string {
  const middle = (y0 + y1) / 2;
  return `M${x0} ${y0}C${x0} ${middle} ${x1} ${middle} ${x1} ${y1}`;
}
