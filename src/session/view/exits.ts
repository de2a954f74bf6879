/** VM exits counted and explained; on the bare machine, interrupts and faults. */

import { placeCpl } from '../../cpu/events.ts';
import { exceptionName } from '../../cpu/interrupts.ts';
import { hex } from '../../lib/hex.ts';
import { say } from '../../lib/say.ts';
import { Kind } from '../../trace/log.ts';
import type { Stage } from '../stage.ts';
import type { ExitCount, ExitInfo, ExitRecord, ExitsView } from '../views.ts';
import { diskInfos } from './disk.ts';
import { type ExtensionWords, extensionOf, writtenBy } from './extension.ts';
import { isHypercall } from './hypercall.ts';
import { interruptName } from './words.ts';

const LATEST = 6;

/** Row of the entry that ended an exit, or -1 when the monitor has not entered a guest again by step count `n`. */
function entryAfter(stage: Stage, row: number, n: number): number {
  const { log } = stage;
  for (let next = row + 1; next < log.length && log.stepOf(next) <= n; next++) if (log.kindOf(next) === Kind.VMENTRY) return next;
  return -1;
}

/** Under VT-x all exceptions have one exit reason. */
const EXCEPTION = 0;

/** `Exception (#PF)`: an exit of VT-x's reason 0 is named by its event when that is known. */
function titleOf(words: ExtensionWords, code: number, interruptionInfo: number): string {
  const title = words.exitTitle(code);
  return words.vendor === 'vmx' && code === EXCEPTION && interruptionInfo !== 0
    ? say`Exception (${words.eventName(interruptionInfo)})`
    : title;
}

/** The value of an OUT is no field of an exit: it is still in the guest's EAX. */
function writtenInfo(words: ExtensionWords, { log }: Stage, row: number): readonly ExitInfo[] {
  const out = writtenBy(words, log, row);
  return out === null ? [] : [{ name: say`Written`, value: `${hex(out.value, 2 * out.bytes)}h`, fields: [] }];
}

/** One VM exit with what is known of it at the cursor. `index` counts from 1. */
export function exitRecord(stage: Stage, index: number): ExitRecord {
  const { log, machine } = stage;
  const row = log.exits[index - 1];
  const value = (k: number) => log.valueOf(row, k);
  const words = extensionOf(stage);
  const code = words.code(log, row);
  const { exit, entry } = machine.cpu.costs.events;
  const entered = entryAfter(stage, row, machine.n);
  const until = entered >= 0 ? log.cycleOf(entered) - entry : machine.cycle;
  return {
    index,
    n: log.stepOf(row),
    cycle: log.cycleOf(row),
    vm: log.vmOf(row),
    owner: log.vmOf(row) === 0 ? '' : log.vmOf(row) === stage.inner ? say`inner hypervisor` : `VM ${log.vmOf(row)}`,
    vendor: words.vendor,
    code,
    codeText: words.codeText(code),
    name: words.exitName(code),
    title: titleOf(words, code, value(4)),
    guestEip: value(2) >>> 0,
    instructionLength: value(3),
    interruptionInfo: value(4) >>> 0,
    cause: log.text(value(7)),
    cpl: placeCpl(log.fromOf(row)),
    instruction: stage.instructionOfExit(row),
    infos: [...words.infos(log, row), ...writtenInfo(words, stage, row), ...diskInfos(stage, row, entered)],
    cycles: { exit, handler: Math.max(0, until - log.cycleOf(row)), entry: entered >= 0 ? entry : 0 },
    done: entered >= 0,
  };
}

/** Whether what leaves a virtual machine is a VM exit; on the bare machine, and where its monitor is in ring 0, interrupts and faults count. */
export const hasExits = ({ vms, compressed }: Stage): boolean => vms > 0 && !compressed;

/** What a row counts as: an exit's code, or without exits a vector; -1 when it does not count. */
export function countedCode(stage: Stage, row: number, exits = hasExits(stage)): number {
  const { log } = stage;
  const kind = log.kindOf(row);
  if (exits) return kind === Kind.VMEXIT ? extensionOf(stage).code(log, row) : -1;
  if (kind === Kind.EXCEPTION || kind === Kind.INTERRUPT) return log.valueOf(row, 0) & 0xff;
  return kind === Kind.TRANSFER && log.valueOf(row, 2) !== 0 ? log.valueOf(row, 2) : -1;
}

/** Counts of the rows up to step count `n`, most frequent first; kept between calls, since the log only grows. */
export class Tally {
  private counted = 0;
  private epoch = 0;
  private monitored = false;
  private readonly stage: Stage;
  private counts = new Map<number, number>();
  /** Interruption information of the exits for exceptions while it is always the same, else 0. */
  exceptionInfo = 0;
  private exceptions = 0;

  constructor(stage: Stage) {
    this.stage = stage;
  }

  /** By the code of the exit, or by vector on the bare machine. */
  upTo(n: number): ReadonlyMap<number, number> {
    const { log } = this.stage;
    const end = log.firstAt(n + 1);
    const monitored = hasExits(this.stage);
    if (end < this.counted || log.epoch !== this.epoch || monitored !== this.monitored) {
      this.epoch = log.epoch;
      this.monitored = monitored;
      this.counted = 0;
      this.counts = new Map();
      this.exceptions = 0;
      this.exceptionInfo = 0;
    }
    for (; this.counted < end; this.counted++) {
      const key = countedCode(this.stage, this.counted);
      if (key >= 0) this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
      if (key === EXCEPTION && hasExits(this.stage)) this.noteException(log.valueOf(this.counted, 4));
    }
    return this.counts;
  }

  private noteException(info: number): void {
    this.exceptionInfo = this.exceptions++ === 0 || this.exceptionInfo === info ? info : 0;
  }
}

function vectorTitle(stage: Stage, vector: number): string {
  if (vector < 32) return exceptionName(vector);
  const call = `int ${hex(vector, 2)}h`;
  if (isHypercall(stage, vector)) return say`Hypercall, ${call}`;
  return vector >= 0x80 ? say`System call, ${call}` : interruptName(vector);
}

/** @param chosen the step of an exit that is to be there, too */
export function exitsView(stage: Stage, tally: Tally, chosen: number | null = null): ExitsView {
  const { log, machine } = stage;
  const exits = hasExits(stage);
  const words = extensionOf(stage);
  const counts: ExitCount[] = [...tally.upTo(machine.n)].map(([code, count]) => ({
    code,
    count,
    codeText: exits ? words.codeText(code) : String(code),
    name: exits ? words.exitName(code) : exceptionName(code),
    title: exits ? titleOf(words, code, tally.exceptionInfo) : vectorTitle(stage, code),
  }));
  counts.sort((a, b) => b.count - a.count || a.code - b.code);
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const happened = exits ? log.exitsUpTo(machine.n) : 0;
  const latest: ExitRecord[] = [];
  for (let index = Math.max(1, happened - LATEST + 1); index <= happened; index++) latest.push(exitRecord(stage, index));
  const codeIs = exits ? words.codeIs : say`vector`;
  const asked = exits && chosen !== null && chosen <= machine.n ? log.exitsUpTo(chosen) : 0;
  const isChosen = asked > 0 && asked <= happened - LATEST && log.stepOf(log.exits[asked - 1]) === chosen;
  return { kind: exits ? 'exits' : 'interrupts', codeIs, total, counts, latest, chosen: isChosen ? exitRecord(stage, asked) : null };
}
