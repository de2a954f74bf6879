/** Where things lie in the memory of a soak, and which selectors lead to what. */

export const RAM_SIZE = 8 << 20;
/** From here on to PRIVATE: zeros. */
export const FILLED = 2 << 20;
export const PAGE = 4096;

/** Most addresses lie below this: what is executed is often written, and few pages are. */
export const WORKING_SET = 0x18000;

export const GDT = 0xc0000;
export const GDT_ENTRIES = 64;
export const LDT = 0xc1000;
export const LDT_ENTRIES = 32;
export const IDT = 0xc2000;
/** Two 32-bit and two 16-bit task-state segments, one after the other. */
export const TASKS = 0xc3000;
export const TASK_SIZE = 0x800;
export const TASK_LIMIT = 0x167;
export const TASK16_LIMIT = 0x2b;

/** Handlers that go back behind the first byte of what faulted: with and without an error code, and for real mode. */
export const HANDLERS = 0xc6000;
export const HANDLER_WITH_CODE = HANDLERS + 0x10;
export const HANDLER_REAL = HANDLERS + 0x20;

/** Tables of 32-bit and of PAE paging. All of linear memory leads to RAM, page by page to what is filled, or in large pages to what lies below PRIVATE. */
export const DIRECTORY = 0xc8000;
export const TABLE = 0xc9000;
export const POINTERS_PAE = 0xca000;
export const DIRECTORY_PAE = 0xcb000;
export const TABLE_PAE = 0xcc000;

/** From here on: what belongs to the monitor. A guest that pages does not reach it. */
export const PRIVATE = 0x600000;
export const EPT = 0x600000;
export const VMXON_REGION = 0x604000;
export const VMCS_REGION = 0x605000;
export const IO_BITMAP_A = 0x606000;
export const IO_BITMAP_B = 0x607000;
export const MSR_BITMAP = 0x608000;
export const MSR_LISTS = 0x609000;
export const VIRTUAL_APIC = 0x60a000;
export const VMCB = 0x60b000;
export const HSAVE = 0x60c000;
export const IOPM = 0x60d000;
export const MSRPM = 0x610000;
export const HOST_DIRECTORY = 0x612000;
export const HOST_CODE = 0x613000;

/** Fills a page directory of the monitor's that maps what is PRIVATE as it is, in large pages, whether it is read with PAE or without. */
export function fillHostDirectory(dwords: Int32Array): void {
  const first = HOST_DIRECTORY >>> 2;
  dwords.set([0x83, 0x400083, 0, 0, 0, 0, PRIVATE | 0x83, 0], first);
  dwords.set([HOST_DIRECTORY | 1, 0], first + 0x200);
}
/** The table at which PAE paging of the monitor begins. */
export const HOST_POINTERS = HOST_DIRECTORY + 0x800;
/** The guest's APIC-access page. */
export const APIC_ACCESS = 0xd0000;

const selector = (index: number, rpl = 0, ti = 0): number => (index << 3) | (ti << 2) | rpl;

/** Indexes in the GDT. Code and data of DPL 0 to 3, first of 32 bits and then of 16. */
export const codeIndex = (dpl: number, bits: 16 | 32): number => (bits === 32 ? 1 : 9) + 2 * dpl;
export const CONFORMING_32 = 17;
export const CONFORMING_16 = 18;
/** Available and busy TSSs of 32 bits, then of 16. */
export const FIRST_TASK = 19;
export const LDT_INDEX = 23;
export const FIRST_GATE = 24;
export const GATES = 6;
export const EXPAND_DOWN = 30;
export const NOT_PRESENT = 31;
export const FIRST_RANDOM = 32;

export const codeSelector = (cpl: number, bits: 16 | 32): number => selector(codeIndex(cpl, bits), cpl);
export const dataSelector = (cpl: number, bits: 16 | 32): number => selector(codeIndex(cpl, bits) + 1, cpl);

/** Selectors worth loading, with every RPL. */
export const SELECTORS: readonly number[] = Array.from({ length: FIRST_RANDOM + 4 }, (_, index) =>
  [0, 0, 3, index & 3].map((rpl) => selector(index, rpl)),
)
  .flat()
  .concat([selector(1, 0, 1), selector(2, 3, 1), selector(3, 3, 1)]);
