/** What becomes of the instruction: does it leave the guest, run, fault, or silently leave something out? */
import { exceptionName } from '../../cpu/interrupts.ts';
import { AF, CF, DF, IF, IOPL, NT, OF, PF, SF, TF, ZF } from '../../cpu/registers.ts';
import { at } from '../../cpu/state.ts';
import { CODE } from '../../cpu/virt/svm/exit-codes.ts';
import { REASON } from '../../cpu/virt/vmx/reasons.ts';
import { say } from '../../lib/say.ts';
import { Kind } from '../../trace/log.ts';
import { type ExtensionWords, extensionOf } from '../view/extension.ts';
import { decided } from './because.ts';
import { type Choice, type Draft, options } from './draft.ts';
import { codeOf, deliveryOf, exitOf, type Forecast, isSensitive } from './forecast.ts';
import type { MisconceptionId } from './misconceptions.ts';

const GUARDED = IF | IOPL;
/** The flags of the low word. */
const LOW_FLAGS = CF | PF | AF | ZF | SF | TF | IF | DF | OF | IOPL | NT;

/** The flags that POPF or IRET takes from the stack; -1 for another instruction. */
function poppedFlags({ mnemonic, stack, insn }: Forecast): number {
  if (insn === null || insn.operandSize !== 32) return -1;
  if (mnemonic.startsWith('popf')) return stack[0];
  return mnemonic.startsWith('iret') ? stack[2] : -1;
}

/** `yes`: it ran, and left the flags of the system as they were although others came from the stack; `unclear` where nothing could be seen to change. */
export function silence(forecast: Forecast): 'yes' | 'no' | 'unclear' {
  const { here, after, mnemonic, text, insn } = forecast;
  if (insn === null || insn.operandSize !== 32 || mnemonic === 'lmsw' || /^mov [cd]r/.test(text)) return 'unclear';
  const popped = poppedFlags(forecast);
  if (popped !== -1) {
    const differs = popped ^ after.state[at.eflags];
    return (differs & GUARDED) !== 0 ? 'yes' : (differs & LOW_FLAGS) === 0 ? 'no' : 'unclear';
  }
  const seen = [at.eax, at.ecx, at.edx, at.ebx, at.esp, at.ebp, at.esi, at.edi, at.eflags, at.cr0, at.cpl];
  return seen.some((slot) => here.state[slot] !== after.state[slot]) ? 'no' : 'unclear';
}

/** The code with which the instruction would leave a guest; null when there is none for it. */
function ownCode({ insn }: Forecast, { vendor }: ExtensionWords): number | null {
  const name = insn?.row.exit?.[vendor];
  const codes: Readonly<Record<string, number>> = vendor === 'vmx' ? REASON : CODE;
  return name === undefined ? null : (codes[name] ?? null);
}

export function exitChoice(words: ExtensionWords, code: number, belief: MisconceptionId): Choice {
  return {
    id: `exit${code}`,
    title: say`It leaves the guest: ${words.exitLabel(code)}`,
    note: words.exitTitle(code),
    hot: { vm: 0, ring: 'm' },
    belief,
  };
}

export function exitQuestion(forecast: Forecast, wanted: string): Draft | null {
  const { stage, who, next, text, events } = forecast;
  if (forecast.insn === null || who.mode === 'root' || forecast.stops || text === '') return null;
  if (events.some(({ kind }) => kind === Kind.SHUTDOWN || (kind >= Kind.VMENTRY && kind <= Kind.VMFAIL))) return null;
  const words = extensionOf(stage);
  const exit = exitOf(forecast);
  const delivery = deliveryOf(forecast);
  if (delivery !== null && delivery.kind !== Kind.EXCEPTION) return null;
  const vector = delivery?.values[0] ?? -1;
  if (vector === 1 || vector === 3 || vector === 4) return null;
  const isGuest = who.mode === 'guest';
  const quiet = exit === null && delivery === null;
  const silent = quiet ? silence(forecast) : 'no';
  const code = exit === null ? -1 : codeOf(exit, words);
  if (exit !== null && code < 0) return null;
  const answer = exit !== null ? `exit${code}` : vector >= 0 ? `fault${vector}` : silent === 'yes' ? 'silent' : 'runs';
  const here = { vm: who.vm, ring: who.ring };
  const gate = exit === null && vector >= 0 ? { vm: next.vm, ring: next.ring } : { vm: who.vm, ring: '0' as const };
  const fault = (of: number, belief: MisconceptionId): Choice => ({
    id: `fault${of}`,
    title: say`It faults: ${exceptionName(of)}`,
    note: isGuest ? say`through gate ${of} of the guest’s IDT` : say`through gate ${of} of the IDT`,
    hot: gate,
    belief,
  });
  const exception = words.vendor === 'vmx' ? REASON.EXCEPTION_NMI : CODE.EXCEPTION + 13;
  const own = ownCode(forecast, words);
  const choices: Choice[] = [];
  if (isGuest) {
    if (exit !== null) choices.push(exitChoice(words, code, 'every-sensitive-exits'));
    if (own !== null && (exit === null || !sameKind(words, own, code))) choices.push(exitChoice(words, own, 'every-sensitive-exits'));
    choices.push(exitChoice(words, exception, 'every-fault-exits'));
  }
  choices.push({ id: 'runs', title: say`It runs`, note: say`all that it says is done`, hot: here, belief: 'allowed-so-it-runs' });
  if (silent !== 'unclear')
    choices.push({
      id: 'silent',
      title: say`It runs, but not all of it`,
      note: say`a part is silently left out`,
      hot: here,
      belief: 'silently-ignored',
    });
  choices.push(fault(13, 'privileged-so-it-faults'), fault(6, 'forbidden-is-undefined'), fault(14, 'memory-refuses'));
  if (vector >= 0) choices.push(fault(vector, 'privileged-so-it-faults'));
  const ranked = ['runs', own === null ? `exit${exception}` : `exit${own}`, 'fault13', 'silent', 'fault6', 'fault14'];
  const four = options(choices, answer, wanted, ranked);
  if (four === null) return null;
  return {
    kind: 'exit',
    title: isGuest ? say`Predict: does ${text} leave the guest?` : say`Predict: what becomes of ${text}?`,
    options: four,
    answer,
    because: decided(forecast) || (silent === 'yes' ? leftOut(forecast) : quiet ? unasked(isGuest) : ''),
    telling: tellingOf(forecast, silent === 'yes', !quiet, isGuest),
  };
}

/** AMD-V has a code for each control register. */
const sameKind = ({ vendor }: ExtensionWords, a: number, b: number): boolean =>
  a === b || (vendor === 'svm' && a < 0x40 && a >>> 4 === b >>> 4);

function leftOut({ here: { state } }: Forecast): string {
  const iopl = (state[at.eflags] & IOPL) >> 12;
  return say`CPL is ${state[at.cpl]}, IOPL ${iopl}: the processor keeps IF and IOPL as they are, and raises nothing.`;
}

const unasked = (isGuest: boolean): string =>
  isGuest ? say`The host has not asked for it, and no check of the processor fails.` : say`No check of the processor fails.`;

function tellingOf(forecast: Forecast, silent: boolean, happens: boolean, isGuest: boolean): number {
  if (silent) return 9;
  const sensitive = isSensitive(forecast);
  if (happens) return sensitive ? 6 : 4;
  return sensitive ? (isGuest ? 4 : 2) : 0;
}
