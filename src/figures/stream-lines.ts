import { say, told, worded } from '../lib/say.ts';
import type { Original, Ring, StageView, StreamInstruction, StreamRow, StreamView, Who } from '../session/views.ts';
import { folded } from './folds.ts';
import { hex, TRANSLATION_WORDS, whoText } from './words.ts';

export type When = 'past' | 'current' | 'future';

interface Common {
  readonly key: string;
  readonly when: When;
  readonly ring: Ring | null;
  /** The step to go to. */
  readonly n: number;
  /** The bracket at its side; null where the source names no purpose, and where no brackets are asked for. */
  readonly bracket: Bracket | null;
}

/** A row's part of the bracket around the rows that serve one purpose. */
export interface Bracket {
  readonly goal: string;
  /** The purpose stands in this row, and its bracket begins. */
  readonly begins: boolean;
  /** Another row follows that is not for it; at the end of what is shown the bracket stays open. */
  readonly ends: boolean;
}

export interface OperandPart {
  readonly text: string;
  readonly touched: boolean;
  /** Where it starts in the operands. */
  readonly at: number;
}

export interface InstructionLine extends Common {
  readonly kind: 'instruction';
  /** The virtual machine whose code it is; 0 for none. */
  readonly vm: number;
  readonly address: string;
  readonly bytes: string;
  readonly mnemonic: string;
  /** Operands cut where an underlined one starts or ends. */
  readonly operands: readonly OperandPart[];
  readonly comment: string;
  readonly source: string;
  /** Registers that it reads or writes, lower case. */
  readonly touches: readonly string[];
  /** The guest's instruction that a translated one was made from; only before the first of several. */
  readonly original: OriginalPart | null;
}

export interface OriginalPart {
  readonly address: string;
  readonly text: string;
  /** Another took its place. */
  readonly replaced: boolean;
  readonly done: string;
}

export interface WordsLine extends Common {
  readonly kind: 'event' | 'fold' | 'header' | 'goal' | 'label';
  readonly text: string;
  readonly note: string;
  readonly fold?: FoldPart;
}

export interface FoldPart {
  /** The same for the same piece of code. */
  readonly id: string;
  /** Its rows are there, too. */
  readonly isOpen: boolean;
}

export type StreamLine = InstructionLine | WordsLine;

/** The row after the last instruction of a run that is over. */
export interface StreamEnd {
  readonly n: number;
  readonly ring: Ring;
  readonly text: string;
  readonly note: string;
}

export interface LinesOptions {
  /** Events in few words. */
  readonly short?: boolean;
  /** Brackets around the rows that serve one purpose, with the purpose where they begin. */
  readonly goals?: boolean;
  /** The folds that are open, by id. */
  readonly open?: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();
const REST = 0.6;

/** The rows that fit, with the current one about three fifths down. */
export function streamLines(
  view: StreamView,
  end: StreamEnd | null,
  slots: number,
  { short = false, goals = false, open = NONE }: LinesOptions = {},
): readonly StreamLine[] {
  const { current } = view;
  const past = folded(view.past, current, true, open);
  const future = folded(view.future, null, false, open);
  const lines = distinct([
    ...past.flatMap((row, i) => linesOf(row, 'past', past[i - 1], goals)),
    ...(current ? linesOf(current, 'current', past.at(-1), goals) : endLines(end)),
    ...future.flatMap((row, i) => linesOf(row, 'future', future[i - 1] ?? current ?? undefined, goals)),
  ]);
  const from = lines.findIndex((line) => line.when !== 'past' || line.key.startsWith('end'));
  const to = lines.findIndex((line) => line.when === 'future');
  const before = lines.slice(0, from < 0 ? lines.length : from);
  const now = from < 0 ? [] : lines.slice(from, to < 0 ? lines.length : to);
  const after = to < 0 ? [] : lines.slice(to);
  const room = Math.max(1, slots - 1 - now.length);
  const wanted = Math.round(room * REST);
  const behind = Math.min(before.length, Math.max(wanted, room - after.length));
  const ahead = Math.min(after.length, room - behind);
  const all = closed([...before.slice(before.length - behind), ...now, ...after.slice(0, ahead)]);
  const shown = short ? all.map((line) => (line.kind === 'event' ? shortEvent(line) : line)) : all;
  const first = shown[0];
  if (!first || first.kind === 'event') return shown;
  const who = whoAt(first, past, current);
  return who ? [headerOf(who, first), ...shown] : shown;
}

/** Who runs the first row, and what for, if that was said above it. */
function headerOf(who: Who, { n, bracket }: StreamLine): WordsLine {
  const note = bracket === null || bracket.begins ? '' : bracket.goal;
  return { kind: 'header', key: `h${who.vm}${who.ring}`, when: 'past', ring: who.ring, n, bracket: null, text: whoText(who), note };
}

/** Brackets end before a row that is for something else. */
const closed = (lines: readonly StreamLine[]): readonly StreamLine[] =>
  lines.map((line, i) => {
    const next = lines[i + 1];
    const ends = next !== undefined && (next.bracket?.begins || next.bracket?.goal !== line.bracket?.goal);
    return line.bracket && ends ? { ...line, bracket: { ...line.bracket, ends } } : line;
  });

function whoAt(line: StreamLine, past: readonly StreamRow[], current: StreamInstruction | null): Who | null {
  return past.find((row) => row.n === line.n)?.who ?? current?.who ?? null;
}

function linesOf(row: StreamRow, when: When, previous: StreamRow | undefined, goals: boolean): StreamLine[] {
  const { n } = row;
  const { ring } = row.who;
  const common = { when, ring, n, bracket: null };
  if (row.kind === 'event') return [{ ...common, kind: 'event', key: `e${n}`, text: row.text, note: row.note }];
  const { goal } = row;
  const bracket = goals && goal !== '' ? { goal, begins: false, ends: false } : null;
  const begins = bracket !== null && (previous === undefined || previous.kind === 'event' || previous.goal !== goal);
  const above = { ...common, when: when === 'current' ? 'past' : when, bracket: bracket && { ...bracket, begins } } as const;
  const purpose = (line: StreamLine): StreamLine[] =>
    begins ? [{ ...above, kind: 'goal', key: `g${n}`, text: goal, note: '' }, line] : [line];
  if (row.kind === 'fold') {
    return purpose({ ...common, bracket, kind: 'fold', key: `f${row.id}`, text: row.text, note: '', fold: row });
  }
  const line: InstructionLine = {
    ...common,
    kind: 'instruction',
    key: `i${n}`,
    bracket,
    vm: row.who.vm,
    address: hex(row.address),
    bytes: row.bytes,
    mnemonic: row.mnemonic,
    operands: cutOperands(row.operands, when === 'current' ? row.touches : []),
    comment: row.iteration > 0 ? iterations(row, when) : row.comment,
    source: row.source,
    touches: row.touches,
    original: originalOf(row.original),
  };
  if (row.label && !isLoop(row, previous)) {
    return [{ ...above, kind: 'label', key: `l${n}`, text: `${row.label}:`, note: begins ? goal : '' }, line];
  }
  return purpose(line);
}

/** What is left of a REP before its next iteration: how many there were is not known where it began long ago. */
function iterations({ mnemonic, toGo }: StreamInstruction, when: When): string {
  const left = when === 'past' ? Math.max(0, toGo - 1) : toGo;
  return mnemonic.startsWith('rep ') ? say`${left} to go` : say`at most ${left} to go`;
}

function originalOf(original: Original | null): OriginalPart | null {
  if (original === null) return null;
  const { kind, address, text, begins } = original;
  if (!begins) return { address: '', text: '', replaced: false, done: '' };
  return { address: hex(address), text, replaced: kind !== 'copied', done: told(TRANSLATION_WORDS[kind]) };
}

/** A local label that is reached again by jumping back says nothing new. */
function isLoop(row: StreamInstruction, previous: StreamRow | undefined): boolean {
  return row.label.startsWith('.') && previous?.kind === 'instruction' && previous.address > row.address;
}

/** Two events of one step get keys of their own. */
function distinct(lines: readonly StreamLine[]): readonly StreamLine[] {
  const seen = new Map<string, number>();
  return lines.map((line) => {
    const times = seen.get(line.key) ?? 0;
    seen.set(line.key, times + 1);
    return times === 0 ? line : { ...line, key: `${line.key}-${times}` };
  });
}

/** The row that ends the stream when no instruction will follow. */
function endLines(end: StreamEnd | null): StreamLine[] {
  if (!end) return [];
  const { n, ring, text, note } = end;
  return [{ kind: 'event', key: `end${n}`, when: 'past', ring, n, bracket: null, text, note }];
}

/** The words of an event where there is little room. */
function shortEvent(line: WordsLine): WordsLine {
  const text = line.text.replace(/hypervisor, (?=ring)/i, '').replace(/ · [^,]+, ring \d$/i, '');
  return { ...line, text, note: line.note.split(',')[0] ?? '' };
}

const END_TEXTS: Readonly<Record<string, string>> = {
  halted: worded('Halted for good'),
  listening: worded('Halted until a key is typed'),
};

/** How the run ended: for good, or by a failure. */
export function streamEnd(view: StageView): StreamEnd | null {
  if (view.stream.current) return null;
  const { failure, n } = view;
  const last = view.stream.past.at(-1);
  if (last?.kind === 'event' && last.n === n) return null;
  if (failure) return { n, ring: view.who.ring, text: failure.title || failure.kind, note: failure.title ? failure.kind : '' };
  if (!view.ended) return null;
  const known = END_TEXTS[view.end];
  return { n, ring: view.who.ring, text: known === undefined ? say`Ended: ${view.end}` : told(known), note: '' };
}

/** Operands with the registers that the instruction touches set apart. */
export function cutOperands(operands: string, touches: readonly string[]): readonly OperandPart[] {
  if (operands === '') return [];
  if (touches.length === 0) return [{ text: operands, touched: false, at: 0 }];
  const words = new RegExp(`\\b(${touches.map((t) => t.replace(/\W/g, '\\$&')).join('|')})\\b`, 'i');
  let at = 0;
  return operands
    .split(words)
    .map((text, i) => {
      const part = { text, touched: i % 2 === 1, at };
      at += text.length;
      return part;
    })
    .filter((part) => part.text !== '');
}
