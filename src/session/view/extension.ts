/** What VT-x and AMD-V call things: the one place above the processor where their words part. */
import type { EventLog } from '../../trace/log.ts';
import type { Stage } from '../stage.ts';
import type { ExitInfo, Vendor } from '../views.ts';
import { SVM } from './extension-svm.ts';
import { VMX } from './extension-vmx.ts';

export interface ExtensionWords {
  readonly vendor: Vendor;
  /** `VT-x` */
  readonly title: string;
  /** What ring -1 is there: `VMX root operation`. */
  readonly hostMode: string;
  /** What an exit's code is called: `exit reason`. */
  readonly codeIs: string;
  /** The code of an exit's row of the log: the basic exit reason, or EXITCODE. */
  code(log: EventLog, row: number): number;
  /** `28`, `7Bh` */
  codeText(code: number): string;
  /** `VM exit 28`, `#VMEXIT 7Bh` */
  exitLabel(code: number): string;
  /** `VM entry`, `VMRUN` */
  readonly entryLabel: string;
  /** `reason 28`, `EXITCODE 7Bh` */
  exitNote(code: number): string;
  /** `CR_ACCESS` */
  exitName(code: number): string;
  /** `Control-register access` */
  exitTitle(code: number): string;
  /** `#PF`, `interrupt 20h`: an event in the form in which it is injected, and in which an exit reports it. */
  eventName(info: number): string;
  /** What the exit's information fields say, the empty ones left out. */
  infos(log: EventLog, row: number): readonly ExitInfo[];
  /** Bytes that the OUT of an exit was to write; 0 for OUTS, which takes them from memory. */
  outputBytes(log: EventLog, row: number): number;
  /** What the information fields say, for an event record (docs/event-records.md). */
  record(log: EventLog, row: number): Readonly<Record<string, number>>;
}

const WORDS: Readonly<Record<Vendor, ExtensionWords>> = { vmx: VMX, svm: SVM };

/** What an OUT that left the guest was to write, and how many bytes of it; null of any other exit. */
export function writtenBy(words: ExtensionWords, log: EventLog, row: number): { readonly value: number; readonly bytes: number } | null {
  const bytes = log.text(log.valueOf(row, 7)) === 'port-out' ? words.outputBytes(log, row) : 0;
  return bytes === 0 ? null : { value: (log.valueOf(row, 5) >>> 0) % 2 ** (8 * bytes), bytes };
}

/** The words of the processor's extension; those of VT-x for one that has none. */
export const extensionOf = ({ machine }: Pick<Stage, 'machine'>): ExtensionWords => WORDS[machine.cpu.virt?.vendor ?? 'vmx'];
