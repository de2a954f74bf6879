/** Events and steps in words, for listings: without the steps around them. */
import { hex0x } from '../lib/hex.ts';
import { standpoint } from '../trace/recent.ts';
import type { EventRecord } from './records.ts';
import type { Session } from './session.ts';
import type { Stage } from './stage.ts';
import { eventSentence } from './view/sentence.ts';
import { instructionAt } from './view/stream.ts';
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

/** The step that is about to be taken. */
export function stepRecord(session: Session): EventRecord {
  const { machine, log } = session;
  const here = standpoint(machine, log);
  const instruction = instructionAt(session, here);
  return {
    n: here.n + 1,
    cpu: 0,
    cycle: Math.floor(machine.cycle),
    event: 'instruction',
    ...(here.vm > 0 && { vm: here.vm }),
    mode: modeOf(here.place),
    cpl: here.place & 3,
    eip: hex0x(here.eip),
    bytes: instruction?.bytes ?? '',
    text: instruction === null ? '' : `${instruction.mnemonic} ${instruction.operands}`.trim(),
  };
}
