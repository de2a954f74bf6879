/** The columns of the instruction table: facts of the manual, in the manual's notation. */

/**
 * An operand, in the letters of the manual's opcode maps (SDM vol 2, appendix A.2):
 * E ModRM register or memory, G the ModRM register, M memory only, R register only, I immediate, J relative branch,
 * O absolute offset, A far pointer, S segment register, C control register, D debug register, X DS:(E)SI, Y ES:(E)DI;
 * b byte, w word, d doubleword, v word or doubleword by operand size, z the same for immediates, p far pointer, s pseudo-descriptor, q 64 bits, t 80 bits,
 * a a pair for BOUND. `Zv` and `Zb` are a register in the opcode's low three bits (`+r`), `sIb` a sign-extended byte, `ST0` the top of the
 * floating-point stack, `STi` a register of it in ModRM's low three bits (`C0+i`).
 */
export type Operand =
  | 'Eb'
  | 'Ew'
  | 'Ed'
  | 'Ev'
  | 'Gb'
  | 'Gw'
  | 'Gd'
  | 'Gv'
  | 'M'
  | 'Mb'
  | 'Mw'
  | 'Md'
  | 'Mq'
  | 'Mt'
  | 'Mv'
  | 'Mp'
  | 'Ms'
  | 'Ma'
  | 'Rd'
  | 'Rv'
  | 'Ib'
  | 'Iw'
  | 'Iz'
  | 'Iv'
  | 'sIb'
  | 'Jb'
  | 'Jz'
  | 'Ob'
  | 'Ov'
  | 'Ap'
  | 'Sw'
  | 'Cd'
  | 'Dd'
  | 'Xb'
  | 'Xv'
  | 'Xd'
  | 'Yb'
  | 'Yv'
  | 'Yd'
  | 'Zb'
  | 'Zv'
  | 'AL'
  | 'AX'
  | 'eAX'
  | 'CL'
  | 'DX'
  | '1'
  | '3'
  | 'ES'
  | 'CS'
  | 'SS'
  | 'DS'
  | 'FS'
  | 'GS'
  | 'ST0'
  | 'STi';

/** Why an instruction may be refused before it does anything. */
export type Gate = 'CPL0' | 'IOPL' | 'IO' | 'TSD' | 'PCE' | 'PE' | 'VMX' | 'SVM';

export type Feature =
  | 'i386'
  | 'i486'
  | 'pentium'
  | 'cmov'
  | 'sep'
  | 'tsc'
  | 'fxsr'
  | 'vmx'
  | 'svm'
  | 'ept'
  | 'clflush'
  | 'monitor'
  | 'rdtscp'
  | 'mmx'
  | 'sse'
  | 'sse2'
  | 'sse3'
  | 'fpu';

/** What an instruction costs in the cost profile's terms. */
export type CostClass =
  | 'simple'
  | 'mul'
  | 'div'
  | 'branch'
  | 'far'
  | 'int'
  | 'iret'
  | 'string'
  | 'io'
  | 'cr'
  | 'msr'
  | 'cpuid'
  | 'serialize'
  | 'vmx'
  | 'atomic';

/**
 * What belongs to the system, and not to one program: SDM vol 3, 2.1. A table register stands for the table that it leads to as well. `CPL` is the mode;
 * `identity` what CPUID tells of the processor; `activity` whether it runs or waits; `shadow` the blocking of interrupts by STI and MOV SS.
 */
export type Resource =
  | 'CPL'
  | 'IF'
  | 'IOPL'
  | 'ES'
  | 'CS'
  | 'SS'
  | 'DS'
  | 'FS'
  | 'GS'
  | 'GDTR'
  | 'LDTR'
  | 'IDTR'
  | 'TR'
  | 'CR0'
  | 'CR2'
  | 'CR3'
  | 'CR4'
  | 'DR'
  | 'MSR'
  | 'TSC'
  | 'PMC'
  | 'identity'
  | 'ports'
  | 'TLB'
  | 'caches'
  | 'activity'
  | 'shadow'
  | 'VMX'
  | 'VMCS'
  | 'VMCS pointer'
  | 'VMCB'
  | 'GIF';

export interface Row {
  readonly mnemonic: string;
  /** Bytes and fields as the manual writes them: `0F 01 /0`, `40+r`, `B8+r`, `F3 90`, `83 /7`, `0F 01 C1`, `D8 C0+i`, `cc` in `70+cc`, `NP` where no
   * prefix 66, F2 or F3 may stand. */
  readonly encoding: string;
  readonly operands: readonly Operand[];
  /** The key of its behaviour; a row with an operand that follows the operand size has one behaviour for each size (`add16`, `add32`). */
  readonly exec: string;
  readonly size?: 'b' | 'v' | 16 | 32;
  readonly lock?: true;
  /** `rep`: F3 and F2 both repeat; `repz`: they test ZF too. */
  readonly rep?: 'rep' | 'repz';
  /** The next instruction is found anew: a branch, or a change of what addresses or modes mean. */
  readonly ends?: true;
  readonly gate?: readonly Gate[];
  readonly writesFlags?: string;
  readonly testsFlags?: string;
  readonly undefinedFlags?: string;
  /** Of what belongs to the system: what its result depends on, and what it changes. */
  readonly reads?: readonly Resource[];
  readonly writes?: readonly Resource[];
  /** Given the right selector (IRET: with NT), it switches tasks: SDM vol 3, 7.3. */
  readonly switchesTask?: true;
  readonly exit?: { readonly vmx?: string; readonly svm?: string };
  readonly since?: Feature;
  readonly cost?: CostClass;
  /** The heading under which the manual describes it, where it is not the mnemonic. */
  readonly entry?: string;
}
