/** What the very next step does: taken, looked at, and taken back. */
import type { Cpu } from '../../cpu/cpu.ts';
import { effectiveAddress } from '../../cpu/memory.ts';
import { type PeekedEntry, peekLinear, peekPhysical32 } from '../../cpu/peek.ts';
import { RIGHTS_DB } from '../../cpu/registers.ts';
import { at, BASE, segmentAt } from '../../cpu/state.ts';
import { disassemble } from '../../isa/disasm.ts';
import type { Insn } from '../../isa/insn.ts';
import { Kind, type LogEvent, TRANSFERS } from '../../trace/log.ts';
import { type Standpoint, standpoint } from '../../trace/recent.ts';
import type { Stage } from '../stage.ts';
import type { ExtensionWords } from '../view/extension.ts';
import { decoded, wasInstruction } from '../view/stream.ts';
import { whoAt } from '../view/who.ts';
import type { Who, Why } from '../views.ts';
import { type Asked, gateRules } from '../why/gates.ts';
import { gateOfIdtRules } from '../why/idt.ts';
import { why } from '../why/why.ts';

export interface Forecast {
  readonly stage: Stage;
  readonly here: Standpoint;
  readonly after: Standpoint;
  readonly who: Who;
  readonly next: Who;
  /** The instruction at which the processor stands, when the step is its own; null before an event between instructions. */
  readonly insn: Insn<Cpu> | null;
  /** `popfd` */
  readonly text: string;
  readonly mnemonic: string;
  /** Oldest first. */
  readonly events: readonly LogEvent[];
  /** The run ends with it, or the processor goes to sleep. */
  readonly stops: boolean;
  readonly why: Why | null;
  /** Doublewords at the top of the stack, before. */
  readonly stack: readonly number[];
  /** What its checks of privilege compare, before. */
  readonly gates: Asked | null;
  readonly idtGate: Asked | null;
  /** The last entry on the way to the operand in memory, before and after; null without one. */
  readonly entry: { readonly before: PeekedEntry; readonly after: PeekedEntry } | null;
}

/** Null when there is no next step. */
export function forecast(stage: Stage): Forecast | null {
  const { machine, log, history, images } = stage;
  const { cpu } = machine;
  if (machine.end !== null) return null;
  const here = standpoint(machine, log);
  const saved = machine.save();
  const insn = decoded(here);
  const { mnemonic, operands } = insn === null ? { mnemonic: '', operands: '' } : disassemble(insn, here.eip);
  const operand = insn === null || insn.mem === 0 ? -1 : operandOf(cpu, insn);
  const known = {
    who: whoAt(images, here.place, here.vm, here.physical),
    stack: stackTop(cpu),
    gates: insn && gateRules(cpu, insn),
    idtGate: insn && gateOfIdtRules(cpu, insn),
    before: lastEntry(cpu, operand),
  };
  return history.ahead(1, 1, (_, after) => {
    const { length } = log;
    const goBack = <T>(there: () => T): T => {
      machine.restore(saved);
      const answer = there();
      machine.run(saved.n + 1);
      log.shorten(length);
      return answer;
    };
    const runs = insn !== null && wasInstruction(log, here);
    const later = lastEntry(cpu, operand);
    return {
      stage,
      here,
      after,
      who: known.who,
      next: whoAt(images, after.place, after.vm, after.physical),
      insn: runs ? insn : null,
      text: `${mnemonic} ${operands}`.trim(),
      mnemonic,
      events: eventsOf(stage, here.n + 1),
      stops: machine.end !== null || (after.halted && !here.halted),
      why: why(stage, goBack),
      stack: known.stack,
      gates: runs ? known.gates : null,
      idtGate: runs ? known.idtGate : null,
      entry: runs && known.before && later && known.before.address === later.address ? { before: known.before, after: later } : null,
    };
  });
}

/** Linear address of the operand in memory. */
const operandOf = (cpu: Cpu, insn: Insn<Cpu>): number => (cpu.s[segmentAt(insn.seg) + BASE] + effectiveAddress(cpu, insn)) >>> 0;

const lastEntry = (cpu: Cpu, linear: number): PeekedEntry | null => (linear < 0 ? null : (peekLinear(cpu, linear).entries.at(-1) ?? null));

/** Where a page is missing, all ones. */
function stackTop(cpu: Cpu): readonly number[] {
  const { s } = cpu;
  const mask = (s[at.ssRights] & RIGHTS_DB) !== 0 ? -1 : 0xffff;
  return [0, 4, 8].map((offset) => {
    const { physical } = peekLinear(cpu, s[at.ssBase] + ((s[at.esp] + offset) & mask));
    return physical < 0 ? -1 : peekPhysical32(cpu, physical);
  });
}

function eventsOf({ log }: Stage, n: number): readonly LogEvent[] {
  const events: LogEvent[] = [];
  for (let row = log.firstAt(n); row < log.length && log.stepOf(row) === n; row++) {
    const event = log.at(row);
    events.push({ ...event, values: event.values.slice() });
  }
  return events;
}

/** The exit with which the step ends. */
export const exitOf = ({ events }: Forecast): LogEvent | null => events.findLast(({ kind }) => kind === Kind.VMEXIT) ?? null;

/** Basic exit reason or EXITCODE. The log has forgotten the exit: only the event itself says it. */
export const codeOf = ({ values }: LogEvent, { vendor }: ExtensionWords): number => (vendor === 'vmx' ? values[0] & 0xffff : values[0]);

/** What goes through a gate of the IDT last, unless an exit comes in its place. */
export function deliveryOf(forecast: Forecast): LogEvent | null {
  if (exitOf(forecast) !== null || forecast.events.some(({ kind }) => kind === Kind.SHUTDOWN)) return null;
  return forecast.events.findLast(isDelivery) ?? null;
}

/** Through a gate of the IDT. */
export const isDelivery = ({ kind, values }: LogEvent): boolean =>
  kind === Kind.EXCEPTION || kind === Kind.INTERRUPT || (kind === Kind.TRANSFER && TRANSFERS[values[0]] === 'int');

export const vectorOf = ({ kind, values }: LogEvent): number => (kind === Kind.TRANSFER ? values[2] : values[0]) & 0xff;

/** Instructions whose effect depends on the ring, or on who watches: worth asking about although they may just run. */
const SENSITIVE =
  /^(cli|sti|popf|pushf|iret|hlt|in|out|ins|outs|int|int3|into|lgdt|lidt|lldt|ltr|sgdt|sidt|sldt|str|smsw|lmsw|clts|invlpg|cpuid|rdtsc|rdmsr|wrmsr|sysenter|sysexit|vm\w+|invept|invvpid|invlpga|stgi|clgi)[bwd]?$/;

export const isSensitive = ({ insn, mnemonic, text }: Forecast): boolean =>
  insn !== null && (SENSITIVE.test(mnemonic) || /\b[cd]r[0-7]\b/.test(text));
