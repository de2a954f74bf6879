/** From an image to a machine that stands at its first instruction. */

import type { Assembled } from '../asm/index.ts';
import type { CostProfile } from '../cpu/costs.ts';
import type { Profile } from '../cpu/profiles.ts';
import { say } from '../lib/say.ts';
import { SECTOR } from '../machine/devices/ata-disk.ts';
import { loadFlat } from '../machine/loaders/flat.ts';
import { LoadError } from '../machine/loaders/image.ts';
import { findMultibootHeader, loadMultiboot } from '../machine/loaders/multiboot.ts';
import { Machine } from '../machine/machine.ts';
import { type Changes, guestImage } from './guests.ts';
import { Images, type LoadedImage } from './images.ts';
import { chooseMonitor, MONITORS } from './monitors.ts';
import { isPorted } from './ports.ts';
import { Refused } from './refused.ts';
import type { Vmm } from './scenarios.ts';
import type { Paging } from './views.ts';

const MIB = 1 << 20;
/** What the board has beyond what each virtual machine sees: the monitor's own. */
const MONITOR_MEMORY = 16;
/** The board's 16550s less the outer and the inner monitor's own. */
const INNER_VMS = 3;
/** Cycles per second under two monitors, as a real Westmere has: at the usual clock a tick would take them longer than the time to the next one. */
const TWICE_FREQUENCY = 2_400_000_000;

export interface Program {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Debug map and origin, when the source is known. */
  readonly assembled: Assembled | null;
}

export interface PowerOn {
  readonly program: Program;
  readonly vmm: Vmm;
  /** Virtual machines under the monitor; ignored without one. */
  readonly vms: number;
  /** MiB that each image sees. */
  readonly memory: number;
  /** Without one, the monitor's usual one. */
  readonly profile?: Profile;
  /** For monitors with VT-x or AMD-V; without one, nested where the processor has it. */
  readonly paging?: Paging;
  /** With shadow paging: the shadow tables are kept when CR3 is loaded, and the guest's tables traced for that. */
  readonly traced?: boolean;
  readonly costs?: CostProfile;
  /** Cycles of the virtual clock per second. */
  readonly frequency?: number;
  /** What is on the disk that each image sees, in sectors of 512 bytes; without it there is none. */
  readonly disk?: Uint8Array;
  /** Programs that the image's kernel loads from its disk, in the order in which it counts them, for views. */
  readonly onDisk?: readonly { readonly name: string; readonly assembled: Assembled }[];
  /** Typed at the console of each image as it is switched on. */
  readonly typed?: string;
  /** The reader's changes of sources, for the monitor. */
  readonly changes?: Changes;
  /** The program is its own monitor. */
  readonly includesMonitor?: boolean;
  /** For flat images. */
  readonly flat?: { readonly org?: number; readonly entry?: number; readonly mode?: 16 | 32 };
  readonly format?: 'flat' | 'multiboot';
}

export interface Powered {
  readonly machine: Machine;
  readonly images: Images;
  /** Disks that images see, one behind the other on the board's; 0 without a disk. */
  readonly disks: number;
  /** Virtual machines as the stage draws them; 0 on the bare machine. */
  readonly vms: number;
  /** The number of the one that is a monitor itself, beside these; 0: none is. */
  readonly inner: number;
  /** The first console that is an image's and not a monitor's, by number. */
  readonly keyboard: number;
  /** Null without a monitor of ours, and where it has no choice. */
  readonly paging: Paging | null;
}

const DATA = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Physical address of the image's first byte by its Multiboot header's address fields: load address less what precedes it in the file. */
function loadBase(bytes: Uint8Array): number {
  const header = findMultibootHeader(bytes);
  const view = DATA(bytes);
  if (header < 0 || (view.getUint32(header + 4, true) & 0x10000) === 0) return 0;
  const headerAddress = view.getUint32(header + 12, true);
  return headerAddress - header;
}

function loaded(name: string, bytes: Uint8Array, assembled: Assembled | null, base: number): LoadedImage | null {
  return assembled === null ? null : { name, bytes, map: assembled.map, base };
}

/** Builds the machine, loads the image (under its monitor, if any) and enters it. Throws Refused or SourceErrors. */
export function powerOn(options: PowerOn): Powered {
  try {
    const powered = build(options);
    if (options.typed !== undefined) typeAt(powered, options.typed);
    return powered;
  } catch (error) {
    if (error instanceof LoadError) throw new Refused(error.message);
    throw error;
  }
}

/** At the machine's console, or at those of all virtual machines. */
function typeAt({ machine, keyboard }: Powered, text: string): void {
  const count = machine.board.uarts.length;
  const bytes = new TextEncoder().encode(text);
  for (let console = keyboard; console < count; console++) for (const byte of bytes) machine.type(console, byte);
}

function build(options: PowerOn): Powered {
  const { program, vmm, memory, costs, frequency } = options;
  const monitored = vmm !== 'none' && options.includesMonitor !== true;
  const choice = monitored ? chooseMonitor(vmm, options.profile, options.paging) : null;
  const profile = choice?.profile ?? options.profile;
  const vms = vmm === 'none' ? 0 : options.vms;
  const disks = monitored ? vms : 1;
  const twice = monitored && MONITORS[vmm].twice === true;
  if (twice && vms > INNER_VMS) throw new Refused(say`the monitor ${vmm} has at most ${INNER_VMS} virtual machines, not ${vms}`);
  const board = monitored ? MONITOR_MEMORY + vms * memory : memory;
  const machine = new Machine({
    memory: (twice ? MONITOR_MEMORY + board : board) * MIB,
    vms: monitored ? vms : 0,
    ...(twice && { vms: vms + 1, inner: true, frequency: TWICE_FREQUENCY }),
    ...(options.disk !== undefined && { disk: repeated(options.disk, disks) }),
    ...(profile !== undefined && { profile }),
    ...(costs !== undefined && { costs }),
    ...(frequency !== undefined && { frequency }),
  });
  const onDisk = (options.onDisk ?? []).map(({ name, assembled }) => ({ name, bytes: assembled.image, map: assembled.map, base: 0 }));
  const file = { name: program.name, bytes: program.bytes };
  if (choice !== null) {
    const { source: path, kernels, most } = MONITORS[vmm as Exclude<Vmm, 'none'>];
    if (most !== undefined && memory > most)
      throw new Refused(say`the monitor ${vmm} gives each virtual machine at most ${most} MiB: not ${memory}`);
    if (vmm === 'para' && !isPorted(program.bytes))
      throw new Refused(say`the monitor para runs kernels that were ported to it, and ${program.name} is none: there is minim`);
    if (kernels === 'ring 0' && vms !== 1)
      throw new Refused(say`the monitor ${vmm} has one guest, which takes the machine over: not ${vms}`);
    const monitor = guestImage(path, options.changes);
    const image = { name: path, bytes: monitor.image };
    const modules = [{ file, string: program.name }];
    const { entry } = loadMultiboot(
      machine.ram,
      image,
      twice
        ? { cmdline: outerCommandLine(options, board), modules: [{ file: image, string: commandLine(options, 'shadow') }, ...modules] }
        : { cmdline: commandLine(options, choice.paging), modules },
    );
    machine.enter(entry);
    const own = loaded(path, monitor.image, monitor, loadBase(monitor.image));
    const guest = loaded(program.name, program.bytes, program.assembled, loadBase(program.bytes));
    const drives = options.disk === undefined ? 0 : disks;
    if (kernels === 'ring 0') {
      const moved = loaded(path, monitor.image, monitor, Math.ceil(memory / 4) * 4 * MIB + loadBase(monitor.image));
      const beside = [own, moved].filter((image) => image !== null);
      return {
        machine,
        images: new Images(machine, guest, null, memory * MIB, onDisk, false, beside),
        disks: drives,
        vms: 0,
        inner: 0,
        keyboard: 1,
        paging: null,
      };
    }
    const inner = twice ? vms + 1 : 0;
    const images = new Images(machine, own, guest, memory * MIB, onDisk, kernels === 'ring 1', [], inner, board * MIB);
    const pagingOf = kernels === 'guest mode' && !twice ? choice.paging : null;
    return { machine, images, disks: drives, vms, inner, keyboard: twice ? 2 : 1, paging: pagingOf };
  }
  const multiboot = options.format === undefined ? findMultibootHeader(program.bytes) >= 0 : options.format === 'multiboot';
  const entry = multiboot ? loadMultiboot(machine.ram, file).entry : loadFlat(machine.ram, file, flatOptions(options));
  machine.enter(entry);
  const base = multiboot ? loadBase(program.bytes) : (options.flat?.org ?? program.assembled?.org ?? 0x7c00);
  const images = new Images(machine, loaded(program.name, program.bytes, program.assembled, base), null, memory * MIB, onDisk);
  return { machine, images, disks: options.disk === undefined ? 0 : disks, vms, inner: 0, keyboard: 0, paging: null };
}

/** What the monitor is told: how many, how large, and the sectors of the disk that are each one's. */
function commandLine({ vms, memory, disk, traced }: PowerOn, paging: Paging): string {
  const nested = paging === 'nested' ? ' nested=1' : traced === true ? ' traced=1' : '';
  return `vms=${vms} memory=${memory}${nested}${disk === undefined ? '' : ` disk=${disk.length / SECTOR}`}`;
}

/** What the outer of two monitors is told: its one virtual machine is the inner one's whole board, of `memory` MiB. */
function outerCommandLine({ vms, disk }: PowerOn, memory: number): string {
  return `vms=1 memory=${memory} nested=1 inner=${vms}${disk === undefined ? '' : ` disk=${(disk.length / SECTOR) * vms}`}`;
}

/** One disk for all virtual machines, each one's behind the one before. */
function repeated(disk: Uint8Array, times: number): Uint8Array {
  const { length } = disk;
  if (length === 0 || length % SECTOR !== 0) throw new Refused(say`the disk has ${length} bytes: expected whole sectors of ${SECTOR}`);
  const all = new Uint8Array(length * times);
  for (let k = 0; k < times; k++) all.set(disk, k * length);
  return all;
}

/** An assembled source knows where it wants to be: what starts above the boot sector enters protected mode. */
function flatOptions({ flat, program }: PowerOn): { org?: number; entry?: number; mode?: 16 | 32 } {
  const { assembled } = program;
  if (assembled === null) return { ...flat };
  const org = flat?.org ?? assembled.org;
  return { org, entry: flat?.entry ?? assembled.entry, mode: flat?.mode ?? (org >= 0x10000 ? 32 : 16) };
}
