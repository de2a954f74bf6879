/** What the view builders share: the machine, its history, its images, and what the reader asked for. */
import type { Machine } from '../machine/machine.ts';
import type { History } from '../trace/history.ts';
import type { EventLog } from '../trace/log.ts';
import type { Images } from './images.ts';
import type { WalkWish } from './views.ts';

export interface Stage {
  readonly machine: Machine;
  readonly history: History;
  readonly log: EventLog;
  readonly images: Images;
  /** Virtual machines under the monitor; 0 on the bare machine. */
  readonly vms: number;
  /** Powered on without a monitor: whatever runs outside a virtual machine is drawn as VM 1, and a monitor may yet slip below it. */
  readonly bare: boolean;
  /** The number of the one that is a monitor itself, beside these; 0: none is. */
  readonly inner: number;
  /** The monitor is in ring 0 and their kernels are in ring 1: what leaves a virtual machine is an interrupt or a fault. */
  readonly compressed: boolean;
  /** Equal parts of the machine's disk, one for each image that has one; 0 without a disk. */
  readonly disks: number;
  /** The address that is followed through the tables; undefined before anybody has asked. */
  readonly followed: WalkWish | undefined;
  /** Text of the instruction that a VM exit row left at; empty for an event, or when it is not known any more. */
  instructionOfExit(row: number): string;
}
