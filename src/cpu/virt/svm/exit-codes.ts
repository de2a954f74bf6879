/** EXITCODE: AMD64 manual vol 2, appendix C. */
import { say, told, worded } from '../../../lib/say.ts';
import { EXCEPTION_NAMES } from '../../registers.ts';

export const CODE = {
  CR_READ: 0x00,
  CR_WRITE: 0x10,
  DR_READ: 0x20,
  DR_WRITE: 0x30,
  /** #DE; the vector is added. */
  EXCEPTION: 0x40,
  INTR: 0x60,
  NMI: 0x61,
  SMI: 0x62,
  INIT: 0x63,
  VINTR: 0x64,
  CR0_SEL_WRITE: 0x65,
  IDTR_READ: 0x66,
  GDTR_READ: 0x67,
  LDTR_READ: 0x68,
  TR_READ: 0x69,
  IDTR_WRITE: 0x6a,
  GDTR_WRITE: 0x6b,
  LDTR_WRITE: 0x6c,
  TR_WRITE: 0x6d,
  RDTSC: 0x6e,
  RDPMC: 0x6f,
  PUSHF: 0x70,
  POPF: 0x71,
  CPUID: 0x72,
  RSM: 0x73,
  IRET: 0x74,
  SWINT: 0x75,
  INVD: 0x76,
  PAUSE: 0x77,
  HLT: 0x78,
  INVLPG: 0x79,
  INVLPGA: 0x7a,
  IOIO: 0x7b,
  MSR: 0x7c,
  TASK_SWITCH: 0x7d,
  FERR_FREEZE: 0x7e,
  SHUTDOWN: 0x7f,
  VMRUN: 0x80,
  VMMCALL: 0x81,
  VMLOAD: 0x82,
  VMSAVE: 0x83,
  STGI: 0x84,
  CLGI: 0x85,
  SKINIT: 0x86,
  RDTSCP: 0x87,
  ICEBP: 0x88,
  WBINVD: 0x89,
  MONITOR: 0x8a,
  MWAIT: 0x8b,
  MWAIT_COND: 0x8c,
  NPF: 0x400,
  /** In 64 bits: all ones. */
  INVALID: -1,
} as const;

export type CodeName = keyof typeof CODE;

const SINGLE: ReadonlyMap<number, CodeName> = new Map(
  (Object.entries(CODE) as [CodeName, number][])
    .filter(([, code]) => code >= CODE.INTR || code === CODE.INVALID)
    .map(([name, code]) => [code, name]),
);

const FAMILIES = [
  ['READ_CR', CODE.CR_READ, worded('Read of CR')],
  ['WRITE_CR', CODE.CR_WRITE, worded('Write of CR')],
  ['READ_DR', CODE.DR_READ, worded('Read of DR')],
  ['WRITE_DR', CODE.DR_WRITE, worded('Write of DR')],
] as const;

const exceptionName = (vector: number): string => EXCEPTION_NAMES[vector] ?? say`exception ${vector}`;

/** `READ_CR0` of 0, `EXCP_14` of 4Eh, `HLT` of 78h. */
export function exitName(code: number): string {
  if (code >= CODE.CR_READ && code < CODE.EXCEPTION) return `${FAMILIES[code >> 4][0]}${code & 0xf}`;
  if (code >= CODE.EXCEPTION && code < CODE.INTR) return `EXCP_${code - CODE.EXCEPTION}`;
  return SINGLE.get(code | 0) ?? `EXITCODE_${(code >>> 0).toString(16).toUpperCase()}h`;
}

const TITLES: Readonly<Partial<Record<CodeName, string>>> = {
  INTR: worded('Physical interrupt'),
  NMI: worded('Physical NMI'),
  VINTR: worded('Virtual interrupt'),
  CR0_SEL_WRITE: worded('Selective write of CR0'),
  IDTR_READ: worded('Read of IDTR'),
  GDTR_READ: worded('Read of GDTR'),
  LDTR_READ: worded('Read of LDTR'),
  TR_READ: worded('Read of TR'),
  IDTR_WRITE: worded('Write of IDTR'),
  GDTR_WRITE: worded('Write of GDTR'),
  LDTR_WRITE: worded('Write of LDTR'),
  TR_WRITE: worded('Write of TR'),
  SWINT: 'INTn',
  IOIO: worded('I/O instruction'),
  MSR: worded('RDMSR or WRMSR'),
  TASK_SWITCH: worded('Task switch'),
  FERR_FREEZE: worded('FERR freeze'),
  SHUTDOWN: worded('Shutdown'),
  MWAIT_COND: worded('MWAIT while the monitor is armed'),
  NPF: worded('Nested page fault'),
  INVALID: worded('Invalid guest state in the VMCB'),
};

/** `Read of CR0` of 0, `#PF` of 4Eh, `Selective write of CR0` of 65h. */
export function exitTitle(code: number): string {
  if (code >= CODE.CR_READ && code < CODE.EXCEPTION) return `${told(FAMILIES[code >> 4][2])}${code & 0xf}`;
  if (code >= CODE.EXCEPTION && code < CODE.INTR) return exceptionName(code - CODE.EXCEPTION);
  const name = exitName(code);
  return told(TITLES[name as CodeName] ?? name);
}

const CAUSES: Readonly<Partial<Record<CodeName, string>>> = {
  INTR: 'external-interrupt',
  VINTR: 'interrupt-window',
  CR0_SEL_WRITE: 'cr-write',
  IDTR_READ: 'gdtr-or-idtr-access',
  GDTR_READ: 'gdtr-or-idtr-access',
  IDTR_WRITE: 'gdtr-or-idtr-access',
  GDTR_WRITE: 'gdtr-or-idtr-access',
  LDTR_READ: 'ldtr-or-tr-access',
  TR_READ: 'ldtr-or-tr-access',
  LDTR_WRITE: 'ldtr-or-tr-access',
  TR_WRITE: 'ldtr-or-tr-access',
  SWINT: 'software-interrupt',
  SHUTDOWN: 'triple-fault',
  VMMCALL: 'vmcall',
  NPF: 'nested-page-fault',
  INVALID: 'invalid-guest-state',
};
const FAMILY_CAUSES = ['cr-read', 'cr-write', 'dr-read', 'dr-write'] as const;

const IN = 1;
const PF = 14;

/** The cause in words that both vendors share: `cr-write`, `port-in`, `page-fault`. */
export function causeOf(code: number, info1: number): string {
  if (code >= CODE.CR_READ && code < CODE.EXCEPTION) return FAMILY_CAUSES[code >> 4];
  if (code >= CODE.EXCEPTION && code < CODE.INTR) return code - CODE.EXCEPTION === PF ? 'page-fault' : 'exception';
  if (code === CODE.IOIO) return (info1 & IN) !== 0 ? 'port-in' : 'port-out';
  if (code === CODE.MSR) return info1 !== 0 ? 'msr-write' : 'msr-read';
  const name = exitName(code);
  return CAUSES[name as CodeName] ?? name.toLowerCase().replaceAll('_', '-');
}
