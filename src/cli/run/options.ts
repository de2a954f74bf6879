/** Options of `rm1 run`. */

import { VMMS } from '../../lib/technique-names.ts';
import { COST_NAMES } from '../../session/cost-names.ts';
import type { Vmm } from '../../session/scenarios.ts';
import type { Paging } from '../../session/views.ts';

const EVENT_NAMES = [
  ...['vmexit', 'vmentry', 'vmentry-failed', 'vmfail', 'exception', 'interrupt', 'transfer'],
  ...['out', 'in', 'control', 'halted', 'shutdown', 'debug-exit', 'instruction'],
] as const;
const EVENTS = EVENT_NAMES.join(',').replace('transfer,', 'transfer,\n                         ');

export const RUN_USAGE = `usage: rm1 run IMAGE [options]

Powers on and runs IMAGE until it halts for good. Its serial console is stdin and stdout.

  IMAGE                  a scenario (rm1 scenarios), a scenario file (.json), minim, duet, a .asm source, a flat binary, or a Multiboot 1 image
  --vmm NAME             the monitor that runs IMAGE as its guest: none, peer, trap, translate, para, vtx, svm (default none; for a scenario, its
                         own), or vtx-vtx: vtx as the guest of vtx
  --vms N                that many virtual machines of IMAGE, 1 to 4 (default 1; for a scenario, its own); with more than one, console
                         lines are printed whole, each after its machine: vm1| vm2|
  --format asm|flat|multiboot     else found out from the file
  --org ADDR --entry ADDR --mode 16|32   for flat images
  --paging shadow|traced|nested   how the monitor gives its guests memory (default nested where the processor has it); traced: its shadow
                         tables are kept when the guest loads CR3, and the guest's tables traced for that
  --cpu NAME             katmai, or with VT-x yonah, penryn, lynnfield, westmere, haswell, or with AMD-V orleans, phenom (default yonah; with
                         --vmm svm orleans; with --paging nested westmere or phenom)
  --costs NAME           cycles per event: ${COST_NAMES.join(', ')} (default merom-2006)
  --memory SIZE          what each IMAGE sees (default 32M; for a scenario, its own)
  --disk FILE            what is on the disk that each IMAGE sees, in sectors of 512 bytes; FILE is not changed (minim has one of its own)
  --save-disk DIR        write what is on the disk at the end: DIR/disk.img, with a monitor DIR/vm1.img, DIR/vm2.img ...
  --max-instructions N   stop after N steps (status 4)
  --trace FILE           events as JSON Lines; --every adds one record for each instruction; --sentences adds what happens in words;
                         --events LIST narrows them to some: ${EVENTS}
  --input FILE           recorded inputs as JSON Lines: {"n":1200,"console":0,"byte":65}
  --hash                 print the hash of the whole machine at the end, last on stderr
  --json                 one JSON object on stdout: status, outcome, step, cycle, and what each console printed

Status: 0 halted for good, 2 usage, 4 step limit, 6 triple fault, 8 not implemented, 10 reset by the guest; 1 + 2v after a write of v to port 501h.
`;

export interface RunOptions {
  image: string;
  vmm?: Vmm;
  vms?: number;
  paging?: Paging;
  traced?: true;
  format?: 'asm' | 'flat' | 'multiboot';
  org?: number;
  entry?: number;
  mode?: 16 | 32;
  cpu?: string;
  costs?: string;
  /** MiB. */
  memory?: number;
  most: number;
  trace?: string;
  events?: ReadonlySet<string>;
  every: boolean;
  sentences: boolean;
  input?: string;
  disk?: string;
  saveDisk?: string;
  hash: boolean;
  json: boolean;
}

/** Known to the interface, and still to come. */
const PLANNED = new Set(['--cpus', '--initrd', '--append', '--rtc', '--unpack']);

/** A number in decimal, `0x` or trailing-h hexadecimal; NaN when it is none. */
export function parseNumber(text: string): number {
  if (/^0x[0-9a-f]+$/i.test(text)) return Number.parseInt(text.slice(2), 16);
  if (/^[0-9][0-9a-f]*h$/i.test(text)) return Number.parseInt(text.slice(0, -1), 16);
  return /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
}

/** MiB of `32M`, `4194304`, `8192K`; NaN when it is no size in whole MiB. */
function parseMemory(text: string): number {
  const found = /^([0-9]+)([KMG]?)$/i.exec(text);
  if (found === null) return Number.NaN;
  const bytes = Number(found[1]) * { '': 1, K: 1 << 10, M: 1 << 20, G: 1 << 30 }[found[2].toUpperCase() as '' | 'K' | 'M' | 'G'];
  return bytes > 0 && bytes % (1 << 20) === 0 ? bytes / (1 << 20) : Number.NaN;
}

type Setter = (options: RunOptions, value: string) => string | undefined;

const numeric =
  (name: 'org' | 'entry' | 'most'): Setter =>
  (options, value) => {
    const number = parseNumber(value);
    if (Number.isNaN(number)) return `expected a number, found ${value}`;
    options[name] = number;
    return undefined;
  };

const oneOf =
  <K extends keyof RunOptions>(name: K, values: readonly string[], convert: (value: string) => RunOptions[K]): Setter =>
  (options, value) => {
    if (!values.includes(value)) return `expected one of ${values.join(', ')}, found ${value}`;
    options[name] = convert(value);
    return undefined;
  };

const text =
  (name: 'cpu' | 'costs' | 'trace' | 'input' | 'disk' | 'saveDisk'): Setter =>
  (options, value) => {
    options[name] = value;
    return undefined;
  };

const VALUED: Readonly<Record<string, Setter>> = {
  '--vmm': (options, value) => {
    options.vmm = VMMS.find((one) => one === value);
    return options.vmm ? undefined : `expected one of ${VMMS.join(', ')}, found ${value}`;
  },
  '--vms': (options, value) => {
    const vms = parseNumber(value);
    options.vms = vms;
    return vms >= 1 && vms <= 4 ? undefined : `expected 1 to 4, found ${value}`;
  },
  '--paging': (options, value) => {
    options.paging = value === 'traced' ? 'shadow' : (value as Paging);
    if (value === 'traced') options.traced = true;
    return ['shadow', 'traced', 'nested'].includes(value) ? undefined : `expected one of shadow, traced, nested, found ${value}`;
  },
  '--format': oneOf('format', ['asm', 'flat', 'multiboot'], (value) => value as RunOptions['format']),
  '--mode': oneOf('mode', ['16', '32'], (value) => Number(value) as 16 | 32),
  '--org': numeric('org'),
  '--entry': numeric('entry'),
  '--max-instructions': numeric('most'),
  '--cpu': text('cpu'),
  '--costs': text('costs'),
  '--trace': text('trace'),
  '--input': text('input'),
  '--disk': text('disk'),
  '--save-disk': text('saveDisk'),
  '--memory': (options, value) => {
    const memory = parseMemory(value);
    options.memory = memory;
    return memory >= 1 && memory <= 512 ? undefined : `expected whole mebibytes from 1M to 512M, found ${value}`;
  },
  '--events': (options, value) => {
    const names = value.split(',');
    const unknown = names.find((name) => !(EVENT_NAMES as readonly string[]).includes(name));
    options.events = new Set(names);
    return unknown === undefined ? undefined : `there is no event ${unknown}; there are ${EVENT_NAMES.join(', ')}`;
  },
};

const SWITCHES: Readonly<Record<string, 'every' | 'sentences' | 'hash' | 'json'>> = {
  '--every': 'every',
  '--sentences': 'sentences',
  '--hash': 'hash',
  '--json': 'json',
};

/** The options, or what is wrong with the arguments. */
export function parseRun(args: readonly string[]): RunOptions | string {
  const options: RunOptions = {
    image: '',
    most: Number.POSITIVE_INFINITY,
    every: false,
    sentences: false,
    hash: false,
    json: false,
  };
  for (let i = 0; i < args.length; i++) {
    const [name, attached] =
      args[i].startsWith('--') && args[i].includes('=')
        ? [args[i].slice(0, args[i].indexOf('=')), args[i].slice(args[i].indexOf('=') + 1)]
        : [args[i], undefined];
    if (!name.startsWith('-')) {
      if (options.image !== '') return `one image at a time: found ${options.image} and ${name}`;
      options.image = name;
    } else if (SWITCHES[name] !== undefined) options[SWITCHES[name]] = true;
    else if (VALUED[name] !== undefined) {
      const value = attached ?? args[++i];
      if (value === undefined || (attached === undefined && value.startsWith('--'))) return `${name} needs a value`;
      const wrong = VALUED[name](options, value);
      if (wrong !== undefined) return `${name}: ${wrong}`;
    } else return PLANNED.has(name) ? `${name} is not implemented yet` : `there is no option ${name}`;
  }
  if (options.image === '') return 'expected an image to run';
  const idle = options.trace !== undefined ? undefined : options.every ? '--every' : options.sentences ? '--sentences' : undefined;
  if (idle !== undefined || (options.events !== undefined && options.trace === undefined))
    return `${idle ?? '--events'} needs --trace FILE`;
  return options;
}
