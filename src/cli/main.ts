/** rm1: the headless machine. */
import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import { run as asm } from './asm.ts';
import { run as disasm } from './disasm.ts';
import type { CliIo } from './io.ts';
import { run } from './run/run.ts';
import { scenarios } from './scenarios.ts';

const USAGE = `usage: rm1 COMMAND ...

  run IMAGE        power on and run an image; --help tells the options
  asm FILE         assemble a source (NASM syntax)
  disasm FILE      show a binary as instructions
  scenarios        the catalogue
`;

type Command = (args: string[], io: CliIo) => Promise<number> | number;
const COMMANDS: Readonly<Record<string, Command>> = { run, asm, disasm, scenarios };

/** Writes all of a text to a descriptor, also when a pipe takes it in pieces. */
function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  let offset = 0;
  while (offset < bytes.length) {
    try {
      offset += writeSync(descriptor, bytes, offset);
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === 'EPIPE') process.exit(0);
      if (code !== 'EAGAIN') throw error;
    }
  }
}

function nodeIo(): CliIo {
  const typed: number[] = [];
  let listening = false;
  return {
    readFile: (path) => {
      try {
        return new Uint8Array(readFileSync(path));
      } catch {
        return undefined;
      }
    },
    writeFile: (path, content) => writeFileSync(path, content),
    stdout: (text) => writeAll(1, text),
    stderr: (text) => writeAll(2, text),
    typed: () => {
      if (!listening) {
        listening = true;
        process.stdin.on('data', (chunk: Buffer) => typed.push(...chunk));
        process.stdin.on('error', () => {});
        process.stdin.unref?.();
      }
      return typed.splice(0);
    },
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

/** The exit status of a command line, without `node` and the script. */
export async function main(argv: string[]): Promise<number> {
  const [name = '--help', ...args] = argv;
  const io = nodeIo();
  if (name === '--help' || name === '-h' || name === 'help') {
    io.stdout(USAGE);
    return 0;
  }
  const command = COMMANDS[name];
  if (command === undefined) {
    io.stderr(`rm1: there is no command ${name}\n\n${USAGE}`);
    return 2;
  }
  const status = await command(args, io);
  process.stdin.destroy();
  return status;
}
