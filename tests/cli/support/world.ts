/** A command line without a computer around it: files in a table, stdin in pieces. */
import type { RunIo } from '../../../src/cli/io.ts';
import { run } from '../../../src/cli/run/run.ts';

export interface World {
  readonly files: Map<string, Uint8Array>;
  readonly io: RunIo;
  stdout: string;
  stderr: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const bytesOf = (content: string | Uint8Array): Uint8Array => (typeof content === 'string' ? encoder.encode(content) : content);

/** @param stdin what is typed, in the pieces in which it comes in */
export function world(files: Readonly<Record<string, string | Uint8Array>> = {}, stdin: readonly string[] = []): World {
  const table = new Map(Object.entries(files).map(([path, content]) => [path, bytesOf(content)]));
  const pieces = [...stdin];
  let arrived: number[] = [];
  const result: World = {
    files: table,
    stdout: '',
    stderr: '',
    io: {
      readFile: (path) => table.get(path),
      writeFile: (path, content) => {
        if (path.startsWith('/no/')) throw Object.assign(new Error(`no such directory: ${path}`), { code: 'ENOENT' });
        table.set(path, bytesOf(content));
      },
      appendFile: (path, text) => {
        table.set(path, bytesOf(decoder.decode(table.get(path)) + text));
      },
      stdout: (text) => {
        result.stdout += text;
      },
      stderr: (text) => {
        result.stderr += text;
      },
      raw: (bytes) => {
        result.stdout += decoder.decode(bytes);
      },
      typed: () => {
        const now = arrived;
        arrived = [];
        return now;
      },
      more: async () => {
        arrived = [...bytesOf(pieces.shift() ?? '')];
        return arrived.length > 0;
      },
    },
  };
  return result;
}

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly lines: readonly string[];
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** `rm1 run ...` */
export async function rm1Run(
  args: string,
  files: Readonly<Record<string, string | Uint8Array>> = {},
  stdin: readonly string[] = [],
): Promise<Ran> {
  const there = world(files, stdin);
  const status = await run(args.split(' '), there.io);
  const { stdout, stderr } = there;
  return { status, stdout, stderr, lines: stdout.split('\n').slice(0, -1), files: there.files };
}

/** The records of a trace file. */
export const records = (ran: Ran, path = 'trace'): readonly Record<string, unknown>[] =>
  decoder
    .decode(ran.files.get(path))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** A source that is entered in flat protected mode at 1 MiB. */
export const flat = (text: string): Readonly<Record<string, string>> => ({ 'x.asm': `bits 32\norg 100000h\n${text}\n` });
