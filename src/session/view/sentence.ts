/**
 * One sentence for a step: who does what, and why it matters here. It speaks of what just happened, else of what is about to, else of what
 * happened last. `*name*` marks a program's name.
 */

import { placeCpl } from '../../cpu/events.ts';
import { exceptionName } from '../../cpu/interrupts.ts';
import { at } from '../../cpu/state.ts';
import { h, hex8 } from '../../lib/hex.ts';
import { Kind } from '../../trace/log.ts';
import type { Standpoint } from '../../trace/recent.ts';
import type { Stage } from '../stage.ts';
import type { StreamInstruction, Who } from '../views.ts';
import { diskSentence } from './disk.ts';
import { extensionOf } from './extension.ts';
import { hypercall, isHypercall } from './hypercall.ts';
import { innerSentence } from './inner.ts';
import { capital, nameOf } from './who.ts';
import { decapitalize, eventLabel, interruptName } from './words.ts';

const TOLD = new Set<number>([
  Kind.EXCEPTION,
  Kind.INTERRUPT,
  Kind.TRANSFER,
  Kind.VMEXIT,
  Kind.VMENTRY,
  Kind.ENTRY_FAILED,
  Kind.VMFAIL,
  Kind.HALTED,
  Kind.SHUTDOWN,
  Kind.DISK,
]);

/** What is known around an event: who ran before it, and what instruction it was. */
export interface Telling {
  readonly before: Who | null;
  readonly after: Who;
  readonly instruction: string;
}

const MSR = 'the hypervisor answers for this model-specific register';
const PORT = 'the port belongs to a device the hypervisor plays';
const CONTROL = 'no guest may load the real control register';
const MEMORY = 'the hypervisor’s tables give this guest no such memory';

/** Why a VM exit of this cause happens at all, to finish a sentence. */
const REASONS: Readonly<Record<string, string>> = {
  'page-fault': 'a page fault goes to the hypervisor first, because it keeps the tables the processor really walks',
  'external-interrupt': 'the interrupt belongs to the real machine, so the hypervisor takes it, whatever the guest’s IF says',
  'triple-fault': 'the guest has shut down, and the hypervisor alone notices',
  'interrupt-window': 'the guest can take an interrupt now, and the hypervisor has one waiting for it',
  cpuid: 'the hypervisor decides what processor the guest sees',
  hlt: 'a guest that halts gives its time back, and the hypervisor may run another',
  invlpg: 'the hypervisor must drop its shadow of that page too',
  vmcall: 'the guest calls the hypervisor on purpose',
  'cr-write': CONTROL,
  clts: CONTROL,
  lmsw: CONTROL,
  'cr-read': 'what the real control register holds is not what the guest put there',
  'port-in': PORT,
  'port-out': PORT,
  'msr-read': MSR,
  'msr-write': MSR,
  'ept-violation': MEMORY,
  'nested-page-fault': MEMORY,
};

const UNASKED = 'on this processor no guest does that unseen, and the hypervisor, which would rather not be asked, does it for the guest';

/** Why, where a monitor has slipped below a running kernel and wants nothing of it. */
const LATE_REASONS: Readonly<Record<string, string>> = {
  cpuid: 'under VT-x CPUID always leaves the guest, and that takes time; the answer is the processor’s own',
  'cr-write': UNASKED,
  'cr-read': UNASKED,
};

function exitSentence(stage: Stage, row: number, { before, instruction }: Telling): string {
  const { log } = stage;
  const words = extensionOf(stage);
  const code = words.code(log, row);
  const who = before === null || before.vm === 0 ? `VM ${log.vmOf(row)}` : nameOf(before);
  const what = instruction !== '' ? `${capital(who)} leaves the guest at ${instruction}` : `${capital(who)} is stopped`;
  const cause = log.text(log.valueOf(row, 7));
  const why = (stage.bare ? LATE_REASONS[cause] : undefined) ?? REASONS[cause] ?? decapitalize(words.exitTitle(code));
  return `${what}, ${words.exitLabel(code)}: ${why}.`;
}

/** The sentence of one event; empty for one that is not worth it. */
export function eventSentence(stage: Stage, row: number, telling: Telling): string {
  const { log } = stage;
  const value = (k: number) => log.valueOf(row, k);
  const { before, after } = telling;
  const subject = before === null ? 'The processor' : capital(nameOf(before));
  const target =
    after.cpl === 0
      ? nameOf({ ...after, role: after.ring === 'm' || after.role === 'monitor' ? 'monitor' : 'kernel', name: '' })
      : nameOf(after);
  const injected = before?.ring === 'm' && after.ring !== 'm';
  const between = innerSentence(stage, row, telling.instruction);
  if (between !== '') return between;
  switch (log.kindOf(row)) {
    case Kind.VMEXIT:
      return exitSentence(stage, row, telling);
    case Kind.VMENTRY: {
      const injected = value(2);
      const ring = `ring ${placeCpl(log.toOf(row))}`;
      if (injected !== 0)
        return `The hypervisor enters VM ${log.vmOf(row)} and injects ${extensionOf(stage).eventName(injected)}: the guest sees it as its own.`;
      return `The hypervisor enters VM ${log.vmOf(row)} at ${hex8(value(0))}, ${ring}; the guest cannot tell that it was away.`;
    }
    case Kind.TRANSFER:
      if (injected)
        return `The hypervisor enters VM ${after.vm}, and its ${eventLabel(stage, row)}, which an exit had stopped, is delivered: to ${target}, ring ${after.cpl}.`;
      if (placeCpl(log.toOf(row)) < placeCpl(log.fromOf(row)) && isHypercall(stage, value(2)))
        return `${subject} makes a hypercall, ${eventLabel(stage, row)}${log.stepOf(row) === stage.machine.n ? hypercallWords(stage, stage.machine.cpu.s[at.eax]) : ''}: the gate leads to ${target}, ring ${placeCpl(log.toOf(row))}.`;
      if (placeCpl(log.toOf(row)) < placeCpl(log.fromOf(row)))
        return `${subject} asks for a service with ${eventLabel(stage, row)}: the gate leads to ${target}, ring ${placeCpl(log.toOf(row))}, on a stack from the TSS.`;
      if (log.fromOf(row) === log.toOf(row)) return '';
      return `${subject} returns with ${eventLabel(stage, row)} to ${target}, ring ${placeCpl(log.toOf(row))}.`;
    case Kind.INTERRUPT:
      if (injected)
        return `The hypervisor enters VM ${after.vm} and injects ${interruptName(value(0))}: ${target} handles it in ring ${after.cpl}.`;
      return `${capital(interruptName(value(0)))} takes the processor from ${before === null ? 'whoever ran' : nameOf(before)}: ${target} handles it in ring ${after.cpl}.`;
    case Kind.EXCEPTION: {
      const vector = value(0);
      const where = vector === 14 ? ` at address ${hex8(value(3))}` : '';
      if (injected)
        return `The hypervisor enters VM ${after.vm} and injects ${exceptionName(vector)}${where}: its IDT leads to ${target}, ring ${after.cpl}.`;
      return `${subject} raises ${exceptionName(vector)}${where}: the IDT leads to ${target}, ring ${after.cpl}.`;
    }
    case Kind.ENTRY_FAILED:
      return `The VM entry fails, and the processor is back in the hypervisor. The rule: ${log.text(value(2))}.`;
    case Kind.VMFAIL:
      return `The instruction is refused${value(0) !== 0 ? ` with error ${value(1)}` : ''}. The rule: ${log.text(value(2))}.`;
    case Kind.HALTED:
      return stage.machine.end !== null && log.stepOf(row) === stage.machine.n
        ? `${subject} halts, and ${stage.machine.awaitsInput ? ONLY_A_KEY : 'nothing'} will wake the processor.`
        : `${subject} halts: the processor sleeps until an interrupt.`;
    case Kind.DISK:
      return capital(diskSentence(stage, row, before === null ? 'the processor' : nameOf(before)));
    case Kind.SHUTDOWN:
      return 'Triple fault: a fault, then another while delivering it, then another: the processor shuts down.';
    default:
      return '';
  }
}

/** ` (HYPER_CR3), in place of MOV CR3` */
function hypercallWords(stage: Stage, eax: number): string {
  const { name, instead } = hypercall(stage, eax);
  return `${name === '' ? '' : ` (${name})`}${instead === '' ? '' : `, in place of ${instead}`}`;
}

/** Rows worth a sentence at step count `n`. */
export function toldAt(stage: Stage, n: number): readonly number[] {
  const { log } = stage;
  const rows: number[] = [];
  for (let row = log.firstAt(n); row < log.length && log.stepOf(row) === n; row++) if (TOLD.has(log.kindOf(row))) rows.push(row);
  return rows;
}

/** Causes of exits that no instruction brings about. */
const BETWEEN_INSTRUCTIONS: ReadonlySet<string> = new Set([
  'external-interrupt',
  'interrupt-window',
  'nmi-window',
  'nmi',
  'preemption-timer',
]);

/** What the step from `here` will do, when it is an event that an instruction brings about. The machine is further on by now. */
export function comingSentence(stage: Stage, row: number, current: StreamInstruction, here: Standpoint): string {
  const { log } = stage;
  const subject = capital(nameOf(current.who));
  const text = `${current.mnemonic} ${current.operands}`.trim();
  switch (log.kindOf(row)) {
    case Kind.VMEXIT: {
      const { title, code, exitTitle } = extensionOf(stage);
      if (BETWEEN_INSTRUCTIONS.has(log.text(log.valueOf(row, 7)))) return '';
      if (stage.inner > 0)
        return `${subject} is about to run ${text}, which leaves the guest: to the outer hypervisor, the only one that the processor knows.`;
      if (log.text(log.valueOf(row, 7)) === 'cr-write' && /^cr3,/.test(current.operands))
        return `${subject} is about to load CR3 for another address space; under ${title} that instruction leaves the guest and wakes the hypervisor.`;
      return `${subject} is about to run ${text}; under ${title} that leaves the guest and wakes the hypervisor (${decapitalize(exitTitle(code(log, row)))}).`;
    }
    case Kind.VMENTRY:
      return `${subject} is about to enter VM ${log.vmOf(row)} with ${text}: the guest goes on at ${hex8(log.valueOf(row, 0))}.`;
    case Kind.TRANSFER:
      if (log.fromOf(row) !== log.toOf(row) && isHypercall(stage, log.valueOf(row, 2)))
        return `${subject} is about to make a hypercall, ${text}${hypercallWords(stage, here.state[at.eax])}.`;
      return log.fromOf(row) === log.toOf(row) ? '' : `${subject} is about to run ${text}, which leads to ring ${placeCpl(log.toOf(row))}.`;
    case Kind.EXCEPTION:
      return `${subject} is about to run ${text}, which will raise ${exceptionName(log.valueOf(row, 0))}${log.valueOf(row, 1) !== 0 ? ` with error code ${h(log.valueOf(row, 1))}` : ''}.`;
    default:
      return '';
  }
}

/**
 * When nothing happens: who runs, and what for.
 *
 * @param functionName what the code calls the place, or empty
 * @param goal what the source says these instructions are for, or empty
 */
export function quietSentence(stage: Stage, who: Who, functionName: string, goal: string): string {
  const where = functionName === '' ? '' : ` in ${functionName}`;
  const ring = who.ring === 'm' ? 'at ring −1' : `in ring ${who.cpl}`;
  if (goal !== '') return `${capital(nameOf(who))}, ${ring},${where}: ${goal}${goal.endsWith('?') ? '' : '.'}`;
  if (who.ring === 'm') return `The hypervisor runs at ring −1${where}: ${extensionOf(stage).hostMode}, where its guests cannot see it.`;
  return `${capital(nameOf(who))} runs ${ring}${where}.`;
}

const ONLY_A_KEY = 'only a key typed at its console';

/** In HLT, behind the step that led there. */
export const asleepSentence = ({ machine }: Stage, who: Who): string =>
  machine.end !== null
    ? `${capital(nameOf(who))} has halted, and ${machine.awaitsInput ? ONLY_A_KEY : 'nothing'} will wake the processor.`
    : `${capital(nameOf(who))} sleeps in HLT until an interrupt comes.`;
