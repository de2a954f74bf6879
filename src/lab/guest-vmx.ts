/** The same machine as a guest of VT-x: SDM vol 3, chapters 24 to 26. */
import type { Cpu } from '../cpu/cpu.ts';
import { flags, setFlags } from '../cpu/flags.ts';
import * as bit from '../cpu/registers.ts';
import { FLAT_CODE, FLAT_DATA, setCpl, setSegment } from '../cpu/segments.ts';
import { at, BASE, LDTR, LIMIT, RIGHTS, segmentAt, TR } from '../cpu/state.ts';
import { type Allowed, capabilities } from '../cpu/virt/vmx/capabilities.ts';
import * as control from '../cpu/virt/vmx/controls.ts';
import { GUEST_SEGMENTS } from '../cpu/virt/vmx/exit.ts';
import { type FieldKey, LAUNCH_SLOT, REVISION_SLOT, slot } from '../cpu/virt/vmx/fields.ts';
import type { Symbols } from './states.ts';

/** Every control that makes an instruction exit. */
const PRIMARY_ALL =
  control.PRIMARY_HLT |
  control.PRIMARY_INVLPG |
  control.PRIMARY_MWAIT |
  control.PRIMARY_RDPMC |
  control.PRIMARY_RDTSC |
  control.PRIMARY_CR3_LOAD |
  control.PRIMARY_CR3_STORE |
  control.PRIMARY_MOV_DR |
  control.PRIMARY_UNCONDITIONAL_IO |
  control.PRIMARY_MONITOR |
  control.PRIMARY_PAUSE;
const SECONDARY_ALL = control.SECONDARY_DESCRIPTOR_TABLE | control.SECONDARY_WBINVD;
/** Exceptions that instructions raise by being executed: #DB of INT1, #BP, #OF. */
const TRAPS = (1 << 1) | (1 << 3) | (1 << 4);

const within = (wanted: number, { must, may }: Allowed): number => must | (wanted & may);

/** Copies the state that the processor is in into the guest's fields of a VMCS. */
export function copyVmxGuest(cpu: Cpu, vmcs: number): void {
  const { s } = cpu;
  const words = cpu.memory.dwords;
  const region = vmcs >>> 2;
  for (const { segment, selector, base, limit, rights } of GUEST_SEGMENTS) {
    const from = segmentAt(segment);
    words[region + selector] = s[from];
    words[region + base] = s[from + BASE];
    words[region + limit] = s[from + LIMIT];
    words[region + rights] = s[from + RIGHTS];
  }
  const fields: Partial<Record<FieldKey, number>> = {
    guestCr0: s[at.cr0] | bit.CR0_NE,
    guestCr3: s[at.cr3],
    guestCr4: s[at.cr4] | bit.CR4_VMXE,
    guestDr7: s[at.dr7],
    guestDebugctl: s[at.debugctl],
    guestEsp: s[at.esp],
    guestEip: s[at.eip],
    guestEflags: flags(cpu),
    guestGdtrBase: s[at.gdtrBase],
    guestGdtrLimit: s[at.gdtrLimit],
    guestIdtrBase: s[at.idtrBase],
    guestIdtrLimit: s[at.idtrLimit],
    guestSysenterCs: s[at.sysenterCs],
    guestSysenterEsp: s[at.sysenterEsp],
    guestSysenterEip: s[at.sysenterEip],
  };
  for (const [key, value] of Object.entries(fields)) words[region + slot[key as FieldKey]] = value;
}

/** Makes the state that the processor is in that of a guest, and the processor its monitor, in front of VMLAUNCH. */
export function becomeVmxGuest(cpu: Cpu, symbol: Symbols, all: boolean): void {
  const { s } = cpu;
  const words = cpu.memory.dwords;
  const region = symbol('vmcs_a') >>> 2;
  const offer = capabilities(cpu.profile);
  const zeros = symbol('hsave');
  cpu.memory.touch(symbol('vmcs_a') >>> 12);
  words.fill(0, region, region + 1024);
  words[region + REVISION_SLOT] = offer.revision;
  words[region + LAUNCH_SLOT] = 0;
  copyVmxGuest(cpu, symbol('vmcs_a'));
  const hasSecondary = (offer.primary.may & control.PRIMARY_SECONDARY) !== 0;
  const bitmaps = all ? 0 : control.PRIMARY_IO_BITMAPS | control.PRIMARY_MSR_BITMAPS;
  const fields: Partial<Record<FieldKey, number>> = {
    pinControls: within(control.PIN_EXTERNAL_INTERRUPT | control.PIN_NMI, offer.pin),
    primaryControls: within((all ? PRIMARY_ALL : 0) | bitmaps | (hasSecondary ? control.PRIMARY_SECONDARY : 0), offer.primary),
    secondaryControls: hasSecondary ? within((all ? SECONDARY_ALL : 0) | control.SECONDARY_RDTSCP, offer.secondary) : 0,
    exitControls: within(0, offer.exit),
    entryControls: within(0, offer.entry),
    exceptionBitmap: all ? TRAPS : 0,
    cr0Mask: all ? -1 : bit.CR0_NE,
    cr0Shadow: s[at.cr0],
    cr4Mask: all ? -1 : bit.CR4_VMXE,
    cr4Shadow: s[at.cr4],
    ioBitmapA: zeros,
    ioBitmapB: zeros,
    msrBitmap: zeros,
    hostCr0: HOST_CR0,
    hostCr3: symbol('directory_b'),
    hostCr4: bit.CR4_VMXE | bit.CR4_PSE,
    hostCsSelector: symbol('CODE'),
    hostSsSelector: symbol('DATA'),
    hostDsSelector: symbol('DATA'),
    hostEsSelector: symbol('DATA'),
    hostTrSelector: symbol('TSS_B'),
    hostTrBase: symbol('tss_b'),
    hostGdtrBase: symbol('gdt_b'),
    hostIdtrBase: symbol('idt_b'),
    hostEsp: symbol('kernel_stack_b'),
    hostEip: symbol('host_exit'),
    hostSysenterEip: symbol('landing_b'),
    linkPointer: -1,
  };
  for (const [key, value] of Object.entries(fields) as [FieldKey, number][]) words[region + slot[key]] = value;
  words[region + slot.linkPointer + 1] = -1;
  s[at.vmxOn] = 1;
  s[at.vmxonPointer] = symbol('vmxon_region');
  s[at.vmcsPointer] = symbol('vmcs_a');
  becomeHost(cpu, symbol);
  s[at.cr4] |= bit.CR4_VMXE;
  s[at.eip] = symbol('host_vmx');
}

const HOST_CR0 = bit.CR0_PG | bit.CR0_NE | bit.CR0_ET | bit.CR0_PE;

/** Ring 0 of the monitor: nothing in it is as in its guest. */
export function becomeHost(cpu: Cpu, symbol: Symbols): void {
  const { s } = cpu;
  s[at.cr0] = HOST_CR0;
  s[at.cr3] = symbol('directory_b');
  s[at.cr4] = bit.CR4_PSE;
  s[at.interruptibility] = 0;
  setFlags(cpu, bit.FLAGS_FIXED);
  setSegment(cpu, 1, symbol('CODE'), 0, -1, FLAT_CODE);
  for (const segment of [0, 2, 3, 4, 5]) setSegment(cpu, segment, symbol('DATA'), 0, -1, FLAT_DATA);
  setSegment(cpu, LDTR, 0, 0, 0, bit.RIGHTS_UNUSABLE);
  setSegment(cpu, TR, symbol('TSS_B'), symbol('tss_b'), 0xea, 0x8b);
  [s[at.gdtrBase], s[at.gdtrLimit]] = [symbol('gdt_b'), 0xffff];
  [s[at.idtrBase], s[at.idtrLimit]] = [symbol('idt_b'), 0xffff];
  setCpl(cpu, 0);
}
