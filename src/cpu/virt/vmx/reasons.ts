/** Basic exit reasons: SDM vol 3, appendix C. */
import { say, told, worded } from '../../../lib/say.ts';

export const REASON = {
  EXCEPTION_NMI: 0,
  EXTERNAL_INTERRUPT: 1,
  TRIPLE_FAULT: 2,
  INIT: 3,
  SIPI: 4,
  INTERRUPT_WINDOW: 7,
  NMI_WINDOW: 8,
  TASK_SWITCH: 9,
  CPUID: 10,
  HLT: 12,
  INVD: 13,
  INVLPG: 14,
  RDPMC: 15,
  RDTSC: 16,
  VMCALL: 18,
  VMCLEAR: 19,
  VMLAUNCH: 20,
  VMPTRLD: 21,
  VMPTRST: 22,
  VMREAD: 23,
  VMRESUME: 24,
  VMWRITE: 25,
  VMXOFF: 26,
  VMXON: 27,
  CR_ACCESS: 28,
  MOV_DR: 29,
  IO_INSTRUCTION: 30,
  RDMSR: 31,
  WRMSR: 32,
  INVALID_GUEST_STATE: 33,
  MSR_LOADING: 34,
  MWAIT: 36,
  MONITOR_TRAP_FLAG: 37,
  MONITOR: 39,
  PAUSE: 40,
  TPR_BELOW_THRESHOLD: 43,
  APIC_ACCESS: 44,
  GDTR_OR_IDTR_ACCESS: 46,
  LDTR_OR_TR_ACCESS: 47,
  EPT_VIOLATION: 48,
  EPT_MISCONFIGURATION: 49,
  INVEPT: 50,
  RDTSCP: 51,
  PREEMPTION_TIMER: 52,
  INVVPID: 53,
  WBINVD: 54,
} as const;

export type ExitName = keyof typeof REASON;

/** Bit 31 of the exit-reason field: the VM entry failed, there was no VM exit. */
export const ENTRY_FAILURE = 1 << 31;

const TITLES: Readonly<Record<ExitName, string>> = {
  EXCEPTION_NMI: worded('Exception or NMI'),
  EXTERNAL_INTERRUPT: worded('External interrupt'),
  TRIPLE_FAULT: worded('Triple fault'),
  INIT: worded('INIT signal'),
  SIPI: worded('Start-up IPI (SIPI)'),
  INTERRUPT_WINDOW: worded('Interrupt window'),
  NMI_WINDOW: worded('NMI window'),
  TASK_SWITCH: worded('Task switch'),
  CPUID: 'CPUID',
  HLT: 'HLT',
  INVD: 'INVD',
  INVLPG: 'INVLPG',
  RDPMC: 'RDPMC',
  RDTSC: 'RDTSC',
  VMCALL: 'VMCALL',
  VMCLEAR: 'VMCLEAR',
  VMLAUNCH: 'VMLAUNCH',
  VMPTRLD: 'VMPTRLD',
  VMPTRST: 'VMPTRST',
  VMREAD: 'VMREAD',
  VMRESUME: 'VMRESUME',
  VMWRITE: 'VMWRITE',
  VMXOFF: 'VMXOFF',
  VMXON: 'VMXON',
  CR_ACCESS: worded('Control-register access'),
  MOV_DR: 'MOV DR',
  IO_INSTRUCTION: worded('I/O instruction'),
  RDMSR: 'RDMSR',
  WRMSR: 'WRMSR',
  INVALID_GUEST_STATE: worded('VM-entry failure due to invalid guest state'),
  MSR_LOADING: worded('VM-entry failure due to MSR loading'),
  MWAIT: 'MWAIT',
  MONITOR_TRAP_FLAG: worded('Monitor trap flag'),
  MONITOR: 'MONITOR',
  PAUSE: 'PAUSE',
  TPR_BELOW_THRESHOLD: worded('TPR below threshold'),
  APIC_ACCESS: worded('APIC access'),
  GDTR_OR_IDTR_ACCESS: worded('Access to GDTR or IDTR'),
  LDTR_OR_TR_ACCESS: worded('Access to LDTR or TR'),
  EPT_VIOLATION: worded('EPT violation'),
  EPT_MISCONFIGURATION: worded('EPT misconfiguration'),
  INVEPT: 'INVEPT',
  RDTSCP: 'RDTSCP',
  PREEMPTION_TIMER: worded('VMX-preemption timer expired'),
  INVVPID: 'INVVPID',
  WBINVD: 'WBINVD',
};

const NAMES: readonly (ExitName | undefined)[] = Object.entries(REASON).reduce<(ExitName | undefined)[]>((names, [name, number]) => {
  names[number] = name as ExitName;
  return names;
}, []);

/** `CR_ACCESS` of 28; bit 31 and the other upper bits are not looked at. */
export const exitName = (reason: number): string => NAMES[reason & 0xffff] ?? `REASON_${reason & 0xffff}`;

/** `Control-register access` of 28. */
export function exitTitle(reason: number): string {
  const name = NAMES[reason & 0xffff];
  return name === undefined ? say`Exit reason ${reason & 0xffff}` : told(TITLES[name]);
}
