/** Differences from a peer that are meant, each with its reason. What is not listed here is a difference to explain or to mend. */
import type { PeerName } from './peers.ts';

export interface Exemption {
  readonly peer: PeerName;
  readonly image: RegExp;
  /** Our line. */
  readonly line: RegExp;
  /** What alone may differ; 'stopped': the peer has printed nothing more. Undefined: the whole line. */
  readonly apart?: RegExp | 'stopped';
  readonly why: string;
}

const bochs = (image: RegExp, line: RegExp, why: string, apart?: Exemption['apart']): Exemption => ({
  peer: 'bochs',
  image,
  line,
  why,
  ...(apart === undefined ? {} : { apart }),
});
const qemu = (image: RegExp, line: RegExp, why: string, apart?: Exemption['apart']): Exemption => ({
  ...bochs(image, line, why, apart),
  peer: 'qemu',
});

const VMX: readonly Exemption[] = [
  bochs(/^vmx-windows/, /^virtual NMI injected while blocked:/, 'SDM vol 3, 26.3.1.5: no NMI is injected while virtual NMIs are blocked'),
  bochs(
    /^vmx-windows/,
    /^timer 0 while STI blocks:/,
    'SDM vol 3, 26.7.4: a timer that expires during the entry exits before any instruction',
  ),
  bochs(
    /^vmx-windows/,
    /^(interrupt exits, HLT|NMI window in HLT):/,
    'SDM vol 3, 27.1: an event that exits directly ends the inactive state only after the exit, which saves it',
    / activity 00000001/,
  ),
  bochs(/^vmx-windows/, /^window, STI, HLT:/, 'SDM vol 3, 26.7.5: the interrupt window wakes from HLT'),
  bochs(/^vmx-registers/, /^CR0: PG cleared:/, 'SDM vol 3, 23.8: PG is fixed to 1 unless the guest is unrestricted'),
  bochs(/^vmx-tasks/, /^virtual-8086: INT n, IOPL 0:/, 'INT n that IOPL refuses is not being delivered', / len 2| during \w{8}/g),
  bochs(/^vmx-entry/, /^DEBUGCTL, reserved bits, not loaded: VMfail 7/, 'the control is one that must be 1 on the first processors'),
  bochs(/^vmx-entry/, /^activity HLT, #UD injected:/, 'SDM vol 3, 26.3.1.5: in HLT #DB and #MC alone may be injected of exceptions'),
  bochs(
    /^vmx-entry/,
    /^pending debug: (no BS, TF|BS, no TF)/,
    'SDM vol 3, 26.3.1.5: BS and TF go together while MOV SS blocks, and in HLT',
  ),
  bochs(/^vmx-ept/, /^misconfigured: page of 2 MiB, bit 12:/, 'SDM vol 3, 28.2.2: bits 20:12 of an entry for 2 MiB are reserved'),
  bochs(
    /^vmx-ept/,
    /^guest's page table read-only, (accessed|dirty) flag to set:/,
    'SDM vol 3, 28.2.3.2: setting a flag of the guest’s tables is a write to them',
  ),
  bochs(
    /^vmx-ept/,
    /^loading a segment: accessed flag in a read-only GDT:/,
    'the manual does not say which byte of the descriptor is written; here its second doubleword',
    /0020501\d linear 0040501\d/,
  ),
  bochs(/^vmx-ept/, /^INVEPT, reserved bits of the descriptor:/, 'SDM vol 3, INVEPT: bits 127:64 of the descriptor must be 0'),
  bochs(
    /^vmx-(tables|real)/,
    /: 46 q /,
    'SDM vol 3, 27.2.4: bit 11 of the instruction information is the operand size',
    / info \w{5}[80]\w\w$/,
  ),
  bochs(
    /^vmx-tables/,
    /^read-modify-write of the ICR:/,
    'the manual does not say which of the two accesses is named; here the write',
    / q 0000[01]300/,
  ),
  bochs(/^vmx-tables/, /^(fetch from the APIC page:|END)/, 'Bochs stops here', 'stopped'),
  bochs(
    /^vmx-real/,
    /^real mode: .* event 8000030[CD]/,
    'SDM vol 3, 27.2.2: no error code is delivered in real mode, and none is said to be valid',
    / event 80000[3B]0[CD](?: error 00000000)?/,
  ),
  bochs(
    /^vmx-nmi/,
    /^out of the guest(?:, and none reaches the host)?: 0 /,
    'SDM vol 3, 27.1: an NMI that exits blocks NMIs only once the exit is complete',
    / blocking 00000008/,
  ),
  bochs(
    /^vmx-later/,
    /^flags: guest's table read-only, its own flags set:/,
    'SDM vol 3, table 27-7: with flags in EPT entries a walk of the guest’s tables reads and writes',
    / q 0000008[AB]/,
  ),
  bochs(
    /^vmx-waits/,
    /^MWAIT exits, a store behind the line:/,
    'Bochs watches more than the 64 bytes that leaf 5 says; SDM vol 2, MWAIT: other events may end a watch',
    / q 0000000[01]/,
  ),
  bochs(/^vmx-waits/, /^VIF and VIP, IOPL 3:/, 'SDM vol 3, 20.3.2: VIF and VIP count below IOPL 3'),
  bochs(/^vmx-later/, /^trap flag/, 'Bochs’s models have no monitor trap flag'),
  bochs(/^vmx-later/, /^(trap flag|END)/, 'Bochs stops here', 'stopped'),
];

const INT_INFO = 'EXITINTINFO of INT n has type 4 and the vector; Bochs leaves what was there';

const SVM: readonly Exemption[] = [
  bochs(/^svm-/, / during 800004/, INT_INFO, / during \w{8}(?: error \w{8})?/),
  bochs(/^svm-nmi/, /^beyond the IDT: 004D/, 'Bochs leaves EXITINTINFO of an NMI as it was', / during \w{8}/),
  bochs(/^svm-exceptions/, /^#PF that exits leaves CR2:/, 'VMRUN loads CR2 from the VMCB'),
  bochs(/^svm-exceptions/, /^(shutdown:|END)/, 'Bochs stops here', 'stopped'),
  bochs(/^svm-interrupts/, /^(virtual interrupt|window)[, ]/, 'Bochs takes a virtual interrupt only after an instruction that sets IF'),
  bochs(
    /^svm-interrupts/,
    /^interrupt, masking, IF=1 in the guest alone:/,
    'with V_INTR_MASKING it is the host’s IF that masks physical interrupts',
  ),
  bochs(/^svm-(entry|npt)/, /^(CR3|N_CR3), upper half:/, 'physical addresses have 32 bits here'),
  bochs(/^svm-entry/, /^EFLAGS\b/, 'reserved bits of EFLAGS cannot be held', / fl \w{8}/),
  bochs(/^svm-entry/, /^after a refusal the state is as it was:/, 'VMRUN that is refused writes no guest state'),
  bochs(
    /^svm-npt/,
    /: fetch: 0400/,
    'bit 4 of the error code exists with no-execute alone, which tables of 32-bit entries lack',
    /:000000[01][45]/,
  ),

  qemu(/^svm-/, / pushed /, 'QEMU pushes EFLAGS without RF', / 000[0-3](?=\w{4}\b)/g),
  qemu(/^svm-entry/, /^000[01]0046$/, 'QEMU pushes EFLAGS without RF', /^000[01]/),
  qemu(/^svm-exceptions/, /^#(DB, INT1|BP|OF):|^INT1,/, 'QEMU takes INT3 and INTO for INT n, and has no INT1'),
  qemu(/^svm-exceptions/, /^#(SS|AC|GP, null selector):/, 'QEMU checks no limits, no alignment and no null selectors'),
  qemu(/^svm-exceptions/, /^(#DF instead|#PF while #PF)/, 'QEMU makes a shutdown of a #DF that is intercepted'),
  qemu(
    /^svm-(exceptions|injection)/,
    /^#(GP while #UD|GP beyond the IDT|NP of the gate)/,
    'QEMU never sets EXT in an error code',
    /(?<= 0000(?!000)\w{3})[23]\b| 000[01](?=0002\b)/g,
  ),
  qemu(/^svm-exceptions/, /^#GP while INT(3|O)/, 'INT3 and INTO are exceptions in EXITINTINFO', / during 80000[34]/),
  qemu(/^svm-injection/, /^#GP without an error code:/, 'an injected exception pushes an error code if the event says so'),
  qemu(/^svm-(injection|tasks)/, /: 007D /, 'QEMU does not intercept task switches'),
  qemu(/^svm-tasks/, /^carried out: a null SS/, 'a fault of the new task has the new task’s EIP', / ip \S+/),
  qemu(
    /^svm-nmi/,
    /^beyond the IDT: 004D/,
    'an NMI has type 2 in EXITINTINFO, and sets EXT in error codes',
    /(?<=info 0000001)\w| during \w{8}/g,
  ),
  qemu(/^svm-interrupts/, /priority of the TPR:/, 'a virtual interrupt needs a priority above the TPR'),
  qemu(/^svm-interrupts/, /in a shadow:/, 'QEMU does not load the interrupt shadow'),
  qemu(/^svm-interrupts/, /^shadow as it is saved: STI with IF=1:/, 'STI casts a shadow only if IF was 0'),
  qemu(/^svm-io/, / 007B /, 'QEMU leaves out the address size of EXITINFO1', / info \w{8}/),
  qemu(/^svm-registers/, /^write of CR0, NW without CD:/, 'QEMU takes CR0.NW without CD'),
  qemu(/^svm-registers/, /^write of CR4, reserved bit/, 'reserved bits of CR4 are #GP, before the intercept'),
  qemu(/^svm-registers/, /^write of DR7, GD:/, 'general detect comes before the intercept'),
  qemu(/^svm-registers/, /^read of DR4 with CR4.DE:/, '#UD comes before the intercept'),
  qemu(/^svm-registers/, /^RDPMC, not intercepted:/, 'RDPMC of a counter that does not exist is #GP'),
  qemu(/^svm-registers/, /^INVD:/, 'INVD has an intercept of its own'),
  qemu(/^svm-entry/, /^CR3, upper half:/, 'physical addresses have 32 bits here'),
  qemu(/^svm-entry/, /^EFLAGS, reserved bits:/, 'reserved bits of EFLAGS cannot be held', / fl \w{8}/),
  qemu(/^svm-entry/, /^CPL [01] with SS.DPL/, 'CPL is loaded from the VMCB', / cpl \d\d/),
  qemu(/^svm-entry/, /^PAE, a reserved bit in a PDPTE:/, 'PDPTEs with reserved bits are an invalid state'),
  qemu(/^svm-entry/, /^after a refusal the state is as it was:/, 'VMRUN that is refused writes no guest state'),
  qemu(/^svm-modes/, /^real mode: #GP beyond a segment:/, 'QEMU checks no limits'),
  qemu(/^svm-modes/, /^unpaged: PAE switched on, a reserved bit/, 'reserved bits in PDPTEs are #GP of the MOV'),
  qemu(/^svm-modes/, /^virtual-8086: VMRUN:/, 'SVM instructions are #UD in virtual-8086 mode'),
];

export const EXEMPTIONS: readonly Exemption[] = [...VMX, ...SVM];
