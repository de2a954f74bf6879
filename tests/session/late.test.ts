import { beforeAll, expect, test } from 'vitest';
import { FPU } from '../../src/cpu/exec/fpu.ts';
import { processorProfile } from '../../src/cpu/profiles.ts';
import { Svm } from '../../src/session/late/amd-v.ts';
import { FPU as LATE_FPU } from '../../src/session/late/fpu.ts';
import * as parts from '../../src/session/late/parts.ts';
import { Translation } from '../../src/session/late/translation.ts';

beforeAll(() => {
  Object.assign(globalThis, { rm1Late: () => parts });
});

test('a processor with AMD-V is made of what is loaded when it is first asked for', () => {
  const made = new Svm(processorProfile('orleans'));
  expect(made.vendor).toBe('svm');
  expect(made).toBeInstanceOf(parts.Svm);
});

test('each behaviour of the floating-point unit is there, and comes when it is first asked for', () => {
  expect(Object.keys(LATE_FPU).sort()).toEqual(Object.keys(FPU).sort());
});

test('what a monitor has translated is read by what is loaded when one translates', () => {
  const reader = { index: { symbol: () => undefined }, peek: () => 0, field: () => null } as never;
  expect(new Translation(reader)).toBeInstanceOf(parts.Translation);
});
