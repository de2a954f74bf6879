/** With which reason does the processor leave the guest? */
import { CODE } from '../../cpu/virt/svm/exit-codes.ts';
import { REASON } from '../../cpu/virt/vmx/reasons.ts';
import { say } from '../../lib/say.ts';
import { type ExtensionWords, extensionOf } from '../view/extension.ts';
import { decided } from './because.ts';
import { type Choice, type Draft, options } from './draft.ts';
import { codeOf, exitOf, type Forecast } from './forecast.ts';
import type { MisconceptionId } from './misconceptions.ts';

type Confusion = readonly [code: number, belief: MisconceptionId];

const VMX: readonly Confusion[] = [
  [REASON.EXCEPTION_NMI, 'exception-for-all'],
  [REASON.EPT_VIOLATION, 'pages-are-ept'],
  [REASON.VMCALL, 'call-for-all'],
  [REASON.CR_ACCESS, 'neighbour-reason'],
  [REASON.CPUID, 'neighbour-reason'],
];

const SVM: readonly Confusion[] = [
  [CODE.EXCEPTION + 13, 'exception-for-all'],
  [CODE.NPF, 'pages-are-ept'],
  [CODE.VMMCALL, 'call-for-all'],
  [CODE.CR_WRITE + 3, 'neighbour-reason'],
  [CODE.CPUID, 'neighbour-reason'],
];

/** For what each is taken most easily. */
const VMX_NEIGHBOURS: ReadonlyMap<number, number> = new Map<number, number>([
  [REASON.EXCEPTION_NMI, REASON.EXTERNAL_INTERRUPT],
  [REASON.EXTERNAL_INTERRUPT, REASON.INTERRUPT_WINDOW],
  [REASON.INTERRUPT_WINDOW, REASON.EXTERNAL_INTERRUPT],
  [REASON.CPUID, REASON.RDMSR],
  [REASON.HLT, REASON.PAUSE],
  [REASON.INVLPG, REASON.CR_ACCESS],
  [REASON.CR_ACCESS, REASON.INVLPG],
  [REASON.IO_INSTRUCTION, REASON.WRMSR],
  [REASON.RDMSR, REASON.WRMSR],
  [REASON.WRMSR, REASON.RDMSR],
  [REASON.VMLAUNCH, REASON.VMRESUME],
  [REASON.VMRESUME, REASON.VMLAUNCH],
]);

const SVM_NEIGHBOURS: ReadonlyMap<number, number> = new Map<number, number>([
  [CODE.INTR, CODE.VINTR],
  [CODE.VINTR, CODE.INTR],
  [CODE.CPUID, CODE.MSR],
  [CODE.HLT, CODE.PAUSE],
  [CODE.INVLPG, CODE.CR_WRITE + 3],
  [CODE.CR_WRITE + 3, CODE.INVLPG],
  [CODE.IOIO, CODE.MSR],
  [CODE.MSR, CODE.IOIO],
  [CODE.NPF, CODE.EXCEPTION + 14],
]);

/** Vector of the exception or interrupt that exits; -1 for none. */
function vectorIn(code: number, info: number, { vendor }: ExtensionWords): number {
  if (vendor === 'svm') return code >= CODE.EXCEPTION && code < CODE.INTR ? code - CODE.EXCEPTION : -1;
  return code === REASON.EXCEPTION_NMI || code === REASON.EXTERNAL_INTERRUPT ? info & 0xff : -1;
}

export function reasonQuestion(forecast: Forecast, wanted: string): Draft | null {
  const exit = exitOf(forecast);
  if (exit === null) return null;
  const { stage } = forecast;
  const words = extensionOf(stage);
  const code = codeOf(exit, words);
  const vector = vectorIn(code, exit.values[4], words);
  const isException = words.vendor === 'vmx' ? code === REASON.EXCEPTION_NMI : vector >= 0;
  const neighbour = (words.vendor === 'vmx' ? VMX_NEIGHBOURS : SVM_NEIGHBOURS).get(code);
  const confusions: readonly Confusion[] = [
    ...(vector < 0 ? [] : [[vector, 'reason-is-vector'] as Confusion]),
    ...(neighbour === undefined ? [] : [[neighbour, 'neighbour-reason'] as Confusion]),
    ...(words.vendor === 'vmx' ? VMX : SVM).filter(([, belief]) => belief !== 'exception-for-all' || !isException),
  ];
  const choices = [...confusions, [code, 'neighbour-reason'] as Confusion]
    .filter(([other, belief]) => other !== code || belief === 'neighbour-reason')
    .map(([other, belief]) => choiceOf(words, other, belief))
    .sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
  const answer = `r${code}`;
  const four = options(
    choices,
    answer,
    wanted,
    confusions.map(([other]) => `r${other}`),
  );
  if (four === null) return null;
  return {
    kind: 'reason',
    title: words.vendor === 'vmx' ? say`Predict: with which exit reason?` : say`Predict: with which EXITCODE?`,
    options: four,
    answer,
    because: decided(forecast),
    telling: vector >= 0 ? 6 : 4,
  };
}

function choiceOf(words: ExtensionWords, code: number, belief: MisconceptionId): Choice {
  return { id: `r${code}`, title: words.exitLabel(code), note: words.exitTitle(code), badge: words.codeText(code), belief };
}
