/** Bits of the system registers: SDM vol 3, 2.3 (EFLAGS) and 2.5 (control registers). */

export const CF = 1 << 0;
export const PF = 1 << 2;
export const AF = 1 << 4;
export const ZF = 1 << 6;
export const SF = 1 << 7;
export const TF = 1 << 8;
export const IF = 1 << 9;
export const DF = 1 << 10;
export const OF = 1 << 11;
export const IOPL = 3 << 12;
export const IOPL_SHIFT = 12;
export const NT = 1 << 14;
export const RF = 1 << 16;
export const VM = 1 << 17;
export const AC = 1 << 18;
export const VIF = 1 << 19;
export const VIP = 1 << 20;
export const ID = 1 << 21;
export const STATUS_FLAGS = OF | SF | ZF | AF | PF | CF;
/** Bit 1 reads 1. */
export const FLAGS_FIXED = 2;

export const CR0_PE = 1 << 0;
export const CR0_MP = 1 << 1;
export const CR0_EM = 1 << 2;
export const CR0_TS = 1 << 3;
export const CR0_ET = 1 << 4;
export const CR0_NE = 1 << 5;
export const CR0_WP = 1 << 16;
export const CR0_AM = 1 << 18;
export const CR0_NW = 1 << 29;
export const CR0_CD = 1 << 30;
export const CR0_PG = 1 << 31;
export const CR0_DEFINED = CR0_PE | CR0_MP | CR0_EM | CR0_TS | CR0_ET | CR0_NE | CR0_WP | CR0_AM | CR0_NW | CR0_CD | CR0_PG;

export const CR4_VME = 1 << 0;
export const CR4_PVI = 1 << 1;
export const CR4_TSD = 1 << 2;
export const CR4_DE = 1 << 3;
export const CR4_PSE = 1 << 4;
export const CR4_PAE = 1 << 5;
export const CR4_MCE = 1 << 6;
export const CR4_PGE = 1 << 7;
export const CR4_PCE = 1 << 8;
export const CR4_OSFXSR = 1 << 9;
export const CR4_OSXMMEXCPT = 1 << 10;
export const CR4_VMXE = 1 << 13;

export const EFER_NXE = 1 << 11;

/** Access rights of a segment in the VMCS format: type 3:0, S 4, DPL 6:5, P 7, AVL 12, D/B 14, G 15, unusable 16. */
export const RIGHTS_ACCESSED = 1 << 0;
/** Of data: writable. Of code: readable. */
export const RIGHTS_RW = 1 << 1;
/** Of data: expand-down. Of code: conforming. */
export const RIGHTS_DC = 1 << 2;
export const RIGHTS_CODE = 1 << 3;
export const RIGHTS_S = 1 << 4;
export const RIGHTS_DPL_SHIFT = 5;
export const RIGHTS_P = 1 << 7;
export const RIGHTS_DB = 1 << 14;
export const RIGHTS_G = 1 << 15;
export const RIGHTS_UNUSABLE = 1 << 16;

export const ACTIVE = 0;
export const HALTED = 1;
export const SHUTDOWN = 2;
export const WAITING_FOR_STARTUP = 3;

export const BLOCKED_BY_STI = 1;
export const BLOCKED_BY_MOV_SS = 2;
export const BLOCKED_BY_NMI = 8;

export const DE = 0;
export const DB = 1;
export const BP = 3;
export const OFV = 4;
export const BR = 5;
export const UD = 6;
export const NM = 7;
export const DFV = 8;
export const TS = 10;
export const NP = 11;
export const SSV = 12;
export const GP = 13;
export const PFV = 14;
export const MF = 16;
export const ACV = 17;

/** `#GP` for 13, and so on; undefined for vectors without a name. */
export const EXCEPTION_NAMES: readonly (string | undefined)[] = [
  '#DE',
  '#DB',
  'NMI',
  '#BP',
  '#OF',
  '#BR',
  '#UD',
  '#NM',
  '#DF',
  undefined,
  '#TS',
  '#NP',
  '#SS',
  '#GP',
  '#PF',
  undefined,
  '#MF',
  '#AC',
  '#MC',
  '#XM',
];

/** Vectors that push an error code (SDM vol 3, table 6-1). */
export const pushesErrorCode = (vector: number): boolean => vector === 8 || (vector >= 10 && vector <= 14) || vector === 17;
