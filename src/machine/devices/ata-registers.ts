/**
 * The registers of an ATA channel (ATA/ATAPI-4, 7).
 *
 *     1F0h        data, 16 bits
 *     1F1h        error | features
 *     1F2h        sector count, 0 for 256
 *     1F3h-1F5h   LBA 7:0, 15:8, 23:16       or sector, cylinder low, cylinder high
 *     1F6h        1 L 1 D  LBA 27:24         L: LBA   D: drive 1
 *     1F7h        status | command           reading it takes back the interrupt
 *     3F6h        status | 2 SRST, 1 nIEN
 */

/** The status register: busy, ready, seek complete, data request, error. */
export const BSY = 0x80;
const DRDY = 0x40;
const DSC = 0x10;
export const DRQ = 0x08;
export const ERR = 0x01;
export const READY = DRDY | DSC;

/** The error register: aborted, no such sector. */
export const ABRT = 0x04;
export const IDNF = 0x10;
/** After a reset: no error found by the diagnostics. */
export const DIAGNOSED = 0x01;

/** The device register; two of its bits always read 1. */
export const DRIVE_1 = 0x10;
export const LBA = 0x40;
export const ALWAYS = 0xa0;

/** The control register: no interrupts; reset. */
export const NIEN = 0x02;
export const SRST = 0x04;
