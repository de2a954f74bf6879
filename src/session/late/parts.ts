/** What the app's machine gets from machine-late.js when it is first asked for it (scripts/machine.mjs). */
export { SVM as SVM_INSTRUCTIONS } from '../../cpu/virt/svm/instructions.ts';
export { Svm } from '../../cpu/virt/svm/svm.ts';
export { check } from '../claims.ts';
export { applied, editsOf } from '../edits.ts';
export { guestFiles, guestImage } from '../guests.ts';
export { keepPlace } from '../keeping.ts';
export { partView } from '../parts/parts.ts';
export { portOf } from '../porting.ts';
export { ask } from '../questions/questions.ts';
export { Stops } from '../stops.ts';
export { blockView } from '../view/block.ts';
export { SVM as SVM_WORDS } from '../view/extension-svm.ts';
export { failureView } from '../view/failure.ts';
export { why } from '../why/why.ts';
