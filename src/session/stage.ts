/** What the view builders share: the machine, its history, its images, and what the reader asked for. */
import type { Machine } from '../machine/machine.ts';
import type { History } from '../trace/history.ts';
import type { EventLog } from '../trace/log.ts';
import type { Images } from './images.ts';

export interface Stage {
  readonly machine: Machine;
  readonly history: History;
  readonly log: EventLog;
  readonly images: Images;
  /** Virtual machines under the monitor; 0 on the bare machine. */
  readonly vms: number;
  /** Text of the instruction that a VM exit row left at; empty for an event, or when it is not known any more. */
  instructionOfExit(row: number): string;
}
