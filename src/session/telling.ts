/** Events and steps in words, for listings: without the steps around them. */
import { placeCpl } from '../cpu/events.ts';
import { hex0x } from '../lib/hex.ts';
import type { Standpoint } from '../trace/recent.ts';
import type { EventRecord } from './records.ts';
import type { Stage } from './stage.ts';
import { eventSentence } from './view/sentence.ts';
import { instructionAt, wasInstruction } from './view/stream.ts';
import { modeOf, whoAt } from './view/who.ts';

/** The sentence of a row of the log. */
export function sentenceOf(stage: Stage, row: number): string {
  const { log, images } = stage;
  const vm = log.vmOf(row);
  const physical = log.physicalOf(row);
  const before = whoAt(images, log.fromOf(row), vm, physical);
  const after = whoAt(images, log.toOf(row), vm, physical);
  return eventSentence(stage, row, { before, after, instruction: stage.instructionOfExit(row) });
}

/** The step just taken from where the processor stood before it; null when it was no instruction's. */
export function stepRecord(stage: Stage, before: Standpoint): EventRecord | null {
  if (!wasInstruction(stage.log, before)) return null;
  const instruction = instructionAt(stage, before);
  return {
    n: before.n + 1,
    cpu: 0,
    cycle: Math.floor(stage.machine.cycle),
    event: 'instruction',
    ...(before.vm > 0 && { vm: before.vm }),
    mode: modeOf(before.place),
    cpl: placeCpl(before.place),
    eip: hex0x(before.eip),
    bytes: instruction?.bytes ?? '',
    text: instruction === null ? '' : `${instruction.mnemonic} ${instruction.operands}`.trim(),
  };
}
