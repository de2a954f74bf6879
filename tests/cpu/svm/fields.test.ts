import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CODE, exitName } from '../../../src/cpu/virt/svm/exit-codes.ts';
import { FIELDS } from '../../../src/cpu/virt/svm/fields.ts';
import { INTERCEPTS } from '../../../src/cpu/virt/svm/intercepts.ts';

const reference = new URL('../../../../shared/reference/svm-vmcb.json', import.meta.url);
const there = existsSync(reference);

interface Reference {
  readonly controlArea: readonly { readonly offset: string; readonly size: number; readonly name: string }[];
  readonly stateSaveArea: Reference['controlArea'];
  readonly interceptMisc1Bits: readonly { readonly bit: number; readonly name: string; readonly exitCode: string }[];
  readonly interceptMisc2Bits: Reference['interceptMisc1Bits'];
  readonly exitCodes: readonly { readonly code: string; readonly name: string }[];
}

const read = (): Reference => JSON.parse(readFileSync(reference, 'utf8'));

/** Of later processors, of 64-bit ones, or of features that no processor here has. */
const LEFT_OUT = [
  'interceptMisc3 pauseFilterThreshold pauseFilterCount avicApicBar ghcbPa virtExt vmcbClean numBytesFetched guestInstructionBytes',
  'avicBackingPage avicLogicalTable avicPhysicalTable vmsaPa star lstar cstar sfmask kernelGsBase dbgCtl brFrom brTo lastExcpFrom lastExcpTo',
].flatMap((line) => line.split(' '));

test('no two fields lie over each other, and all lie in the VMCB', () => {
  const taken = new Set<number>();
  for (const { offset, size } of FIELDS) {
    for (let byte = offset; byte < offset + size; byte++) {
      expect(taken.has(byte)).toBe(false);
      taken.add(byte);
    }
  }
  expect(Math.max(...taken)).toBeLessThan(4096);
});

test.skipIf(!there)('the table is the reference', () => {
  const { controlArea, stateSaveArea } = read();
  const ours = new Map<string, (typeof FIELDS)[number]>(FIELDS.map((field) => [field.key, field]));
  const missing: string[] = [];
  for (const [area, list] of [
    ['control', controlArea],
    ['state', stateSaveArea],
  ] as const) {
    for (const { offset, size, name } of list) {
      const field = ours.get(name);
      if (field === undefined) missing.push(name);
      else expect([name, field.offset, field.size, field.area]).toEqual([name, Number(offset), size, area]);
      ours.delete(name);
    }
  }
  expect([...ours.keys()]).toEqual([]);
  expect(missing.sort()).toEqual([...LEFT_OUT].sort());
});

test.skipIf(!there)('exit codes are the reference', () => {
  for (const { code, name } of read().exitCodes) {
    const number = Number(code);
    if (!Number.isInteger(number) || name.startsWith('EXCP') || (number > CODE.MWAIT_COND && number !== CODE.NPF)) continue;
    expect([code, exitName(number)]).toEqual([code, name]);
  }
  expect(exitName(-1)).toBe('INVALID');
  expect(exitName(0x4e)).toBe('EXCP_14');
});

test.skipIf(!there)('intercept bits are the reference, and lie where their exit codes say', () => {
  const { interceptMisc1Bits, interceptMisc2Bits } = read();
  expect(interceptMisc1Bits.map(({ bit }) => bit)).toEqual(INTERCEPTS.interceptMisc1.map((_, bit) => bit));
  expect(interceptMisc2Bits.slice(0, INTERCEPTS.interceptMisc2.length).map(({ bit }) => bit)).toEqual(
    INTERCEPTS.interceptMisc2.map((_, bit) => bit),
  );
  for (const { bit, exitCode } of interceptMisc1Bits) expect(Number(exitCode)).toBe(0x60 + bit);
  for (const { bit, exitCode } of interceptMisc2Bits) expect(Number(exitCode)).toBe(0x80 + bit);
});
