/** Options of `rm1 run`. */
import type { Vmm } from '../../session/scenarios.ts';

export const RUN_USAGE = `usage: rm1 run IMAGE [options]

Powers on and runs IMAGE until it halts for good. Its serial console is stdin and stdout.

  IMAGE                  a scenario (rm1 scenarios), minim, a .asm source, a flat binary, or a Multiboot 1 image
  --vmm none|vtx         the monitor that runs IMAGE as its guest (default none)
  --vms N                that many virtual machines of IMAGE, 1 to 4 (default 1)
  --format asm|flat|multiboot     else found out from the file
  --org ADDR --entry ADDR --mode 16|32   for flat images
  --cpu katmai|yonah     the processor (default yonah)
  --costs NAME           cycles per event (default merom-2006)
  --memory SIZE          what each IMAGE sees (default 32M)
  --max-instructions N   stop after N steps (status 4)
  --trace FILE           events as JSON Lines; --events LIST narrows them; --every adds one record for each instruction;
                         --sentences adds what happens in words
  --input FILE           recorded inputs as JSON Lines: {"n":1200,"console":0,"byte":65}
  --hash                 print the hash of the whole machine at the end, last on stderr
  --json                 the outcome as JSON on stdout

Status: 0 halted for good, 2 usage, 4 step limit, 6 triple fault, 8 not implemented; 1 + 2v after a write of v to port 501h.
`;

export interface RunOptions {
  image: string;
  vmm: Vmm;
  vms: number;
  format?: 'asm' | 'flat' | 'multiboot';
  org?: number;
  entry?: number;
  mode?: 16 | 32;
  cpu?: string;
  costs?: string;
  /** MiB. */
  memory: number;
  most: number;
  trace?: string;
  events?: ReadonlySet<string>;
  every: boolean;
  sentences: boolean;
  input?: string;
  hash: boolean;
  json: boolean;
}

/** Known to the interface, and still to come. */
const PLANNED = new Set(['--paging', '--disk', '--save-disk', '--cpus', '--initrd', '--append', '--rtc', '--unpack']);
const PLANNED_VMMS = new Set(['peer', 'trap', 'translate', 'para', 'svm']);

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
  (name: 'cpu' | 'costs' | 'trace' | 'input'): Setter =>
  (options, value) => {
    options[name] = value;
    return undefined;
  };

const VALUED: Readonly<Record<string, Setter>> = {
  '--vmm': (options, value) => {
    if (PLANNED_VMMS.has(value)) return `the monitor ${value} is not implemented yet: there are none and vtx`;
    if (value !== 'none' && value !== 'vtx') return `expected none or vtx, found ${value}`;
    options.vmm = value;
    return undefined;
  },
  '--vms': (options, value) => {
    options.vms = parseNumber(value);
    return options.vms >= 1 && options.vms <= 4 ? undefined : `expected 1 to 4, found ${value}`;
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
  '--memory': (options, value) => {
    options.memory = parseMemory(value);
    return options.memory >= 1 && options.memory <= 512 ? undefined : `expected whole mebibytes from 1M to 512M, found ${value}`;
  },
  '--events': (options, value) => {
    options.events = new Set(value.split(','));
    return undefined;
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
    vmm: 'none',
    vms: 1,
    memory: 32,
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
      if (value === undefined) return `${name} needs a value`;
      const wrong = VALUED[name](options, value);
      if (wrong !== undefined) return `${name}: ${wrong}`;
    } else return PLANNED.has(name) ? `${name} is not implemented yet` : `there is no option ${name}`;
  }
  return options.image === '' ? 'expected an image to run' : options;
}
