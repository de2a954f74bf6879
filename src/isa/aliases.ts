/** Other names of instructions in the table, as assemblers accept them. The encodings are the table's. */

export interface Alias {
  /** The table's mnemonic. */
  readonly of: string;
  /** The operand size it insists on. */
  readonly size?: 16 | 32;
  /** The address size it insists on: what counts is CX or ECX. */
  readonly address?: 16 | 32;
  /** FWAIT stands before it. */
  readonly wait?: true;
}

export const ALIASES: Readonly<Record<string, Alias>> = {
  SAL: { of: 'SHL' },
  LOOPZ: { of: 'LOOPE' },
  LOOPNZ: { of: 'LOOPNE' },
  JCXZ: { of: 'JECXZ', address: 16 },
  JECXZ: { of: 'JECXZ', address: 32 },
  RETN: { of: 'RET' },
  RETW: { of: 'RET', size: 16 },
  RETD: { of: 'RET', size: 32 },
  RETNW: { of: 'RET', size: 16 },
  RETND: { of: 'RET', size: 32 },
  RETFW: { of: 'RETF', size: 16 },
  RETFD: { of: 'RETF', size: 32 },
  XLAT: { of: 'XLATB' },
  INT03: { of: 'INT3' },
  INT01: { of: 'INT1' },
  ICEBP: { of: 'INT1' },
  WAIT: { of: 'FWAIT' },
  FINIT: { of: 'FNINIT', wait: true },
  FCLEX: { of: 'FNCLEX', wait: true },
  FSTCW: { of: 'FNSTCW', wait: true },
  FSTSW: { of: 'FNSTSW', wait: true },
  FSTENV: { of: 'FNSTENV', wait: true },
  FSAVE: { of: 'FNSAVE', wait: true },
  FENI: { of: 'FNENI', wait: true },
  FDISI: { of: 'FNDISI', wait: true },
};

/** These mean the same with their operands exchanged. */
export const COMMUTATIVE: ReadonlySet<string> = new Set(['TEST', 'XCHG']);

/** The operand these take when none is written. */
export const IMPLIED_IMMEDIATE: Readonly<Record<string, number>> = { AAM: 10, AAD: 10 };

/** The registers that these use in any case, and that may be written as their operands. */
export const IMPLIED_REGISTERS: Readonly<Record<string, readonly string[]>> = {
  MONITOR: ['eax', 'ecx', 'edx'],
  MWAIT: ['eax', 'ecx'],
  INVLPGA: ['eax', 'ecx'],
};
