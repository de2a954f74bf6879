import * as svm from '../../cpu/virt/svm/words.ts';
import { hex } from '../../lib/hex.ts';
import { say } from '../../lib/say.ts';
import { info, tellingFields } from './exit-infos.ts';
import type { ExtensionWords } from './extension.ts';

/* EXITINFO1 of IOIO: one bit for each size 6:4, string 2. */
const STRING = 1 << 2;
const SIZE_SHIFT = 4;

const codeText = (code: number): string => (code < 0 ? String(code) : `${hex(code, 2)}h`);

/** APM vol 2, chapter 15. */
export const SVM: ExtensionWords = {
  vendor: 'svm',
  title: 'AMD-V',
  get hostMode() {
    return say`host mode`;
  },
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
      ...info('EXITINTINFO', eventInfo, tellingFields(svm.eventFields(eventInfo))),
    ];
  },
  outputBytes: (log, row) => ((log.valueOf(row, 1) & STRING) !== 0 ? 0 : (log.valueOf(row, 1) >> SIZE_SHIFT) & 7),
  record: (log, row) => ({ ...log.svmInfo(row) }),
};
