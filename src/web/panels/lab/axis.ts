import { scaleLog } from 'd3-scale';

/** Powers of ten from which on every other has its number. */
const CROWDED = 4;

export interface Axis {
  /** The part of the axis's length, 0 to 1, that a value takes; what is below 1 takes none. */
  share(value: number): number;
  /** The powers of ten, from 1 on. */
  readonly ticks: readonly { readonly value: number; readonly share: number; readonly numbered: boolean }[];
}

/** A logarithmic axis from 1 to the greatest of the values. */
export function logAxis(values: readonly number[]): Axis {
  const scale = scaleLog()
    .domain([1, Math.max(10, ...values)])
    .range([0, 1])
    .clamp(true);
  const share = (value: number) => scale(Math.max(1, value));
  const powers = scale.ticks().filter((value) => Number.isInteger(Math.round(1e9 * Math.log10(value)) / 1e9));
  const every = powers.length > CROWDED ? 2 : 1;
  return { share, ticks: powers.map((value, k) => ({ value, share: share(value), numbered: k % every === 0 })) };
}
