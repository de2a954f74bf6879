/** EVENTINJ and EXITINTINFO: AMD64 manual vol 2, 15.20 and 15.7.2. */
import { worded } from '../../../lib/say.ts';

/*
 *   63        32  31     30  12  11           10  8   7       0
 *   [error code][valid][   0   ][error code][ type ][ vector ]
 */
export const EVENT_VALID = 1 << 31;
export const EVENT_ERROR_CODE = 1 << 11;
export const EVENT_TYPE_SHIFT = 8;

export const TYPE_INTR = 0;
export const TYPE_NMI = 2;
export const TYPE_EXCEPTION = 3;
export const TYPE_SOFTWARE_INTERRUPT = 4;

export const EVENT_TYPES: readonly string[] = [
  worded('external or virtual interrupt'),
  worded('reserved'),
  'NMI',
  worded('exception'),
  worded('software interrupt'),
  worded('reserved'),
  worded('reserved'),
  worded('reserved'),
];

export const eventType = (low: number): number => (low >>> EVENT_TYPE_SHIFT) & 7;

/** The event under delivery, as `Cpu.vectoring` has it, in the form of EXITINTINFO: INT1, INT3 and INTO count as exceptions. */
export function exitIntInfo(vectoring: number): number {
  if (vectoring >= 0) return 0;
  const type = Math.min((vectoring >>> EVENT_TYPE_SHIFT) & 7, 6);
  return type > TYPE_SOFTWARE_INTERRUPT ? (vectoring & ~(7 << EVENT_TYPE_SHIFT)) | (TYPE_EXCEPTION << EVENT_TYPE_SHIFT) : vectoring;
}
