/** The EPT pointer: SDM vol 3, 24.6.11. */
import { say } from '../../../lib/say.ts';
import type { Capabilities } from './capabilities.ts';

/*
 *   63          N-1    12 11   7  6            5                3 2         0
 *   [ 0 ][ address 51:12 ][  0  ][A/D flags][walk length less 1 ][memory type]
 */
const MEMORY_TYPE = 7;
const WALK_SHIFT = 3;
const WALK_LENGTH = 3;
export const EPTP_ACCESSED_DIRTY = 1 << 6;
const RESERVED = 0xf80;

/* IA32_VMX_EPT_VPID_CAP: walk length 4 6, memory type UC 8, WB 14, accessed and dirty flags 21. */
const CAP_ACCESSED_DIRTY = 1 << 21;
/** For each memory type, the capability that allows it. */
const CAP_OF_TYPE: Readonly<Record<number, number>> = { 0: 1 << 8, 6: 1 << 14 };

/** What a VM entry or INVEPT would not accept of an EPT pointer, or empty. */
export function eptpProblem({ eptVpid, physicalBits }: Capabilities, low: number, high: number): string {
  if ((eptVpid.low & (CAP_OF_TYPE[low & MEMORY_TYPE] ?? 0)) === 0) return say`memory type ${low & MEMORY_TYPE}`;
  if (((low >>> WALK_SHIFT) & 7) !== WALK_LENGTH) return say`a page-walk length of ${((low >>> WALK_SHIFT) & 7) + 1}`;
  if ((low & EPTP_ACCESSED_DIRTY) !== 0 && (eptVpid.low & CAP_ACCESSED_DIRTY) === 0) return say`accessed and dirty flags are not supported`;
  if ((low & RESERVED) !== 0) return say`bits 11:7 are not 0`;
  return high >>> (physicalBits - 32) !== 0 ? say`beyond the physical-address width` : '';
}
