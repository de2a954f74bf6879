import { count } from '../../../figures/words.ts';
import { say } from '../../../lib/say.ts';

const TOP = 40;
const DECADES = 5;

/** The speed at a place of the slider: logarithmic, the last place is as fast as it goes. */
export function speedAt(position: number): number {
  if (position >= TOP) return Number.POSITIVE_INFINITY;
  const raw = 10 ** ((position / (TOP - 1)) * DECADES);
  const power = 10 ** Math.floor(Math.log10(raw) + 1e-9);
  return Math.max(1, Math.round((raw / power) * (power < 10 ? 1 : 10)) * (power < 10 ? power : power / 10));
}

/** The place of the slider nearest to a speed. */
export function positionOf(speed: number): number {
  if (!Number.isFinite(speed)) return TOP;
  return Math.min(TOP - 1, Math.max(0, Math.round((Math.log10(Math.max(1, speed)) / DECADES) * (TOP - 1))));
}

/** `4 steps/s` */
export function speedText(speed: number): string {
  if (!Number.isFinite(speed)) return say`full speed`;
  return speed === 1 ? say`1 step/s` : say`${count(speed)} steps/s`;
}

export const speedPositions = TOP;
