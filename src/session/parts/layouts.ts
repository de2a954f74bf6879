/** Control, debug and flags registers, bit by bit: SDM vol 3, 2.3, 2.5 and 17.2. */
import { bits } from '../../lib/bits.ts';

export const CR0_LAYOUT = bits(`
  31   PG    paging
  30   CD    cache disable
  29   NW    not write-through
  18   AM    alignment mask
  16   WP    write protect
  5    NE    numeric error
  4    ET    extension type
  3    TS    task switched
  2    EM    emulation
  1    MP    monitor coprocessor
  0    PE    protection enable
`);

export const CR3_LAYOUT = bits(`
  31:12  BASE  page directory
  4      PCD   cache disable
  3      PWT   write-through
`);

/** With PAE. */
export const CR3_PAE_LAYOUT = bits(`
  31:5   BASE  page-directory-pointer table
  4      PCD   cache disable
  3      PWT   write-through
`);

export const CR4_LAYOUT = bits(`
  13   VMXE        VMX enable
  10   OSXMMEXCPT  unmasked SIMD exceptions
  9    OSFXSR      FXSAVE and FXRSTOR
  8    PCE         performance counters
  7    PGE         page global enable
  6    MCE         machine check enable
  5    PAE         physical address extension
  4    PSE         page size extensions
  3    DE          debugging extensions
  2    TSD         time stamp disable
  1    PVI         protected-mode virtual interrupts
  0    VME         virtual-8086 mode extensions
`);

export const EFLAGS_LAYOUT = bits(`
  21     ID    CPUID can be used
  20     VIP   virtual interrupt pending
  19     VIF   virtual interrupt flag
  18     AC    alignment check
  17     VM    virtual-8086 mode
  16     RF    resume
  14     NT    nested task
  13:12  IOPL  I/O privilege level
  11     OF    overflow
  10     DF    direction
  9      IF    interrupt enable
  8      TF    trap
  7      SF    sign
  6      ZF    zero
  4      AF    auxiliary carry
  2      PF    parity
  0      CF    carry
`);

export const DR6_LAYOUT = bits(`
  15   BT    task switch
  14   BS    single step
  13   BD    debug register access
  3    B3    breakpoint 3
  2    B2    breakpoint 2
  1    B1    breakpoint 1
  0    B0    breakpoint 0
`);

export const DR7_LAYOUT = bits(`
  31:30  LEN3  length of breakpoint 3
  29:28  RW3   condition of breakpoint 3
  27:26  LEN2  length of breakpoint 2
  25:24  RW2   condition of breakpoint 2
  23:22  LEN1  length of breakpoint 1
  21:20  RW1   condition of breakpoint 1
  19:18  LEN0  length of breakpoint 0
  17:16  RW0   condition of breakpoint 0
  13     GD    general detect
  9      GE    global exact
  8      LE    local exact
  7:6    GL3   breakpoint 3 is on
  5:4    GL2   breakpoint 2 is on
  3:2    GL1   breakpoint 1 is on
  1:0    GL0   breakpoint 0 is on
`);
