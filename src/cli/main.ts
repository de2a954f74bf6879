/** rm1: the headless machine. */
import { appendFileSync, fstatSync, mkdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { speak } from '../lib/say.ts';
import { isLanguage, LANGUAGES } from '../messages/languages.ts';
import { messagesIn } from '../messages/load.ts';
import { keepImages } from '../session/guests.ts';
import { run as asm } from './asm.ts';
import { run as conform } from './conform.ts';
import { costs } from './costs.ts';
import { run as disasm } from './disasm.ts';
import { figure } from './figure.ts';
import { grade } from './grade.ts';
import type { RunIo } from './io.ts';
import { imagesIn } from './kept-images.ts';
import { lab } from './lab.ts';
import { lesson } from './lesson.ts';
import { port } from './port.ts';
import { run } from './run/run.ts';
import { scenarios } from './scenarios.ts';
import { switchTechnique } from './switch.ts';

const USAGE = `usage: rm1 [--lang LANGUAGE] COMMAND ...

  run IMAGE        power on and run an image; --help tells the options
  asm FILE         assemble a source (NASM syntax)
  disasm FILE      show a binary as instructions
  figure SCENARIO  a step of a scenario as a picture, SVG or PNG
  switch SCENARIO  the same place in the guest under another technique
  conform FILE...  hold vectors of one instruction each against the processor
  grade EX FILE    an exercise's checks against a program
  lesson check FILE  whether a lesson, or a scenario file, says what happens
  costs            what each technique costs, in cycles
  lab              the class of every instruction, found by running it
  port [FILE]      what was changed of minim for the monitor para, line by line
  scenarios        the catalogue

--lang de, or RM1_LANG=de: what the machine says of itself, in German.
`;

type Command = (args: string[], io: RunIo) => Promise<number> | number;
const COMMANDS: Readonly<Record<string, Command>> = {
  run,
  asm,
  disasm,
  figure,
  switch: switchTechnique,
  conform,
  lab,
  grade,
  lesson,
  costs,
  port,
  scenarios,
};

/** Writes all of it to a descriptor, also when a pipe takes it in pieces. */
function writeAll(descriptor: number, bytes: Uint8Array): void {
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

/** How long a command that starts waits for what may already be on its way to stdin, in milliseconds. */
const PATIENCE = 30;

/** What comes in on stdin. A file is read at once, so that it enters at the same step every time. */
class Keyboard {
  private readonly bytes: number[] = [];
  private over = false;
  private wake: () => void = () => {};

  constructor() {
    if (isFile(0)) {
      this.add(readFileSync(0));
      this.over = true;
      return;
    }
    process.stdin.on('data', (chunk: Buffer) => {
      this.add(chunk);
      this.wake();
    });
    const ended = () => {
      this.over = true;
      this.wake();
    };
    process.stdin.on('end', ended);
    process.stdin.on('error', ended);
    process.stdin.unref?.();
  }

  private add(chunk: Buffer): void {
    for (const byte of chunk) this.bytes.push(byte);
  }

  take(): readonly number[] {
    return this.bytes.splice(0);
  }

  /** Waits for the next bytes or the end of them; true when there are some. */
  async more(patience = Number.POSITIVE_INFINITY): Promise<boolean> {
    if (this.bytes.length === 0 && !this.over) {
      process.stdin.ref?.();
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        if (Number.isFinite(patience)) timer = setTimeout(resolve, patience);
      });
      clearTimeout(timer);
      process.stdin.unref?.();
    }
    return this.bytes.length > 0;
  }
}

function isFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    return false;
  }
}

function nodeIo(): RunIo {
  let opened: Keyboard | null = null;
  const keyboard = () => {
    opened ??= new Keyboard();
    return opened;
  };
  return {
    readFile: (path) => {
      try {
        return new Uint8Array(readFileSync(path));
      } catch {
        return undefined;
      }
    },
    writeFile: (path, content) => writeFileSync(path, content),
    makeFolder: (path) => {
      mkdirSync(path, { recursive: true });
    },
    appendFile: (path, text) => appendFileSync(path, text),
    stdout: (text) => writeAll(1, Buffer.from(text)),
    stderr: (text) => writeAll(2, Buffer.from(text)),
    raw: (bytes) => writeAll(1, bytes),
    ready: async () => {
      if (!process.stdin.isTTY) await keyboard().more(PATIENCE);
    },
    typed: () => keyboard().take(),
    more: () => keyboard().more(),
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

/**
 * The exit status of a command line, without `node` and the script.
 *
 * @param images folder where assembled images are kept; it belongs to these sources alone
 */
export async function main(argv: string[], images?: string): Promise<number> {
  if (images !== undefined) keepImages(imagesIn(images));
  const io = nodeIo();
  const isFirst = argv[0] === '--lang';
  const language = isFirst ? (argv[1] ?? '') : process.env.RM1_LANG || 'en';
  if (!isLanguage(language)) {
    io.stderr(`rm1: ${isFirst ? '--lang' : 'RM1_LANG'} is one of ${Object.keys(LANGUAGES).join(', ')}; found '${language}'\n`);
    return 2;
  }
  speak(await messagesIn(language));
  const [name = '--help', ...args] = isFirst ? argv.slice(2) : argv;
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
