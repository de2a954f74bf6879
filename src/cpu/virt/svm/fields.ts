/** The VMCB: AMD64 manual vol 2, appendix B. */

export type Area = 'control' | 'state';

/*
 * Offset, bytes, key, name. A segment register is 16 bytes: selector 0, attributes 2, limit 4, base 8.
 *
 *   000h  control area      400h  state-save area
 */
const ROWS = [
  [0x000, 2, 'interceptCrRead', 'Intercept reads of CR0 to CR15'],
  [0x002, 2, 'interceptCrWrite', 'Intercept writes of CR0 to CR15'],
  [0x004, 2, 'interceptDrRead', 'Intercept reads of DR0 to DR15'],
  [0x006, 2, 'interceptDrWrite', 'Intercept writes of DR0 to DR15'],
  [0x008, 4, 'interceptException', 'Intercept exception vectors 0 to 31'],
  [0x00c, 4, 'interceptMisc1', 'Intercepts, first word'],
  [0x010, 4, 'interceptMisc2', 'Intercepts, second word'],
  [0x040, 8, 'iopmBasePa', 'IOPM_BASE_PA'],
  [0x048, 8, 'msrpmBasePa', 'MSRPM_BASE_PA'],
  [0x050, 8, 'tscOffset', 'TSC_OFFSET'],
  [0x058, 4, 'guestAsid', 'Guest ASID'],
  [0x05c, 1, 'tlbControl', 'TLB_CONTROL'],
  [0x060, 8, 'vintr', 'Virtual interrupt control'],
  [0x068, 8, 'interruptShadow', 'Interrupt shadow'],
  [0x070, 8, 'exitCode', 'EXITCODE'],
  [0x078, 8, 'exitInfo1', 'EXITINFO1'],
  [0x080, 8, 'exitInfo2', 'EXITINFO2'],
  [0x088, 8, 'exitIntInfo', 'EXITINTINFO'],
  [0x090, 8, 'npControl', 'NP_ENABLE'],
  [0x0a8, 8, 'eventInj', 'EVENTINJ'],
  [0x0b0, 8, 'nCr3', 'N_CR3'],
  [0x0c8, 8, 'nRip', 'nRIP'],
  [0x400, 16, 'es', 'Guest ES'],
  [0x410, 16, 'cs', 'Guest CS'],
  [0x420, 16, 'ss', 'Guest SS'],
  [0x430, 16, 'ds', 'Guest DS'],
  [0x440, 16, 'fs', 'Guest FS'],
  [0x450, 16, 'gs', 'Guest GS'],
  [0x460, 16, 'gdtr', 'Guest GDTR'],
  [0x470, 16, 'ldtr', 'Guest LDTR'],
  [0x480, 16, 'idtr', 'Guest IDTR'],
  [0x490, 16, 'tr', 'Guest TR'],
  [0x4cb, 1, 'cpl', 'Guest CPL'],
  [0x4d0, 8, 'efer', 'Guest EFER'],
  [0x548, 8, 'cr4', 'Guest CR4'],
  [0x550, 8, 'cr3', 'Guest CR3'],
  [0x558, 8, 'cr0', 'Guest CR0'],
  [0x560, 8, 'dr7', 'Guest DR7'],
  [0x568, 8, 'dr6', 'Guest DR6'],
  [0x570, 8, 'rflags', 'Guest RFLAGS'],
  [0x578, 8, 'rip', 'Guest RIP'],
  [0x5d8, 8, 'rsp', 'Guest RSP'],
  [0x5f8, 8, 'rax', 'Guest RAX'],
  [0x628, 8, 'sysenterCs', 'Guest SYSENTER_CS'],
  [0x630, 8, 'sysenterEsp', 'Guest SYSENTER_ESP'],
  [0x638, 8, 'sysenterEip', 'Guest SYSENTER_EIP'],
  [0x640, 8, 'cr2', 'Guest CR2'],
  [0x668, 8, 'gPat', 'G_PAT'],
] as const satisfies readonly (readonly [number, number, string, string])[];

export type FieldKey = (typeof ROWS)[number][2];

export interface Field {
  readonly offset: number;
  /** In bytes. */
  readonly size: number;
  readonly key: FieldKey;
  readonly name: string;
  readonly area: Area;
}

const STATE_SAVE_AREA = 0x400;

export const FIELDS: readonly Field[] = ROWS.map(([offset, size, key, name]) => ({
  offset,
  size,
  key,
  name,
  area: offset < STATE_SAVE_AREA ? 'control' : 'state',
}));

/** Offset of each field in bytes. */
export const offsetOf = Object.freeze(Object.fromEntries(FIELDS.map(({ key, offset }) => [key, offset]))) as Readonly<
  Record<FieldKey, number>
>;

/** The doubleword, from the start of the VMCB, in which each field begins: `vmcb(cpu, slot.rip)`. */
export const slot = Object.freeze(Object.fromEntries(FIELDS.map(({ key, offset }) => [key, offset >>> 2]))) as Readonly<
  Record<FieldKey, number>
>;

const BY_KEY = Object.fromEntries(FIELDS.map((field) => [field.key, field])) as Record<FieldKey, Field>;

export function fieldOfKey(key: FieldKey): Field {
  return BY_KEY[key];
}
