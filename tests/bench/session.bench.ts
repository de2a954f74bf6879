/**
 * What a reader waits for: a view, a step, a step back, a leap. Figures are milliseconds; the ratio beside each is to what the stage can
 * afford, so that below 1 is well.
 */
import { Session } from '../../src/session/session.ts';

interface Measured {
  readonly median: number;
  readonly worst: number;
}

/** Median and 95th percentile of so many calls, after some that do not count. */
function measure(count: number, call: (k: number) => void): Measured {
  const times: number[] = [];
  for (let k = -Math.ceil(count / 4); k < count; k++) {
    const start = performance.now();
    call(k + Math.ceil(count / 4));
    if (k >= 0) times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { median: times[times.length >> 1], worst: times[Math.floor(times.length * 0.95)] };
}

function report(what: string, { median, worst }: Measured, afford: number): void {
  const ratio = (median / afford).toFixed(2);
  console.log(
    `${what.padEnd(44)}${median.toFixed(2).padStart(8)} ms${worst.toFixed(2).padStart(9)} ms${ratio.padStart(8)} of ${afford} ms`,
  );
}

const MILLION = 1_000_000;

/** A scenario at step `n`, or near its end when it is shorter. */
function opened(scenario: string, vmm: 'none' | 'vtx', n: number): Session {
  const session = Session.open({ scenario, vmm });
  while (session.n < n && !session.ended) session.run(session.n + 20_000);
  session.seek(Math.min(n, Math.floor(session.n * 0.95)));
  return session;
}

console.log(`${''.padEnd(44)}${'median'.padStart(11)}${'95 %'.padStart(12)}`);
for (const [title, vmm] of [
  ['duet, bare', 'none'],
  ['two kernels, VT-x', 'vtx'],
] as const) {
  const session = opened('two-kernels', vmm, MILLION);
  const middle = session.n;
  console.log(`\n${title}, around step ${middle}`);
  report(
    'view of a step',
    measure(200, () => session.view()),
    4,
  );
  report(
    'view while running',
    measure(200, () => session.view(true)),
    4,
  );
  report(
    'Step, and its view',
    measure(300, () => {
      session.step();
      session.view();
    }),
    8,
  );
  report(
    'Back, and its view',
    measure(100, () => {
      session.back();
      session.view();
    }),
    50,
  );
  report(
    'a leap anywhere, and its view',
    measure(60, (k) => {
      session.seek(Math.floor(((k * 0.618) % 1) * middle));
      session.view();
    }),
    100,
  );
  session.look({ from: 0, to: session.history.reachedCycle });
  report(
    'view with the whole run in the timeline',
    measure(60, () => session.view()),
    16,
  );
  session.look(null);
  session.seek(Math.floor(middle / 2));
  report(
    'the next milestone, and its view',
    measure(60, () => {
      for (const _ of session.nextEvent());
      session.view();
    }),
    50,
  );
  const speeds = Array.from({ length: 5 }, () => {
    const fresh = Session.open({ scenario: 'two-kernels', vmm });
    const start = performance.now();
    while (!fresh.ended && fresh.n < MILLION) fresh.run(fresh.n + 20_000);
    return fresh.n / (performance.now() - start) / 1000;
  });
  console.log(
    `${'at full speed, events logged (best of 5)'.padEnd(44)}${Math.max(...speeds)
      .toFixed(1)
      .padStart(8)} million steps a second`,
  );
}
