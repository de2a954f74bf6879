/** The registers of a local APIC: SDM vol 3, chapter 10. */
import { type ApicAgent, type ApicMessage, INIT, SMI } from './apic-bus.ts';

/* Offsets of the registers in the page, 16 bytes apart. */
export const ID = 0x20;
export const VERSION = 0x30;
export const TPR = 0x80;
export const APR = 0x90;
export const PPR = 0xa0;
export const EOI = 0xb0;
export const LDR = 0xd0;
export const DFR = 0xe0;
export const SVR = 0xf0;
export const ISR = 0x100;
export const TMR = 0x180;
export const IRR = 0x200;
export const ESR = 0x280;
export const ICR_LOW = 0x300;
export const ICR_HIGH = 0x310;
export const LVT_TIMER = 0x320;
export const LVT_LINT0 = 0x350;
export const LVT_LINT1 = 0x360;
export const LVT_ERROR = 0x370;
export const INITIAL_COUNT = 0x380;
export const CURRENT_COUNT = 0x390;
export const DIVIDE = 0x3e0;

/** Version 14h, entries 0 to 5 of the local vector table: timer, thermal, counters, LINT0, LINT1, error. */
export const VERSION_VALUE = 0x00050014;
export const SVR_ENABLE = 1 << 8;
export const SVR_DEFINED = 0x3ff;

/*
 * Local vector table:  17 periodic (timer), 16 mask, 15 level, 14 remote IRR, 13 polarity, 12 delivery status, 10:8 delivery mode, 7:0 vector
 */
export const LVT_MASKED = 1 << 16;
export const LVT_PERIODIC = 1 << 17;
const LVT_DEFINED: readonly number[] = [0x300ff, 0x107ff, 0x107ff, 0x1a7ff, 0x1a7ff, 0x100ff];

/*
 * Interrupt command, low half:  19:18 shorthand (self, all, all but self), 15 level, 14 assert, 12 delivery status, 11 logical, 10:8 mode, 7:0 vector
 */
export const ICR_DEFINED = 0xccfff & ~(1 << 12);
export const ICR_LOGICAL = 1 << 11;
export const ICR_ASSERT = 1 << 14;
export const ICR_LEVEL = 1 << 15;
const SELF = 1;
const ALL = 2;
const ALL_BUT_SELF = 3;

/* Error status: 5 illegal vector sent, 6 received, 7 illegal register. */
export const SENT_ILLEGAL = 1 << 5;
export const RECEIVED_ILLEGAL = 1 << 6;
export const ILLEGAL_REGISTER = 1 << 7;
export const FIRST_VECTOR = 16;

/* IA32_APIC_BASE: 8 bootstrap processor, 11 enabled, 31:12 address. */
export const BASE_RESET = 0xfee00000 | 0;
export const BASE_BOOTSTRAP = 1 << 8;
export const BASE_ENABLED = 1 << 11;
export const BASE_DEFINED = 0xfffff000 | BASE_BOOTSTRAP | BASE_ENABLED;

export const PAGE = 0x1000;

export const modeOf = (entry: number): number => (entry >>> 8) & 7;

/** What a write to the low half of the interrupt command sends; null where nothing is sent. An illegal vector is the caller's to find. */
export function commandMessage(low: number, high: number): ApicMessage | null {
  const mode = modeOf(low);
  if (mode === SMI || (mode === INIT && (low & (ICR_LEVEL | ICR_ASSERT)) === ICR_LEVEL)) return null;
  return { mode, vector: low & 0xff, level: false, logical: (low & ICR_LOGICAL) !== 0, destination: high >>> 24 };
}

/** Whom a shorthand names; null when the destination field says it. */
export function shorthand(low: number, self: ApicAgent, all: readonly ApicAgent[]): readonly ApicAgent[] | null {
  const code = (low >>> 18) & 3;
  if (code === SELF) return [self];
  if (code === ALL) return all;
  return code === ALL_BUT_SELF ? all.filter((agent) => agent !== self) : null;
}

/** Registers of 16 bytes in the first KiB of the page. */
export const REGISTERS = 64;

export const isLvt = (offset: number): boolean => offset >= LVT_TIMER && offset <= LVT_ERROR;

/** Registers that hold what was written to them. */
export const isHeld = (offset: number): boolean =>
  isLvt(offset) || offset === LDR || offset === DFR || offset === SVR || offset === ESR || offset === ICR_LOW || offset === ICR_HIGH;

export const isReadOnly = (offset: number): boolean =>
  offset === VERSION || offset === APR || offset === PPR || offset === CURRENT_COUNT || (offset >= ISR && offset < ESR);

/** What such a register holds after a write. */
export function written(offset: number, value: number): number {
  if (isLvt(offset)) return value & LVT_DEFINED[(offset - LVT_TIMER) >>> 4];
  if (offset === DFR) return value | 0x0fffffff;
  if (offset === SVR) return value & SVR_DEFINED;
  return offset === ICR_LOW ? value & ICR_DEFINED : value & 0xff000000;
}
