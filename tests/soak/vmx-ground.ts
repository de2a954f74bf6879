/** Guests of VT-x: random states under random controls, whose monitor skips, reflects, injects or begins anew. */
import type { Cpu } from '../../src/cpu/cpu.ts';
import { setFlags } from '../../src/cpu/flags.ts';
import { type Profile, processorProfile } from '../../src/cpu/profiles.ts';
import * as bit from '../../src/cpu/registers.ts';
import { run } from '../../src/cpu/run.ts';
import { FLAT_CODE, FLAT_DATA, setSegment } from '../../src/cpu/segments.ts';
import { at, LDTR, TR } from '../../src/cpu/state.ts';
import { type Allowed, type Capabilities, capabilities } from '../../src/cpu/virt/vmx/capabilities.ts';
import * as control from '../../src/cpu/virt/vmx/controls.ts';
import { type FieldKey, LAUNCH_SLOT, REVISION_SLOT, slot } from '../../src/cpu/virt/vmx/fields.ts';
import { INFO_ERROR_CODE, INFO_VALID } from '../../src/cpu/virt/vmx/interruption.ts';
import { REASON } from '../../src/cpu/virt/vmx/reasons.ts';
import { copyVmxGuest } from '../../src/lab/guest-vmx.ts';
import type { Random } from '../support/random.ts';
import { type Ground, hasSpoiledPointers } from './guests.ts';
import * as place from './layout.ts';
import type { SoakBus } from './soak-bus.ts';
import { type Mode, scramble } from './states.ts';

const PROFILES: readonly Profile[] = ['yonah', 'penryn', 'lynnfield', 'westmere', 'haswell'].map(processorProfile);
const offered = new Map<Profile, Capabilities>(PROFILES.map((profile) => [profile, capabilities(profile)]));

const hasUnrestricted = (profile: Profile): boolean => (offered.get(profile)!.secondary.may & control.SECONDARY_UNRESTRICTED) !== 0;
const needsUnrestricted = ({ level, paging }: Mode): boolean => level === 'real' || paging === 'off';

const HOST_CR0 = bit.CR0_PG | bit.CR0_NE | bit.CR0_ET | bit.CR0_PE;
const HOST_CR4 = bit.CR4_VMXE | bit.CR4_PSE;
const VMCS = place.VMCS_REGION >>> 2;
/** VMLAUNCH and VMRESUME. */
const ENTRIES = [0x0f, 0x01, 0xc2, 0x0f, 0x01, 0xc3];
const LENGTH = 3;

const write = (cpu: Cpu, key: FieldKey, value: number, high = 0): void => {
  const place = VMCS + slot[key];
  cpu.memory.dwords[place] = value;
  if (HIGH.has(key)) cpu.memory.dwords[place + 1] = high;
};
const read = (cpu: Cpu, key: FieldKey): number => cpu.memory.dwords[VMCS + slot[key]];
const HIGH: ReadonlySet<FieldKey> = new Set<FieldKey>([
  'ioBitmapA',
  'ioBitmapB',
  'msrBitmap',
  'exitMsrStoreAddress',
  'exitMsrLoadAddress',
  'entryMsrLoadAddress',
  'tscOffset',
  'virtualApicAddress',
  'apicAccessAddress',
  'eptPointer',
  'linkPointer',
  'guestDebugctl',
  'guestPat',
  'guestEfer',
  'guestPdpte0',
  'guestPdpte1',
  'guestPdpte2',
  'guestPdpte3',
  'hostPat',
  'hostEfer',
]);

/** Copies the processor's state into the guest's fields. */
function writeGuest(cpu: Cpu): void {
  const { s } = cpu;
  copyVmxGuest(cpu, place.VMCS_REGION);
  const fields: Partial<Record<FieldKey, number>> = {
    guestInterruptibility: s[at.interruptibility],
    guestActivity: 0,
    guestPendingDebug: 0,
    guestPdpte0: place.DIRECTORY_PAE | 1,
    guestPdpte1: place.DIRECTORY_PAE | 1,
    guestPdpte2: place.DIRECTORY_PAE | 1,
    guestPdpte3: place.DIRECTORY_PAE | 1,
  };
  for (const [key, value] of Object.entries(fields) as [FieldKey, number][]) write(cpu, key, value);
  write(cpu, 'guestPat', 0x00070406, 0x00070406);
  write(cpu, 'guestEfer', s[at.efer]);
}

const some = (random: Random, { must, may }: Allowed): number => must | (may & random.dword() & (random.oneIn(2) ? random.dword() : -1));

/** Controls that pass the checks: random ones, and then those that the checks couple. */
function writeControls(cpu: Cpu, random: Random, mode: Mode): void {
  const offer = offered.get(cpu.profile)!;
  let pin = some(random, offer.pin);
  let primary = some(random, offer.primary);
  let secondary = some(random, offer.secondary);
  let exit = some(random, offer.exit);
  const entry = some(random, offer.entry) & ~(control.ENTRY_IA32E | control.ENTRY_TO_SMM | control.ENTRY_DEACTIVATE_DUAL_MONITOR);
  exit &= ~control.EXIT_64_BIT_HOST;
  if (needsUnrestricted(mode)) {
    primary |= control.PRIMARY_SECONDARY;
    secondary |= control.SECONDARY_UNRESTRICTED | control.SECONDARY_EPT;
  }
  if ((secondary & control.SECONDARY_EPT) === 0) secondary &= ~control.SECONDARY_UNRESTRICTED;
  if ((primary & control.PRIMARY_TPR_SHADOW) === 0 || (secondary & control.SECONDARY_APIC_ACCESSES) !== 0)
    secondary &= ~control.SECONDARY_X2APIC;
  if ((pin & control.PIN_NMI) === 0) pin &= ~control.PIN_VIRTUAL_NMIS;
  if ((pin & control.PIN_VIRTUAL_NMIS) === 0) primary &= ~control.PRIMARY_NMI_WINDOW;
  if ((pin & control.PIN_TIMER) === 0) exit &= ~control.EXIT_SAVE_TIMER;
  if (random.oneIn(2)) primary &= ~(control.PRIMARY_INTERRUPT_WINDOW | control.PRIMARY_NMI_WINDOW);
  if (!random.oneIn(8)) primary &= ~control.PRIMARY_MONITOR_TRAP_FLAG;
  const values: Partial<Record<FieldKey, number>> = {
    pinControls: pin,
    primaryControls: primary,
    secondaryControls: secondary,
    exitControls: exit,
    entryControls: entry,
    exceptionBitmap: random.dword() & random.dword() & random.dword(),
    pageFaultMask: random.oneIn(2) ? 0 : random.below(32),
    pageFaultMatch: random.oneIn(2) ? 0 : random.below(32),
    cr3TargetCount: random.below(offer.cr3Targets + 1),
    cr3Target0: place.DIRECTORY,
    cr3Target1: place.POINTERS_PAE,
    cr3Target2: random.dword(),
    cr3Target3: 0,
    cr0Mask: random.dword() & random.dword(),
    cr0Shadow: random.dword(),
    cr4Mask: random.dword() & random.dword(),
    cr4Shadow: random.dword(),
    ioBitmapA: place.IO_BITMAP_A,
    ioBitmapB: place.IO_BITMAP_B,
    msrBitmap: place.MSR_BITMAP,
    virtualApicAddress: place.VIRTUAL_APIC,
    apicAccessAddress: place.APIC_ACCESS,
    tprThreshold: 0,
    eptPointer: place.EPT | (3 << 3) | 6,
    vpid: 1 + random.below(3),
    preemptionTimer: random.below(20),
    pauseLoopGap: random.below(200),
    pauseLoopWindow: random.below(2000),
    tscOffset: random.dword(),
    exitMsrStoreCount: 0,
    exitMsrLoadCount: 0,
    entryMsrLoadCount: 0,
    entryInterruptionInfo: 0,
    linkPointer: -1,
  };
  for (const [key, value] of Object.entries(values) as [FieldKey, number][]) write(cpu, key, value);
  write(cpu, 'linkPointer', -1, -1);
}

function writeHost(cpu: Cpu): void {
  const values: Partial<Record<FieldKey, number>> = {
    hostCr0: HOST_CR0,
    hostCr3: place.HOST_DIRECTORY,
    hostCr4: HOST_CR4,
    hostCsSelector: 0x08,
    hostSsSelector: 0x10,
    hostDsSelector: 0x10,
    hostEsSelector: 0x10,
    hostFsSelector: 0,
    hostGsSelector: 0,
    hostTrSelector: 0x18,
    hostEsp: place.HOST_CODE + 0x800,
    hostEip: place.HOST_CODE,
  };
  for (const [key, value] of Object.entries(values) as [FieldKey, number][]) write(cpu, key, value);
  write(cpu, 'hostPat', 0x00070406, 0x00070406);
  write(cpu, 'hostEfer', 0);
}

/** Root operation, in front of an entry. */
function becomeHost(cpu: Cpu): void {
  const { s } = cpu;
  s[at.cr0] = HOST_CR0;
  s[at.cr3] = place.HOST_DIRECTORY;
  s[at.cr4] = HOST_CR4;
  s[at.efer] = 0;
  s[at.interruptibility] = 0;
  s[at.dr7] = 0x400;
  setFlags(cpu, bit.FLAGS_FIXED);
  s[at.vmxOn] = 1;
  s[at.vmxonPointer] = place.VMXON_REGION;
  s[at.vmcsPointer] = place.VMCS_REGION;
  setSegment(cpu, 1, 0x08, 0, -1, FLAT_CODE);
  for (const segment of [0, 2, 3, 4, 5]) setSegment(cpu, segment, 0x10, 0, -1, FLAT_DATA);
  setSegment(cpu, LDTR, 0, 0, 0, bit.RIGHTS_UNUSABLE);
  setSegment(cpu, TR, 0x18, 0, 0x67, 0x8b);
  cpu.s[at.cpl] = 0;
  cpu.translation.setCpl(0);
}

/** Enters by VMLAUNCH or VMRESUME. Returns why not, or empty. */
function enter(cpu: Cpu, launch: boolean): string {
  const bus = cpu.bus as SoakBus;
  bus.refusal = '';
  bus.stopped = false;
  cpu.s[at.eip] = place.HOST_CODE + (launch ? 0 : LENGTH);
  run(cpu, cpu.steps + 1);
  return bus.refusal;
}

const INJECTED: readonly (readonly [info: number, length: number])[] = [
  [0x306, 0],
  [0xb0d, 0],
  [0xb0e, 0],
  [0x202, 0],
  [0x420, 2],
  [0x603, 1],
  [0x501, 1],
  [0x320 - 0x20, 0],
];

/** Reasons after which the guest goes on behind the instruction. */
const SKIPPED: ReadonlySet<number> = new Set<number>([
  REASON.TASK_SWITCH,
  ...Object.values(REASON).filter((code) => code >= REASON.CPUID && code <= REASON.IO_INSTRUCTION),
  REASON.RDMSR,
  REASON.WRMSR,
  REASON.PAUSE,
  REASON.GDTR_OR_IDTR_ACCESS,
  REASON.LDTR_OR_TR_ACCESS,
  REASON.INVEPT,
  REASON.INVVPID,
  REASON.WBINVD,
]);

function inject(cpu: Cpu, random: Random, info: number, errorCode: number, length: number): void {
  const activity = read(cpu, 'guestActivity');
  if (activity !== 0 || (read(cpu, 'guestInterruptibility') & 3) !== 0) return;
  if ((info & 0x700) === 0x200 && (read(cpu, 'guestInterruptibility') & bit.BLOCKED_BY_NMI) !== 0) return;
  const protectedMode = (read(cpu, 'guestCr0') & bit.CR0_PE) !== 0;
  write(cpu, 'entryInterruptionInfo', (protectedMode ? info : info & ~INFO_ERROR_CODE) | INFO_VALID);
  write(cpu, 'entryErrorCode', errorCode & 0x7fff);
  write(cpu, 'entryInstructionLength', length === 0 ? 1 + random.below(15) : length);
}

/** SDM vol 3, 24.4.2. */
const ACTIVITY_HLT = 1;

/**
 * A #DB that exits, or whose delivery does, is the monitor's: in the shadow of STI or MOV SS, and in a guest that it woke from HLT, the monitor must put
 * BS back itself, or the next entry fails (SDM vol 3, 26.3.1.5).
 */
function keepSingleStep(cpu: Cpu): void {
  const held = (read(cpu, 'guestInterruptibility') & 3) !== 0 || read(cpu, 'guestActivity') === ACTIVITY_HLT;
  if (held && (read(cpu, 'guestEflags') & bit.TF) !== 0) write(cpu, 'guestPendingDebug', 1 << 14);
}

/** Which changes of the monitor may make the state one that an entry refuses. */
function play(cpu: Cpu, random: Random, mode: Mode): boolean {
  const reason = read(cpu, 'exitReason');
  const info = read(cpu, 'exitInterruptionInfo');
  switch (random.below(8)) {
    case 0:
      begin(cpu, random, mode);
      return true;
    case 1: {
      const [event, length] = random.pick(INJECTED);
      inject(cpu, random, event, random.dword(), length);
      break;
    }
    case 2:
      write(cpu, 'guestActivity', 0);
      write(cpu, 'guestEip', 0x100 + random.below(0xf000));
      return true;
    case 3:
      writeControls(cpu, random, mode);
      return true;
    default:
      if (reason === REASON.EXCEPTION_NMI && info < 0 && (info & 0x700) === 0x300) {
        write(cpu, 'exceptionBitmap', read(cpu, 'exceptionBitmap') & ~(1 << (info & 31)));
        if (!random.oneIn(4)) inject(cpu, random, info & 0xfff, read(cpu, 'exitInterruptionErrorCode'), 0);
      }
  }
  if (SKIPPED.has(reason)) {
    write(cpu, 'guestEip', read(cpu, 'guestEip') + read(cpu, 'exitInstructionLength'));
    const blocking = read(cpu, 'guestInterruptibility');
    if ((blocking & 3) !== 0 && (read(cpu, 'guestEflags') & bit.TF) !== 0) return true;
    write(cpu, 'guestInterruptibility', blocking & ~3);
    if ((read(cpu, 'guestEflags') & bit.TF) === 0) write(cpu, 'guestPendingDebug', 0);
  }
  const vectoring = read(cpu, 'vectoringInfo');
  if ((reason === REASON.EXCEPTION_NMI && (info & 0xff) === bit.DB) || (vectoring < 0 && (vectoring & 0xff) === bit.DB))
    keepSingleStep(cpu);
  const refusedBefore = reason < 0;
  if (refusedBefore || reason === REASON.TRIPLE_FAULT || reason === REASON.PREEMPTION_TIMER) begin(cpu, random, mode);
  if (reason === REASON.INTERRUPT_WINDOW) write(cpu, 'primaryControls', read(cpu, 'primaryControls') & ~control.PRIMARY_INTERRUPT_WINDOW);
  if (reason === REASON.NMI_WINDOW) write(cpu, 'primaryControls', read(cpu, 'primaryControls') & ~control.PRIMARY_NMI_WINDOW);
  return false;
}

function begin(cpu: Cpu, random: Random, mode: Mode): void {
  const { s } = cpu;
  const { bytes, dwords } = cpu.memory;
  scramble(cpu, random, mode);
  for (const page of [place.VMCS_REGION, place.HOST_CODE, place.HOST_DIRECTORY, place.IO_BITMAP_A, place.IO_BITMAP_B, place.MSR_BITMAP])
    cpu.memory.touch(page >>> 12);
  dwords.fill(0, VMCS, VMCS + 1024);
  dwords[VMCS + REVISION_SLOT] = offered.get(cpu.profile)!.revision;
  dwords[VMCS + LAUNCH_SLOT] = 0;
  place.fillHostDirectory(dwords);
  for (const page of [place.IO_BITMAP_A, place.IO_BITMAP_B, place.MSR_BITMAP])
    for (let k = 0; k < 32; k++) dwords[(page >>> 2) + random.below(1024)] = random.dword();
  bytes.set(ENTRIES, place.HOST_CODE);
  const nmi = s[at.nmiPending];
  writeGuest(cpu);
  writeControls(cpu, random, mode);
  writeHost(cpu);
  becomeHost(cpu);
  s[at.nmiPending] = nmi;
}

export const VMX_GROUND: Ground = {
  profiles: (mode) => (needsUnrestricted(mode) ? PROFILES.filter(hasUnrestricted) : PROFILES),
  begin(cpu, random, mode) {
    begin(cpu, random, mode);
    enter(cpu, true);
  },
  resume(cpu, random, mode) {
    if (cpu.s[at.activity] === bit.SHUTDOWN) return null;
    const changed = play(cpu, random, mode);
    const launch = cpu.memory.dwords[VMCS + LAUNCH_SLOT] === 0;
    const refused = enter(cpu, launch);
    return refused !== '' && !changed && !(mode.paging === 'pae' && hasSpoiledPointers(cpu, read(cpu, 'guestCr3'))) ? refused : '';
  },
};
