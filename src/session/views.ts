/**
 * Immutable views of the machine at one step. The worker sends them, panels and figures draw them, the CLI prints them.
 * Addresses are unsigned 32-bit numbers; steps and cycles are plain numbers.
 */

/** VT-x or AMD-V. */
export type Vendor = 'vmx' | 'svm';

/** The monitor that runs an image as its guest; `none` gives it the bare machine. */
export type Vmm = 'none' | 'peer' | 'trap' | 'translate' | 'vtx' | 'svm';

/** How a monitor with VT-x or AMD-V gives its guests memory. */
export type Paging = 'shadow' | 'nested';

/** `root` and `guest` are VMX root and non-root operation, or host and guest mode; `none` when the extension is not switched on. */
export type Mode = 'none' | 'root' | 'guest';

/** What the rings draw: `m` is VMX root operation or host mode, the nickname ring -1. */
export type Ring = '3' | '2' | '1' | '0' | 'm';

export type Role = 'program' | 'kernel' | 'monitor' | 'translated' | 'unknown';

/** Who runs: mode, CPL and VM from the hardware, role and name from the image's debug map. */
export interface Who {
  readonly mode: Mode;
  readonly cpl: number;
  readonly ring: Ring;
  /** 0 outside a virtual machine; numbered from 1. */
  readonly vm: number;
  readonly role: Role;
  /** Of a program: `count`. Empty when the image has no map. */
  readonly name: string;
}

export interface StreamInstruction {
  readonly kind: 'instruction';
  readonly n: number;
  readonly who: Who;
  readonly address: number;
  /** Upper-case hex pairs, `0F 22 D8`. */
  readonly bytes: string;
  readonly mnemonic: string;
  readonly operands: string;
  /** The comment behind the source line; empty without a source. */
  readonly comment: string;
  /** `switch.asm:41`; empty without a source. */
  readonly source: string;
  /** Label that starts here, without colon. */
  readonly label: string;
  /** Registers the instruction reads or writes, lower case, for underlining in the current row. */
  readonly touches: readonly string[];
  /** Set when this REP instruction is in its k-th iteration. */
  readonly iteration: number;
}

export interface StreamEvent {
  readonly kind: 'event';
  readonly n: number;
  /** Who runs after it. */
  readonly who: Who;
  /** `VM exit → hypervisor, ring −1` (past) or `Will exit → …` (future). */
  readonly text: string;
  /** `reason 28, control-register access`. */
  readonly note: string;
}

/** Instructions left out between two rows. */
export interface StreamFold {
  readonly kind: 'fold';
  readonly n: number;
  readonly who: Who;
  readonly count: number;
  readonly text: string;
}

export type StreamRow = StreamInstruction | StreamEvent | StreamFold;

export interface StreamView {
  /** Executed rows, oldest first. */
  readonly past: readonly StreamRow[];
  /** The instruction the processor stands at; null when it is shut down or halted for good. */
  readonly current: StreamInstruction | null;
  /** What will happen if nothing intervenes: run ahead on a copy, so it is certain. */
  readonly future: readonly StreamRow[];
  /** Source files of the visible rows. */
  readonly files: readonly string[];
}

export interface RegisterView {
  readonly name: string;
  readonly value: number;
  readonly previous: number;
  readonly changed: boolean;
  /** Read or written by the current instruction. */
  readonly used: boolean;
}

export interface FlagView {
  readonly name: string;
  readonly set: boolean;
  readonly changed: boolean;
}

export interface ExitField {
  /** `31:16` */
  readonly bits: string;
  /** `3F8h` */
  readonly value: string;
  /** In words: `serial port`. */
  readonly meaning: string;
}

/** One information field of an exit: the exit qualification, EXITINFO1, ...; or what an OUT was to write, which has no fields. */
export interface ExitInfo {
  readonly name: string;
  /** `00000003h` */
  readonly value: string;
  readonly fields: readonly ExitField[];
}

export interface ExitRecord {
  /** 1, 2, ... in order of occurrence. */
  readonly index: number;
  readonly n: number;
  readonly cycle: number;
  readonly vm: number;
  readonly vendor: Vendor;
  /** Basic exit reason, or EXITCODE. */
  readonly code: number;
  /** As the manual writes it: `28`, `7Bh`. */
  readonly codeText: string;
  /** `CR_ACCESS` */
  readonly name: string;
  /** `Control-register access` */
  readonly title: string;
  readonly guestEip: number;
  readonly instructionLength: number;
  readonly interruptionInfo: number;
  readonly cause: string;
  readonly cpl: number;
  /** Disassembly of the instruction that exited, or empty for an event. */
  readonly instruction: string;
  /** What its information fields say, in words. */
  readonly infos: readonly ExitInfo[];
  /** Cycles of the exit itself, of the handler so far or in all, of the entry that ended it (0 before it happened). */
  readonly cycles: { readonly exit: number; readonly handler: number; readonly entry: number };
  readonly done: boolean;
}

export interface ExitCount {
  readonly code: number;
  /** `28`, `7Bh`; of a vector `32`. */
  readonly codeText: string;
  readonly name: string;
  readonly title: string;
  readonly count: number;
}

/** On bare metal the same panel counts interrupts and faults by vector. */
export interface ExitsView {
  readonly kind: 'exits' | 'interrupts';
  /** What the codes are: `exit reason`, `EXITCODE`, `vector`. */
  readonly codeIs: string;
  readonly total: number;
  readonly counts: readonly ExitCount[];
  /** The newest at the end, six at most. */
  readonly latest: readonly ExitRecord[];
}

export interface ProcessView {
  readonly name: string;
  readonly current: boolean;
}

export interface VmView {
  readonly vm: number;
  /** `VM 1`; on bare metal `This machine`. */
  readonly name: string;
  /** `running`, `exited, waiting`, `halted in ring 0`, `shut down: triple fault`, `not started`. */
  readonly status: string;
  readonly running: boolean;
  readonly processes: readonly ProcessView[];
  readonly kernel: string;
  /** Ring in which it will resume when it is not running; null before its first entry or when it is finished. */
  readonly saved: Ring | null;
}

/** One crossing between rings, for the trail. */
export interface Crossing {
  readonly n: number;
  readonly kind: 'exit' | 'entry' | 'call' | 'return' | 'interrupt' | 'exception';
  /** `int 80h`, `VM exit 28`, `VM entry`, `iret`, `#PF`, `IRQ 0`. */
  readonly label: string;
  readonly vm: number;
  readonly from: Ring;
  readonly to: Ring;
  /** Index into the VM's processes when one end is ring 3, else -1. */
  readonly process: number;
}

export interface RingsView {
  /** `ring0`: a monitor in ring 0 that all virtual machines share, their kernels in ring 1. */
  readonly kind: 'bare' | Vendor | 'ring0';
  /** What ring -1 is: `VMX root operation`, `host mode`. */
  readonly hostMode: string;
  readonly vms: readonly VmView[];
  /** Where the processor is: VM number (0 in root operation) and ring; null after shutdown. */
  readonly active: { readonly vm: number; readonly ring: Ring } | null;
  /** The last crossings, at most 4, oldest first. */
  readonly past: readonly Crossing[];
  /** Certain crossings to come, at most 4. */
  readonly future: readonly Crossing[];
}

export interface WalkEntry {
  /** `page directory`, `page table` */
  readonly table: string;
  readonly index: number;
  /** Physical address of the entry; guest-physical where nested tables follow; -1 for a PDPTE register. */
  readonly address: number;
  readonly value: number;
  /** `P R/W A` */
  readonly flags: string;
  /** The entries of the nested tables that say where this one lies; empty without nested paging. */
  readonly nested: readonly WalkEntry[];
}

/** Segment to linear to (guest-physical to) physical of one address. */
export interface WalkView {
  readonly what: string;
  readonly segment: string;
  readonly offset: number;
  readonly linear: number;
  /** Null on bare metal. */
  readonly guestPhysical: number | null;
  readonly physical: number | null;
  /** What the processor walks: its `own` tables, a monitor's `shadow` tables, or the guest's and `nested` ones. */
  readonly walked: 'own' | 'shadow' | 'nested';
  readonly entries: readonly WalkEntry[];
  /** With nested paging, from the guest-physical address of the page on. */
  readonly nestedEntries: readonly WalkEntry[];
  /** Entries read on the whole walk, in two dimensions with nested paging. */
  readonly references: number;
  /** The guest's own entries, when they are bookkeeping and not what is walked. */
  readonly guestEntries: readonly WalkEntry[];
  /** `not present: page fault`; empty when it ends in a page. */
  readonly fault: string;
  readonly tlbHit: boolean;
  /** Bytes of guest-physical space of this VM, of RAM in all, and each VM's part of RAM; for bars to scale. */
  readonly guestSize: number;
  readonly ramSize: number;
  readonly parts: readonly { readonly vm: number; readonly base: number; readonly size: number }[];
}

/** The image that a machine runs: equal images have equal digests, and nothing else has. */
export interface ImageView {
  readonly name: string;
  /** SHA-256 in hexadecimal, as `sha256sum` prints it. */
  readonly digest: string;
}

export interface ConsoleView {
  /** `VM 1 console`, `Monitor console`, `Console` */
  readonly title: string;
  readonly vm: number;
  readonly text: string;
  readonly active: boolean;
  /** What runs on the machine whose console it is; null for the debug console. */
  readonly image: ImageView | null;
}

/** A stretch of the run in one place. */
export interface TimelineSegment {
  readonly vm: number;
  readonly ring: Ring;
  /** Steps [from, to). */
  readonly from: number;
  readonly to: number;
  readonly fromCycle: number;
  readonly toCycle: number;
  /** The processor was only changing sides. */
  readonly crossing: boolean;
}

export interface TimelineTick {
  readonly n: number;
  readonly cycle: number;
  readonly code: number;
  readonly codeText: string;
  readonly vm: number;
}

export interface TimelineView {
  /** Lanes from top to bottom. */
  readonly lanes: readonly { readonly vm: number; readonly ring: Ring; readonly label: string }[];
  /** Window around the cursor, in cycles. */
  readonly window: { readonly from: number; readonly to: number };
  readonly segments: readonly TimelineSegment[];
  readonly ticks: readonly TimelineTick[];
  /** Share of cycles for each ring in equal slices of the whole run so far: [ring 3, ring 0 (and 1, 2), ring -1]. */
  readonly overview: readonly (readonly [number, number, number])[];
  /** Last step and cycle ever reached on this branch. */
  readonly reached: number;
  readonly reachedCycle: number;
}

/** A place in a run that survives small changes of the program: so many steps from the `count`-th event of a kind. */
export interface EventPlace {
  readonly event: 'exit' | 'entry' | 'refused' | 'exception' | 'interrupt' | 'transfer' | 'halted' | 'shutdown';
  /** Which of that kind: the cause of an exit (`cr-write`), a vector (`13`, `20h`), a transfer (`iret`); empty for any. */
  readonly name: string;
  /** From 1. */
  readonly count: number;
  /** Steps from right behind the event: -1 is right before it. */
  readonly steps: number;
}

/** A field of a VMCS or VMCB, as it lies in memory. */
export interface BlockField {
  /** VMCS encoding or VMCB offset: `6802h`. */
  readonly id: string;
  /** The manual's name. */
  readonly name: string;
  /** Upper-case hex, of as many digits as the field has. */
  readonly value: string;
  /** What the value says: the controls that are on, an event, a segment's rights. Empty when it is just a number. */
  readonly meaning: string;
  /** The rule that refused the last entry speaks of it. */
  readonly refused: boolean;
}

export interface BlockGroup {
  /** `Guest state` */
  readonly title: string;
  /** Who reads and writes it, and when. */
  readonly when: string;
  readonly fields: readonly BlockField[];
}

/** The memory through which monitor and processor speak of one guest: VT-x's VMCS, AMD-V's VMCB. */
export interface BlockView {
  readonly kind: 'VMCS' | 'VMCB';
  /** 0 when no guest has been entered with it. */
  readonly vm: number;
  readonly address: number;
  /** `launched`, `clear`; empty for a VMCB. */
  readonly state: string;
  /** The rule by which the processor refused the last entry, until one succeeds; else empty. */
  readonly refusal: string;
  readonly groups: readonly BlockGroup[];
}

export interface FailureView {
  /** `triple fault`, `not implemented`, ... */
  readonly kind: string;
  readonly title: string;
  /** The chain of faults, oldest first: `#GP(0) at 00100042: …`. */
  readonly chain: readonly string[];
}

export interface StageView {
  readonly n: number;
  readonly cycle: number;
  /** True when no further step can happen without input. */
  readonly ended: boolean;
  /** `halted`, `shutdown`, `debug-exit`, ... when ended; `listening`: halted, but a key typed at a console wakes it. */
  readonly end: string;
  readonly who: Who;
  /** One sentence, present tense; `*name*` marks a program's name. */
  readonly sentence: string;
  /** Of the processor; null when it has no virtualization extension. */
  readonly vendor: Vendor | null;
  /** Null without a monitor that uses the extension. */
  readonly paging: Paging | null;
  readonly rings: RingsView;
  readonly stream: StreamView;
  readonly exits: ExitsView;
  readonly registers: readonly RegisterView[];
  readonly flags: readonly FlagView[];
  readonly walk: WalkView | null;
  readonly consoles: readonly ConsoleView[];
  readonly timeline: TimelineView;
  readonly failure: FailureView | null;
  /** Only when asked for; null also where the processor has no current one. */
  readonly block: BlockView | null;
  /** hash(n) of the whole machine, only when asked for. */
  readonly hash: string;
}

export interface Technique {
  readonly id: Vmm;
  /** `Bare metal`, `VT-x`, `AMD-V` */
  readonly title: string;
  /** Those it can be opened with; the first is its own. Empty where there is no choice. */
  readonly pagings: readonly Paging[];
}

export interface ScenarioView {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly techniques: readonly Technique[];
}

export interface SourceFile {
  /** In src/guest: `first-exit/monitor.inc`. */
  readonly path: string;
  readonly text: string;
  /** The image it belongs to: `first-exit/first-exit.asm`. */
  readonly image: string;
}

export interface SourceError {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** The shortest fix; may be empty. */
  readonly hint: string;
}
