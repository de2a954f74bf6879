/** Who runs, and where. */
import type { PAGINGS, VMMS } from '../../lib/technique-names.ts';

/** VT-x or AMD-V. */
export type Vendor = 'vmx' | 'svm';

/** The monitor that runs an image as its guest; `none` gives it the bare machine. */
export type Vmm = (typeof VMMS)[number];

/** How a monitor with VT-x or AMD-V gives its guests memory. */
export type Paging = (typeof PAGINGS)[number];

/** `root` and `guest` are VMX root and non-root operation, or host and guest mode; `none` when the extension is not switched on. */
export type Mode = 'none' | 'root' | 'guest';

/** What the rings draw: `m` is VMX root operation or host mode, the nickname ring -1. */
export type Ring = '3' | '2' | '1' | '0' | 'm';

export type Role = 'program' | 'kernel' | 'monitor' | 'translated' | 'unknown';

/** Who runs: mode, CPL and VM from the hardware, role and name from the image's debug map. */
export interface Who {
  readonly mode: Mode;
  readonly cpl: number;
  readonly ring: Ring;
  /** 0 outside a virtual machine; numbered from 1. */
  readonly vm: number;
  readonly role: Role;
  /** Of a program: `count`. Empty when the image has no map. */
  readonly name: string;
}
