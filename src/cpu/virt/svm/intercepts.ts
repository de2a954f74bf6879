/** Intercepts of the VMCB: AMD64 manual vol 2, 15.7 to 15.14. */
import { worded } from '../../../lib/say.ts';
import { EXCEPTION_NAMES } from '../../registers.ts';
import type { FieldKey } from './fields.ts';

/* First word (00Ch); bit n exits with EXITCODE 60h + n. */
export const INTERCEPT_INTR = 1 << 0;
export const INTERCEPT_NMI = 1 << 1;
export const INTERCEPT_INIT = 1 << 3;
export const INTERCEPT_VINTR = 1 << 4;
export const INTERCEPT_CR0_SEL_WRITE = 1 << 5;
export const INTERCEPT_IOIO = 1 << 27;
export const INTERCEPT_MSR = 1 << 28;
export const INTERCEPT_TASK_SWITCH = 1 << 29;
export const INTERCEPT_FERR_FREEZE = 1 << 30;
export const INTERCEPT_SHUTDOWN = 1 << 31;

/* Second word (010h); bit n exits with EXITCODE 80h + n. */
export const INTERCEPT_VMRUN = 1 << 0;
export const INTERCEPT_VMMCALL = 1 << 1;

const MISC1: readonly string[] = [
  'INTR',
  'NMI',
  'SMI',
  'INIT',
  'VINTR',
  worded('CR0 writes of bits other than TS and MP'),
  worded('IDTR reads'),
  worded('GDTR reads'),
  worded('LDTR reads'),
  worded('TR reads'),
  worded('IDTR writes'),
  worded('GDTR writes'),
  worded('LDTR writes'),
  worded('TR writes'),
  'RDTSC',
  'RDPMC',
  'PUSHF',
  'POPF',
  'CPUID',
  'RSM',
  'IRET',
  'INTn',
  'INVD',
  'PAUSE',
  'HLT',
  'INVLPG',
  'INVLPGA',
  worded('IN and OUT by the I/O permission map'),
  worded('RDMSR and WRMSR by the MSR permission map'),
  worded('task switches'),
  worded('FERR freeze'),
  worded('shutdown'),
];

const MISC2: readonly string[] = [
  'VMRUN',
  'VMMCALL',
  'VMLOAD',
  'VMSAVE',
  'STGI',
  'CLGI',
  'SKINIT',
  'RDTSCP',
  'ICEBP',
  'WBINVD',
  'MONITOR',
  'MWAIT',
  worded('MWAIT while the monitor is armed'),
];

const registers = (name: string, access: string): readonly string[] => Array.from({ length: 16 }, (_, n) => `${access} of ${name}${n}`);

/** What each bit of an intercept field intercepts, lowest first. Bits without a name are reserved. */
export const INTERCEPTS = {
  interceptCrRead: registers('CR', 'reads'),
  interceptCrWrite: registers('CR', 'writes'),
  interceptDrRead: registers('DR', 'reads'),
  interceptDrWrite: registers('DR', 'writes'),
  interceptException: Array.from({ length: 32 }, (_, vector) => EXCEPTION_NAMES[vector] ?? `exception ${vector}`),
  interceptMisc1: MISC1,
  interceptMisc2: MISC2,
} as const satisfies Partial<Record<FieldKey, readonly string[]>>;

export type InterceptKey = keyof typeof INTERCEPTS;
