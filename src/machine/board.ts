/**
 * The board: which chip sits at which ports and pulls which interrupt request line.
 *
 * COM1 is the machine's console. Under a monitor it is the monitor's, and each virtual machine has a 16550 of its own beside it,
 * on a line nobody shares. The virtual machine itself never sees these ports: its monitor shows it a COM1.
 */

import { worded } from '../lib/say.ts';
import { Bus } from './bus.ts';
import type { SystemClock } from './clock.ts';
import { Console } from './console.ts';
import type { Device, DeviceState, Line } from './device.ts';
import { ApicBus } from './devices/apic-bus.ts';
import { IoApic } from './devices/apic-io.ts';
import { LocalApic } from './devices/apic-local.ts';
import { AtaDisk, SECTOR } from './devices/ata-disk.ts';
import { FpuErrors } from './devices/fpu-errors.ts';
import { Keyboard8042 } from './devices/keyboard8042.ts';
import { Pic8259 } from './devices/pic8259.ts';
import { Pit8254 } from './devices/pit8254.ts';
import { Port61 } from './devices/port61.ts';
import { Port92 } from './devices/port92.ts';
import { DebugConsole, DebugExit, DelayPort, Unimplemented } from './devices/ports.ts';
import { Uart16550 } from './devices/uart16550.ts';
import type { Ram } from './ram.ts';

/** COM1, then one for each virtual machine. */
export const SERIAL_PORTS = [
  { name: 'COM1', base: 0x3f8, irq: 4 },
  { name: 'VM 1 16550', base: 0x2f8, irq: 3 },
  { name: 'VM 2 16550', base: 0x3e8, irq: 5 },
  { name: 'VM 3 16550', base: 0x2e8, irq: 6 },
  { name: 'VM 4 16550', base: 0x2f0, irq: 7 },
] as const;

const FPU_IRQ = 13;
const DISK_IRQ = 14;

/** IRQ 0 comes in where a PC has it since there are I/O APICs. */
const IO_APIC_TIMER_INPUT = 2;

export const MAX_VMS = SERIAL_PORTS.length - 1;

export interface BoardConfig {
  readonly memory: Ram;
  readonly clock: SystemClock;
  /** Virtual machines that a monitor will run; 0 without a monitor. */
  readonly vms?: number;
  /** One of them is a monitor itself, and has the others. Its 16550 is the first; its number the last. */
  readonly inner?: boolean;
  /** A local APIC in the processor, and an I/O APIC beside the 8259As. */
  readonly apic?: boolean;
  /** The medium of the ATA disk; without one the channel is empty. */
  readonly disk?: Medium;
}

/** What is written on a disk: whole pages, of which `sectors` of 512 bytes can be addressed. */
export interface Medium {
  readonly ram: Ram;
  readonly sectors: number;
}

/** What devices ask of the processor besides INTR. */
export interface ProcessorPins {
  nmi(): void;
  init(): void;
  startup(vector: number): void;
}

/** The state of each device in the order of `devices`, and of the board itself. */
export interface BoardState {
  readonly devices: readonly DeviceState[];
  readonly debugExit: number;
  readonly wasReset: boolean;
}

export class Board {
  readonly bus: Bus;
  readonly pic1: Pic8259;
  readonly pic2: Pic8259;
  readonly pit: Pit8254;
  /** COM1 first, then the virtual machines' in order. */
  readonly uarts: readonly Uart16550[];
  /** One for each of `uarts`, and the debug console last. */
  readonly consoles: readonly Console[];
  readonly devices: readonly Device[];
  /** What was written to the debug exit, or -1. The bus is stopped then. */
  debugExit = -1;
  /** The guest has asserted RESET. The bus is stopped then: there is no firmware that would start again. */
  wasReset = false;
  readonly disk: AtaDisk | null;
  readonly fpuErrors: FpuErrors;
  readonly localApic: LocalApic | null = null;
  readonly ioApic: IoApic | null = null;
  /** Wired to the processor by the machine. */
  pins: ProcessorPins = { nmi: () => {}, init: () => {}, startup: () => {} };
  /** A console's receiver is empty and its owner has looked for a byte. True stops the bus, until `resume`. */
  wanted: (console: number) => boolean = () => false;
  #clock: SystemClock;

  constructor(config: BoardConfig) {
    const { clock, vms = 0, inner = false, disk: medium } = config;
    if (!Number.isInteger(vms) || vms < 0 || vms > MAX_VMS)
      throw new Error(`${vms} virtual machines: the board has 16550s for 0 to ${MAX_VMS}`);
    const bus = new Bus(config.memory, clock);
    this.bus = bus;
    this.#clock = clock;
    this.consoles = [
      new Console(vms > 0 ? worded('Monitor console') : worded('Console')),
      ...Array.from({ length: vms }, (_, i) => consoleOf(i + 1, inner ? vms : 0)),
      new Console(worded('Debug console')),
    ];
    const intr: Line = (level) => {
      bus.intr = level;
    };
    if (config.apic === true) [this.localApic, this.ioApic] = this.#attachApics(intr);
    const cascade: Line = (level) => this.pic1.ir(2, level);
    const pic = (n: number): Line => (n < 8 ? (level) => this.pic1.ir(n, level) : (level) => this.pic2.ir(n - 8, level));
    const irq = (n: number): Line => {
      const { ioApic } = this;
      if (ioApic === null) return pic(n);
      return (level) => {
        pic(n)(level);
        ioApic.line(n === 0 ? IO_APIC_TIMER_INPUT : n, level);
      };
    };
    const exit = (value: number) => {
      bus.stopped = true;
      this.debugExit = value;
    };
    const restart = () => {
      bus.stopped = true;
      this.wasReset = true;
    };
    const print = (n: number) => (byte: number) => this.consoles[n].append(byte);

    this.pic2 = new Pic8259({ name: '8259A slave', base: 0xa0, int: cascade });
    const int: Line = this.localApic === null ? intr : (level) => this.localApic?.external(level);
    this.pic1 = new Pic8259({ name: '8259A master', base: 0x20, int, slaves: { 2: this.pic2 } });
    this.pit = new Pit8254({ name: '8254', base: 0x40, clock, out0: irq(0) });
    const awaits = (n: number) => () => {
      if (this.wanted(n)) bus.stopped = true;
    };
    this.uarts = SERIAL_PORTS.slice(0, vms + 1).map(
      (com, n) => new Uart16550({ ...com, irq: irq(com.irq), transmit: print(n), awaits: awaits(n) }),
    );
    this.disk = medium === undefined ? null : this.#attachDisk(medium, irq(DISK_IRQ));
    this.fpuErrors = new FpuErrors({
      name: 'coprocessor error logic',
      irq: irq(FPU_IRQ),
      ignore: (level) => {
        bus.ignoresErrors = level;
      },
    });
    this.devices = [
      this.pic1,
      this.pic2,
      this.pit,
      new Port61({ name: 'system control port', port: 0x61, pit: this.pit }),
      ...this.uarts,
      new DelayPort({ name: 'delay port', port: 0x80 }),
      new DebugConsole({ name: 'debug console', port: 0xe9, print: print(vms + 1) }),
      new DebugExit({ name: 'debug exit', port: 0x501, exit }),
      new Keyboard8042({ name: '8042 keyboard controller', reset: restart }),
      new Port92({ name: 'system control port A', port: 0x92, reset: restart }),
      this.fpuErrors,
      unimplemented('MC146818 real-time clock', [0x70, 0x71]),
      unimplemented('8237 DMA controllers', [0x00, 0x0f], [0x81, 0x8f], [0xc0, 0xdf]),
      this.disk ?? unimplemented('ATA disk', [0x1f0, 0x1f7], [0x3f6, 0x3f6]),
      unimplemented('second ATA channel', [0x170, 0x177], [0x376, 0x376]),
      unimplemented('VGA', [0x3c0, 0x3df]),
      unimplemented('PCI configuration', [0xcf8, 0xcff]),
      ...(this.localApic === null || this.ioApic === null ? [] : [this.localApic, this.ioApic]),
    ];

    for (const device of this.devices) bus.attach(device);
    bus.connect(
      () => this.localApic?.acknowledge() ?? this.pic1.acknowledge(),
      () => this.willInterrupt,
    );
    bus.connectErrors((level) => this.fpuErrors.error(level));
    clock.attach(this.devices);
    this.reset();
  }

  #attachDisk({ ram, sectors }: Medium, irq: Line): AtaDisk {
    if (sectors < 1 || sectors * SECTOR > ram.size) throw new Error(`a disk of ${sectors} sectors on a medium of ${ram.size} bytes`);
    return new AtaDisk({ name: 'ATA disk', base: 0x1f0, control: 0x3f6, irq, clock: this.#clock, medium: ram, sectors });
  }

  /** Registers in memory, and the bus between the two. */
  #attachApics(intr: Line): [LocalApic, IoApic] {
    const apicBus = new ApicBus();
    const local = new LocalApic({
      name: 'local APIC',
      clock: this.#clock,
      bus: apicBus,
      identifier: 0,
      bootstrap: true,
      intr,
      nmi: () => this.pins.nmi(),
      init: () => this.pins.init(),
      startup: (vector) => this.pins.startup(vector),
      acknowledgeExternal: () => this.pic1.acknowledge(),
    });
    const io = new IoApic({ name: '82093AA I/O APIC', bus: apicBus, identifier: 1 });
    for (const registers of [local, io]) this.bus.map(registers.region);
    this.bus.localApic = local;
    return [local, io];
  }

  /** A byte typed at a console; false when its receiver has no room. */
  receive(console: number, byte: number): boolean {
    const taken = this.uarts[console].receive(byte);
    if (taken) this.#clock.reschedule();
    return taken;
  }

  /** The guest has ended the run by itself: the debug exit, or RESET. */
  get endedByGuest(): boolean {
    return this.debugExit >= 0 || this.wasReset;
  }

  /** The bus goes on, unless the guest has ended the run. */
  resume(): void {
    this.bus.stopped = this.endedByGuest;
  }

  /** Whether INT would be asserted if IRQ `n` rose now. */
  accepts(irq: number): boolean {
    return irq < 8 ? this.pic1.accepts(irq) : this.pic2.accepts(irq - 8) && this.pic1.accepts(2);
  }

  /** A chip will, in time and by itself, assert INTR. If not, only input can wake a halted processor. */
  get willInterrupt(): boolean {
    if (this.bus.intr || this.localApic?.willInterrupt) return true;
    if (this.disk?.willInterrupt && (this.accepts(DISK_IRQ) || this.ioApic?.accepts(DISK_IRQ) === true)) return true;
    return this.pit.nextEvent() !== Number.POSITIVE_INFINITY && (this.accepts(0) || this.ioApic?.accepts(IO_APIC_TIMER_INPUT) === true);
  }

  /** Consoles (by index) whose next byte would assert INTR. */
  get inputsThatInterrupt(): readonly number[] {
    return this.uarts.flatMap((uart, i) => (uart.interruptsOnInput && uart.room > 0 && this.accepts(SERIAL_PORTS[i].irq) ? [i] : []));
  }

  reset(): void {
    for (const device of this.devices) device.reset();
    this.bus.intr = false;
    this.localApic?.passThrough();
    this.debugExit = -1;
    this.wasReset = false;
    this.resume();
    this.#clock.reschedule();
  }

  save(): BoardState {
    return { devices: this.devices.map((device) => device.save()), debugExit: this.debugExit, wasReset: this.wasReset };
  }

  /** Lines between chips are not driven: each chip knows its own. */
  load(state: BoardState): void {
    this.devices.forEach((device, i) => {
      device.load(state.devices[i]);
    });
    this.bus.intr = this.localApic?.intr ?? this.pic1.int;
    this.bus.ignoresErrors = this.fpuErrors.ignored;
    this.debugExit = state.debugExit;
    this.wasReset = state.wasReset;
    this.resume();
    this.#clock.reschedule();
  }
}

/** @param inner the number of the virtual machine that is a monitor itself, and has the first of these consoles; 0: there is none */
function consoleOf(uart: number, inner: number): Console {
  if (inner === 0) return new Console(`VM ${uart} console`, uart);
  return uart === 1 ? new Console(worded('Inner monitor console'), inner) : new Console(`VM ${uart - 1} console`, uart - 1);
}

function unimplemented(name: string, ...ports: readonly (readonly [number, number])[]): Device {
  return new Unimplemented({ name, ports: ports.map(([first, last]) => ({ first, last })) });
}
