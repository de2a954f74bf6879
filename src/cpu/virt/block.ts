/** The VMCS or VMCB of the guest at hand, whichever the vendor: its address is `at.vmcsPointer`. */
import type { Cpu } from '../cpu.ts';
import { at } from '../state.ts';
import { NO_VMCS } from './vmx/vmcs.ts';

/** Whether there is one: VMPTRLD or VMRUN has been there. */
export const hasBlock = ({ virt, s }: Cpu): boolean => virt !== null && s[at.vmcsPointer] !== NO_VMCS && s[at.vmcsPointer] !== 0;
