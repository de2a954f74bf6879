/** The fields of the VMCS: SDM vol 3, appendix B. One table, and what is derived from it. */

export type Width = '16' | '32' | '64' | 'natural';
export type Group = 'control' | 'exit-info' | 'guest' | 'host';
/** What a processor must offer for a field to exist; see `capabilities.ts`. */
export type FieldCondition =
  | 'vpid'
  | 'msrBitmaps'
  | 'tprShadow'
  | 'apicAccess'
  | 'ept'
  | 'pat'
  | 'efer'
  | 'hostPat'
  | 'hostEfer'
  | 'secondary'
  | 'timer'
  | 'pauseLoop';

/*
 * Field encoding (SDM vol 3, table 24-17):
 *
 *   31     15 14  13 12 11  10 9          1  0
 *   [   0   ][width ][0][group ][  index   ][high half of a 64-bit field]
 *
 *   width 0: 16 bits, 1: 64, 2: 32, 3: natural.   group 0: control, 1: VM-exit information, 2: guest, 3: host.
 */
const ROWS = [
  [0x0000, 'vpid', 'Virtual-processor identifier (VPID)', '16', 'control', 'vpid'],
  [0x0800, 'guestEsSelector', 'Guest ES selector', '16', 'guest'],
  [0x0802, 'guestCsSelector', 'Guest CS selector', '16', 'guest'],
  [0x0804, 'guestSsSelector', 'Guest SS selector', '16', 'guest'],
  [0x0806, 'guestDsSelector', 'Guest DS selector', '16', 'guest'],
  [0x0808, 'guestFsSelector', 'Guest FS selector', '16', 'guest'],
  [0x080a, 'guestGsSelector', 'Guest GS selector', '16', 'guest'],
  [0x080c, 'guestLdtrSelector', 'Guest LDTR selector', '16', 'guest'],
  [0x080e, 'guestTrSelector', 'Guest TR selector', '16', 'guest'],
  [0x0c00, 'hostEsSelector', 'Host ES selector', '16', 'host'],
  [0x0c02, 'hostCsSelector', 'Host CS selector', '16', 'host'],
  [0x0c04, 'hostSsSelector', 'Host SS selector', '16', 'host'],
  [0x0c06, 'hostDsSelector', 'Host DS selector', '16', 'host'],
  [0x0c08, 'hostFsSelector', 'Host FS selector', '16', 'host'],
  [0x0c0a, 'hostGsSelector', 'Host GS selector', '16', 'host'],
  [0x0c0c, 'hostTrSelector', 'Host TR selector', '16', 'host'],
  [0x2000, 'ioBitmapA', 'Address of I/O bitmap A', '64', 'control'],
  [0x2002, 'ioBitmapB', 'Address of I/O bitmap B', '64', 'control'],
  [0x2004, 'msrBitmap', 'Address of MSR bitmaps', '64', 'control', 'msrBitmaps'],
  [0x2006, 'exitMsrStoreAddress', 'VM-exit MSR-store address', '64', 'control'],
  [0x2008, 'exitMsrLoadAddress', 'VM-exit MSR-load address', '64', 'control'],
  [0x200a, 'entryMsrLoadAddress', 'VM-entry MSR-load address', '64', 'control'],
  [0x200c, 'executivePointer', 'Executive-VMCS pointer', '64', 'control'],
  [0x2010, 'tscOffset', 'TSC offset', '64', 'control'],
  [0x2012, 'virtualApicAddress', 'Virtual-APIC address', '64', 'control', 'tprShadow'],
  [0x2014, 'apicAccessAddress', 'APIC-access address', '64', 'control', 'apicAccess'],
  [0x201a, 'eptPointer', 'EPT pointer (EPTP)', '64', 'control', 'ept'],
  [0x2400, 'guestPhysicalAddress', 'Guest-physical address', '64', 'exit-info', 'ept'],
  [0x2800, 'linkPointer', 'VMCS link pointer', '64', 'guest'],
  [0x2802, 'guestDebugctl', 'Guest IA32_DEBUGCTL', '64', 'guest'],
  [0x2804, 'guestPat', 'Guest IA32_PAT', '64', 'guest', 'pat'],
  [0x2806, 'guestEfer', 'Guest IA32_EFER', '64', 'guest', 'efer'],
  [0x280a, 'guestPdpte0', 'Guest PDPTE0', '64', 'guest', 'ept'],
  [0x280c, 'guestPdpte1', 'Guest PDPTE1', '64', 'guest', 'ept'],
  [0x280e, 'guestPdpte2', 'Guest PDPTE2', '64', 'guest', 'ept'],
  [0x2810, 'guestPdpte3', 'Guest PDPTE3', '64', 'guest', 'ept'],
  [0x2c00, 'hostPat', 'Host IA32_PAT', '64', 'host', 'hostPat'],
  [0x2c02, 'hostEfer', 'Host IA32_EFER', '64', 'host', 'hostEfer'],
  [0x4000, 'pinControls', 'Pin-based VM-execution controls', '32', 'control'],
  [0x4002, 'primaryControls', 'Primary processor-based VM-execution controls', '32', 'control'],
  [0x4004, 'exceptionBitmap', 'Exception bitmap', '32', 'control'],
  [0x4006, 'pageFaultMask', 'Page-fault error-code mask', '32', 'control'],
  [0x4008, 'pageFaultMatch', 'Page-fault error-code match', '32', 'control'],
  [0x400a, 'cr3TargetCount', 'CR3-target count', '32', 'control'],
  [0x400c, 'exitControls', 'VM-exit controls', '32', 'control'],
  [0x400e, 'exitMsrStoreCount', 'VM-exit MSR-store count', '32', 'control'],
  [0x4010, 'exitMsrLoadCount', 'VM-exit MSR-load count', '32', 'control'],
  [0x4012, 'entryControls', 'VM-entry controls', '32', 'control'],
  [0x4014, 'entryMsrLoadCount', 'VM-entry MSR-load count', '32', 'control'],
  [0x4016, 'entryInterruptionInfo', 'VM-entry interruption-information field', '32', 'control'],
  [0x4018, 'entryErrorCode', 'VM-entry exception error code', '32', 'control'],
  [0x401a, 'entryInstructionLength', 'VM-entry instruction length', '32', 'control'],
  [0x401c, 'tprThreshold', 'TPR threshold', '32', 'control', 'tprShadow'],
  [0x401e, 'secondaryControls', 'Secondary processor-based VM-execution controls', '32', 'control', 'secondary'],
  [0x4020, 'pauseLoopGap', 'PLE_Gap', '32', 'control', 'pauseLoop'],
  [0x4022, 'pauseLoopWindow', 'PLE_Window', '32', 'control', 'pauseLoop'],
  [0x4400, 'instructionError', 'VM-instruction error', '32', 'exit-info'],
  [0x4402, 'exitReason', 'Exit reason', '32', 'exit-info'],
  [0x4404, 'exitInterruptionInfo', 'VM-exit interruption information', '32', 'exit-info'],
  [0x4406, 'exitInterruptionErrorCode', 'VM-exit interruption error code', '32', 'exit-info'],
  [0x4408, 'vectoringInfo', 'IDT-vectoring information field', '32', 'exit-info'],
  [0x440a, 'vectoringErrorCode', 'IDT-vectoring error code', '32', 'exit-info'],
  [0x440c, 'exitInstructionLength', 'VM-exit instruction length', '32', 'exit-info'],
  [0x440e, 'exitInstructionInfo', 'VM-exit instruction information', '32', 'exit-info'],
  [0x4800, 'guestEsLimit', 'Guest ES limit', '32', 'guest'],
  [0x4802, 'guestCsLimit', 'Guest CS limit', '32', 'guest'],
  [0x4804, 'guestSsLimit', 'Guest SS limit', '32', 'guest'],
  [0x4806, 'guestDsLimit', 'Guest DS limit', '32', 'guest'],
  [0x4808, 'guestFsLimit', 'Guest FS limit', '32', 'guest'],
  [0x480a, 'guestGsLimit', 'Guest GS limit', '32', 'guest'],
  [0x480c, 'guestLdtrLimit', 'Guest LDTR limit', '32', 'guest'],
  [0x480e, 'guestTrLimit', 'Guest TR limit', '32', 'guest'],
  [0x4810, 'guestGdtrLimit', 'Guest GDTR limit', '32', 'guest'],
  [0x4812, 'guestIdtrLimit', 'Guest IDTR limit', '32', 'guest'],
  [0x4814, 'guestEsRights', 'Guest ES access rights', '32', 'guest'],
  [0x4816, 'guestCsRights', 'Guest CS access rights', '32', 'guest'],
  [0x4818, 'guestSsRights', 'Guest SS access rights', '32', 'guest'],
  [0x481a, 'guestDsRights', 'Guest DS access rights', '32', 'guest'],
  [0x481c, 'guestFsRights', 'Guest FS access rights', '32', 'guest'],
  [0x481e, 'guestGsRights', 'Guest GS access rights', '32', 'guest'],
  [0x4820, 'guestLdtrRights', 'Guest LDTR access rights', '32', 'guest'],
  [0x4822, 'guestTrRights', 'Guest TR access rights', '32', 'guest'],
  [0x4824, 'guestInterruptibility', 'Guest interruptibility state', '32', 'guest'],
  [0x4826, 'guestActivity', 'Guest activity state', '32', 'guest'],
  [0x4828, 'guestSmbase', 'Guest SMBASE', '32', 'guest'],
  [0x482a, 'guestSysenterCs', 'Guest IA32_SYSENTER_CS', '32', 'guest'],
  [0x482e, 'preemptionTimer', 'VMX-preemption timer value', '32', 'guest', 'timer'],
  [0x4c00, 'hostSysenterCs', 'Host IA32_SYSENTER_CS', '32', 'host'],
  [0x6000, 'cr0Mask', 'CR0 guest/host mask', 'natural', 'control'],
  [0x6002, 'cr4Mask', 'CR4 guest/host mask', 'natural', 'control'],
  [0x6004, 'cr0Shadow', 'CR0 read shadow', 'natural', 'control'],
  [0x6006, 'cr4Shadow', 'CR4 read shadow', 'natural', 'control'],
  [0x6008, 'cr3Target0', 'CR3-target value 0', 'natural', 'control'],
  [0x600a, 'cr3Target1', 'CR3-target value 1', 'natural', 'control'],
  [0x600c, 'cr3Target2', 'CR3-target value 2', 'natural', 'control'],
  [0x600e, 'cr3Target3', 'CR3-target value 3', 'natural', 'control'],
  [0x6400, 'exitQualification', 'Exit qualification', 'natural', 'exit-info'],
  [0x6402, 'ioRcx', 'I/O RCX', 'natural', 'exit-info'],
  [0x6404, 'ioRsi', 'I/O RSI', 'natural', 'exit-info'],
  [0x6406, 'ioRdi', 'I/O RDI', 'natural', 'exit-info'],
  [0x6408, 'ioRip', 'I/O RIP', 'natural', 'exit-info'],
  [0x640a, 'guestLinearAddress', 'Guest-linear address', 'natural', 'exit-info'],
  [0x6800, 'guestCr0', 'Guest CR0', 'natural', 'guest'],
  [0x6802, 'guestCr3', 'Guest CR3', 'natural', 'guest'],
  [0x6804, 'guestCr4', 'Guest CR4', 'natural', 'guest'],
  [0x6806, 'guestEsBase', 'Guest ES base', 'natural', 'guest'],
  [0x6808, 'guestCsBase', 'Guest CS base', 'natural', 'guest'],
  [0x680a, 'guestSsBase', 'Guest SS base', 'natural', 'guest'],
  [0x680c, 'guestDsBase', 'Guest DS base', 'natural', 'guest'],
  [0x680e, 'guestFsBase', 'Guest FS base', 'natural', 'guest'],
  [0x6810, 'guestGsBase', 'Guest GS base', 'natural', 'guest'],
  [0x6812, 'guestLdtrBase', 'Guest LDTR base', 'natural', 'guest'],
  [0x6814, 'guestTrBase', 'Guest TR base', 'natural', 'guest'],
  [0x6816, 'guestGdtrBase', 'Guest GDTR base', 'natural', 'guest'],
  [0x6818, 'guestIdtrBase', 'Guest IDTR base', 'natural', 'guest'],
  [0x681a, 'guestDr7', 'Guest DR7', 'natural', 'guest'],
  [0x681c, 'guestEsp', 'Guest RSP', 'natural', 'guest'],
  [0x681e, 'guestEip', 'Guest RIP', 'natural', 'guest'],
  [0x6820, 'guestEflags', 'Guest RFLAGS', 'natural', 'guest'],
  [0x6822, 'guestPendingDebug', 'Guest pending debug exceptions', 'natural', 'guest'],
  [0x6824, 'guestSysenterEsp', 'Guest IA32_SYSENTER_ESP', 'natural', 'guest'],
  [0x6826, 'guestSysenterEip', 'Guest IA32_SYSENTER_EIP', 'natural', 'guest'],
  [0x6c00, 'hostCr0', 'Host CR0', 'natural', 'host'],
  [0x6c02, 'hostCr3', 'Host CR3', 'natural', 'host'],
  [0x6c04, 'hostCr4', 'Host CR4', 'natural', 'host'],
  [0x6c06, 'hostFsBase', 'Host FS base', 'natural', 'host'],
  [0x6c08, 'hostGsBase', 'Host GS base', 'natural', 'host'],
  [0x6c0a, 'hostTrBase', 'Host TR base', 'natural', 'host'],
  [0x6c0c, 'hostGdtrBase', 'Host GDTR base', 'natural', 'host'],
  [0x6c0e, 'hostIdtrBase', 'Host IDTR base', 'natural', 'host'],
  [0x6c10, 'hostSysenterEsp', 'Host IA32_SYSENTER_ESP', 'natural', 'host'],
  [0x6c12, 'hostSysenterEip', 'Host IA32_SYSENTER_EIP', 'natural', 'host'],
  [0x6c14, 'hostEsp', 'Host RSP', 'natural', 'host'],
  [0x6c16, 'hostEip', 'Host RIP', 'natural', 'host'],
] as const satisfies readonly (readonly [number, string, string, Width, Group, FieldCondition?])[];

export type FieldKey = (typeof ROWS)[number][1];

export interface Field {
  readonly encoding: number;
  readonly key: FieldKey;
  /** The manual's name. */
  readonly name: string;
  readonly width: Width;
  readonly group: Group;
  /** Absent: it exists on every processor with VMX. */
  readonly condition: FieldCondition | undefined;
  /** Doublewords from the start of the VMCS region; a 64-bit field has its high half in the next. */
  readonly slot: number;
}

/*
 * The VMCS region, as this processor lays it out (4 KiB, of which software may know the first two doublewords only):
 *
 *   0   revision identifier       4   VMX-abort indicator
 *   8   launch state              12  0
 *   16  the fields, in the order of the table, 4 bytes each (8 for those of 64 bits)
 */
export const REVISION_SLOT = 0;
export const ABORT_SLOT = 1;
export const LAUNCH_SLOT = 2;
const FIRST_SLOT = 4;

export const LAUNCH_CLEAR = 0;
export const LAUNCH_LAUNCHED = 1;

function layOut(): Field[] {
  let slot = FIRST_SLOT;
  return ROWS.map((row: readonly [number, FieldKey, string, Width, Group, FieldCondition?]) => {
    const [encoding, key, name, width, group, condition] = row;
    const field: Field = { encoding, key, name, width, group, condition, slot };
    slot += width === '64' ? 2 : 1;
    return field;
  });
}

export const FIELDS: readonly Field[] = layOut();

/** The slot of each field: `vmread(cpu, slot.guestEip)`. */
export const slot = Object.freeze(Object.fromEntries(FIELDS.map((field) => [field.key, field.slot]))) as Readonly<Record<FieldKey, number>>;

const BY_ENCODING: ReadonlyMap<number, Field> = new Map(FIELDS.map((field) => [field.encoding, field]));
const BY_KEY = Object.fromEntries(FIELDS.map((field) => [field.key, field])) as Record<FieldKey, Field>;

/** The field with this encoding, of its high half if bit 0 is set; undefined when there is none. */
export function fieldOfEncoding(encoding: number): Field | undefined {
  const field = BY_ENCODING.get(encoding & ~1);
  return field !== undefined && (encoding & 1) !== 0 && field.width !== '64' ? undefined : field;
}

export function fieldOfKey(key: FieldKey): Field {
  return BY_KEY[key];
}
