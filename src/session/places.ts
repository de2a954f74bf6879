/** Which rows of the log a place can mean. */
import { exceptionName } from '../cpu/interrupts.ts';
import { h } from '../lib/hex.ts';
import { type EventLog, Kind, TRANSFERS } from '../trace/log.ts';
import type { EventPlace } from './views.ts';

type Names = (log: EventLog, row: number) => readonly string[];

const vector: Names = (log, row) => {
  const value = log.valueOf(row, 0) & 0xff;
  return [String(value), h(value), exceptionName(value)];
};

const PORTS: ReadonlySet<string> = new Set(['port-in', 'port-out']);

/** The cause; also with the port, which is bits 31:16 with either vendor: `port-out:1F7h`. */
const exitNames: Names = (log, row) => {
  const cause = log.text(log.valueOf(row, 7));
  return PORTS.has(cause) ? [cause, `${cause}:${h(log.valueOf(row, 1) >>> 16)}`] : [cause];
};

const ANY: Names = () => [];

const KINDS: Readonly<Record<EventPlace['event'], readonly (readonly [kind: number, names: Names])[]>> = {
  start: [],
  exit: [[Kind.VMEXIT, exitNames]],
  entry: [[Kind.VMENTRY, ANY]],
  refused: [
    [Kind.ENTRY_FAILED, ANY],
    [Kind.VMFAIL, (log, row) => [String(log.valueOf(row, 1))]],
  ],
  exception: [[Kind.EXCEPTION, vector]],
  interrupt: [[Kind.INTERRUPT, vector]],
  transfer: [[Kind.TRANSFER, (log, row) => [TRANSFERS[log.valueOf(row, 0)] ?? '']]],
  disk: [[Kind.DISK, (log, row) => [`for-vm${log.valueOf(row, 2)}`]]],
  halted: [[Kind.HALTED, ANY]],
  shutdown: [[Kind.SHUTDOWN, ANY]],
};

/** Whether a row is one of the events that a place counts. */
export function isEvent(log: EventLog, row: number, { event, name }: Pick<EventPlace, 'event' | 'name'>): boolean {
  const kind = log.kindOf(row);
  const [own = '', vm] = name.split('@vm');
  if (vm !== undefined && Number(vm) !== log.vmOf(row)) return false;
  return KINDS[event].some(([wanted, names]) => kind === wanted && (own === '' || names(log, row).includes(own)));
}
