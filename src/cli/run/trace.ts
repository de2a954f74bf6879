/** The trace file of a run: one JSON object a line. */
import { type EventRecord, recordOf } from '../../session/records.ts';
import type { Session } from '../../session/session.ts';
import { sentenceOf, stepRecord } from '../../session/telling.ts';
import type { RunOptions } from './options.ts';

const ENOUGH = 1 << 16;

export class TraceWriter {
  private readonly session: Session;
  private readonly options: RunOptions;
  private readonly write: (text: string) => void;
  private next = 0;
  private text = '';

  /** @param write takes a piece of the file */
  constructor(session: Session, options: RunOptions, write: (text: string) => void) {
    this.session = session;
    this.options = options;
    this.write = write;
  }

  /** Notes what has happened since the last call. */
  note(): void {
    const { log } = this.session;
    for (; this.next < log.length; this.next++) {
      const record = recordOf(this.session, this.next);
      if (record === null) continue;
      this.add(this.options.sentences ? { ...record, sentence: sentenceOf(this.session, this.next) } : record);
    }
  }

  /** Takes one step, with a record of its own before the events it makes if it was an instruction's. */
  step(): void {
    const { history } = this.session;
    const { n } = history;
    this.session.step();
    if (history.n > n) {
      const record = stepRecord(this.session, history.recent[history.recent.length - 1]);
      if (record !== null) this.add(record);
    }
    this.note();
  }

  /** The last records, and the end if it is one that the log does not hold. */
  close(): void {
    this.note();
    const { machine } = this.session;
    if (machine.end?.kind === 'debug-exit')
      this.add({ n: machine.n, cpu: 0, cycle: Math.floor(machine.cycle), event: 'debug-exit', value: machine.end.value });
    this.write(this.text);
    this.text = '';
  }

  private add(record: EventRecord): void {
    const { events } = this.options;
    if (events !== undefined && !events.has(String(record.event))) return;
    this.text += `${JSON.stringify(record)}\n`;
    if (this.text.length < ENOUGH) return;
    this.write(this.text);
    this.text = '';
  }
}
