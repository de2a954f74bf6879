/** The images without guests, by `rm1 run`: they print the checksums that every peer printed (the README there, section 6). */
import { expect, test } from 'vitest';
import { BY_NIGHT } from '../support/night.ts';
import { ABSENT, peersAreHere, printed } from './support/peers.ts';

const CHECKSUMS = {
  alu: 'f28a2a6d',
  fib: '00213d05',
  mem: '00640000',
  rep: '000001f4',
  int80: '000f4240',
  pio: '00000000',
  pf: '00030d40',
  cr3: '56bb0900',
  smc: '2a06b550',
};

const TEN_TIMES = { alu: '16475b9a', fib: '014c6232', mem: '03e80000', rep: '00001388' };

const asPrinted = (checksums: Readonly<Record<string, string>>): string[] => [
  'BENCH1',
  ...Object.entries(checksums).flatMap(([name, sum]) => [`${name} start`, `${name} end ${sum}`]),
  'END',
];

test.skipIf(!peersAreHere)(peersAreHere ? 'bench.bin' : ABSENT, { timeout: 240_000 }, () => {
  expect(printed('bench.bin')).toEqual(asPrinted(CHECKSUMS));
});

/** Two minutes of a free processor. */
test.skipIf(!peersAreHere || !BY_NIGHT)('bench10.bin, in the nightly run', { timeout: 1_200_000 }, () => {
  expect(printed('bench10.bin')).toEqual(asPrinted(TEN_TIMES));
});

test.skipIf(!peersAreHere).each([
  ['yonah', 1],
  ['phenom', 0],
])('hello.bin on %s says whether there is VT-x', (cpu, vmx) => {
  const lines = printed('hello.bin', ['--cpu', cpu]);
  expect(lines[0]).toBe('HELLO');
  expect(lines).toContain(`CPUID.1:ECX.VMX=${vmx}`);
});
