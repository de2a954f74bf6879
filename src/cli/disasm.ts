/** rm1 disasm: a flat binary as instructions. */
import { disassembleImage } from '../isa/image.ts';
import { hex8 } from '../lib/hex.ts';
import type { CliIo } from './io.ts';

const USAGE = `usage: rm1 disasm FILE [--org ADDR] [--mode 16|32] [--json]

Prints the instructions of a flat binary, in NASM's syntax.

  --org ADDR   address of the first byte: 7C00h, 0x7c00 or 31744 (default 0; 7C00h for a boot sector)
  --mode N     16 or 32 bits (default 32; 16 for a boot sector)
`;

function parseAddress(text: string): number | undefined {
  const value = /^[0-9a-f]+h$/i.test(text)
    ? Number.parseInt(text, 16)
    : /^0x[0-9a-f]+$/i.test(text)
      ? Number.parseInt(text.slice(2), 16)
      : /^\d+$/.test(text)
        ? Number(text)
        : undefined;
  return value === undefined || value > 0xffffffff ? undefined : value;
}

interface Options {
  readonly file: string;
  readonly org: number | undefined;
  readonly mode: 16 | 32 | undefined;
  readonly json: boolean;
}

function parse(args: readonly string[]): Options | string {
  let file = '';
  let org: number | undefined;
  let mode: 16 | 32 | undefined;
  let json = false;
  for (let i = 0; i < args.length; i++) {
    const [name, attached] = args[i].split('=', 2);
    if (name === '--json') json = true;
    else if (name === '--org' || name === '--mode') {
      const value = attached ?? args[++i];
      if (value === undefined) return `${name} needs a value`;
      if (name === '--org') {
        org = parseAddress(value);
        if (org === undefined) return `${value} is not an address; write it like 7C00h or 0x7c00`;
      } else if (value === '16' || value === '32') mode = value === '16' ? 16 : 32;
      else return `--mode is 16 or 32, found ${value}`;
    } else if (name.startsWith('-')) return `there is no option ${name}`;
    else if (file !== '') return `one file at a time: found ${file} and ${name}`;
    else file = name;
  }
  return file === '' ? 'expected a file to disassemble' : { file, org, mode, json };
}

export async function run(args: readonly string[], io: CliIo): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    io.stdout(USAGE);
    return 0;
  }
  const options = parse(args);
  if (typeof options === 'string') {
    io.stderr(`rm1 disasm: ${options}\n${USAGE}`);
    return 2;
  }
  const image = io.readFile(options.file);
  if (image === undefined) {
    io.stderr(`rm1 disasm: there is no file ${options.file}\n`);
    return 2;
  }
  const bootSector = image.length === 512 && image[510] === 0x55 && image[511] === 0xaa;
  const lines = disassembleImage(image, options.org ?? (bootSector ? 0x7c00 : 0), options.mode ?? (bootSector ? 16 : 32));
  if (options.json) io.stdout(`${JSON.stringify(lines)}\n`);
  else for (const { address, bytes, text } of lines) io.stdout(`${hex8(address)}  ${bytes.padEnd(18)}  ${text}\n`);
  return 0;
}
