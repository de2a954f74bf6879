/** Every EXITCODE of ../shared/reference: provoked here or in `exit-matrix.test.ts`, or one that no processor of our profiles can have, with why. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { processorProfile } from '../../../src/cpu/profiles.ts';
import { at } from '../../../src/cpu/state.ts';
import { SVM_LEAF } from '../../../src/cpu/virt/svm/capabilities.ts';
import { exitName } from '../../../src/cpu/virt/svm/exit-codes.ts';
import { CODE, CR0, DATA, DIRECTORY, SvmGuest } from './guest.ts';

const PHENOM = processorProfile('phenom');
const V_IRQ = 1 << 8;
const V_IGN_TPR = 1 << 20;

type Provoke = () => number;
const left = (guest: SvmGuest): number => guest.run().exit!.code;
const instruction =
  (source: string, code: number): Provoke =>
  () =>
    left(new SvmGuest(source).intercept(code).with({ ecx: 0, edi: DATA, edx: 0x80, esi: DIRECTORY }));
const event =
  (code: number, arrange: (guest: SvmGuest) => void, source = 'nop'): Provoke =>
  () => {
    const guest = new SvmGuest(source).intercept(code);
    arrange(guest);
    return left(guest);
  };

const registers = (first: number, numbers: readonly number[], source: (n: number) => string): [number, Provoke][] =>
  numbers.map((n) => [first + n, instruction(source(n), first + n)]);
const CRS = [0, 2, 3, 4];
const DRS = [0, 1, 2, 3, 4, 5, 6, 7];

const PROVOKED: ReadonlyMap<number, Provoke> = new Map<number, Provoke>([
  ...registers(CODE.CR_READ, CRS, (n) => `mov eax, cr${n}`),
  ...registers(CODE.CR_WRITE, CRS, (n) => `mov eax, cr${n}\nmov cr${n}, eax`),
  ...registers(CODE.DR_READ, DRS, (n) => `mov eax, dr${n}`),
  ...registers(CODE.DR_WRITE, DRS, (n) => `xor eax, eax\nmov dr${n}, eax`),
  [CODE.INTR, event(CODE.INTR, (guest) => guest.interrupt(0x20).set({ rflags: 0x202 }))],
  [
    CODE.NMI,
    () => {
      const guest = new SvmGuest('nop').intercept(CODE.NMI).enter();
      guest.cpu.s[at.nmiPending] = 1;
      guest.step();
      return guest.exit!.code;
    },
  ],
  [
    CODE.INIT,
    event(CODE.INIT, ({ cpu }) => {
      cpu.s[at.signals] = 1;
    }),
  ],
  [CODE.VINTR, event(CODE.VINTR, (guest) => guest.set({ vintr: V_IRQ | V_IGN_TPR, rflags: 0x202 }))],
  [CODE.CR0_SEL_WRITE, instruction('mov eax, cr0\nxor eax, 10000h\nmov cr0, eax', CODE.CR0_SEL_WRITE)],
  [
    CODE.IOIO,
    () => {
      const guest = new SvmGuest('in al, 80h').intercept(CODE.IOIO);
      guest.cpu.memory.bytes.fill(0xff, guest.read('iopmBasePa'), guest.read('iopmBasePa') + 0x3000);
      return left(guest);
    },
  ],
  [
    CODE.MSR,
    () => {
      const guest = new SvmGuest('mov ecx, 174h\nrdmsr').intercept(CODE.MSR);
      guest.cpu.memory.bytes.fill(0xff, guest.read('msrpmBasePa'), guest.read('msrpmBasePa') + 0x2000);
      return left(guest);
    },
  ],
  [CODE.TASK_SWITCH, event(CODE.TASK_SWITCH, (guest) => guest.exceptions(0), 'call 30h:0')],
  [
    CODE.FERR_FREEZE,
    event(
      CODE.FERR_FREEZE,
      ({ cpu }) => {
        cpu.s[at.fcw] = 0x37e;
        cpu.s[at.fsw] = 0x8081;
      },
      `mov eax, ${CR0 & 0xffff & ~0x20}\nor eax, 80000000h\nmov cr0, eax\nfwait`,
    ),
  ],
  [CODE.SHUTDOWN, event(CODE.SHUTDOWN, (guest) => guest.set({ idtr: 0 }), 'lidt [edi]\nud2')],
  [CODE.MWAIT_COND, instruction('mov eax, edi\nmonitor\nmwait', CODE.MWAIT_COND)],
  [
    CODE.NPF,
    () => {
      const nested = { ...PHENOM, cpuid: new Map([...PHENOM.cpuid, [SVM_LEAF, [1, 64, 0, 1]]]) } as typeof PHENOM;
      return left(new SvmGuest('nop', { npControl: 1, nCr3: DATA, gPat: 0x00070406 }, nested));
    },
  ],
]);

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
    expect(provoke()).toBe(code);
  });

  test.each([
    [0, 'xor ecx, ecx\ndiv ecx'],
    [1, 'push dword 102h\npopfd\nnop\nnop'],
    [3, 'int3'],
    [4, 'mov al, 7Fh\nadd al, 1\ninto'],
    [5, 'mov dword [edi], 1\nmov dword [edi + 4], 2\nxor eax, eax\nbound eax, [edi]'],
    [6, 'ud2'],
    [7, 'mov eax, cr0\nor al, 8\nmov cr0, eax\nfnop'],
    [10, 'push dword 4002h\npopfd\niretd'],
    [13, 'mov ax, 88h\nmov ds, ax'],
    [14, 'mov eax, [40000000h]'],
  ])('exception %d', (vector, source) => {
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
