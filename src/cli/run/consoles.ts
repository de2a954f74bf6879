/** Consoles on stdout and stderr while a machine runs. */
import type { Session } from '../../session/session.ts';
import type { RunIo } from '../io.ts';

interface Printed {
  upTo: number;
  /** A line that has not ended yet. */
  pending: string;
  readonly decoder: InstanceType<typeof TextDecoder>;
}

/**
 * Prints what is new on each console. One console of the image goes to stdout byte by byte as it comes; with several virtual machines each
 * line is printed whole after `vm1| `. What is not the image's own (the monitor's console, the debug console) goes to stderr after `vmm| ` or
 * `debug| `.
 */
export class ConsolePrinter {
  private readonly session: Session;
  private readonly io: RunIo;
  private readonly printed: readonly Printed[];

  constructor(session: Session, io: RunIo) {
    this.session = session;
    this.io = io;
    this.printed = session.machine.board.consoles.map(() => ({ upTo: 0, pending: '', decoder: new TextDecoder() }));
  }

  /** @param last also a line without its end */
  flush(last = false): void {
    const { keyboard } = this.session;
    this.session.machine.board.consoles.forEach((console, k, all) => {
      const printed = this.printed[k];
      const bytes = console.bytes(printed.upTo);
      printed.upTo = console.length;
      const prefix = prefixOf(k, keyboard, all.length);
      if (prefix === '') {
        if (bytes.length > 0) this.io.raw(bytes);
        return;
      }
      const lines = (printed.pending + printed.decoder.decode(bytes, { stream: !last })).split('\n');
      printed.pending = lines.pop() ?? '';
      if (last && printed.pending !== '') lines.push(printed.pending);
      const text = lines.map((line) => `${prefix}${line.replace(/\r$/, '')}\n`).join('');
      if (text === '') return;
      if (k >= keyboard && k < all.length - 1) this.io.stdout(text);
      else this.io.stderr(text);
    });
  }
}

/** The consoles are the machine's or its monitors', from `keyboard` on one for each virtual machine, and the debug console. */
function prefixOf(k: number, keyboard: number, count: number): string {
  if (k === count - 1) return 'debug| ';
  if (keyboard === 0) return '';
  if (k < keyboard) return k === 0 ? 'vmm| ' : 'inner| ';
  return count === keyboard + 2 ? '' : `vm${k - keyboard + 1}| `;
}
