/** Events as JSON Lines (docs/event-records.md): what `rm1 run --trace` writes. */
import { placeCpl } from '../cpu/events.ts';
import { hex0x } from '../lib/hex.ts';
import { CONTROL_REGISTERS, type EventLog, Kind, TRANSFERS } from '../trace/log.ts';
import type { Stage } from './stage.ts';
import { type ExtensionWords, extensionOf, writtenBy } from './view/extension.ts';
import { modeOf } from './view/who.ts';

export type EventRecord = Readonly<Record<string, unknown>>;

const placeOf = (place: number) => ({ mode: modeOf(place), cpl: placeCpl(place) });

/** What the row's kind adds; null for rows that are no record of their own. */
function details(log: EventLog, row: number, words: ExtensionWords): EventRecord | null {
  const value = (k: number) => log.valueOf(row, k);
  const from = placeOf(log.fromOf(row));
  const to = placeOf(log.toOf(row));
  switch (log.kindOf(row)) {
    case Kind.VMEXIT:
      return {
        event: 'vmexit',
        vendor: words.vendor,
        vm: log.vmOf(row),
        code: words.code(log, row),
        name: log.text(value(6)),
        ...words.record(log, row),
        guestEip: hex0x(value(2) >>> 0),
        instructionLength: value(3),
        interruptionInfo: value(4) >>> 0,
        cause: log.text(value(7)),
        ...written(log, row, words),
      };
    case Kind.VMENTRY:
      return {
        event: 'vmentry',
        vm: log.vmOf(row),
        guestEip: hex0x(value(0) >>> 0),
        launch: value(1) !== 0,
        injected: value(2) !== 0 ? value(2) >>> 0 : null,
      };
    case Kind.ENTRY_FAILED:
      return {
        event: 'vmentry-failed',
        code: words.code(log, row),
        ...(words.vendor === 'vmx' && { qualification: value(1) }),
        rule: log.text(value(2)),
      };
    case Kind.VMFAIL:
      return { event: 'vmfail', kind: value(0) !== 0 ? 'valid' : 'invalid', error: value(1), rule: log.text(value(2)) };
    case Kind.EXCEPTION:
      return {
        event: 'exception',
        vector: value(0),
        errorCode: value(1),
        from,
        to,
        eip: hex0x(value(2) >>> 0),
        cr2: value(0) === 14 ? hex0x(value(3) >>> 0) : null,
      };
    case Kind.INTERRUPT:
      return { event: 'interrupt', vector: value(0), external: value(1) !== 0, from, to, eip: hex0x(value(2) >>> 0) };
    case Kind.TRANSFER:
      return { event: 'transfer', kind: TRANSFERS[value(0)], from, to, eip: hex0x(value(1) >>> 0) };
    case Kind.PORT:
      return { event: value(0) !== 0 ? 'in' : 'out', port: value(1), size: value(2), value: value(3) >>> 0 };
    case Kind.CONTROL:
      return { event: 'control', register: CONTROL_REGISTERS[value(0)], old: hex0x(value(1) >>> 0), new: hex0x(value(2) >>> 0) };
    case Kind.HALTED:
      return { event: 'halted' };
    case Kind.SHUTDOWN:
      return { event: 'shutdown' };
    default:
      return null;
  }
}

/** What an OUT that left the guest was to write. */
function written(log: EventLog, row: number, words: ExtensionWords): EventRecord {
  const out = writtenBy(words, log, row);
  return out === null ? {} : { value: out.value };
}

/** The record of a row of the log; null for one that is part of another's. */
export function recordOf(stage: Stage, row: number): EventRecord | null {
  const { log } = stage;
  const detail = details(log, row, extensionOf(stage));
  if (detail === null) return null;
  const { event, ...rest } = detail;
  const vm = log.vmOf(row);
  return { n: log.stepOf(row), cpu: 0, cycle: Math.floor(log.cycleOf(row)), event, ...(vm > 0 && { vm }), ...rest };
}
