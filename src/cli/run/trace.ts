/** The trace file of a run: one JSON object a line. */
import { type EventRecord, recordOf } from '../../session/records.ts';
import type { Session } from '../../session/session.ts';
import { sentenceOf, stepRecord } from '../../session/telling.ts';
import type { RunOptions } from './options.ts';

export class TraceWriter {
  private readonly session: Session;
  private readonly options: RunOptions;
  private readonly write: (text: string) => void;
  private next = 0;

  constructor(session: Session, options: RunOptions, write: (text: string) => void) {
    this.session = session;
    this.options = options;
    this.write = write;
  }

  /** Writes what has happened since the last call. */
  flush(): void {
    const { log } = this.session;
    let text = '';
    for (; this.next < log.length; this.next++) {
      const record = recordOf(this.session, this.next);
      if (record === null || !this.wanted(record)) continue;
      text += `${JSON.stringify(this.options.sentences ? { ...record, sentence: sentenceOf(this.session, this.next) } : record)}\n`;
    }
    if (text !== '') this.write(text);
  }

  /** One step with a record of its own before the events it makes. */
  step(): void {
    const record = stepRecord(this.session);
    this.session.step();
    if (this.wanted(record)) this.write(`${JSON.stringify(record)}\n`);
    this.flush();
  }

  private wanted(record: EventRecord): boolean {
    return this.options.events === undefined || this.options.events.has(String(record.event));
  }
}
