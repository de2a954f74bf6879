/** The system registers of one side: the processor's own, or a guest's as the guest has them. */
import type { Cpu } from '../../cpu/cpu.ts';
import { flags } from '../../cpu/flags.ts';
import { peekLinear } from '../../cpu/peek.ts';
import { CR0_PG, CR4_PSE, IF, IOPL, NT, RIGHTS_UNUSABLE } from '../../cpu/registers.ts';
import { at, BASE, LIMIT, RIGHTS, segmentAt } from '../../cpu/state.ts';
import { hasBlock } from '../../cpu/virt/block.ts';
import { slot as vmcb } from '../../cpu/virt/svm/fields.ts';
import { rightsOf } from '../../cpu/virt/svm/state-save.ts';
import { SECONDARY_EPT } from '../../cpu/virt/vmx/controls.ts';
import { slot as vmcs } from '../../cpu/virt/vmx/fields.ts';
import { secondaryControls, vmread } from '../../cpu/virt/vmx/vmcs.ts';
import { say } from '../../lib/say.ts';
import type { Stage } from '../stage.ts';

/** Segment registers in the order of their numbers. */
export const SEGMENTS = ['ES', 'CS', 'SS', 'DS', 'FS', 'GS', 'LDTR', 'TR'] as const;
export type SegmentName = (typeof SEGMENTS)[number];

export interface Segment {
  readonly name: SegmentName;
  readonly selector: number;
  readonly base: number;
  readonly limit: number;
  /** As a VMCS has it. */
  readonly rights: number;
}

export interface TableRegister {
  readonly base: number;
  readonly limit: number;
}

export interface SystemState {
  /** 0: the processor's own. */
  readonly vm: number;
  readonly whose: string;
  readonly cpl: number;
  readonly cr0: number;
  /** Null where nobody keeps it. */
  readonly cr2: number | null;
  readonly cr3: number;
  readonly cr4: number;
  readonly eflags: number;
  readonly debug: readonly [dr6: number, dr7: number] | null;
  /** Those that are known. */
  readonly segments: readonly Segment[];
  readonly gdtr: TableRegister;
  readonly idtr: TableRegister;
  /** Host-physical address of a linear one by this side's tables, or -1. */
  readonly physical: (linear: number) => number;
}

/** What the processor has now. */
export function processorState({ machine, log }: Stage): SystemState {
  const { cpu } = machine;
  const { s } = cpu;
  const vm = log.runningVm();
  return {
    ...registersOf(cpu),
    vm: 0,
    whose:
      s[at.guest] !== 0
        ? say`What the processor has while VM ${vm} runs. The tables are the guest’s own; CR0, CR3 and CR4 are the monitor’s choice.`
        : vm > 0
          ? say`What the processor has while VM ${vm} runs. All of it is the monitor’s: the guest’s own tables are only read by it.`
          : say`What the processor has.`,
  };
}

function registersOf(cpu: Cpu): Omit<SystemState, 'vm' | 'whose'> {
  const { s } = cpu;
  return {
    cpl: s[at.cpl],
    cr0: s[at.cr0],
    cr2: s[at.cr2],
    cr3: s[at.cr3],
    cr4: s[at.cr4],
    eflags: flags(cpu),
    debug: [s[at.dr6], s[at.dr7]],
    segments: SEGMENTS.map((name, k) => segmentOf(name, s, segmentAt(k))),
    gdtr: { base: s[at.gdtrBase], limit: s[at.gdtrLimit] },
    idtr: { base: s[at.idtrBase], limit: s[at.idtrLimit] },
    physical: (linear) => peekLinear(cpu, linear).physical,
  };
}

const segmentOf = (name: SegmentName, s: Int32Array, first: number): Segment => ({
  name,
  selector: s[first],
  base: s[first + BASE],
  limit: s[first + LIMIT],
  rights: s[first + RIGHTS],
});

/** The virtual machine whose own view there is besides the processor's; 0: none. */
export function guestAtHand(stage: Stage): number {
  const { machine, log, images } = stage;
  const { cpu } = machine;
  if (hasBlock(cpu)) return log.currentVm();
  const vm = images.compressed ? images.variable('current_vm') : 0;
  return vm > 0 && images.believed(vm, 'SOFT.gdt') !== null ? vm : 0;
}

/** What the guest at hand has by its own lights; null when there is none. */
export function guestState(stage: Stage): SystemState | null {
  const vm = guestAtHand(stage);
  if (vm === 0) return null;
  const { cpu } = stage.machine;
  const { virt, s } = cpu;
  if (virt === null || stage.images.compressed) return softState(stage, vm);
  if (s[at.guest] !== 0) return { ...registersOf(cpu), ...beliefs(stage, vm, s[at.cr0], s[at.cr3], s[at.cr4]) };
  return virt.vendor === 'vmx' ? savedInVmcs(stage, vm) : savedInVmcb(stage, vm);
}

/** Control registers as a guest reads them, where the processor holds others for it. */
function beliefs(
  stage: Stage,
  vm: number,
  cr0: number,
  cr3: number,
  cr4: number,
): Pick<SystemState, 'vm' | 'whose' | 'cr0' | 'cr3' | 'cr4'> {
  const { machine, images } = stage;
  const { cpu } = machine;
  const { virt } = cpu;
  const isVmx = virt?.vendor === 'vmx';
  return {
    vm,
    whose: say`What VM ${vm} has by its own lights: what it would read, and its own tables.`,
    cr0: isVmx ? virt.visibleCr(cpu, 0, cr0) : (images.believed(vm, 'VM.cr0') ?? cr0),
    cr3: isNested(cpu) ? cr3 : (images.guestCr3(vm) ?? cr3),
    cr4: isVmx ? virt.visibleCr(cpu, 4, cr4) : (images.believed(vm, 'VM.cr4') ?? cr4),
  };
}

/** Whether the guest of the current VMCS or VMCB has nested tables. */
function isNested(cpu: Cpu): boolean {
  return cpu.virt?.vendor === 'vmx' ? (secondaryControls(cpu) & SECONDARY_EPT) !== 0 : (vmread(cpu, vmcb.npControl) & 1) !== 0;
}

function savedInVmcs(stage: Stage, vm: number): SystemState {
  const { cpu } = stage.machine;
  const field = (key: keyof typeof vmcs): number => vmread(cpu, vmcs[key]);
  const segment = (name: SegmentName): Segment => {
    const key = `guest${name.charAt(0)}${name.slice(1).toLowerCase()}` as 'guestCs';
    return {
      name,
      selector: field(`${key}Selector`) & 0xffff,
      base: field(`${key}Base`),
      limit: field(`${key}Limit`),
      rights: field(`${key}Rights`),
    };
  };
  const segments = SEGMENTS.map(segment);
  const own = beliefs(stage, vm, field('guestCr0'), field('guestCr3'), field('guestCr4'));
  return {
    ...own,
    cpl: (segments[2].rights >>> 5) & 3,
    cr2: cpu.s[at.cr2],
    eflags: field('guestEflags'),
    debug: null,
    segments,
    gdtr: { base: field('guestGdtrBase'), limit: field('guestGdtrLimit') },
    idtr: { base: field('guestIdtrBase'), limit: field('guestIdtrLimit') },
    physical: ownTables(stage, own),
  };
}

function savedInVmcb(stage: Stage, vm: number): SystemState {
  const { cpu } = stage.machine;
  const field = (key: keyof typeof vmcb, further = 0): number => vmread(cpu, vmcb[key] + further);
  const segment = (name: SegmentName): Segment => {
    const key = name.toLowerCase() as keyof typeof vmcb;
    return {
      name,
      selector: field(key) & 0xffff,
      base: field(key, 2),
      limit: field(key, 1),
      rights: rightsOf(field(key) >>> 16),
    };
  };
  const own = beliefs(stage, vm, field('cr0'), field('cr3'), field('cr4'));
  return {
    ...own,
    cpl: field('cpl') >>> 24,
    cr2: field('cr2'),
    eflags: field('rflags'),
    debug: [field('dr6'), field('dr7')],
    segments: SEGMENTS.map(segment),
    gdtr: { base: field('gdtr', 2), limit: field('gdtr', 1) },
    idtr: { base: field('idtr', 2), limit: field('idtr', 1) },
    physical: ownTables(stage, own),
  };
}

/** By a guest's own tables, from its memory as its monitor has placed it. */
function ownTables({ images }: Stage, { vm, cr0, cr3, cr4 }: Pick<SystemState, 'vm' | 'cr0' | 'cr3' | 'cr4'>): SystemState['physical'] {
  const memory = images.memoryOf(vm);
  if (memory === null) return () => -1;
  return (linear) => {
    const physical = (cr0 & CR0_PG) === 0 ? linear >>> 0 : images.walkWithin(memory, cr3, linear, (cr4 & CR4_PSE) !== 0).physical;
    return physical < 0 || physical >= memory.size ? -1 : memory.base + physical;
  };
}

/* A 32-bit TSS without an I/O permission bitmap, SDM vol 3, 7.2.1; present, type 11. */
const TSS_LIMIT = 0x67;
const BUSY_TSS = 0x8b;

/** A guest in ring 1, whose monitor keeps what it loaded. */
function softState(stage: Stage, vm: number): SystemState {
  const { machine, images } = stage;
  const field = (name: string): number => images.believed(vm, name) ?? 0;
  const runs = stage.log.runningVm() === vm;
  const { s } = machine.cpu;
  const kept: readonly Segment[] = [
    { name: 'LDTR', selector: field('SOFT.ldt') & 0xffff, base: 0, limit: 0, rights: RIGHTS_UNUSABLE },
    {
      name: 'TR',
      selector: field('SOFT.tr') & 0xffff,
      base: field('SOFT.tss'),
      limit: TSS_LIMIT,
      rights: field('SOFT.tr') === 0 ? RIGHTS_UNUSABLE : BUSY_TSS,
    },
  ];
  return {
    vm,
    whose: say`What VM ${vm} has loaded, as its monitor keeps it. The processor has none of these: the guest’s kernel runs in ring 1.`,
    cpl: runs && s[at.cpl] === 3 ? 3 : 0,
    cr0: field('VM.cr0'),
    cr2: null,
    cr3: field('VM.cr3'),
    cr4: field('VM.cr4'),
    eflags: ((runs ? flags(machine.cpu) : 2) & ~(IF | IOPL | NT)) | field('SOFT.if') | field('SOFT.iopl'),
    debug: null,
    segments: kept,
    gdtr: { base: field('SOFT.gdt'), limit: field('SOFT.gdt_limit') & 0xffff },
    idtr: { base: field('SOFT.idt'), limit: field('SOFT.idt_limit') & 0xffff },
    physical: (linear) => images.guestLookup(vm, linear),
  };
}
