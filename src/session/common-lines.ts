/** Which lines two texts share, in order: a longest common subsequence, as pairs of indices. */
export function commonLines(old: readonly string[], now: readonly string[]): readonly (readonly [number, number])[] {
  const width = now.length + 1;
  const longest = new Uint16Array((old.length + 1) * width);
  for (let a = old.length - 1; a >= 0; a--)
    for (let b = now.length - 1; b >= 0; b--)
      longest[a * width + b] =
        old[a] === now[b] ? longest[(a + 1) * width + b + 1] + 1 : Math.max(longest[(a + 1) * width + b], longest[a * width + b + 1]);
  const pairs: [number, number][] = [];
  for (let a = 0, b = 0; a < old.length && b < now.length; ) {
    if (old[a] === now[b]) pairs.push([a++, b++]);
    else if (longest[(a + 1) * width + b] >= longest[a * width + b + 1]) a++;
    else b++;
  }
  return pairs;
}
