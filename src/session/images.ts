/** The images a machine was loaded with, and what their debug maps say about a physical address. */
import { type DebugMap, MapIndex, type MapPlace } from '../asm/index.ts';
import { type PeekedWalk, peekPhysical32, walkTables } from '../cpu/peek.ts';
import { CR0_PG } from '../cpu/registers.ts';
import { at } from '../cpu/state.ts';
import { sha256 } from '../lib/sha256.ts';
import type { Machine } from '../machine/machine.ts';
import { DiskPrograms } from './disk-programs.ts';
import { PORTS } from './ports.ts';
import { Translation } from './translation.ts';
import type { ImageView } from './views.ts';

export interface LoadedImage {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly map: DebugMap;
  /** Physical address (guest-physical for a guest's image) of the image's first byte. */
  readonly base: number;
}

/** Where a physical address belongs. */
export interface Located {
  readonly image: LoadedImage;
  readonly index: MapIndex;
  readonly offset: number;
  readonly place: MapPlace;
}

/** A process of a kernel, by the name of its program. */
export interface Process {
  readonly name: string;
  /** The kernel says that it is its turn. */
  readonly current: boolean;
}

/** Parts of RAM that a monitor has given to its virtual machines, as its own variables say. */
export interface VmMemory {
  readonly vm: number;
  readonly base: number;
  readonly size: number;
}

/** Bytes of an instruction that have to be an image's own for it to be believed, where two images may lie. */
const MATCHING = 6;

/* Of `VM.state` in src/guest/vmm/lib/vm.inc. */
const HALTED = 1;
const FINISHED = 2;
const STOPPED = 3;

export class Images {
  /** The image the machine was started with: a kernel, or a monitor. */
  readonly own: LoadedImage | null;
  /** The image each virtual machine runs, when a monitor was given one. */
  readonly guest: LoadedImage | null;
  private readonly beside: readonly { readonly image: LoadedImage; readonly index: MapIndex }[];
  private readonly machine: Machine;
  private readonly ownIndex: MapIndex | null;
  private readonly guestIndex: MapIndex | null;
  /** Both as a reader sees them. */
  readonly views: { readonly own: ImageView | null; readonly guest: ImageView | null };
  /** Whether the monitor runs its guests' kernels in ring 1, and itself in ring 0. */
  readonly compressed: boolean;
  /** What the monitor has translated; null when it does not translate. */
  readonly translation: Translation | null;
  private readonly memorySize: number;
  /** The virtual machine that is the monitor once more; 0: none is. */
  readonly inner: number;
  private readonly innerMemory: number;
  /** Programs that the kernel loads from its disk. */
  readonly onDisk: readonly LoadedImage[];
  private readonly disk: DiskPrograms;

  /**
   * @param memorySize bytes of each virtual machine's memory
   * @param beside images that lie beside these, wherever they still do
   * @param compressed the monitor is in ring 0, its guests' kernels in ring 1
   * @param inner the virtual machine that is the monitor once more, whose machines all the others are, and `innerMemory` the bytes of its memory
   * @param onDisk programs that the kernel loads from its disk, in the order in which it counts them
   */
  constructor(
    machine: Machine,
    own: LoadedImage | null,
    guest: LoadedImage | null,
    memorySize: number,
    onDisk: readonly LoadedImage[] = [],
    compressed = false,
    beside: readonly LoadedImage[] = [],
    inner = 0,
    innerMemory = 0,
  ) {
    this.inner = inner;
    this.innerMemory = innerMemory;
    this.beside = beside.map((image) => ({ image, index: new MapIndex(image.map) }));
    this.machine = machine;
    this.own = own;
    this.guest = guest;
    this.views = { own: own && imageView(own), guest: guest && imageView(guest) };
    this.memorySize = memorySize;
    this.compressed = compressed;
    this.onDisk = onDisk;
    this.disk = new DiskPrograms(onDisk);
    this.ownIndex = own && new MapIndex(own.map);
    this.guestIndex = guest && new MapIndex(guest.map);
    const index = this.ownIndex;
    this.translation =
      index === null || index.symbol('UNIT_SIZE') === undefined
        ? null
        : new Translation({
            index,
            peek: (physical) => peekPhysical32(machine.cpu, physical),
            field: (vm, name) => this.believed(vm, name),
          });
  }

  /** A doubleword variable of the image the machine was started with, element `index` of an array; 0 when there is none. */
  variable(name: string, index = 0): number {
    const address = this.ownIndex && this.own && this.physicalOf(this.own, this.ownIndex, name, 0);
    return address == null ? 0 : peekPhysical32(this.machine.cpu, address + 4 * index);
  }

  /** A doubleword variable of the kernel in a virtual machine, or of the bare machine's kernel for VM 0. */
  kernelVariable(vm: number, name: string): number {
    const address = this.kernelAddress(vm, name);
    return address === null ? 0 : peekPhysical32(this.machine.cpu, address);
  }

  /** Host-physical address of a variable of a kernel; null when it has none of that name. */
  private kernelAddress(vm: number, name: string): number | null {
    const memory = this.memoryOf(vm);
    const { image, index } = this.imageOf(vm);
    if (memory === null && vm !== 0 && this.guest !== null) return null;
    return image && index && this.physicalOf(image, index, name, memory?.base ?? 0);
  }

  /** What runs in a virtual machine; for VM 0, and on the bare machine, the image the machine was started with. */
  private imageOf(vm: number): { readonly image: LoadedImage | null; readonly index: MapIndex | null } {
    const isGuest = vm !== 0 && vm !== this.inner && this.guest !== null;
    return isGuest ? { image: this.guest, index: this.guestIndex } : { image: this.own, index: this.ownIndex };
  }

  /** The monitor's memory for virtual machine `vm`; null without a monitor that says so. */
  memoryOf(vm: number): VmMemory | null {
    if (this.guest === null || vm === 0) return null;
    if (vm === this.inner) return this.allotted(vm, this.variable('vm_memory') >>> 0, this.innerMemory);
    return this.allotted(vm, this.monitorVariable(vm, 'vm_memory') >>> 0, this.memorySize);
  }

  private readonly allotted = (vm: number, base: number, size: number): VmMemory | null => (base === 0 ? null : { vm, base, size });

  /** A host-physical address that the monitor of virtual machine `vm` keeps of it, in an array; 0 when it keeps none. */
  private monitorVariable(vm: number, name: string): number {
    if (this.inner === 0 || vm === this.inner) return this.variable(name, vm === this.inner ? 0 : vm - 1);
    const monitor = this.kernelAddress(this.inner, name);
    const found = monitor === null ? 0 : peekPhysical32(this.machine.cpu, monitor + 4 * (vm - 1));
    return found === 0 ? 0 : found + this.variable('vm_memory');
  }

  /**
   * The CR3 a guest believes it has, as its monitor keeps it: `VM.cr3` of the record that `vm_record` points to. Null when it has no such record.
   */
  guestCr3(vm: number): number | null {
    return this.believed(vm, 'VM.cr3');
  }

  /** Whether the processor walks the guests' own tables, which hold host-physical addresses, and no shadows of them. */
  get direct(): boolean {
    return this.ownIndex?.symbol('DIRECT_PAGING') !== undefined;
  }

  /** The walk of a linear address through a guest's own tables; null when its monitor keeps no record of them, or the processor walks them itself. */
  guestWalk(vm: number, linear: number): PeekedWalk | null {
    const memory = this.memoryOf(vm);
    const cr3 = this.guestCr3(vm);
    if (memory === null || cr3 === null || this.direct || this.walksItself(vm)) return null;
    if (((this.believed(vm, 'VM.cr0') ?? CR0_PG) & CR0_PG) === 0) return { entries: [], physical: linear >>> 0, large: false };
    return this.walkWithin(memory, cr3, linear, true);
  }

  /** The walk through tables that lie in a virtual machine's memory. */
  walkWithin({ base, size }: VmMemory, cr3: number, linear: number, largePages: boolean): PeekedWalk {
    const read = (address: number) => (address >>> 0 < size - 3 ? peekPhysical32(this.machine.cpu, base + (address >>> 0)) : -1);
    return walkTables(read, cr3, linear, largePages);
  }

  /** Whether the processor walks a guest's own tables. It does not walk those of an inner monitor's guests: that keeps shadows of them. */
  private walksItself(vm: number): boolean {
    return this.machine.cpu.s[at.nestedFormat] !== 0 && (this.inner === 0 || vm === this.inner);
  }

  /** What a guest's image calls a linear address of its own; undefined when it has no name. */
  guestLabel(vm: number, linear: number): string | undefined {
    return vm > 0 ? this.imageOf(vm).index?.labelAt(linear) : undefined;
  }

  /** Host-physical address of a guest's linear one by its own tables, or -1. */
  guestLookup(vm: number, linear: number): number {
    const memory = this.memoryOf(vm);
    if (this.direct)
      return walkTables((address) => peekPhysical32(this.machine.cpu, address), this.guestCr3(vm) ?? 0, linear, true).physical;
    const physical = this.guestWalk(vm, linear)?.physical ?? -1;
    return memory === null || physical < 0 || physical >= memory.size ? -1 : memory.base + physical;
  }

  /** Whether a virtual machine waits in HLT, perhaps for good, as its monitor says. */
  isHalted(vm: number): boolean {
    const state = this.believed(vm, 'VM.state');
    return state === HALTED || state === STOPPED;
  }

  /** Whether its monitor has ended a virtual machine. */
  isEnded(vm: number): boolean {
    return this.believed(vm, 'VM.state') === FINISHED;
  }

  /** A doubleword of the record that a monitor keeps of a virtual machine (docs/debug-map.md); null without one. */
  believed(vm: number, field: string): number | null {
    const symbol = this.ownIndex?.symbol(field);
    const record = vm === 0 ? 0 : this.monitorVariable(vm, 'vm_record');
    return symbol === undefined || record === 0 ? null : peekPhysical32(this.machine.cpu, record + symbol.value);
  }

  /** Guest-physical address of a host-physical one inside a virtual machine; where memory lies where it is, the same. */
  guestPhysical(vm: number, physical: number): number {
    const memory = this.memoryOf(vm);
    return memory === null ? physical : physical - memory.base;
  }

  /** What lies at a physical address, as long as the image's bytes are still there. */
  locate(physical: number, vm: number): Located | null {
    if (physical < 0) return null;
    for (const { image, index } of this.beside) if (this.isAt(image, physical)) return this.find(image, index, physical);
    const memory = this.memoryOf(vm);
    const inMemory = memory !== null && (!this.compressed || (physical >= memory.base && physical < memory.base + memory.size));
    const { image, index } = this.imageOf(inMemory ? vm : 0);
    const found = image && index && this.find(image, index, physical - (inMemory ? memory.base : 0));
    return found ?? this.disk.locate(this.machine.ram.bytes, physical);
  }

  /**
   * What runs in a virtual machine, or on the bare machine for VM 0: the processes of a kernel that keeps a table of them, else the programs its
   * image holds.
   */
  processes(vm: number): readonly Process[] {
    const current = this.kernelVariable(vm, 'current_task');
    const programs = [...this.programs(vm), ...this.disk.names];
    const { index } = this.imageOf(vm);
    const field = index?.symbol('TASK.program')?.value;
    const size = index?.symbol('TASK_size')?.value ?? 0;
    const order = index?.symbol('TASK.number')?.value ?? 0;
    const count = index?.symbol('TASKS')?.value ?? 0;
    const tasks = this.kernelAddress(vm, 'tasks');
    if (field === undefined || tasks === null) return programs.map((name, k) => ({ name, current: k + 1 === current }));
    const running = this.kernelVariable(vm, 'current') - this.kernelVirtual(vm, 'tasks');
    const read = (offset: number) => peekPhysical32(this.machine.cpu, tasks + offset);
    return Array.from({ length: count }, (_, k) => k * size)
      .sort((a, b) => read(a + order) - read(b + order))
      .flatMap((at) => {
        const name = programs[read(at + field) - 1];
        return name === undefined ? [] : [{ name, current: current > 0 && at === running }];
      });
  }

  private kernelVirtual(vm: number, name: string): number {
    const { index } = this.imageOf(vm);
    return (index?.symbol(name)?.value ?? 0) | 0;
  }

  /** Names of the programs an image holds, in the order of their roles. */
  private programs(vm: number): readonly string[] {
    const { image } = this.imageOf(vm);
    if (image === null) return [];
    const names = image.map.sections.flatMap((section) => section.roles.filter((role) => role.role === 'program').map((role) => role.name));
    return [...new Set(names)];
  }

  /** Whether an image's bytes are still what lies at a physical address. */
  private isAt({ bytes, base }: LoadedImage, physical: number): boolean {
    const offset = physical - base;
    if (offset < 0 || offset >= bytes.length) return false;
    const ram = this.machine.ram.bytes;
    for (let k = 0; k < MATCHING && offset + k < bytes.length; k++) if (ram[physical + k] !== bytes[offset + k]) return false;
    return true;
  }

  private find(image: LoadedImage, index: MapIndex, physical: number): Located | null {
    const offset = physical - image.base;
    const stored = offset >= 0 && offset < image.bytes.length;
    const place = stored ? index.atOffset(offset) : undefined;
    return place === undefined ? null : { image, index, offset, place };
  }

  private physicalOf(image: LoadedImage, index: MapIndex, name: string, base: number): number | null {
    const symbol = index.symbol(name);
    if (symbol === undefined || symbol.kind !== 'label') return null;
    const section = image.map.sections.find((candidate) => candidate.name === symbol.section);
    if (section === undefined) return null;
    const first = image.map.sections.find((candidate) => candidate.offset >= 0);
    const virtualBase = first === undefined ? 0 : first.address - first.offset;
    const inSection = symbol.value - section.address;
    return base + image.base + (section.offset >= 0 ? section.offset + inSection : symbol.value - virtualBase);
  }
}

const digests = new WeakMap<Uint8Array, string>();

function imageView({ name, bytes }: LoadedImage): ImageView {
  const digest = digests.get(bytes) ?? sha256(bytes);
  digests.set(bytes, digest);
  const port = Object.values(PORTS).includes(name) ? ' port' : '';
  return { name: name.replace(/^.*\//, '').replace(/\.asm$/, '') + port, digest };
}
