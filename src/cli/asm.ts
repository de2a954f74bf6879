/** rm1 asm: assembles NASM-syntax sources into a flat binary. */
import { assemble, type FileProvider, formatError } from '../asm/index.ts';
import { above, finder } from './files.ts';
import type { CliIo } from './io.ts';

const USAGE = `usage: rm1 asm FILE [-f bin] [-o OUT] [-l LISTING] [-m MAP] [-I DIR]... [--json]

Assembles FILE, in NASM's syntax, into a flat binary, byte for byte as nasm -f bin makes it.

  -f bin       the only format
  -o OUT       where the binary goes (default: FILE without its extension)
  -l LISTING   lines with their addresses and bytes
  -m MAP       the debug map: lines, labels and roles by address, as JSON
  -I DIR       also look for included files there
  --json       errors as JSON on stdout
`;

interface Options {
  file: string;
  output: string | undefined;
  listing: string | undefined;
  map: string | undefined;
  readonly directories: string[];
  json: boolean;
}

/** What is wrong with the arguments, as a text; or the options. */
function parse(args: readonly string[]): Options | string {
  const options: Options = { file: '', output: undefined, listing: undefined, map: undefined, directories: [], json: false };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    const letter = /^-[folmI]/.test(arg) ? arg[1] : '';
    if (arg === '--json') options.json = true;
    else if (letter === '') {
      if (arg.startsWith('-')) return `there is no option ${arg}`;
      if (options.file !== '') return `one file at a time: found ${options.file} and ${arg}`;
      options.file = arg;
    } else {
      const value = arg.length > 2 ? arg.slice(2) : args[++i];
      if (value === undefined) return `${arg} needs a value`;
      if (letter === 'f' && value !== 'bin') return `the only format is bin, found ${value}`;
      if (letter === 'o') options.output = value;
      if (letter === 'l') options.listing = value;
      if (letter === 'm') options.map = value;
      if (letter === 'I') options.directories.push(value.replace(/\/+$/, ''));
    }
  }
  return options.file === '' ? 'expected a file to assemble' : options;
}

function provider(io: CliIo, directories: readonly string[]): FileProvider {
  const bytes = finder(io, directories);
  const decoder = new TextDecoder();
  return {
    bytes,
    text: (path) => {
      const found = bytes(path);
      return found === undefined ? undefined : decoder.decode(found);
    },
  };
}

export async function run(args: readonly string[], io: CliIo): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    io.stdout(USAGE);
    return 0;
  }
  const options = parse(args);
  if (typeof options === 'string') {
    io.stderr(`rm1 asm: ${options}\n${USAGE}`);
    return 2;
  }
  const result = assemble(provider(io, [...options.directories, ...above(options.file)]), options.file);
  const { warnings } = result;
  if (!result.ok) {
    if (options.json) io.stdout(`${JSON.stringify({ ok: false, errors: result.errors, warnings }, null, 2)}\n`);
    for (const error of result.errors) io.stderr(`${formatError(error)}\n`);
    return 2;
  }
  const output = options.output ?? options.file.replace(/\.[^./]*$/, '') + (/\.[^./]*$/.test(options.file) ? '' : '.bin');
  try {
    io.writeFile(output, result.image);
    if (options.listing !== undefined) io.writeFile(options.listing, result.listing);
    if (options.map !== undefined) io.writeFile(options.map, `${JSON.stringify(result.map)}\n`);
  } catch (error) {
    io.stderr(`rm1 asm: cannot write: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  for (const warning of warnings) io.stderr(`${formatError(warning).replace(/^(\S+:\d+:\d+): /, '$1: warning: ')}\n`);
  if (options.json)
    io.stdout(
      `${JSON.stringify({ ok: true, output, size: result.image.length, org: result.org, entry: result.entry, warnings }, null, 2)}\n`,
    );
  return 0;
}
