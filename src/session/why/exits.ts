/** What made a processor with VT-x leave a guest: the control or the bit that asked for it. */

import type { Cpu } from '../../cpu/cpu.ts';
import { peekPhysical32 } from '../../cpu/peek.ts';
import { at } from '../../cpu/state.ts';
import * as control from '../../cpu/virt/vmx/controls.ts';
import { type FieldKey, slot } from '../../cpu/virt/vmx/fields.ts';
import { REASON } from '../../cpu/virt/vmx/reasons.ts';
import { controlNames } from '../../cpu/virt/vmx/words.ts';
import { h, hex8 } from '../../lib/hex.ts';
import { say, told, worded } from '../../lib/say.ts';
import type { Rule } from './outcomes.ts';

/** A field of the current VMCS, read as it lies in memory: unchanged by the exit for all controls. */
const field = (cpu: Cpu, key: FieldKey): number => cpu.memory.dwords[(cpu.s[at.vmcsPointer] >>> 2) + slot[key]];

function controlRule(cpu: Cpu, key: FieldKey, mask: number): Rule {
  const value = field(cpu, key);
  const holds = (value & mask) !== 0;
  return { rule: say`“${controlNames(key, mask)[0] ?? 'control'}” is 1`, found: say`${hex8(value)}h, the bit is ${holds ? 1 : 0}`, holds };
}

const always = (what: string): Rule => ({
  rule: say`${told(what)} in a guest always exits`,
  found: say`whatever the controls say`,
  holds: true,
});

const primary = (cpu: Cpu, mask: number): Rule => controlRule(cpu, 'primaryControls', mask);
const secondary = (cpu: Cpu, mask: number): readonly Rule[] => [
  primary(cpu, control.PRIMARY_SECONDARY),
  controlRule(cpu, 'secondaryControls', mask),
];

const PRIMARY_OF: ReadonlyMap<number, number> = new Map<number, number>([
  [REASON.HLT, control.PRIMARY_HLT],
  [REASON.INVLPG, control.PRIMARY_INVLPG],
  [REASON.RDPMC, control.PRIMARY_RDPMC],
  [REASON.RDTSC, control.PRIMARY_RDTSC],
  [REASON.MWAIT, control.PRIMARY_MWAIT],
  [REASON.MONITOR, control.PRIMARY_MONITOR],
  [REASON.MOV_DR, control.PRIMARY_MOV_DR],
  [REASON.INTERRUPT_WINDOW, control.PRIMARY_INTERRUPT_WINDOW],
  [REASON.NMI_WINDOW, control.PRIMARY_NMI_WINDOW],
  [REASON.MONITOR_TRAP_FLAG, control.PRIMARY_MONITOR_TRAP_FLAG],
]);

const ALWAYS: ReadonlyMap<number, string> = new Map<number, string>([
  [REASON.CPUID, 'CPUID'],
  [REASON.INVD, 'INVD'],
  [REASON.TASK_SWITCH, worded('a task switch')],
  [REASON.TRIPLE_FAULT, worded('a triple fault')],
]);

/** VMX instructions of a guest, all of which exit: SDM vol 3, 25.1.2. */
const isVmxInstruction = (reason: number): boolean => reason >= REASON.VMCALL && reason <= REASON.VMXON;

/** @returns the rules that asked for the exit; null where they cannot be told */
export function vmxExitRules(cpu: Cpu, reason: number, qualification: number, info: number): readonly Rule[] | null {
  const own = PRIMARY_OF.get(reason);
  if (own !== undefined) return [primary(cpu, own)];
  const name = ALWAYS.get(reason);
  if (name !== undefined) return [always(name)];
  if (isVmxInstruction(reason)) return [always(worded('a VMX instruction'))];
  switch (reason) {
    case REASON.EXCEPTION_NMI:
      return exceptionRules(cpu, info);
    case REASON.EXTERNAL_INTERRUPT:
      return [controlRule(cpu, 'pinControls', control.PIN_EXTERNAL_INTERRUPT)];
    case REASON.PREEMPTION_TIMER:
      return [controlRule(cpu, 'pinControls', control.PIN_TIMER)];
    case REASON.CR_ACCESS:
      return controlRegisterRules(cpu, qualification);
    case REASON.IO_INSTRUCTION:
      return portRules(cpu, qualification);
    case REASON.GDTR_OR_IDTR_ACCESS:
    case REASON.LDTR_OR_TR_ACCESS:
      return secondary(cpu, control.SECONDARY_DESCRIPTOR_TABLE);
    case REASON.WBINVD:
      return secondary(cpu, control.SECONDARY_WBINVD);
    case REASON.RDMSR:
    case REASON.WRMSR:
      return msrRules(cpu, reason === REASON.WRMSR);
    case REASON.EPT_VIOLATION:
      return [...secondary(cpu, control.SECONDARY_EPT), eptRule(qualification)];
    default:
      return null;
  }
}

/* Exit qualification of an EPT violation: 2:0 what was tried, 5:3 what the entries allow (SDM vol 3, table 27-7). */
function eptRule(qualification: number): Rule {
  const accesses = [say`read`, say`write`, say`fetch`];
  const kinds = accesses.filter((_, k) => (qualification & (1 << k)) !== 0).join(', ');
  const allowed = accesses.filter((_, k) => (qualification & (8 << k)) !== 0).join(', ') || say`nothing`;
  return { rule: say`EPT does not allow this ${kinds}`, found: say`it allows ${allowed}`, holds: true };
}

function exceptionRules(cpu: Cpu, info: number): readonly Rule[] {
  const vector = info & 0xff;
  if (((info >>> 8) & 7) === 2) return [controlRule(cpu, 'pinControls', control.PIN_NMI)];
  const bitmap = field(cpu, 'exceptionBitmap');
  const set = ((bitmap >>> vector) & 1) !== 0;
  const first: Rule = {
    rule: say`bit ${vector} of the exception bitmap is 1`,
    found: say`${hex8(bitmap)}h, the bit is ${set ? 1 : 0}`,
    holds: set,
  };
  if (vector !== 14) return [first];
  const mask = field(cpu, 'pageFaultMask');
  const match = field(cpu, 'pageFaultMatch');
  const code = field(cpu, 'exitInterruptionErrorCode');
  const equal = (code & mask) === match;
  const second: Rule = {
    rule: say`the error code, under its mask, is the one to match`,
    found: say`${h(code)} under ${h(mask)}, match ${h(match)}`,
    holds: equal,
  };
  // A bit that is 0 asks for the faults that do not match.
  return set ? [first, second] : [{ ...second, holds: !equal, rule: say`bit 14 is 0, and the error code does not match` }];
}

function controlRegisterRules(cpu: Cpu, qualification: number): readonly Rule[] | null {
  const number = qualification & 15;
  const kind = (qualification >> 4) & 3;
  if (number === 3) {
    if (kind === 1) return [primary(cpu, control.PRIMARY_CR3_STORE)];
    const count = field(cpu, 'cr3TargetCount');
    return [
      primary(cpu, control.PRIMARY_CR3_LOAD),
      {
        rule: say`the value is no CR3-target value`,
        found: count === 1 ? say`1 such value` : say`${count} such values`,
        holds: true,
      },
    ];
  }
  if (kind === 1) return null;
  const mask = field(cpu, number === 0 ? 'cr0Mask' : 'cr4Mask');
  return [
    { rule: say`the guest/host mask owns a bit of CR${number} that is to change`, found: say`mask ${hex8(mask)}h`, holds: mask !== 0 },
  ];
}

function portRules(cpu: Cpu, qualification: number): readonly Rule[] {
  const port = qualification >>> 16;
  const uses = primary(cpu, control.PRIMARY_IO_BITMAPS);
  if (!uses.holds) return [primary(cpu, control.PRIMARY_UNCONDITIONAL_IO)];
  const bitmap = field(cpu, port < 0x8000 ? 'ioBitmapA' : 'ioBitmapB');
  const set = [...Array((qualification & 7) + 1).keys()].some((k) => bitAt(cpu, bitmap, (port + k) & 0x7fff) !== 0);
  return [uses, { rule: say`the bitmap has a 1 for port ${h(port)}`, found: set ? say`it has` : say`it has not`, holds: set }];
}

/* MSR bitmaps, in this order 1 KiB each: reads of 0 to 1FFFh, reads of C0000000h to C0001FFFh, writes of both (SDM vol 3, 24.6.9). */
function msrRules(cpu: Cpu, isWrite: boolean): readonly Rule[] {
  const uses = primary(cpu, control.PRIMARY_MSR_BITMAPS);
  const msr = cpu.s[at.ecx];
  if (!uses.holds) return [{ rule: say`without MSR bitmaps RDMSR and WRMSR always exit`, found: uses.found, holds: true }];
  const isHigh = (msr & ~0x1fff) === (0xc0000000 | 0);
  if (!isHigh && (msr & ~0x1fff) !== 0)
    return [{ rule: say`MSR ${h(msr)} lies in no bitmap: it always exits`, found: h(msr), holds: true }];
  const first = ((isWrite ? 2 : 0) + (isHigh ? 1 : 0)) * 0x2000;
  const set = bitAt(cpu, field(cpu, 'msrBitmap'), first + (msr & 0x1fff)) !== 0;
  return [uses, { rule: say`the bitmap has a 1 for MSR ${h(msr)}`, found: set ? say`it has` : say`it has not`, holds: set }];
}

/** A bit of a map in memory. */
export const bitAt = (cpu: Cpu, bitmap: number, index: number): number =>
  (peekPhysical32(cpu, bitmap + ((index >>> 3) & ~3)) >>> (index & 31)) & 1;
