import * as vmx from '../../cpu/virt/vmx/words.ts';
import { say } from '../../lib/say.ts';
import { info, tellingFields } from './exit-infos.ts';
import type { ExtensionWords } from './extension.ts';

const REASON = 0xffff;
/* Exit qualification of an I/O instruction: string instruction 4, size less 1 2:0. */
const STRING = 1 << 4;
const SIZE = 7;

/** SDM vol 3, chapters 25 to 29. */
export const VMX: ExtensionWords = {
  vendor: 'vmx',
  title: 'VT-x',
  hostMode: 'VMX root operation',
  get codeIs() {
    return say`exit reason`;
  },
  code: (log, row) => log.valueOf(row, 0) & REASON,
  codeText: String,
  exitLabel: (code) => say`VM exit ${code}`,
  get entryLabel() {
    return say`VM entry`;
  },
  exitNote: (code) => say`reason ${code}`,
  exitName: vmx.exitName,
  exitTitle: vmx.exitTitle,
  eventName: vmx.eventName,
  infos: (log, row) => {
    const [code, qualification, interruption] = [log.valueOf(row, 0), log.valueOf(row, 1) >>> 0, log.valueOf(row, 4) >>> 0];
    return [
      ...info('Exit qualification', qualification, vmx.qualificationFields(code, qualification, interruption)),
      ...info('Interruption information', interruption, tellingFields(vmx.interruptionFields(interruption))),
    ];
  },
  outputBytes: (log, row) => ((log.valueOf(row, 1) & STRING) !== 0 ? 0 : (log.valueOf(row, 1) & SIZE) + 1),
  record: (log, row) => ({ qualification: log.valueOf(row, 1) >>> 0 }),
};
