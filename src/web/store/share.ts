/**
 * The new value, with every part that is equal to the old one replaced by the old one: what did not change keeps its
 * identity, so that a panel draws again only when its part of the view is new.
 */
export function share<T>(before: unknown, after: T): T {
  if (Object.is(before, after)) return after;
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null) return after;
  if (Array.isArray(after)) {
    if (!Array.isArray(before)) return after;
    let same = before.length === after.length;
    const result = after.map((value, i) => {
      const kept = share(before[i], value);
      if (!Object.is(kept, before[i])) same = false;
      return kept;
    });
    return (same ? before : result) as T;
  }
  if (Array.isArray(before)) return after;
  const old = before as Record<string, unknown>;
  const fresh = after as Record<string, unknown>;
  const names = Object.keys(fresh);
  let same = Object.keys(old).length === names.length;
  const result: Record<string, unknown> = {};
  for (const name of names) {
    const kept = share(old[name], fresh[name]);
    result[name] = kept;
    if (!Object.is(kept, old[name])) same = false;
  }
  return (same ? before : result) as T;
}
