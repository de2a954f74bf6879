/** The same place in the guest under every technique: the same address, the same count of arrivals there, and what the guest can see there. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const RM1 = fileURLToPath(new URL('../../bin/rm1.mjs', import.meta.url));
const TIMEOUT = 240_000;

type Registers = Readonly<Record<string, string>>;

interface Switched {
  readonly to: string;
  readonly found: boolean;
  readonly n: number;
  readonly place: { readonly vm: number; readonly address: string; readonly program: string; readonly arrival: number; readonly n: number };
  readonly before: Registers;
  readonly after: Registers;
  readonly sentence: string;
}

/** Switches, one after the other, from one step. */
const switched = (scenario: string, from: string, step: number, to: readonly string[]): Promise<readonly Switched[]> =>
  new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [RM1, 'switch', scenario, '--from', from, '--step', String(step), '--json', ...to],
      (error, stdout, stderr) => {
        if (error !== null && error.code !== 1) reject(new Error(stderr));
        else
          resolve(
            stdout
              .trimEnd()
              .split('\n')
              .map((line) => JSON.parse(line) as Switched),
          );
      },
    );
  });

const TECHNIQUES = ['none', 'trap', 'translate', 'vtx/shadow', 'vtx/nested', 'svm/shadow', 'svm/nested'];
const others = (technique: string) => TECHNIQUES.filter((one) => one !== technique);
const spot = ({ place }: Switched) => [place.address, place.program, place.arrival];

describe(
  'every pair of techniques',
  async () => {
    /** In the kernel, behind its first instructions that a monitor must have a hand in, and before SIDT tells. */
    const START = 1000;
    const first = await switched('red-pill', 'none', START, others('none'));
    const steps = new Map<string, number>([['none', START], ...first.map(({ to, n }) => [to, n] as const)]);

    test.each(TECHNIQUES)(
      'from %s to all others, at the step to which each other leads',
      async (from) => {
        for (const found of await switched('red-pill', from, steps.get(from) ?? -1, others(from))) {
          expect(found.found, found.sentence).toBe(true);
          expect([found.to, ...spot(found)]).toEqual([found.to, ...spot(first[0])]);
          expect([found.to, found.n]).toEqual([found.to, steps.get(found.to)]);
          expect(found.sentence).toMatch(/^The same place, /);
        }
      },
      TIMEOUT,
    );
  },
  TIMEOUT,
);

describe('one operating system', () => {
  test(
    'to the monitor above itself, and from there to all others, with the same registers',
    async () => {
      const [inner] = await switched('one-system', 'none', 100_000, ['vtx-vtx']);
      expect(inner.found, inner.sentence).toBe(true);
      for (const found of await switched('one-system', 'vtx-vtx', inner.n, TECHNIQUES)) {
        expect(found.found, found.sentence).toBe(true);
        expect([found.to, ...spot(found), found.after]).toEqual([found.to, ...spot(inner), inner.before]);
      }
    },
    TIMEOUT,
  );

  test(
    'to the ported kernel: its programs are the same, it is not',
    async () => {
      const [program] = await switched('one-system', 'none', 100_000, ['para']);
      expect(program.found, program.sentence).toBe(true);
      for (const found of await switched('one-system', 'para', program.n, [...TECHNIQUES, 'vtx-vtx'])) {
        expect(found.found, found.sentence).toBe(true);
        expect([found.to, ...spot(found), found.after]).toEqual([found.to, ...spot(program), program.before]);
      }
      const [there] = await switched('one-system', 'none', 30_000, ['para']);
      const back = await switched('one-system', 'para', 40_000, [...TECHNIQUES, 'vtx-vtx']);
      for (const { found, sentence } of [there, ...back]) {
        expect(found).toBe(false);
        expect(sentence).toContain('another build');
      }
    },
    TIMEOUT,
  );
});

describe('from bare metal, and the guest’s registers are the same', () => {
  test.each([
    ['two-kernels', 30_000, 'count'],
    ['one-system', 100_000, 'count'],
  ] as const)(
    '%s at step %i',
    async (scenario, step, program) => {
      for (const found of await switched(scenario, 'none', step, others('none'))) {
        expect(found.found, found.sentence).toBe(true);
        expect(found.place.program).toBe(program);
        expect([found.to, found.after]).toEqual([found.to, found.before]);
      }
    },
    TIMEOUT,
  );
});

describe('a place that is never reached', () => {
  test(
    'how often a kernel sleeps depends on the time that all else takes',
    async () => {
      const [vtx] = await switched('one-system', 'none', 500_000, ['vtx/shadow']);
      expect(vtx.found).toBe(false);
      expect(vtx.sentence).toMatch(
        /^VM 1 comes to C0100A7F only \d+ times under VT-x with shadow paging, 20 times on bare metal: how often a kernel sleeps/,
      );
    },
    TIMEOUT,
  );

  test(
    'memory that is refused: the instruction at which the two part',
    async () => {
      const [trap] = await switched('hostile', 'none', 1000, ['trap']);
      expect(trap.found).toBe(false);
      expect(trap.sentence).toMatch(
        / not in [\d,]+ steps\. Both run alike up to rep stosd at 00100187; what follows on bare metal, 00100187, does not follow here\./,
      );
    },
    TIMEOUT,
  );
});
