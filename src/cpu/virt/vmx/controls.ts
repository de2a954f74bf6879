/** VM-execution, VM-exit and VM-entry controls: SDM vol 3, 24.6 to 24.8. */
import type { FieldKey } from './fields.ts';

export const PIN_EXTERNAL_INTERRUPT = 1 << 0;
export const PIN_NMI = 1 << 3;
export const PIN_VIRTUAL_NMIS = 1 << 5;
export const PIN_TIMER = 1 << 6;

export const PRIMARY_INTERRUPT_WINDOW = 1 << 2;
export const PRIMARY_TSC_OFFSETTING = 1 << 3;
export const PRIMARY_HLT = 1 << 7;
export const PRIMARY_INVLPG = 1 << 9;
export const PRIMARY_MWAIT = 1 << 10;
export const PRIMARY_RDPMC = 1 << 11;
export const PRIMARY_RDTSC = 1 << 12;
export const PRIMARY_CR3_LOAD = 1 << 15;
export const PRIMARY_CR3_STORE = 1 << 16;
export const PRIMARY_TPR_SHADOW = 1 << 21;
export const PRIMARY_NMI_WINDOW = 1 << 22;
export const PRIMARY_MOV_DR = 1 << 23;
export const PRIMARY_UNCONDITIONAL_IO = 1 << 24;
export const PRIMARY_IO_BITMAPS = 1 << 25;
export const PRIMARY_MONITOR_TRAP_FLAG = 1 << 27;
export const PRIMARY_MSR_BITMAPS = 1 << 28;
export const PRIMARY_MONITOR = 1 << 29;
export const PRIMARY_PAUSE = 1 << 30;
export const PRIMARY_SECONDARY = 1 << 31;

export const SECONDARY_APIC_ACCESSES = 1 << 0;
export const SECONDARY_EPT = 1 << 1;
export const SECONDARY_DESCRIPTOR_TABLE = 1 << 2;
export const SECONDARY_RDTSCP = 1 << 3;
export const SECONDARY_X2APIC = 1 << 4;
export const SECONDARY_VPID = 1 << 5;
export const SECONDARY_WBINVD = 1 << 6;
export const SECONDARY_UNRESTRICTED = 1 << 7;
export const SECONDARY_PAUSE_LOOP = 1 << 10;

export const EXIT_SAVE_DEBUG = 1 << 2;
export const EXIT_64_BIT_HOST = 1 << 9;
export const EXIT_ACKNOWLEDGE = 1 << 15;
export const EXIT_SAVE_PAT = 1 << 18;
export const EXIT_LOAD_PAT = 1 << 19;
export const EXIT_SAVE_EFER = 1 << 20;
export const EXIT_LOAD_EFER = 1 << 21;
export const EXIT_SAVE_TIMER = 1 << 22;

export const ENTRY_LOAD_DEBUG = 1 << 2;
export const ENTRY_IA32E = 1 << 9;
export const ENTRY_TO_SMM = 1 << 10;
export const ENTRY_DEACTIVATE_DUAL_MONITOR = 1 << 11;
export const ENTRY_LOAD_PAT = 1 << 14;
export const ENTRY_LOAD_EFER = 1 << 15;

export interface Control {
  /** In place. */
  readonly mask: number;
  /** The manual's name. */
  readonly name: string;
}

const list = (...controls: [number, string][]): readonly Control[] => controls.map(([mask, name]) => ({ mask, name }));

/** The named controls of each control field, lowest bit first. Bits without a name are reserved; their settings are in the capability MSRs. */
export const CONTROLS: Readonly<Partial<Record<FieldKey, readonly Control[]>>> = {
  pinControls: list(
    [PIN_EXTERNAL_INTERRUPT, 'External-interrupt exiting'],
    [PIN_NMI, 'NMI exiting'],
    [PIN_VIRTUAL_NMIS, 'Virtual NMIs'],
    [PIN_TIMER, 'Activate VMX-preemption timer'],
  ),
  primaryControls: list(
    [PRIMARY_INTERRUPT_WINDOW, 'Interrupt-window exiting'],
    [PRIMARY_TSC_OFFSETTING, 'Use TSC offsetting'],
    [PRIMARY_HLT, 'HLT exiting'],
    [PRIMARY_INVLPG, 'INVLPG exiting'],
    [PRIMARY_MWAIT, 'MWAIT exiting'],
    [PRIMARY_RDPMC, 'RDPMC exiting'],
    [PRIMARY_RDTSC, 'RDTSC exiting'],
    [PRIMARY_CR3_LOAD, 'CR3-load exiting'],
    [PRIMARY_CR3_STORE, 'CR3-store exiting'],
    [PRIMARY_TPR_SHADOW, 'Use TPR shadow'],
    [PRIMARY_NMI_WINDOW, 'NMI-window exiting'],
    [PRIMARY_MOV_DR, 'MOV-DR exiting'],
    [PRIMARY_UNCONDITIONAL_IO, 'Unconditional I/O exiting'],
    [PRIMARY_IO_BITMAPS, 'Use I/O bitmaps'],
    [PRIMARY_MONITOR_TRAP_FLAG, 'Monitor trap flag'],
    [PRIMARY_MSR_BITMAPS, 'Use MSR bitmaps'],
    [PRIMARY_MONITOR, 'MONITOR exiting'],
    [PRIMARY_PAUSE, 'PAUSE exiting'],
    [PRIMARY_SECONDARY, 'Activate secondary controls'],
  ),
  secondaryControls: list(
    [SECONDARY_APIC_ACCESSES, 'Virtualize APIC accesses'],
    [SECONDARY_EPT, 'Enable EPT'],
    [SECONDARY_DESCRIPTOR_TABLE, 'Descriptor-table exiting'],
    [SECONDARY_RDTSCP, 'Enable RDTSCP'],
    [SECONDARY_X2APIC, 'Virtualize x2APIC mode'],
    [SECONDARY_VPID, 'Enable VPID'],
    [SECONDARY_WBINVD, 'WBINVD exiting'],
    [SECONDARY_UNRESTRICTED, 'Unrestricted guest'],
    [SECONDARY_PAUSE_LOOP, 'PAUSE-loop exiting'],
  ),
  exitControls: list(
    [EXIT_SAVE_DEBUG, 'Save debug controls'],
    [EXIT_64_BIT_HOST, 'Host address-space size'],
    [EXIT_ACKNOWLEDGE, 'Acknowledge interrupt on exit'],
    [EXIT_SAVE_PAT, 'Save IA32_PAT'],
    [EXIT_LOAD_PAT, 'Load IA32_PAT'],
    [EXIT_SAVE_EFER, 'Save IA32_EFER'],
    [EXIT_LOAD_EFER, 'Load IA32_EFER'],
    [EXIT_SAVE_TIMER, 'Save VMX-preemption timer value'],
  ),
  entryControls: list(
    [ENTRY_LOAD_DEBUG, 'Load debug controls'],
    [ENTRY_IA32E, 'IA-32e mode guest'],
    [ENTRY_TO_SMM, 'Entry to SMM'],
    [ENTRY_DEACTIVATE_DUAL_MONITOR, 'Deactivate dual-monitor treatment'],
    [ENTRY_LOAD_PAT, 'Load IA32_PAT'],
    [ENTRY_LOAD_EFER, 'Load IA32_EFER'],
  ),
};
