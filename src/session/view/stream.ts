/** The instruction stream: what was executed, where the processor stands, what will come. */

import type { Cpu } from '../../cpu/cpu.ts';
import { MODE_GUEST, placeMode } from '../../cpu/events.ts';
import { BLOCKED_BY_MOV_SS } from '../../cpu/registers.ts';
import { at } from '../../cpu/state.ts';
import { decode } from '../../isa/decode.ts';
import { disassemble, touches } from '../../isa/disasm.ts';
import { Insn } from '../../isa/insn.ts';
import { hex2 } from '../../lib/hex.ts';
import { say, told, worded } from '../../lib/say.ts';
import { type EventLog, Kind } from '../../trace/log.ts';
import type { Standpoint } from '../../trace/recent.ts';
import type { Stage } from '../stage.ts';
import type { Original, StreamEvent, StreamInstruction, StreamRow, StreamView, TranslationKind, Who } from '../views.ts';
import { guestInstruction } from './translation.ts';
import { placeTitle, whoAt } from './who.ts';
import { eventLabel, eventNote } from './words.ts';

/** Exit reasons of events that come between instructions: external interrupt, INIT, SIPI, windows. */
const BETWEEN_INSTRUCTIONS = new Set([1, 3, 4, 7, 8]);

const SHOWN = new Set<number>([
  Kind.EXCEPTION,
  Kind.INTERRUPT,
  Kind.TRANSFER,
  Kind.VMEXIT,
  Kind.VMENTRY,
  Kind.ENTRY_FAILED,
  Kind.VMFAIL,
  Kind.SHUTDOWN,
]);

const whoOf = (stage: Stage, p: Standpoint): Who => whoAt(stage.images, p.place, p.vm, p.physical);

/** The instruction at a standpoint as the processor reads it; null when its bytes cannot be read. */
export function decoded({ bytes, is32 }: Standpoint): Insn<Cpu> | null {
  const insn = new Insn<Cpu>();
  return bytes.length > 0 && decode(insn, bytes, 0, bytes.length, is32) ? insn : null;
}

/** The instruction at a standpoint; null when its bytes cannot be read. */
export function instructionAt(stage: Stage, p: Standpoint): StreamInstruction | null {
  const insn = decoded(p);
  if (insn === null) return null;
  const located = stage.images.locate(p.physical, p.vm);
  const bytes = p.bytes.subarray(0, insn.length);
  const intact = located !== null && bytes.every((byte, i) => located.image.bytes[located.offset + i] === byte);
  const known = intact ? located : null;
  const origin = known === null ? originOf(stage, p) : null;
  const text = disassemble(insn, p.eip, (address) => known?.index.labelAt(address));
  return {
    kind: 'instruction',
    n: p.n,
    who: whoOf(stage, p),
    address: p.eip,
    bytes: [...bytes].map(hex2).join(' '),
    mnemonic: text.mnemonic,
    operands: text.operands,
    comment: known?.place.comment ?? origin?.comment ?? '',
    source: known?.place.source ?? origin?.source ?? '',
    label: known?.place.label ?? '',
    goal: known?.place.goal ?? '',
    touches: touches(insn),
    iteration: insn.rep !== 0 ? 1 : 0,
    toGo: insn.rep !== 0 ? countOf(insn, p) : 0,
    original: origin?.original ?? null,
  };
}

/** What REP counts down. */
const countOf = (insn: Insn<Cpu>, { state }: Standpoint): number =>
  insn.addressSize === 16 ? state[at.ecx]! & 0xffff : state[at.ecx]! >>> 0;

function doneText(kind: TranslationKind, original: string): string {
  switch (kind) {
    case 'copied':
      return say`copied`;
    case 'rewritten':
      return say`for ${original}`;
    case 'callout':
      return say`callout for ${original}`;
    case 'substituted':
      return say`callout, once copied, for ${original}`;
  }
}

interface Origin {
  readonly comment: string;
  readonly source: string;
  readonly original: Original;
}

/** Of which instruction of the guest kernel this is the translation, and what was done with it. */
function originOf(stage: Stage, p: Standpoint): Origin | null {
  const { images } = stage;
  const found = images.translation?.at(p.vm, p.physical);
  const guest = found == null ? null : guestInstruction(stage, p.vm, found.original, found.originalLength);
  if (found == null || guest === null) return null;
  const { kind, original: address, translated } = found;
  const { text, source } = guest;
  return {
    comment: doneText(kind, text),
    source,
    original: { kind, address, text, begins: translated === p.linear },
  };
}

/** What stands where no bytes can be read: the step will be a page fault. */
const unreadable = (stage: Stage, p: Standpoint): StreamInstruction => ({
  kind: 'instruction',
  n: p.n,
  who: whoOf(stage, p),
  address: p.eip,
  bytes: '',
  mnemonic: '???',
  operands: '',
  comment: '',
  source: '',
  label: '',
  goal: '',
  touches: [],
  iteration: 0,
  toGo: 0,
  original: null,
});

/** Rows of the log for the step that began at `n`. */
function eventsOf(log: EventLog, n: number): number[] {
  const rows: number[] = [];
  for (let row = log.firstAt(n + 1); row < log.length && log.stepOf(row) === n + 1; row++) if (SHOWN.has(log.kindOf(row))) rows.push(row);
  return rows;
}

/** Whether the step was an event between instructions, so that the instruction at the standpoint did not run. */
function isBetween(log: EventLog, p: Standpoint, rows: readonly number[]): boolean {
  if (p.halted) return true;
  if (p.state[at.pendingDebug] !== 0 && (p.state[at.interruptibility] & BLOCKED_BY_MOV_SS) === 0) return true;
  return rows.some((row) => {
    const kind = log.kindOf(row);
    if (kind === Kind.INTERRUPT) return true;
    return kind === Kind.VMEXIT && BETWEEN_INSTRUCTIONS.has(log.valueOf(row, 0));
  });
}

/** Whether the step from here was an instruction's, done or stopped, and no event's or sleep. */
export const wasInstruction = (log: EventLog, p: Standpoint): boolean => !isBetween(log, p, eventsOf(log, p.n));

const VERBS: Readonly<Record<number, string>> = {
  [Kind.VMEXIT]: worded('Will exit'),
  [Kind.VMENTRY]: worded('Will enter'),
};

function eventRow(stage: Stage, row: number, who: Who, future: boolean): StreamEvent {
  const { log } = stage;
  const kind = log.kindOf(row);
  const n = log.stepOf(row);
  const base = { kind: 'event', n, who, note: eventNote(stage, row) } as const;
  if (kind === Kind.SHUTDOWN) return { ...base, text: say`Shutdown: the processor stops` };
  if (kind === Kind.ENTRY_FAILED) return { ...base, text: say`VM entry failed: back in the hypervisor` };
  if (kind === Kind.VMFAIL) return { ...base, text: log.valueOf(row, 0) !== 0 ? 'VMfailValid' : 'VMfailInvalid' };
  const verb = future ? VERBS[kind] : undefined;
  const label = verb === undefined ? eventText(stage, row) : told(verb);
  return { ...base, text: `${label} → ${placeTitle(who)}` };
}

/** `VM exit`, `int 80h`, `#PF`, `IRQ 0`. */
function eventText(stage: Stage, row: number): string {
  const kind = stage.log.kindOf(row);
  return kind === Kind.VMEXIT ? say`VM exit` : eventLabel(stage, row);
}

/** Rows of steps, in order. `after` is where the last of them led. */
export function rowsOf(stage: Stage, steps: readonly Standpoint[], after: Standpoint, future: boolean): StreamRow[] {
  const rows: StreamRow[] = [];
  steps.forEach((p, k) => {
    const next = steps[k + 1] ?? after;
    const events = eventsOf(stage.log, p.n);
    if (!isBetween(stage.log, p, events)) pushInstruction(rows, instructionAt(stage, p));
    const last = events.length - 1;
    events.forEach((row, i) => {
      const who = i === last ? whoOf(stage, next) : { ...whoOf(stage, next), ...middle(stage, row) };
      rows.push(eventRow(stage, row, who, future));
    });
  });
  return rows;
}

/** Of several events in one step, those before the last led somewhere that no instruction ran. */
function middle(stage: Stage, row: number): Partial<Who> {
  const place = stage.log.toOf(row);
  return placeMode(place) === MODE_GUEST ? { mode: 'guest', cpl: place & 3, vm: stage.log.vmOf(row) } : {};
}

/** Iterations of a REP are one row that counts. */
function pushInstruction(rows: StreamRow[], row: StreamInstruction | null): void {
  if (row === null) return;
  const counted = continued(rows, row);
  if (counted.iteration > row.iteration) rows.pop();
  rows.push(counted);
}

/** The row with its iteration counted on from the rows before it, if it is the same REP. */
function continued(rows: readonly StreamRow[], row: StreamInstruction): StreamInstruction {
  const last = rows[rows.length - 1];
  const goesOn =
    last?.kind === 'instruction' && row.iteration > 0 && last.iteration > 0 && last.address === row.address && last.n === row.n - 1;
  return goesOn ? { ...row, iteration: last.iteration + 1 } : row;
}

/** The stream around the cursor. `future` are steps run ahead, and where they led. */
export function streamView(stage: Stage, here: Standpoint, future: readonly StreamRow[]): StreamView {
  const { history, machine } = stage;
  const past = rowsOf(stage, history.recent, here, false);
  const current = machine.end === null ? continued(past, instructionAt(stage, here) ?? unreadable(stage, here)) : null;
  const files = new Set<string>();
  for (const row of [...past.slice(-16), ...(current === null ? [] : [current]), ...future]) {
    if (row.kind === 'instruction' && row.source !== '') files.add(row.source.replace(/:\d+$/, ''));
  }
  return { past, current, future, files: [...files] };
}
