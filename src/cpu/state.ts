/**
 * The arena: all architectural state of one logical processor in one buffer, described by one list.
 *
 * `at` gives the index of each item in the arena's Int32Array view: `s[at.cr3]`. General registers are 8 bytes apart; every other item is a
 * doubleword. A segment register is four doublewords: selector, base, limit, and rights in the VMCS format (descriptor bits 55:40, bit 16
 * unusable). (A literal, because the compiler folds the fields of one into constants, and not those of an object built by a loop.)
 */
export const at = {
  eax: 0,
  ecx: 2,
  edx: 4,
  ebx: 6,
  esp: 8,
  ebp: 10,
  esi: 12,
  edi: 14,
  zero: 16,
  eip: 17,
  /** Bits that are not status flags are always right; status flags only while `lazy` is 0. */
  eflags: 18,
  esSelector: 19,
  esBase: 20,
  esLimit: 21,
  esRights: 22,
  csSelector: 23,
  csBase: 24,
  csLimit: 25,
  csRights: 26,
  ssSelector: 27,
  ssBase: 28,
  ssLimit: 29,
  ssRights: 30,
  dsSelector: 31,
  dsBase: 32,
  dsLimit: 33,
  dsRights: 34,
  fsSelector: 35,
  fsBase: 36,
  fsLimit: 37,
  fsRights: 38,
  gsSelector: 39,
  gsBase: 40,
  gsLimit: 41,
  gsRights: 42,
  ldtrSelector: 43,
  ldtrBase: 44,
  ldtrLimit: 45,
  ldtrRights: 46,
  trSelector: 47,
  trBase: 48,
  trLimit: 49,
  trRights: 50,
  gdtrBase: 51,
  gdtrLimit: 52,
  idtrBase: 53,
  idtrLimit: 54,
  cpl: 55,
  cr0: 56,
  cr2: 57,
  cr3: 58,
  cr4: 59,
  dr0: 60,
  dr1: 61,
  dr2: 62,
  dr3: 63,
  dr6: 64,
  dr7: 65,
  sysenterCs: 66,
  sysenterEsp: 67,
  sysenterEip: 68,
  efer: 69,
  patLow: 70,
  patHigh: 71,
  featureControl: 72,
  miscEnable: 73,
  debugctl: 74,
  tscOffsetLow: 75,
  tscOffsetHigh: 76,
  /** 0 active, 1 HLT, 2 shutdown, 3 wait-for-SIPI: the VMCS activity states. */
  activity: 77,
  /** Bit 0 blocking by STI, 1 by MOV SS, 3 by NMI: the VMCS interruptibility state. */
  interruptibility: 78,
  nmiPending: 79,
  pendingDebug: 80,
  /** 1 in VMX operation (SVM: EFER.SVME is 1). */
  vmxOn: 81,
  /** 1 in VMX non-root operation (SVM: guest mode). */
  guest: 82,
  vmxonPointer: 83,
  /** Current VMCS (SVM: VMCB of the last VMRUN), -1 when there is none. */
  vmcsPointer: 84,
  /** Lazily kept status flags: result, carries, and whether they count. Canonical form: all 0. */
  lazyResult: 85,
  lazyCarries: 86,
  lazy: 87,
  /** INIT (bit 0) and a start-up IPI (bit 1, its vector in 15:8) that wait for the processor. */
  signals: 88,
  /** In VMX non-root operation, exits that are due at the next boundary: bit 0 a monitor trap flag waits for the instruction to end, 1 it is due, 2 TPR below threshold. */
  trapExits: 89,
  /** 1 while virtual NMIs are blocked. */
  virtualNmiBlocked: 90,
  /** Page of the APIC-access address with bit 0 set, 0 when APIC accesses are not virtualized. */
  apicAccessPage: 91,
  /** Low half of the cycle count at the first and at the last PAUSE of a loop. */
  pauseFirst: 92,
  pauseLast: 93,
  /** Global interrupt flag of SVM: while it is 0, interrupts and NMIs are held. 1 on a processor without SVM. */
  gif: 94,
  /** VM_CR and VM_HSAVE_PA of SVM. */
  vmCr: 95,
  hsavePa: 96,
  /** The PDPTE registers of PAE paging, low and high halves. */
  pdpte0: 97,
  pdpte0High: 98,
  pdpte1: 99,
  pdpte1High: 100,
  pdpte2: 101,
  pdpte2High: 102,
  pdpte3: 103,
  pdpte3High: 104,
  /** In a guest with nested tables: their format (a number of `TableFormats`, 0 without them), and bits 31:0 of the EPT pointer or of nCR3. */
  nestedFormat: 105,
  nestedRoot: 106,
  /** VPID or ASID in use, and the number of its address space as TLB tags have it. */
  spaceId: 107,
  space: 108,
  /** The space that was given away last. */
  nextSpace: 109,
  /** Control and status word of the floating-point unit, and a bit for each of its registers that is not empty. */
  fcw: 110,
  fsw: 111,
  ftw: 112,
  /** Opcode, place and operand of its last instruction. */
  fop: 113,
  fip: 114,
  fcs: 115,
  fdp: 116,
  fds: 117,
  /** Register 0 of its eight, three items each: significand, low and high half, then sign and exponent. */
  r0Low: 118,
  r0High: 119,
  r0Top: 120,
  /** Physical address of the 64 bytes that MONITOR watches, with bit 0 set; 0 when it watches none. */
  monitored: 142,
  /** Of a halted processor: for what it waits, `WAITS` and so on; 0 after HLT. */
  waiting: 143,
  /** IA32_TSC_AUX. */
  tscAux: 144,
} as const;

export type StateName = keyof typeof at;
export const STATE_NAMES = Object.keys(at) as readonly StateName[];

/** Entries of the data and the instruction translation lookaside buffer, direct-mapped by linear page (docs/deviations.md). */
export const TLB_SIZE = 512;
export const ITLB_SIZE = 64;
/** Address spaces that the TLBs can tell apart. */
export const SPACES = 16;
/** The first even index behind the list. */
const TLB_TAGS = 146;
const TLB_ENTRIES = TLB_TAGS + TLB_SIZE;
const ITLB_TAGS = TLB_ENTRIES + TLB_SIZE;
const ITLB_ENTRIES = ITLB_TAGS + ITLB_SIZE;
/** For each address space its VPID or ASID, and the page of its EPT pointer with bit 0 set, or 0. */
const SPACE_IDS = ITLB_ENTRIES + ITLB_SIZE;
const SPACE_ROOTS = SPACE_IDS + SPACES;
/** Doubles: cycles and steps since power-on; the cycle at which the VMX-preemption timer expires, Infinity when it does not run. */
const COUNTERS = (SPACE_ROOTS + SPACES) / 2;

/** Bytes of the arena. */
export const ARENA_SIZE = (COUNTERS + 3) * 8;

export const tlbAt = {
  tags: TLB_TAGS,
  entries: TLB_ENTRIES,
  codeTags: ITLB_TAGS,
  codeEntries: ITLB_ENTRIES,
  end: ITLB_ENTRIES + ITLB_SIZE,
  spaceIds: SPACE_IDS,
  spaceRoots: SPACE_ROOTS,
} as const;
export const counterAt = { cycles: COUNTERS, steps: COUNTERS + 1, timer: COUNTERS + 2 } as const;

/* Values of `waiting`: after MWAIT, after one whose wait a masked interrupt ends too, in front of an instruction of the floating-point unit. */
export const WAITS = 1;
export const WAITS_FOR_ANY_INTERRUPT = 2;
export const WAITS_WITH_ERROR = 3;

/* Bits of `signals`. */
export const SIGNAL_INIT = 1 << 0;
export const SIGNAL_STARTUP = 1 << 1;

/* Bits of `trapExits`. */
export const TRAP_FLAG_ARMED = 1 << 0;
export const TRAP_FLAG_DUE = 1 << 1;
export const TPR_BELOW = 1 << 2;

/** Arena index of the selector of segment register `n` (ES 0 ... GS 5, LDTR 6, TR 7); base, limit and rights follow it. */
export const segmentAt = (n: number): number => at.esSelector + n * 4;
export const BASE = 1;
export const LIMIT = 2;
export const RIGHTS = 3;
export const LDTR = 6;
export const TR = 7;
