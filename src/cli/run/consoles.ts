/** Consoles on stdout and stderr while a machine runs. */
import type { Session } from '../../session/session.ts';
import type { CliIo } from '../io.ts';

const decoder = new TextDecoder();

/**
 * Prints what is new on each console. One console of the image goes to stdout as it comes; with several virtual machines each line is printed
 * whole after `vm1| `. What is not the image's own (the monitor's console, the debug console) goes to stderr after `vmm| ` or `debug| `.
 */
export class ConsolePrinter {
  private readonly session: Session;
  private readonly io: CliIo;
  private readonly printed: number[];
  private readonly pending: string[];

  constructor(session: Session, io: CliIo) {
    this.session = session;
    this.io = io;
    this.printed = session.machine.board.consoles.map(() => 0);
    this.pending = session.machine.board.consoles.map(() => '');
  }

  /** @param last also a line without its end */
  flush(last = false): void {
    this.session.machine.board.consoles.forEach((console, k, all) => {
      const text = decoder.decode(console.bytes(this.printed[k]));
      this.printed[k] = console.length;
      const prefix = this.prefixOf(k, all.length);
      if (prefix === '') {
        if (text !== '') this.io.stdout(text);
        return;
      }
      const lines = (this.pending[k] + text).split('\n');
      this.pending[k] = lines.pop() ?? '';
      if (last && this.pending[k] !== '') lines.push(this.pending[k]);
      const write = prefix.startsWith('vm1') || /^vm\d/.test(prefix) ? this.io.stdout : this.io.stderr;
      for (const line of lines) write(`${prefix}${line.replace(/\r$/, '')}\n`);
    });
  }

  private prefixOf(k: number, count: number): string {
    const vms = count - 2;
    if (k === count - 1) return 'debug| ';
    if (vms === 0) return '';
    if (k === 0) return 'vmm| ';
    return vms === 1 ? '' : `vm${k}| `;
  }
}
