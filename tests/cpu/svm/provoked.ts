/** Guests that are left with each EXITCODE that is not an instruction's alone. */
import { processorProfile } from '../../../src/cpu/profiles.ts';
import { at } from '../../../src/cpu/state.ts';
import { SVM_LEAF } from '../../../src/cpu/virt/svm/capabilities.ts';
import { CODE, CR0, DATA, DIRECTORY, SvmGuest } from './guest.ts';

const PHENOM = processorProfile('phenom');
const V_IRQ = 1 << 8;
const V_IGN_TPR = 1 << 20;

/** A guest that has just been left. */
export type Provoke = () => SvmGuest;
const left = (guest: SvmGuest): SvmGuest => guest.run();
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

export const PROVOKED: ReadonlyMap<number, Provoke> = new Map<number, Provoke>([
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
      return guest;
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

/** A program that raises each exception that a program can. */
export const RAISING: readonly (readonly [vector: number, source: string])[] = [
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
];
