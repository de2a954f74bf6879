/** Every EXITCODE of ../shared/reference: provoked here or in `exit-matrix.test.ts`, or one that no processor of our profiles can have, with why. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { exitName } from '../../../src/cpu/virt/svm/exit-codes.ts';
import { CODE, DATA, SvmGuest } from './guest.ts';
import { PROVOKED, RAISING } from './provoked.ts';

/** Instructions that one intercept bit decides on: `exit-matrix.test.ts` has them all. */
const OF_THE_MATRIX = [0x66, 0x72, 0x74, 0x7a, 0x80, 0x8b]
  .flatMap((first, k) => Array.from({ length: [12, 1, 7, 1, 12, 1][k] }, (_, n) => first + n))
  .filter((code) => code !== CODE.MWAIT_COND);

const ABSENT_CODES: ReadonlyMap<string, string> = new Map([
  ['READ_CR8', 'CR8 is of long mode'],
  ['WRITE_CR8', 'CR8 is of long mode'],
  ['SMI', 'no SMM'],
  ['RSM', 'no SMM: RSM is #UD'],
  ['XSETBV', 'of later processors'],
  ['RDPRU', 'of later processors'],
  ['EFER_WRITE_TRAP', 'of later processors'],
  ['INVPCID', 'of later processors'],
  ['INVALID', 'no exit of a guest: `checks.test.ts`'],
  ['AVIC_INCOMPLETE_IPI', 'of later processors'],
  ['AVIC_UNACCELERATED_ACCESS', 'of later processors'],
  ['VMGEXIT', 'of later processors'],
  ...Array.from({ length: 16 }, (_, n) => [`CR${n}_WRITE_TRAP`, 'of later processors'] as const),
]);

describe('EXITCODEs', () => {
  test.each([...PROVOKED].map(([code, provoke]) => [exitName(code), code, provoke] as const))('%s', (_, code, provoke) => {
    expect(provoke().exit?.code).toBe(code);
  });

  test.each(RAISING)('exception %d', (vector, source) => {
    const guest = new SvmGuest(source).exceptions(1 << vector).with({ edi: DATA });
    expect(guest.run().exit?.code).toBe(CODE.EXCEPTION + vector);
  });

  const reference = new URL('../../../../shared/reference/svm-vmcb.json', import.meta.url);
  test.skipIf(!existsSync(reference))('are those of the reference', () => {
    const { exitCodes } = JSON.parse(readFileSync(reference, 'utf8')) as { exitCodes: readonly { code: string; name: string }[] };
    const left = exitCodes
      .filter(({ code, name }) => {
        const number = Number(code);
        const here = PROVOKED.has(number) || OF_THE_MATRIX.includes(number);
        return !here && !name.startsWith('EXCP') && !ABSENT_CODES.has(name);
      })
      .map(({ name }) => name);
    expect(left).toEqual([]);
  });
});
