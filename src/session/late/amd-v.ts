/** In the place of AMD-V: of src/cpu/virt/svm, and of its words. */
import type { Handlers } from '../../cpu/exec/operands.ts';
import type { Profile } from '../../cpu/profiles.ts';
import type { ExtensionWords } from '../view/extension.ts';
import { late } from './load.ts';

type SvmClass = ReturnType<typeof late>['Svm'];

export const Svm = new Proxy(class {} as unknown as SvmClass, { construct: (_, [profile]: [Profile]) => new (late().Svm)(profile) });

const INSTRUCTIONS = 'vmrun vmmcall vmload vmsave stgi clgi skinit invlpga'.split(' ');

const instructions: Handlers = Object.fromEntries(
  INSTRUCTIONS.map((key) => [key, (...given: Parameters<Handlers[string]>) => late().SVM_INSTRUCTIONS[key]!(...given)]),
);

const words = new Proxy({} as ExtensionWords, { get: (_, name) => late().SVM_WORDS[name as keyof ExtensionWords] });

export { instructions as SVM, words as SVM_WORDS };
