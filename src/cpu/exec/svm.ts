/** SVM instructions. Their behaviour lies with the rest of SVM. */
export { SVM } from '../virt/svm/instructions.ts';
