import { round } from './tree.ts';

/** A point or vector in the plane. */
export type Point = readonly [x: number, y: number];

const RAD = Math.PI / 180;

/** Degrees, counter-clockwise from the right, as in a schoolbook; y grows downwards on the screen. */
export function polar(center: Point, radius: number, degrees: number): Point {
  return [center[0] + radius * Math.cos(degrees * RAD), center[1] - radius * Math.sin(degrees * RAD)];
}

/** A point as it is written into path data. */
export function xy(p: Point): string {
  return `${round(p[0])} ${round(p[1])}`;
}

/** The angle by which an edge parallel to the radius, `gap` away from it, meets a circle. */
export function edgeAngle(gap: number, radius: number): number {
  return Math.asin(Math.min(1, gap / radius)) / RAD;
}

/** Part of an annulus between two angles; its straight edges are parallel to the gap they leave. */
export function sectorPath(center: Point, inner: number, outer: number, from: number, to: number, gap: number): string {
  const a = from + edgeAngle(gap, outer);
  const b = to - edgeAngle(gap, outer);
  const c = to - edgeAngle(gap, inner);
  const d = from + edgeAngle(gap, inner);
  const large = (span: number) => (span > 180 ? 1 : 0);
  return (
    `M${xy(polar(center, outer, a))}A${round(outer)} ${round(outer)} 0 ${large(b - a)} 0 ${xy(polar(center, outer, b))}` +
    `L${xy(polar(center, inner, c))}A${round(inner)} ${round(inner)} 0 ${large(c - d)} 1 ${xy(polar(center, inner, d))}Z`
  );
}

/** An arc from one angle to another, the way the angles run. */
export function arcPath(center: Point, radius: number, from: number, to: number): string {
  const large = Math.abs(to - from) > 180 ? 1 : 0;
  return `M${xy(polar(center, radius, from))}A${round(radius)} ${round(radius)} 0 ${large} ${to > from ? 0 : 1} ${xy(polar(center, radius, to))}`;
}

/** The angle by which a text of this width turns around a circle. */
export function turn(width: number, radius: number): number {
  return width / radius / RAD;
}
