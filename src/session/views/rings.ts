/** The rings, and what crosses between them. */
import type { Ring, Vendor } from './who.ts';

export interface ProcessView {
  readonly name: string;
  readonly current: boolean;
}

export interface VmView {
  readonly vm: number;
  /** `VM 1`; on bare metal `This machine`. */
  readonly name: string;
  /** `running`, `exited, waiting`, `halted in ring 0`, `shut down: triple fault`, `not started`. */
  readonly status: string;
  readonly running: boolean;
  readonly processes: readonly ProcessView[];
  readonly kernel: string;
  /** Ring in which it will resume when it is not running; null before its first entry or when it is finished. */
  readonly saved: Ring | null;
}

/** One crossing between rings, for the trail. */
export interface Crossing {
  readonly n: number;
  readonly kind: 'exit' | 'entry' | 'call' | 'return' | 'interrupt' | 'exception';
  /** `int 80h`, `VM exit 28`, `VM entry`, `iret`, `#PF`, `IRQ 0`. */
  readonly label: string;
  readonly vm: number;
  readonly from: Ring;
  readonly to: Ring;
  /** Index into the VM's processes when one end is ring 3, else -1. */
  readonly process: number;
}

export interface RingsView {
  /** `ring0`: a monitor in ring 0 that all virtual machines share, their kernels in ring 1. */
  readonly kind: 'bare' | Vendor | 'ring0';
  /** What ring -1 is: `VMX root operation`, `host mode`. */
  readonly hostMode: string;
  readonly vms: readonly VmView[];
  /** A monitor that is a guest itself, in ring 0, and has these virtual machines; `hostMode` is the outer one's. */
  readonly inner?: VmView;
  /** Where the processor is: VM number (0 in root operation) and ring; null after shutdown. */
  readonly active: { readonly vm: number; readonly ring: Ring } | null;
  /** The last crossings, at most 4, oldest first. */
  readonly past: readonly Crossing[];
  /** Certain crossings to come, at most 4. */
  readonly future: readonly Crossing[];
}

/** From when to when the processor was in one place. */
export interface Stay {
  /** Steps [from, to); null where the run is not known to have left. */
  readonly from: number;
  readonly to: number | null;
  readonly fromCycle: number;
  /** What led here: `VM exit 28`, `iret`; empty at power-on. */
  readonly by: string;
  /** Which ran, in ring 3; empty where that is not known. */
  readonly program: string;
}

/** What the recorded run says of one place of the diagram: a ring of a virtual machine, or the core (VM number 0). */
export interface StaysView {
  readonly vm: number;
  readonly ring: Ring;
  /** The step at which this is so. */
  readonly n: number;
  /** Taken here so far: instructions, turns of repeated ones, and what was delivered between them. */
  readonly steps: number;
  /** The stay that lasts. */
  readonly here: Stay | null;
  /** Those that are over, the latest first; at most 5. */
  readonly before: readonly Stay[];
  /** Those to come, the next first, as far as the run has been before; at most 3. */
  readonly after: readonly Stay[];
}
