/** VMX instructions: SDM vol 3, chapter 30. Their behaviour lies with the rest of VMX. */
export { VMX } from '../virt/vmx/instructions.ts';
