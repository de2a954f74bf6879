/** What made a processor with AMD-V leave a guest: APM vol 2, 15.6 to 15.25. All is read from the VMCB, as the exit has left it, and from memory. */

import { DR7_GD } from '../../cpu/breakpoints.ts';
import type { Cpu } from '../../cpu/cpu.ts';
import { PF_ID, PF_RSVD, PF_U, PF_W } from '../../cpu/paging.ts';
import { type PeekedEntry, peekTables } from '../../cpu/peek.ts';
import { BLOCKED_BY_NMI, CR0_MP, CR0_NE, CR0_TS, IF } from '../../cpu/registers.ts';
import { at } from '../../cpu/state.ts';
import { nestedFormat } from '../../cpu/virt/svm/asid.ts';
import { CODE } from '../../cpu/virt/svm/exit-codes.ts';
import { type FieldKey, offsetOf, slot } from '../../cpu/virt/svm/fields.ts';
import { msrMapBit } from '../../cpu/virt/svm/gates.ts';
import { V_INTR_MASKING, V_IRQ, vmcb } from '../../cpu/virt/svm/vmcb.ts';
import { PTE_P, PTE_XD_HIGH } from '../../cpu/walk/formats.ts';
import type { Insn } from '../../isa/insn.ts';
import { h, hex8 } from '../../lib/hex.ts';
import { say, told } from '../../lib/say.ts';
import { bitAt } from './exits.ts';
import { gateRule, gateRules } from './gates.ts';
import { INTERCEPTS_END, intercept, type SvmExit } from './intercepts-svm.ts';
import type { Rule } from './outcomes.ts';
import { presentRules, userRules, writableRules } from './paging.ts';

/** A bit of a field of the VMCB. */
function fieldBit(cpu: Cpu, rule: string, key: FieldKey, mask: number, wanted: boolean, name: string): Rule {
  const is = (vmcb(cpu, slot[key]) & mask) !== 0;
  return { rule, found: say`${name} is ${is ? 1 : 0}`, holds: is === wanted };
}

const noShadow = (cpu: Cpu): Rule =>
  fieldBit(
    cpu,
    say`no STI or MOV SS holds events back`,
    'interruptShadow',
    1,
    false,
    say`the interrupt shadow, offset ${h(offsetOf.interruptShadow)},`,
  );

/* While a guest runs GIF is 1: VMRUN sets it (APM vol 2, 15.17), and where the guest's own CLGI is not intercepted nothing of these exits. */
const GIF: () => Rule = () => ({ rule: say`the global interrupt flag is 1`, found: say`VMRUN has set it`, holds: true });

/** Whose IF holds interrupts back: with V_INTR_MASKING the host's, as VMRUN saved it (APM vol 2, 15.21.1). */
function physicalRules(cpu: Cpu): readonly Rule[] {
  const masking = fieldBit(cpu, say`V_INTR_MASKING is 1: the host’s IF counts`, 'vintr', V_INTR_MASKING, true, 'V_INTR_MASKING');
  const hostFlags = cpu.memory.dwords[(cpu.s[at.hsavePa] >>> 2) + slot.rflags];
  const flag = (rule: string, value: number): Rule => ({
    rule,
    found: say`RFLAGS ${hex8(value)}h, IF is ${(value & IF) === 0 ? 0 : 1}`,
    holds: (value & IF) !== 0,
  });
  const masked = masking.holds
    ? [masking, flag(say`the host’s IF is 1`, hostFlags)]
    : [
        { ...masking, rule: say`V_INTR_MASKING is 0: the guest’s IF counts`, holds: true },
        flag(say`the guest’s IF is 1`, vmcb(cpu, slot.rflags)),
      ];
  return [
    GIF(),
    noShadow(cpu),
    { rule: say`a physical interrupt is asked for`, found: say`INTR is ${cpu.bus.intr ? 1 : 0}`, holds: cpu.bus.intr },
    ...masked,
  ];
}

function virtualRules(cpu: Cpu): readonly Rule[] {
  const vintr = vmcb(cpu, slot.vintr);
  const ignores = ((vintr >>> 20) & 1) !== 0;
  const [priority, tpr] = [(vintr >>> 16) & 15, vintr & 15];
  return [
    GIF(),
    noShadow(cpu),
    fieldBit(cpu, say`a virtual interrupt pends`, 'vintr', V_IRQ, true, say`V_IRQ, offset ${h(offsetOf.vintr)} bit 8,`),
    {
      rule: say`its priority is above V_TPR, or V_IGN_TPR is 1`,
      found: `V_INTR_PRIO ${priority}, V_TPR ${tpr}, V_IGN_TPR ${ignores ? 1 : 0}`,
      holds: ignores || priority > tpr,
    },
    fieldBit(cpu, say`the guest’s IF is 1`, 'rflags', IF, true, 'IF'),
  ];
}

const nmiRules = (cpu: Cpu): readonly Rule[] => [
  GIF(),
  noShadow(cpu),
  {
    rule: say`no NMI is being handled`,
    found: (cpu.s[at.interruptibility] & BLOCKED_BY_NMI) === 0 ? say`NMIs are not blocked` : say`NMIs are blocked`,
    holds: (cpu.s[at.interruptibility] & BLOCKED_BY_NMI) === 0,
  },
  { rule: say`an NMI pends`, found: say`it does`, holds: cpu.s[at.nmiPending] !== 0 },
];

/** A general register by its doubleword in the arena, as the guest left it: EAX and ESP are in the VMCB, the others stay where they are. */
function register(cpu: Cpu, place: number): number {
  return place === at.eax ? vmcb(cpu, slot.rax) : place === at.esp ? vmcb(cpu, slot.rsp) : cpu.s[place];
}

/** The intercept of all writes is asked first; then which bits would change. */
function selectiveRules(cpu: Cpu, { code, insn }: SvmExit): readonly Rule[] {
  const all = intercept(cpu, CODE.CR_WRITE);
  const before = vmcb(cpu, slot.cr0);
  const isLmsw = insn?.row.exec === 'lmsw';
  const source = insn === null || insn.mem !== 0 ? null : register(cpu, isLmsw ? insn.rm >> 1 : insn.rm);
  const given = source === null ? null : isLmsw ? (before & ~0xf) | (source & 0xf) | (before & 1) : source;
  const changes = given === null ? null : (before ^ given) & ~(CR0_TS | CR0_MP);
  return [
    { ...all, suffices: true },
    intercept(cpu, code),
    {
      rule: say`a bit of CR0 other than TS and MP changes`,
      found: changes === null ? `CR0 ${hex8(before)}h` : say`CR0 ${hex8(before)}h, to be ${hex8(given!)}h`,
      holds: changes === null || changes !== 0,
    },
  ];
}

function portRules(cpu: Cpu, { code, info1 }: SvmExit): readonly Rule[] {
  const port = (info1 >>> 16) & 0xffff;
  const size = (info1 >>> 4) & 7;
  const map = (vmcb(cpu, slot.iopmBasePa) & ~0xfff) >>> 0;
  const set = Array.from({ length: size }, (_, k) => bitAt(cpu, map, port + k));
  const place = hex8(map + (port >>> 3));
  return [
    intercept(cpu, code),
    {
      rule: say`the I/O permission map has a 1 for a byte of port ${h(port)}`,
      found: say`from ${place}h bit ${port & 7} on: ${set.join(' ')}`,
      holds: set.some((bit) => bit !== 0),
    },
  ];
}

function msrRules(cpu: Cpu, { code, info1 }: SvmExit): readonly Rule[] {
  const msr = cpu.s[at.ecx];
  const bit = msrMapBit(msr, info1 & 1);
  if (bit < 0)
    return [intercept(cpu, code), { rule: say`MSR ${h(msr)} lies in no range of the map: it always exits`, found: h(msr), holds: true }];
  const map = (vmcb(cpu, slot.msrpmBasePa) & ~0xfff) >>> 0;
  const set = bitAt(cpu, map, bit) !== 0;
  return [
    intercept(cpu, code),
    {
      rule:
        info1 & 1
          ? say`the MSR permission map has a 1 for writes of ${h(msr)}`
          : say`the MSR permission map has a 1 for reads of ${h(msr)}`,
      found: say`${hex8(map + (bit >>> 3))}h, bit ${bit & 7} is ${set ? 1 : 0}`,
      holds: set,
    },
  ];
}

/** While a monitor is armed another bit is asked first. */
function mwaitRules(cpu: Cpu, { code }: SvmExit): readonly Rule[] {
  const armed = intercept(cpu, CODE.MWAIT_COND);
  const isArmed: Rule = { rule: say`the monitor is armed, and that is intercepted`, found: armed.found, holds: code === CODE.MWAIT_COND };
  return code === CODE.MWAIT_COND
    ? [armed, { ...isArmed, found: say`it is armed` }]
    : [{ ...isArmed, suffices: true }, intercept(cpu, code)];
}

const freezeRules = (cpu: Cpu, { code }: SvmExit): readonly Rule[] => [
  fieldBit(cpu, say`CR0.NE is 0: an error of the floating-point unit is reported outside`, 'cr0', CR0_NE, false, 'CR0.NE'),
  {
    rule: say`the floating-point unit has an error that is not masked`,
    found: say`status word ${h(cpu.s[at.fsw])}, control word ${h(cpu.s[at.fcw])}`,
    holds: (cpu.s[at.fsw] & ~cpu.s[at.fcw] & 0x3f) !== 0,
  },
  { rule: say`IGNNE# does not let it pass`, found: cpu.bus.ignoresErrors ? say`it does` : say`it does not`, holds: !cpu.bus.ignoresErrors },
  intercept(cpu, code),
];

/* EXITINFO1 of a nested page fault: the error code of a page fault, and 32 the final address, 33 a table of the guest's (APM vol 2, 15.25.6). */
const TWO_32 = 0x1_0000_0000;
const OF_TABLE = 1 << 1;

const nested = (entry: PeekedEntry): PeekedEntry => ({ ...entry, table: say`nested ${told(entry.table)}` });

/** Each entry of the nested tables on the way to the address; the one that does not allow it is what left the guest. */
function nestedRules(cpu: Cpu, { info1, info2 }: SvmExit): readonly Rule[] {
  const errorCode = info1 >>> 0;
  const isTable = (Math.floor(info1 / TWO_32) & OF_TABLE) !== 0;
  const walk = peekTables(cpu, nestedFormat(cpu), vmcb(cpu, slot.nCr3), info2);
  const entries = walk.entries.map(nested);
  const last = entries.at(-1);
  const isReserved = (errorCode & PF_RSVD) !== 0;
  const reserved: Rule = {
    rule: say`no reserved bit of the entries is 1`,
    found: last === undefined ? '' : `${last.table}: ${last.high === undefined ? '' : hex8(last.high)}${hex8(last.value)}h`,
    holds: walk.physical >= 0 || last === undefined || (last.value & PTE_P) === 0,
  };
  return [
    fieldBit(cpu, say`nested paging is on`, 'npControl', 1, true, say`NP_ENABLE, offset ${h(offsetOf.npControl)} bit 0,`),
    {
      rule: isTable ? say`the guest’s walk needs an entry of its tables` : say`the guest’s own tables lead to an address`,
      found: say`guest-physical ${hex8(info2 >>> 0)}h`,
      holds: true,
    },
    ...presentRules(entries),
    ...(isReserved ? [reserved] : []),
    ...((errorCode & PF_U) !== 0 ? userRules(entries) : []),
    ...((errorCode & PF_W) !== 0 ? writableRules(entries) : []),
    ...((errorCode & PF_ID) !== 0 ? fetchRules(entries) : []),
  ];
}

const fetchRules = (entries: readonly PeekedEntry[]): readonly Rule[] =>
  entries.map(({ table, high = 0 }): Rule => {
    const holds = (high & PTE_XD_HIGH) === 0;
    return { rule: say`code may be fetched: ${table}`, found: say`${hex8(high)}h above, NX is ${holds ? 0 : 1}`, holds };
  });

/** The rules that an exit's code stands for; null for a code that no processor of ours gives. */
export function svmExitRules(cpu: Cpu, exit: SvmExit): readonly Rule[] | null {
  const { code } = exit;
  switch (code) {
    case CODE.NPF:
      return nestedRules(cpu, exit);
    case CODE.INTR:
      return [...physicalRules(cpu), intercept(cpu, code)];
    case CODE.NMI:
      return [...nmiRules(cpu), intercept(cpu, code)];
    case CODE.INIT:
      return [GIF(), { rule: say`an INIT pends`, found: say`it does`, holds: true }, intercept(cpu, code)];
    case CODE.VINTR:
      return [...virtualRules(cpu), intercept(cpu, code)];
    case CODE.CR0_SEL_WRITE:
      return selectiveRules(cpu, exit);
    case CODE.IOIO:
      return portRules(cpu, exit);
    case CODE.MSR:
      return msrRules(cpu, exit);
    case CODE.MWAIT:
    case CODE.MWAIT_COND:
      return mwaitRules(cpu, exit);
    case CODE.FERR_FREEZE:
      return freezeRules(cpu, exit);
    case CODE.SHUTDOWN:
      return [
        { rule: say`a fault came up while #DF was delivered`, found: say`the processor would shut down`, holds: true },
        intercept(cpu, code),
      ];
    case CODE.TASK_SWITCH:
      return [
        { rule: say`a task gate or a TSS leads to another task`, found: say`selector ${h(exit.info1 & 0xffff)}`, holds: true },
        intercept(cpu, code),
      ];
    default:
      if (code >= CODE.EXCEPTION && code < CODE.INTR)
        return [{ rule: say`an exception came up`, found: say`vector ${code - CODE.EXCEPTION}`, holds: true }, intercept(cpu, code)];
      return code >= 0 && code < INTERCEPTS_END ? [intercept(cpu, code)] : null;
  }
}

/** Exits of instructions whose faults of privilege and mode come before the intercept (APM vol 2, 15.7); of the others the intercept is asked first. */
const AFTER_PRIVILEGE: ReadonlySet<number> = new Set([
  CODE.IOIO,
  CODE.MSR,
  CODE.HLT,
  CODE.RDTSC,
  CODE.RDTSCP,
  CODE.RDPMC,
  CODE.INVD,
  CODE.WBINVD,
  CODE.INVLPG,
  CODE.LDTR_READ,
  CODE.TR_READ,
  CODE.IDTR_WRITE,
  CODE.GDTR_WRITE,
  CODE.LDTR_WRITE,
  CODE.TR_WRITE,
  CODE.CR0_SEL_WRITE,
  CODE.MONITOR,
  CODE.MWAIT,
  CODE.MWAIT_COND,
]);
/** Instructions of SVM itself. */
const OF_SVM: ReadonlySet<number> = new Set([CODE.VMRUN, CODE.VMLOAD, CODE.VMSAVE, CODE.STGI, CODE.CLGI, CODE.SKINIT, CODE.INVLPGA]);

/** What an instruction that exits had to pass first; asked for at the step before, where the guest still stands in front of it. */
export function svmGateRules(cpu: Cpu, code: number, insn: Insn<Cpu>): readonly Rule[] {
  if (OF_SVM.has(code)) return [gateRule('PE', cpu, insn), gateRule('CPL0', cpu, insn)].flatMap((asked) => asked?.rules ?? []);
  const isRegister = code >= 0 && code < CODE.EXCEPTION && insn.row.exec !== 'smsw';
  if (!isRegister && !AFTER_PRIVILEGE.has(code)) return [];
  const general = (cpu.s[at.dr7] & DR7_GD) === 0;
  const detect: Rule = { rule: say`DR7.GD is 0`, found: say`DR7.GD is ${general ? 0 : 1}`, holds: general };
  const isDebug = code >= CODE.DR_READ && code < CODE.EXCEPTION;
  return [...passed(gateRules(cpu, insn)?.rules ?? []), ...(isDebug ? [detect] : [])];
}

/** The rules of a gate that was passed, up to the one that let it be: behind it others follow. */
function passed(rules: readonly Rule[]): readonly Rule[] {
  const end = rules.findIndex(({ holds, suffices }) => holds && suffices === true);
  if (end < 0) return rules;
  const { rule, found, holds } = rules[end]!;
  return [...rules.slice(0, end), { rule, found, holds }];
}
