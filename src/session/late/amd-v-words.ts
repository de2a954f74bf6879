/** In the place of src/session/view/extension-svm.ts. */
export { SVM_WORDS as SVM } from './amd-v.ts';
