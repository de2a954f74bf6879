/** Events in words: for stream rows, crossings and sentences. */

import { exceptionName } from '../../cpu/interrupts.ts';
import { pushesErrorCode } from '../../cpu/registers.ts';
import { h, hex8 } from '../../lib/hex.ts';
import { say, told, within, worded } from '../../lib/say.ts';
import { type EventLog, Kind, TRANSFERS } from '../../trace/log.ts';
import type { Stage } from '../stage.ts';
import { extensionOf } from './extension.ts';
import { passedOn } from './inner.ts';

/** The usual PC: IRQ 0 at the vector its 8259 was given; named by what the vector was remapped from. */
export const IRQ_NAMES: Readonly<Record<number, string>> = { 0: worded('timer'), 4: worded('serial line'), 14: worded('disk') };

/** `IRQ 0` when the vector lies in the 8259's usual window 20h-2Fh. */
export function interruptName(vector: number): string {
  const irq = vector - 0x20;
  if (irq < 0 || irq > 15) return say`interrupt ${h(vector)}`;
  const name = IRQ_NAMES[irq];
  return name === undefined ? `IRQ ${irq}` : `IRQ ${irq} (${told(name)})`;
}

/** The short label of a crossing. */
export function eventLabel(stage: Stage, row: number): string {
  const { log } = stage;
  const value = (k: number) => log.valueOf(row, k);
  switch (log.kindOf(row)) {
    case Kind.EXCEPTION:
      return exceptionName(value(0));
    case Kind.INTERRUPT:
      return interruptName(value(0)).split(' (')[0];
    case Kind.TRANSFER:
      return transferName(log, row);
    case Kind.VMEXIT:
      return extensionOf(stage).exitLabel(extensionOf(stage).code(log, row));
    case Kind.VMENTRY:
      return passedOn(stage, row) >= 0 ? say`passed on` : extensionOf(stage).entryLabel;
    default:
      return '';
  }
}

/** `int 80h`, `iret`, `call gate` */
function transferName(log: EventLog, row: number): string {
  const kind = TRANSFERS[log.valueOf(row, 0)];
  return kind === 'int' ? `int ${h(log.valueOf(row, 2))}` : kind.replace('-', ' ');
}

/** What an event row of the stream adds in small: `reason 28, control-register access`. */
export function eventNote(stage: Stage, row: number): string {
  const { log } = stage;
  const words = extensionOf(stage);
  const value = (k: number) => log.valueOf(row, k);
  switch (log.kindOf(row)) {
    case Kind.EXCEPTION:
      if (!pushesErrorCode(value(0))) return '';
      return value(0) === 14 ? say`error code ${h(value(1))}, address ${hex8(value(3))}` : say`error code ${h(value(1))}`;
    case Kind.VMEXIT:
      return `${words.exitNote(words.code(log, row))}, ${within(words.exitTitle(words.code(log, row)))}`;
    case Kind.VMENTRY:
      return value(2) !== 0 ? say`injects ${words.eventName(value(2))}` : say`at ${hex8(value(0))}`;
    case Kind.ENTRY_FAILED:
      return ruleText(log.text(value(2)));
    case Kind.VMFAIL:
      return say`error ${value(1)}: ${ruleText(log.text(value(2)))}`;
    case Kind.SHUTDOWN:
      return told(log.text(value(0)));
    default:
      return '';
  }
}

/** A rule of the processor's as the log has it, `RULE; what was found`. */
export function ruleText(logged: string): string {
  const [rule = '', ...found] = logged.split('; ');
  return [told(rule), ...found].join('; ');
}
