/** What VT-x and AMD-V call things: the one place above the processor where their words part. */
import * as svm from '../../cpu/virt/svm/words.ts';
import * as vmx from '../../cpu/virt/vmx/words.ts';
import { hex, hex8 } from '../../lib/hex.ts';
import type { EventLog } from '../../trace/log.ts';
import type { Stage } from '../stage.ts';
import type { ExitInfo, Vendor } from '../views.ts';

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

const TWO_32 = 4294967296;

/** `00000003h`, `00000001_00000006h` */
const infoText = (value: number): string =>
  value < TWO_32 ? `${hex8(value)}h` : `${hex8(Math.floor(value / TWO_32))}_${hex8(value % TWO_32)}h`;

const info = (name: string, value: number, fields: ExitInfo['fields']): readonly ExitInfo[] =>
  fields.length === 0 ? [] : [{ name, value: infoText(value), fields }];

/** Of an event field only what tells one event from another: its vector and type, and an error code if it has one. */
const told = (fields: ExitInfo['fields']): ExitInfo['fields'] =>
  fields.filter(({ bits, value }) => bits !== '31' && !(bits === '11' && value === '0'));

const REASON = 0xffff;
/* Exit qualification of an I/O instruction: string instruction 4, size less 1 2:0. EXITINFO1: one bit for each size 6:4, string 2. */
const VMX_STRING = 1 << 4;
const VMX_SIZE = 7;
const SVM_STRING = 1 << 2;
const SVM_SIZE_SHIFT = 4;

const VMX: ExtensionWords = {
  vendor: 'vmx',
  title: 'VT-x',
  hostMode: 'VMX root operation',
  codeIs: 'exit reason',
  code: (log, row) => log.valueOf(row, 0) & REASON,
  codeText: String,
  exitLabel: (code) => `VM exit ${code}`,
  entryLabel: 'VM entry',
  exitNote: (code) => `reason ${code}`,
  exitName: vmx.exitName,
  exitTitle: vmx.exitTitle,
  eventName: vmx.eventName,
  infos: (log, row) => {
    const [code, qualification, interruption] = [log.valueOf(row, 0), log.valueOf(row, 1) >>> 0, log.valueOf(row, 4) >>> 0];
    return [
      ...info('Exit qualification', qualification, vmx.qualificationFields(code, qualification, interruption)),
      ...info('Interruption information', interruption, told(vmx.interruptionFields(interruption))),
    ];
  },
  outputBytes: (log, row) => ((log.valueOf(row, 1) & VMX_STRING) !== 0 ? 0 : (log.valueOf(row, 1) & VMX_SIZE) + 1),
  record: (log, row) => ({ qualification: log.valueOf(row, 1) >>> 0 }),
};

const codeText = (code: number): string => (code < 0 ? String(code) : `${hex(code, 2)}h`);

const SVM: ExtensionWords = {
  vendor: 'svm',
  title: 'AMD-V',
  hostMode: 'host mode',
  codeIs: 'EXITCODE',
  code: (log, row) => log.valueOf(row, 0),
  codeText,
  exitLabel: (code) => `#VMEXIT ${codeText(code)}`,
  entryLabel: 'VMRUN',
  exitNote: (code) => `EXITCODE ${codeText(code)}`,
  exitName: svm.exitName,
  exitTitle: svm.exitTitle,
  eventName: svm.eventName,
  infos: (log, row) => {
    const code = log.valueOf(row, 0);
    const { info1, info2, eventInfo } = log.svmInfo(row);
    return [
      ...info('EXITINFO1', info1, svm.info1Fields(code, info1)),
      ...info('EXITINFO2', info2, svm.info2Fields(code, info2)),
      ...info('EXITINTINFO', eventInfo, told(svm.eventFields(eventInfo))),
    ];
  },
  outputBytes: (log, row) => ((log.valueOf(row, 1) & SVM_STRING) !== 0 ? 0 : (log.valueOf(row, 1) >> SVM_SIZE_SHIFT) & 7),
  record: (log, row) => ({ ...log.svmInfo(row) }),
};

const WORDS: Readonly<Record<Vendor, ExtensionWords>> = { vmx: VMX, svm: SVM };

/** What an OUT that left the guest was to write, and how many bytes of it; null of any other exit. */
export function writtenBy(words: ExtensionWords, log: EventLog, row: number): { readonly value: number; readonly bytes: number } | null {
  const bytes = log.text(log.valueOf(row, 7)) === 'port-out' ? words.outputBytes(log, row) : 0;
  return bytes === 0 ? null : { value: (log.valueOf(row, 5) >>> 0) % 2 ** (8 * bytes), bytes };
}

/** The words of the processor's extension; those of VT-x for one that has none. */
export const extensionOf = ({ machine }: Pick<Stage, 'machine'>): ExtensionWords => WORDS[machine.cpu.virt?.vendor ?? 'vmx'];
