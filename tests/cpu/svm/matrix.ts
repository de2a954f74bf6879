/** One instruction of each row of the instruction table that may exit under SVM, and guests that run it. */
import { at } from '../../../src/cpu/state.ts';
import { CODE, CR0, DATA, DIRECTORY, GUEST_CODE, HANDLER, IOPM, MSRPM, SvmGuest, VMCB, VMMCALL } from './guest.ts';

export interface Case {
  /** NASM source of one instruction. */
  readonly asm: string;
  readonly exitCode: number;
  readonly length: number;
  readonly info1: number;
  /** What ends the guest with the intercept off: the VMMCALL behind it, a fault, an NMI in HLT, missing hardware; or where it went. */
  readonly off: 'runs' | 'faults' | 'halts' | 'missing' | 'always' | number;
}

const row = (asm: string, exitCode: number, length: number, off: Case['off'] = 'runs', info1 = 0): Case => ({
  asm,
  exitCode,
  length,
  info1,
  off,
});
const io = (asm: string, length: number, info1: number): Case => row(asm, CODE.IOIO, length, 'runs', info1);
/** Where IRETW leads, whose EIP has 16 bits. */
const LOW = 0x5000;

export const CASES: readonly Case[] = [
  io('in al, 60h', 2, 0x00600111),
  io('in eax, 60h', 2, 0x00600141),
  io('in al, dx', 1, 0x00800111),
  io('in ax, dx', 2, 0x00800121),
  io('out 80h, al', 2, 0x00800110),
  io('out 80h, ax', 3, 0x00800120),
  io('out dx, al', 1, 0x00800110),
  io('out dx, eax', 1, 0x00800140),
  io('insb', 1, 0x00800115),
  io('insw', 2, 0x00800125),
  io('insd', 1, 0x00800145),
  io('outsb', 1, 0x00800114),
  io('rep outsw', 3, 0x0080012c),
  io('a16 outsd', 2, 0x008000c4),
  io('outsd', 1, 0x00800144),
  row('rdmsr', CODE.MSR, 2),
  row('wrmsr', CODE.MSR, 2, 'runs', 1),
  row('hlt', CODE.HLT, 1, 'halts'),
  row('pause', CODE.PAUSE, 2),
  row('cpuid', CODE.CPUID, 2),
  row('rdtsc', CODE.RDTSC, 2),
  row('rdtscp', CODE.RDTSCP, 3),
  row('rdpmc', CODE.RDPMC, 2, 'faults'),
  row('monitor', CODE.MONITOR, 3),
  row('mwait', CODE.MWAIT, 3),
  row('mov ebx, cr0', CODE.CR_READ, 3),
  row('mov ebx, cr2', CODE.CR_READ + 2, 3),
  row('mov ebx, cr3', CODE.CR_READ + 3, 3),
  row('mov ebx, cr4', CODE.CR_READ + 4, 3),
  row('smsw ebx', CODE.CR_READ, 3),
  row('mov cr2, ebx', CODE.CR_WRITE + 2, 3),
  row('mov cr3, esi', CODE.CR_WRITE + 3, 3),
  row('mov cr4, ebp', CODE.CR_WRITE + 4, 3),
  row('clts', CODE.CR_WRITE, 2),
  row('lmsw bp', CODE.CR_WRITE, 3),
  row('lmsw bp', CODE.CR0_SEL_WRITE, 3),
  row('mov edx, dr6', CODE.DR_READ + 6, 3),
  row('mov edx, dr0', CODE.DR_READ, 3),
  row('mov dr0, ecx', CODE.DR_WRITE, 3),
  row('mov dr7, ebx', CODE.DR_WRITE + 7, 3),
  row('invd', CODE.INVD, 2),
  row('wbinvd', CODE.WBINVD, 2),
  row('invlpg [edi + 10h]', CODE.INVLPG, 4),
  row('sgdt [edi]', CODE.GDTR_READ, 3),
  row('sidt [edi]', CODE.IDTR_READ, 3),
  row('lgdt [edi - 10h]', CODE.GDTR_WRITE, 4),
  row('lidt [edi - 10h]', CODE.IDTR_WRITE, 4),
  row('sldt ebx', CODE.LDTR_READ, 3),
  row('str [edi]', CODE.TR_READ, 3),
  row('lldt bx', CODE.LDTR_WRITE, 3),
  row('ltr bx', CODE.TR_WRITE, 3, 'faults'),
  row('pushfd', CODE.PUSHF, 1),
  row('pushfw', CODE.PUSHF, 2),
  row('popfd', CODE.POPF, 1),
  row('popfw', CODE.POPF, 2),
  row('iretd', CODE.IRET, 1),
  row('iretw', CODE.IRET, 2, LOW),
  row('int 51h', CODE.SWINT, 2, HANDLER),
  row('int1', CODE.ICEBP, 1, HANDLER),
  row('vmrun', CODE.VMRUN, 3, 'always'),
  row('vmmcall', CODE.VMMCALL, 3, 'faults'),
  row('vmload', CODE.VMLOAD, 3),
  row('vmsave', CODE.VMSAVE, 3),
  row('stgi', CODE.STGI, 3),
  row('clgi', CODE.CLGI, 3),
  row('skinit', CODE.SKINIT, 3, 'missing'),
  row('invlpga', CODE.INVLPGA, 3),
];

export class Matrix extends SvmGuest {
  readonly asm: string;

  constructor(asm: string) {
    super(asm);
    this.asm = asm;
    const { bytes } = this.cpu.memory;
    bytes.set(VMMCALL, LOW);
    bytes.fill(0xff, IOPM, IOPM + 0x3000);
    bytes.fill(0xff, MSRPM, MSRPM + 0x2000);
    this.exceptions();
  }

  /** Makes the guest ready to run the instruction afresh, in code that is already decoded if it has run before. */
  again(exitCode: number, on: boolean): this {
    const { dwords, words } = this.cpu.memory;
    this.set({ rip: GUEST_CODE, rsp: 0x80000, rax: VMCB, cr0: CR0 });
    dwords.set([GUEST_CODE + 1, 8, 2], 0x80000 >>> 2);
    if (this.asm === 'iretw') words.set([LOW, 8, 2], 0x80000 >>> 1);
    if (this.asm.startsWith('popf')) dwords[0x80000 >>> 2] = 2;
    this.with({ ebx: 0, ecx: 0x174, edx: 0x80, esi: DIRECTORY, edi: DATA, ebp: 1 });
    if (this.asm === 'monitor' || this.asm === 'mwait') this.with({ ecx: 0 });
    if (this.asm === 'mov cr4, ebp') this.with({ ebp: 0x10 });
    if (exitCode === CODE.CR0_SEL_WRITE) this.with({ ebp: 5 });
    this.cpu.s[at.nmiPending] = 0;
    this.intercept(exitCode, on);
    if (exitCode !== CODE.VMMCALL) this.intercept(CODE.VMMCALL);
    return this;
  }
}
