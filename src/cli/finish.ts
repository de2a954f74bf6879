/** Runs work to its end, and gives its result; `tell` hears of what it yields on the way. */
export function finish<Yielded, Result>(work: Generator<Yielded, Result>, tell: (yielded: Yielded) => void = () => {}): Result {
  let step = work.next();
  for (; step.done !== true; step = work.next()) tell(step.value);
  return step.value;
}
