/** The interruption-information formats: SDM vol 3, 24.8.3, 24.9.2 and 24.9.3. */
import { worded } from '../../../lib/say.ts';

/*
 *   31     30          13  12                        11           10  8   7       0
 *   [valid][     0      ][NMI unblocked (exit only)][error code][ type ][ vector ]
 */
export const INFO_VALID = 1 << 31;
export const INFO_NMI_UNBLOCKED = 1 << 12;
export const INFO_ERROR_CODE = 1 << 11;
export const INFO_TYPE_SHIFT = 8;

export const EXTERNAL_INTERRUPT = 0;
export const NMI_TYPE = 2;
export const HARDWARE_EXCEPTION = 3;
/** INT n. */
export const SOFTWARE_INTERRUPT = 4;
/** INT1. */
export const PRIVILEGED_SOFTWARE_EXCEPTION = 5;
/** INT3 and INTO. */
export const SOFTWARE_EXCEPTION = 6;
export const OTHER_EVENT = 7;

export const EVENT_TYPES: readonly string[] = [
  worded('external interrupt'),
  worded('reserved'),
  'NMI',
  worded('hardware exception'),
  worded('software interrupt'),
  worded('privileged software exception'),
  worded('software exception'),
  worded('other event'),
];

/** INT n, INT1, INT3 and INTO: the instruction's length belongs to the event. */
export const isSoftwareEvent = (type: number): boolean => type >= SOFTWARE_INTERRUPT && type <= SOFTWARE_EXCEPTION;
