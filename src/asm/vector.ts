/**
 * What an expression comes to: a sum of terms, each a type and a factor, in the order of types.
 *
 * A type is a register (by its order among registers), `UNKNOWN` (a symbol no pass has seen yet),
 * `SCALAR`, or `SECTION` plus the number of a section, whose address is known only at the end.
 */
export interface Term {
  readonly type: number;
  readonly value: bigint;
}

export type Vector = readonly Term[];

export const UNKNOWN = 1000;
export const SCALAR = 1001;
export const SECTION = 2000;
/** The section number of values that need no relocation. */
export const NO_SECTION = -1;

export const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);
export const scalar = (value: bigint): Vector => [{ type: SCALAR, value: wrap(value) }];
export const UNKNOWN_VECTOR: Vector = [{ type: UNKNOWN, value: 1n }];

/** `section` is NO_SECTION for a plain number. */
export function relocatable(section: number, offset: bigint): Vector {
  const number = { type: SCALAR, value: offset };
  return section === NO_SECTION ? [number] : [number, { type: SECTION + section, value: 1n }];
}

/** Tells the effective address which register was written first, and whether it was multiplied. */
export interface Hint {
  type: 'none' | 'base' | 'not-base' | 'summed';
  /** A register's order. */
  register: number;
}

/** The sum; once an unknown is met, what comes after it in order is dropped. */
export function add(p: Vector, q: Vector, hint: Hint): Vector {
  const sum: Term[] = [];
  let i = 0;
  let j = 0;
  while (i < p.length && j < q.length) {
    const a = p[i];
    const b = q[j];
    let type = a.type;
    if (a.type > b.type) {
      sum.push(b);
      type = b.type;
      j++;
    } else if (a.type < b.type) {
      sum.push(a);
      i++;
    } else {
      const value = wrap(a.value + b.value);
      if (value !== 0n) {
        sum.push({ type, value });
        hint.type = 'summed';
      }
      i++;
      j++;
    }
    if (type === UNKNOWN) return sum;
  }
  for (; i < p.length; i++) sum.push(p[i]);
  for (; j < q.length; j++) sum.push(q[j]);
  return sum;
}

export const multiply = (v: Vector, factor: bigint): Vector => v.map(({ type, value }) => ({ type, value: wrap(value * factor) }));

/** The plain number a vector is, or undefined when it has another part. */
export function plain(v: Vector): bigint | undefined {
  let value = 0n;
  for (const term of v) {
    if (term.value === 0n) continue;
    if (term.type !== SCALAR) return undefined;
    value = term.value;
  }
  return value;
}

export function isUnknown(v: Vector): boolean {
  return v.some((term) => term.type === UNKNOWN && term.value !== 0n);
}

/** Unknown and nothing before it. */
export function isJustUnknown(v: Vector): boolean {
  return v.find((term) => term.value !== 0n)?.type === UNKNOWN;
}

export function scalarPart(v: Vector): bigint {
  return v.find((term) => term.type === SCALAR)?.value ?? 0n;
}

/** Sections and their factors. */
export function sectionTerms(v: Vector): { readonly section: number; readonly factor: number }[] {
  return v.filter((t) => t.type >= SECTION && t.value !== 0n).map((t) => ({ section: t.type - SECTION, factor: Number(t.value) }));
}

/** A number plus at most one section, once. */
export function isRelocatable(v: Vector): boolean {
  let sections = 0;
  for (const { type, value } of v) {
    if (value === 0n || type === SCALAR) continue;
    if (type < SECTION || value !== 1n || ++sections > 1) return false;
  }
  return true;
}

/** A number plus at most one section, less at most one other. */
export function isAddressable(v: Vector): boolean {
  const sections = sectionTerms(v);
  return (
    v.every(({ type, value }) => value === 0n || type >= SCALAR) &&
    sections.length <= 2 &&
    sections.every((term) => Math.abs(term.factor) === 1) &&
    sections.filter((term) => term.factor === 1).length === Math.min(sections.length, 1)
  );
}
