/**
 * One sentence for a step: who does what, and why it matters here. It speaks of what just happened, else of what is about to, else of what
 * happened last. `*name*` marks a program's name.
 */

import { placeCpl } from '../../cpu/events.ts';
import { exceptionName } from '../../cpu/interrupts.ts';
import { at } from '../../cpu/state.ts';
import { h, hex8 } from '../../lib/hex.ts';
import { say, told, within, worded } from '../../lib/say.ts';
import { Kind } from '../../trace/log.ts';
import type { Standpoint } from '../../trace/recent.ts';
import type { Stage } from '../stage.ts';
import type { StreamInstruction, Who } from '../views.ts';
import { diskSentence } from './disk.ts';
import { extensionOf } from './extension.ts';
import { hypercall, isHypercall } from './hypercall.ts';
import { innerSentence } from './inner.ts';
import { capital, nameOf } from './who.ts';
import { eventLabel, interruptName, ruleText } from './words.ts';

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

const MSR = worded('the hypervisor answers for this model-specific register');
const PORT = worded('the port belongs to a device the hypervisor plays');
const CONTROL = worded('the hypervisor keeps the real control register to itself');
const MEMORY = worded('the hypervisor’s tables give this guest no such memory');

/** Why a VM exit of this cause happens at all, to finish a sentence. */
const REASONS: Readonly<Record<string, string>> = {
  'page-fault': worded('a page fault goes to the hypervisor first, because it keeps the tables the processor really walks'),
  'external-interrupt': worded('the interrupt belongs to the real machine, so the hypervisor takes it, whatever the guest’s IF says'),
  'triple-fault': worded('the guest has shut down, and the hypervisor alone notices'),
  'interrupt-window': worded('the guest can take an interrupt now, and the hypervisor has one waiting for it'),
  cpuid: worded('the hypervisor decides what processor the guest sees'),
  hlt: worded('a guest that halts gives its time back, and the hypervisor may run another'),
  invlpg: worded('the hypervisor must drop its shadow of that page too'),
  vmcall: worded('the guest calls the hypervisor on purpose'),
  'cr-write': CONTROL,
  clts: CONTROL,
  lmsw: CONTROL,
  'cr-read': worded('what the real control register holds is not what the guest put there'),
  'port-in': PORT,
  'port-out': PORT,
  'msr-read': MSR,
  'msr-write': MSR,
  'ept-violation': MEMORY,
  'nested-page-fault': MEMORY,
};

const UNASKED = worded('on this processor that always leaves the guest; the hypervisor does it for the guest');

/** Why, where a monitor has slipped below a running kernel and wants nothing of it. */
const LATE_REASONS: Readonly<Record<string, string>> = {
  cpuid: worded('under VT-x CPUID always leaves the guest, and that takes time; the answer is the processor’s own'),
  'cr-write': UNASKED,
  'cr-read': UNASKED,
};

function exitSentence(stage: Stage, row: number, { before, instruction }: Telling): string {
  const { log } = stage;
  const words = extensionOf(stage);
  const code = words.code(log, row);
  const who = before === null || before.vm === 0 ? `VM ${log.vmOf(row)}` : capital(nameOf(before));
  const label = words.exitLabel(code);
  const cause = log.text(log.valueOf(row, 7));
  const reason = (stage.bare ? LATE_REASONS[cause] : undefined) ?? REASONS[cause];
  const why = reason === undefined ? within(words.exitTitle(code)) : told(reason);
  return instruction === '' ? say`${who} is stopped, ${label}: ${why}.` : say`${who} leaves the guest at ${instruction}, ${label}: ${why}.`;
}

/** The sentence of one event; empty for one that is not worth it. */
export function eventSentence(stage: Stage, row: number, telling: Telling): string {
  const { log } = stage;
  const value = (k: number) => log.valueOf(row, k);
  const { before, after } = telling;
  const subject = capital(before === null ? say`the processor` : nameOf(before));
  const to = placeCpl(log.toOf(row));
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
      const vm = log.vmOf(row);
      if (injected !== 0)
        return say`The hypervisor enters VM ${vm} and injects ${extensionOf(stage).eventName(injected)}: the guest sees it as its own.`;
      return say`The hypervisor enters VM ${vm} at ${hex8(value(0))}, ring ${to}; the guest cannot tell that it was away.`;
    }
    case Kind.TRANSFER: {
      const label = eventLabel(stage, row);
      const inward = to < placeCpl(log.fromOf(row));
      if (injected)
        return say`The hypervisor enters VM ${after.vm}, and its ${label}, which an exit had stopped, is delivered: to ${target}, ring ${after.cpl}.`;
      if (inward && isHypercall(stage, value(2))) {
        const call = log.stepOf(row) === stage.machine.n ? hypercallText(stage, label, stage.machine.cpu.s[at.eax]) : label;
        return say`${subject} makes a hypercall, ${call}: the gate leads to ${target}, ring ${to}.`;
      }
      if (inward && label === 'sysenter')
        return say`${subject} asks for a service with ${label}: the MSRs lead to ${target}, ring ${to}, on a stack from the MSRs.`;
      if (inward)
        return say`${subject} asks for a service with ${label}: the gate leads to ${target}, ring ${to}, on a stack from the TSS.`;
      return log.fromOf(row) === log.toOf(row) ? '' : say`${subject} returns with ${label} to ${target}, ring ${to}.`;
    }
    case Kind.INTERRUPT: {
      const name = interruptName(value(0));
      if (injected) return say`The hypervisor enters VM ${after.vm} and injects ${name}: ${target} handles it in ring ${after.cpl}.`;
      const victim = before === null ? say`whoever ran` : nameOf(before);
      return say`${capital(name)} takes the processor from ${victim}: ${target} handles it in ring ${after.cpl}.`;
    }
    case Kind.EXCEPTION: {
      const vector = value(0);
      const name = exceptionName(vector);
      const what = vector === 14 ? say`${name} at address ${hex8(value(3))}` : name;
      if (injected) return say`The hypervisor enters VM ${after.vm} and injects ${what}: its IDT leads to ${target}, ring ${after.cpl}.`;
      return say`${subject} raises ${what}: the IDT leads to ${target}, ring ${after.cpl}.`;
    }
    case Kind.ENTRY_FAILED:
      return say`The VM entry fails, and the processor is back in the hypervisor. The rule: ${ruleText(log.text(value(2)))}.`;
    case Kind.VMFAIL:
      return value(0) === 0
        ? say`The instruction is refused. The rule: ${ruleText(log.text(value(2)))}.`
        : say`The instruction is refused with error ${value(1)}. The rule: ${ruleText(log.text(value(2)))}.`;
    case Kind.HALTED:
      if (stage.machine.end === null || log.stepOf(row) !== stage.machine.n)
        return say`${subject} halts: the processor sleeps until an interrupt.`;
      return stage.machine.awaitsInput
        ? say`${subject} halts, and only a key typed at its console will wake the processor.`
        : say`${subject} halts, and nothing will wake the processor.`;
    case Kind.DISK:
      return capital(diskSentence(stage, row, before === null ? say`the processor` : nameOf(before)));
    case Kind.SHUTDOWN:
      return say`Triple fault: a fault, then another while delivering it, then another: the processor shuts down.`;
    default:
      return '';
  }
}

/** `int 30h (HYPER_CR3), in place of MOV CR3` */
function hypercallText(stage: Stage, call: string, eax: number): string {
  const { name, instead } = hypercall(stage, eax);
  const named = name === '' ? call : `${call} (${name})`;
  return instead === '' ? named : say`${named}, in place of ${told(instead)}`;
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
        return say`${subject} is about to run ${text}, which leaves the guest: to the outer hypervisor, the only one that the processor knows.`;
      if (log.text(log.valueOf(row, 7)) === 'cr-write' && /^cr3,/.test(current.operands))
        return say`${subject} is about to load CR3 for another address space; under ${title} that instruction leaves the guest and wakes the hypervisor.`;
      return say`${subject} is about to run ${text}; under ${title} that leaves the guest and wakes the hypervisor (${within(exitTitle(code(log, row)))}).`;
    }
    case Kind.VMENTRY:
      return say`${subject} is about to enter VM ${log.vmOf(row)} with ${text}: the guest goes on at ${hex8(log.valueOf(row, 0))}.`;
    case Kind.TRANSFER:
      if (log.fromOf(row) !== log.toOf(row) && isHypercall(stage, log.valueOf(row, 2)))
        return say`${subject} is about to make a hypercall, ${hypercallText(stage, text, here.state[at.eax])}.`;
      return log.fromOf(row) === log.toOf(row)
        ? ''
        : say`${subject} is about to run ${text}, which leads to ring ${placeCpl(log.toOf(row))}.`;
    case Kind.EXCEPTION: {
      const [name, code] = [exceptionName(log.valueOf(row, 0)), log.valueOf(row, 1)];
      return code === 0
        ? say`${subject} is about to run ${text}, which will raise ${name}.`
        : say`${subject} is about to run ${text}, which will raise ${name} with error code ${h(code)}.`;
    }
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
  const subject = capital(nameOf(who));
  const ring = who.ring === 'm' ? say`at ring −1` : say`in ring ${who.cpl}`;
  const place = functionName === '' ? ring : say`${ring} in ${functionName}`;
  if (goal !== '') {
    const purpose = goal.endsWith('?') ? goal : `${goal}.`;
    return functionName === '' ? say`${subject}, ${ring}: ${purpose}` : say`${subject}, ${ring}, in ${functionName}: ${purpose}`;
  }
  if (who.ring === 'm') return say`The hypervisor runs ${place}: ${extensionOf(stage).hostMode}, where its guests cannot see it.`;
  return say`${subject} runs ${place}.`;
}

/** In HLT, behind the step that led there. */
export function asleepSentence({ machine }: Stage, who: Who): string {
  const subject = capital(nameOf(who));
  if (machine.end === null) return say`${subject} sleeps in HLT until an interrupt comes.`;
  return machine.awaitsInput
    ? say`${subject} has halted, and only a key typed at its console will wake the processor.`
    : say`${subject} has halted, and nothing will wake the processor.`;
}
