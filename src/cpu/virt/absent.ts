/** In the place of one vendor's extension, in a machine for processors that have at most the other's. */
import type { Handlers } from '../exec/operands.ts';
import { UD } from '../registers.ts';

class Absent {
  constructor() {
    throw new Error('This machine was built without the virtualization extension of its processor.');
  }
}

export { Absent as Svm, Absent as Vmx };

const undefinedWhereAbsent = (keys: string): Handlers => Object.fromEntries(keys.split(' ').map((key) => [key, (cpu) => cpu.raise(UD)]));

export const VMX = undefinedWhereAbsent('vmxon vmxoff vmclear vmptrld vmptrst vmread vmwrite vmlaunch vmresume vmcall invept invvpid');
export const SVM = undefinedWhereAbsent('vmrun vmmcall vmload vmsave stgi clgi skinit invlpga');
