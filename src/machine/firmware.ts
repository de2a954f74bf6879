/** What a PC's firmware leaves behind in the chips. There is no firmware here: these are its writes. */

import type { CpuBus } from '../cpu/bus.ts';

/** Port and byte, in order. */
const WRITES: readonly (readonly [number, number])[] = [
  /* 8254: counter 0 free-running in mode 2, 18.2 periods a second */
  [0x43, 0x34],
  [0x40, 0x00],
  [0x40, 0x00],
  /* 8259A pair: vectors 08h and 70h, everything masked, for there is nobody to serve it */
  [0x20, 0x11],
  [0x21, 0x08],
  [0x21, 0x04],
  [0x21, 0x01],
  [0xa0, 0x11],
  [0xa1, 0x70],
  [0xa1, 0x02],
  [0xa1, 0x01],
  [0x21, 0xff],
  [0xa1, 0xff],
];

export function firmware(bus: CpuBus): void {
  for (const [port, byte] of WRITES) bus.out(port, 1, byte);
}
