/**
 * The bank of misconceptions, from which the wrong options of questions stem: what learners have been seen to believe, or can be led to by a name.
 * A lesson names one by its id, to have it among the options. `wrong` must be true wherever `applies` says that the option is offered.
 */
import { worded } from '../../lib/say.ts';
import type { QuestionKind } from '../views.ts';

export interface Misconception {
  readonly kind: QuestionKind;
  /** When its option is offered. */
  readonly applies: string;
  readonly belief: string;
  /** What is so in truth. */
  readonly wrong: string;
}

const GATE = worded(
  'A gate gives CPL the DPL of its code segment, which is the same ring again when it was there already. An interrupt gate also clears IF; a trap gate leaves it.',
);
const POPF = worded(
  'POPF writes IF only where CPL is not greater than IOPL, and IOPL only at CPL 0. Elsewhere it leaves them as they are, without a fault. CLI and STI write IF alone.',
);
const RETURN = worded(
  'IRET takes CPL from the CS that it returns to; SYSEXIT makes it 3. IRET also takes IF from the stack, where CPL was not greater than IOPL; SYSENTER clears it, SYSEXIT leaves it.',
);
const CR0 = worded('A write to CR0 changes the bits in which the old value and the new one differ, and no others.');
const ENTRY = worded(
  'Every use of a page sets A in its entry, a write also D, where they are 0 still; the processor never clears them. That is for the kernel to do.',
);

const misconceptions = {
  'goes-on': {
    kind: 'who',
    applies: 'somebody else runs next',
    belief: 'Whoever runs goes on with the next instruction.',
    wrong: worded('An instruction is carried out only when every check of it holds and no event comes first. Else somebody else runs.'),
  },
  'own-kernel-first': {
    kind: 'who',
    applies: 'somebody runs next who is not the kernel of the machine that runs',
    belief: 'The guest’s own kernel is the first to hear of what its machine does.',
    wrong: worded(
      'A gate leads to the kernel only when an interrupt, a fault or a call comes to the guest, and nobody has asked to see it first.',
    ),
  },
  'hypervisor-watches': {
    kind: 'who',
    applies: 'the hypervisor does not run next',
    belief: 'The hypervisor sees every instruction that matters.',
    wrong: worded('The processor wakes a hypervisor only for what was asked for beforehand. All else runs without it, at full speed.'),
  },
  'monitor-watches': {
    kind: 'who',
    applies: 'a monitor in ring 0 does not run next',
    belief: 'The monitor sees every instruction that matters.',
    wrong: worded(
      'A monitor in ring 0 runs only when a gate leads to it: at an interrupt, a fault or a call. What does not fault passes it by.',
    ),
  },
  'handler-decides': {
    kind: 'who',
    applies: 'the kernel runs, and no gate is taken',
    belief: 'What touches the machine raises a fault, even in ring 0.',
    wrong: worded('A fault comes only when a check fails; in ring 0 those of privilege hold.'),
  },
  'back-to-program': {
    kind: 'who',
    applies: 'the kernel or the hypervisor runs, and no program runs next',
    belief: 'After such an instruction the program goes on.',
    wrong: worded('The way out to ring 3 is an instruction of its own, such as IRET, SYSEXIT or an entry of a guest that was there.'),
  },
  'entry-to-kernel': {
    kind: 'who',
    applies: 'the hypervisor runs, and the guest’s kernel does not run next',
    belief: 'A guest is always entered in its kernel.',
    wrong: worded('An entry goes to where the guest’s state says, in whatever ring that was; and until the entry the hypervisor goes on.'),
  },
  'every-crossing-switches': {
    kind: 'who',
    applies: 'no other virtual machine runs next',
    belief: 'Whenever control is taken away, it is somebody else’s turn.',
    wrong: worded('To change rings is not to change programs or machines: software decides that later, and rarely.'),
  },
  'another-ring': {
    kind: 'who',
    applies: 'code outside ring 0 runs next, or now, and that ring does not come next',
    belief: 'The rings are climbed one by one.',
    wrong: worded('A gate leads from any ring to the one its code segment names, past those between.'),
  },
  'inner-hypervisor-acts': {
    kind: 'who',
    applies: 'one hypervisor is the guest of another, and the inner one does not run next',
    belief: 'The exits of a guest go to the hypervisor that made it.',
    wrong: worded('The processor knows one host. Every exit goes there, and the host decides what the inner hypervisor gets to see.'),
  },
  'processor-stops': {
    kind: 'who',
    applies: 'the processor goes on',
    belief: 'What is not allowed stops the machine.',
    wrong: worded('A refusal is an event with a handler. The processor stops only in HLT, or when faults cannot be delivered any more.'),
  },

  'allowed-so-it-runs': {
    kind: 'exit',
    applies: 'the instruction does not run, or not all of it',
    belief: 'It is written in the program, so it is carried out.',
    wrong: worded('Before an instruction acts, its checks are made and the controls of the host are looked at. One of them decided here.'),
  },
  'every-sensitive-exits': {
    kind: 'exit',
    applies: 'a guest stays in its virtual machine',
    belief: 'In a virtual machine every such instruction wakes the hypervisor.',
    wrong: worded(
      'Only what always exits, and what the host has asked for, leaves the guest; and a check of privilege that fails comes before either.',
    ),
  },
  'every-fault-exits': {
    kind: 'exit',
    applies: 'a guest does not leave with an exception',
    belief: 'What goes wrong in a guest is the hypervisor’s business.',
    wrong: worded('A fault of a guest goes through its own IDT unless the host asked for that vector.'),
  },
  'silently-ignored': {
    kind: 'exit',
    applies: 'nothing is left out in silence',
    belief: 'What is not allowed is passed over.',
    wrong: worded(
      'Only a few instructions do that, POPF among them, and here nothing was left out. The rest runs, faults or exits, as a whole.',
    ),
  },
  'privileged-so-it-faults': {
    kind: 'exit',
    applies: 'no general-protection fault is delivered',
    belief: 'Everything that is not a program’s business raises #GP.',
    wrong: worded('#GP is delivered when a check of privilege or of a segment fails, and nobody has asked to see it first.'),
  },
  'forbidden-is-undefined': {
    kind: 'exit',
    applies: 'no #UD is delivered',
    belief: 'An instruction that is not for this ring is unknown there.',
    wrong: worded('#UD is for opcodes that the processor or its mode does not have. The ring is another question.'),
  },
  'memory-refuses': {
    kind: 'exit',
    applies: 'no page fault is delivered',
    belief: 'Memory protection is what stops it.',
    wrong: worded('#PF is delivered when the page tables refuse an address, and nobody has asked to see it first.'),
  },

  'gp-for-everything': {
    kind: 'vector',
    applies: 'another vector is taken',
    belief: 'Whatever is refused is a general-protection fault.',
    wrong: worded('#GP, vector 13, is what remains: where an event has a vector of its own, that is taken.'),
  },
  'ud-for-forbidden': {
    kind: 'vector',
    applies: 'another vector is taken',
    belief: 'What may not be executed is an invalid opcode.',
    wrong: worded('#UD, vector 6, is for opcodes that do not exist, or not in this mode. This was none.'),
  },
  'pf-for-protection': {
    kind: 'vector',
    applies: 'another vector is taken',
    belief: 'Protection is the business of pages.',
    wrong: worded('#PF, vector 14, comes from the walk of an address through the page tables. That was not what happened here.'),
  },
  'df-in-the-kernel': {
    kind: 'vector',
    applies: 'another vector is taken',
    belief: 'A fault in a bad place is a double fault.',
    wrong: worded('#DF, vector 8, comes when a fault cannot be delivered because its delivery faults. This one was delivered.'),
  },
  'np-for-pages': {
    kind: 'vector',
    applies: 'another vector is taken',
    belief: 'Not present is #NP.',
    wrong: worded('#NP, vector 11, is about segments and gates whose P is 0; pages have #PF.'),
  },
  'ss-for-stacks': {
    kind: 'vector',
    applies: 'another vector is taken',
    belief: 'Trouble around a stack is a stack fault.',
    wrong: worded('#SS, vector 12, is about the limit or the presence of the stack segment, and here neither failed.'),
  },
  'irq-is-vector': {
    kind: 'vector',
    applies: 'an external interrupt whose line has another number than its vector',
    belief: 'The number of the request line is the vector.',
    wrong: worded('The interrupt controller adds a base, set by the kernel, so that its lines do not meet the vectors of exceptions.'),
  },
  'pic-power-on-base': {
    kind: 'vector',
    applies: 'an external interrupt, where the controller has another base than a PC starts with',
    belief: 'IRQ 0 is vector 8, as the PC’s firmware leaves it.',
    wrong: worded('In protected mode vectors 8 to 15 are exceptions, so kernels give the controller another base: this one did.'),
  },
  'interrupts-are-nmi': {
    kind: 'vector',
    applies: 'another vector is taken',
    belief: 'What comes from outside is vector 2.',
    wrong: worded('Vector 2 is the NMI alone, which no flag holds back. The lines of the interrupt controller have other vectors.'),
  },
  'int-always-its-gate': {
    kind: 'vector',
    applies: 'INT n is refused',
    belief: 'INT n leads through gate n, whoever executes it.',
    wrong: worded('A program may use a gate only if CPL is not greater than the gate’s DPL. Else INT n is a general-protection fault.'),
  },
  'hex-read-as-decimal': {
    kind: 'vector',
    applies: 'INT n with a number that can be read as a decimal one',
    belief: 'The number in the source is decimal.',
    wrong: worded('The h behind a number says that it is hexadecimal: 80h is 128.'),
  },
  'neighbour-vector': {
    kind: 'vector',
    applies: 'another vector is taken',
    belief: 'Similar names, similar numbers.',
    wrong: worded('Each exception has its own vector (SDM vol 3, table 6-1). The one with this number is another.'),
  },
  'first-fault-stands': {
    kind: 'vector',
    applies: 'a double fault is delivered',
    belief: 'The first fault is the one that counts.',
    wrong: worded('Its delivery faulted as well. Of the two the processor makes a double fault.'),
  },

  'p-means-missing': {
    kind: 'bit',
    applies: 'the error code of a page fault',
    belief: 'P in the error code says that the page is missing; or that it is there, but the fault means it is not.',
    wrong: worded('P is 0 when an entry on the way was not present, 1 when all were and one of them forbade the use.'),
  },
  'read-for-write': {
    kind: 'bit',
    applies: 'the error code of a page fault',
    belief: 'W/R tells what the page allows.',
    wrong: worded('W/R tells what was tried: 1 for a write, 0 for a read or a fetch. What the page allows stands in its entry.'),
  },
  'u-means-the-page': {
    kind: 'bit',
    applies: 'the error code of a page fault',
    belief: 'U/S tells whose page it is.',
    wrong: worded('U/S tells who tried: 1 at CPL 3, 0 below. Whose page it is stands in its entry.'),
  },
  'iopl-guards-all': {
    kind: 'bit',
    applies: '#GP from a check that is not IOPL’s',
    belief: 'IOPL decides on everything that is about the machine.',
    wrong: worded('IOPL is asked for CLI, STI and the ports, and by POPF and IRET for IF. This instruction does not ask it.'),
  },
  'cpl-0-always': {
    kind: 'bit',
    applies: '#GP from a check that does not want CPL 0',
    belief: 'What is sensitive wants ring 0.',
    wrong: worded('Some instructions are for CPL 0 alone. This one asks a softer question, which could be answered with yes in ring 3.'),
  },
  'if-locks': {
    kind: 'bit',
    applies: '#GP',
    belief: 'IF says whether interrupts may be meddled with.',
    wrong: worded('IF says whether interrupts are taken. No instruction asks it for permission.'),
  },
  'pages-guard-instructions': {
    kind: 'bit',
    applies: '#GP',
    belief: 'U/S of the page decides what its code may do.',
    wrong: worded('U/S decides who may use the page. What code may do follows from CPL.'),
  },
  'rpl-decides': {
    kind: 'bit',
    applies: '#GP at a gate',
    belief: 'RPL of the selector in the gate decides.',
    wrong: worded('RPL of the selector in a gate is not looked at. The gate’s own DPL says who may call it.'),
  },
  'gate-changes-ring-alone': {
    kind: 'bit',
    applies: 'a gate is taken',
    belief: 'A gate changes the ring, and nothing else.',
    wrong: GATE,
  },
  'gate-clears-if-alone': {
    kind: 'bit',
    applies: 'a gate is taken',
    belief: 'A gate closes interrupts, and nothing else.',
    wrong: GATE,
  },
  'gate-always-both': {
    kind: 'bit',
    applies: 'a gate is taken',
    belief: 'Every gate changes the ring and closes interrupts.',
    wrong: GATE,
  },
  'gate-like-a-call': { kind: 'bit', applies: 'a gate is taken', belief: 'A gate is a call, no more.', wrong: GATE },
  'popf-sets-if': {
    kind: 'bit',
    applies: 'POPF, CLI, STI',
    belief: 'POPF sets IF as the stack has it, whoever executes it.',
    wrong: POPF,
  },
  'popf-sets-iopl': { kind: 'bit', applies: 'POPF, CLI, STI', belief: 'IOPL is a program’s own to change.', wrong: POPF },
  'popf-sets-all': { kind: 'bit', applies: 'POPF, CLI, STI', belief: 'All flags come from the stack.', wrong: POPF },
  'popf-sets-none': { kind: 'bit', applies: 'POPF, CLI, STI', belief: 'The flags of the system are never touched.', wrong: POPF },
  'return-changes-ring-alone': {
    kind: 'bit',
    applies: 'IRET, SYSENTER, SYSEXIT',
    belief: 'The way back changes the ring, and no flag.',
    wrong: RETURN,
  },
  'return-opens-if-alone': {
    kind: 'bit',
    applies: 'IRET, SYSENTER, SYSEXIT',
    belief: 'The way back is about interrupts.',
    wrong: RETURN,
  },
  'return-always-both': {
    kind: 'bit',
    applies: 'IRET, SYSENTER, SYSEXIT',
    belief: 'The way back changes the ring and IF, always.',
    wrong: RETURN,
  },
  'return-like-a-ret': {
    kind: 'bit',
    applies: 'IRET, SYSENTER, SYSEXIT',
    belief: 'The way back only pops an address.',
    wrong: RETURN,
  },
  'cr0-one-bit': { kind: 'bit', applies: 'a write to CR0', belief: 'One write, one bit.', wrong: CR0 },
  'cr0-both-bits': { kind: 'bit', applies: 'a write to CR0', belief: 'The two go together.', wrong: CR0 },
  'cr0-no-bit': { kind: 'bit', applies: 'a write to CR0', belief: 'It writes what was there already.', wrong: CR0 },
  'a-alone': { kind: 'bit', applies: 'the entry of a page is used', belief: 'Whatever is done to a page sets A.', wrong: ENTRY },
  'd-alone': { kind: 'bit', applies: 'the entry of a page is used', belief: 'A write sets D, a read sets A.', wrong: ENTRY },
  'a-and-d-together': { kind: 'bit', applies: 'the entry of a page is used', belief: 'A and D are set together.', wrong: ENTRY },
  'kernel-sets-a-and-d': { kind: 'bit', applies: 'the entry of a page is used', belief: 'The kernel keeps A and D.', wrong: ENTRY },

  'reason-is-vector': {
    kind: 'reason',
    applies: 'an exit for an exception or an interrupt',
    belief: 'The code of the exit is the vector.',
    wrong: worded('The code says what kind of event it was. Its vector stands beside it, in another field.'),
  },
  'exception-for-all': {
    kind: 'reason',
    applies: 'an exit for anything but an exception',
    belief: 'Every exit is a kind of fault.',
    wrong: worded('An exit is no exception: nothing was wrong with the instruction, and no vector was raised.'),
  },
  'pages-are-ept': {
    kind: 'reason',
    applies: 'an exit that does not come from nested tables',
    belief: 'Memory and devices of a guest are the nested tables’ business.',
    wrong: worded('The nested tables are asked for guest-physical addresses only, and did not refuse one here.'),
  },
  'call-for-all': {
    kind: 'reason',
    applies: 'an exit that no hypercall made',
    belief: 'A guest asks its hypervisor.',
    wrong: worded('A hypercall is an instruction of its own, and this was none: the guest was stopped.'),
  },
  'neighbour-reason': {
    kind: 'reason',
    applies: 'any exit',
    belief: 'Registers, ports and instructions of the machine are all one.',
    wrong: worded('Each kind of event and of instruction has a code of its own, and this is another’s.'),
  },
} as const satisfies Readonly<Record<string, Misconception>>;

export type MisconceptionId = keyof typeof misconceptions;

export const MISCONCEPTIONS: Readonly<Record<MisconceptionId, Misconception>> = misconceptions;
