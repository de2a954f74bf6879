import { expect, test } from 'vitest';
import { processorProfile } from '../../src/cpu/profiles.ts';
import { Svm } from '../../src/session/late/amd-v.ts';
import * as parts from '../../src/session/late/parts.ts';

test('a processor with AMD-V is made of what is loaded when it is first asked for', () => {
  Object.assign(globalThis, { rm1Late: () => parts });
  const made = new Svm(processorProfile('orleans'));
  expect(made.vendor).toBe('svm');
  expect(made).toBeInstanceOf(parts.Svm);
});
