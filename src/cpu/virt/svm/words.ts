/** Exits in words: pure functions, for views. */

import { type BitLayout, bits, extract } from '../../../lib/bits.ts';
import { h, hex8 } from '../../../lib/hex.ts';
import { say, told, worded } from '../../../lib/say.ts';
import { EXCEPTION_NAMES } from '../../registers.ts';
import { portName, type WordField } from '../vmx/words.ts';
import { EVENT_TYPE_SHIFT, EVENT_TYPES, EVENT_VALID, TYPE_INTR, TYPE_NMI, TYPE_SOFTWARE_INTERRUPT } from './event.ts';
import { CODE } from './exit-codes.ts';
import { INTERCEPTS, type InterceptKey } from './intercepts.ts';

export { causeOf, exitName, exitTitle } from './exit-codes.ts';

const IOIO_INFO1 = bits(`
  31:16 PORT   port
  9     A64    64-bit address
  8     A32    32-bit address
  7     A16    16-bit address
  6     SZ32   4 bytes
  5     SZ16   2 bytes
  4     SZ8    1 byte
  3     REP    REP prefix
  2     STRING string instruction
  0     IN     direction
`);

const MSR_INFO1 = bits(`
  0     WRITE  direction
`);

const TASK_INFO1 = bits(`
  15:0  SELECTOR selector of the new TSS
`);

/* Bits 63:32, as a doubleword. */
const TASK_INFO2_HIGH = bits(`
  16    RF     RFLAGS.RF to be stored
  12    EV     with an error code
  6     JMP    by far JMP
  4     IRET   by IRET
`);

/* The error code of #PF, and of a nested page fault. */
const PAGE_FAULT = bits(`
  4     I/D    instruction fetch
  3     RSV    reserved bit set in an entry
  2     U/S    user access
  1     R/W    write
  0     P      protection violation, not a missing page
`);

const NPF_INFO1_HIGH = bits(`
  1     WALK   in the guest's page walk
  0     FINAL  at the guest's final address
`);

const EVENT = bits(`
  31   VALID  valid
  11   EV     error code
  10:8 TYPE   type
  7:0  VECTOR vector
`);

/** Those whose meanings are shown. */
export const LAYOUTS: readonly BitLayout[] = [IOIO_INFO1, TASK_INFO1, TASK_INFO2_HIGH, PAGE_FAULT, NPF_INFO1_HIGH];

const PF = 14;
const TWO_32 = 4294967296;

/** Bit numbers of a field that begins at bit `from`. */
function place(layout: BitLayout, name: string, from = 0): string {
  const { high, low } = layout.field(name);
  return high === low ? `${low + from}` : `${high + from}:${low + from}`;
}

const get = (layout: BitLayout, name: string, value: number): number => extract(layout.field(name), value);

/** Every field of a layout that is one bit and 1, lowest first. */
const setBits = (layout: BitLayout, value: number, from = 0): WordField[] =>
  layout.fields
    .filter((field) => field.high === field.low && extract(field, value) !== 0)
    .map(({ name, meaning }) => ({ bits: place(layout, name, from), value: '1', meaning: told(meaning) }))
    .reverse();

const whole = (value: number, meaning: string): WordField[] => [{ bits: '31:0', value: `${hex8(value)}h`, meaning }];

function ioFields(value: number): WordField[] {
  const layout = IOIO_INFO1;
  const port = get(layout, 'PORT', value);
  const inward = get(layout, 'IN', value);
  const direction = { bits: place(layout, 'IN'), value: `${inward}`, meaning: inward !== 0 ? 'IN' : 'OUT' };
  const others = setBits(layout, value & ~1);
  return [direction, ...others, { bits: place(layout, 'PORT'), value: h(port), meaning: portName(port) || say`port` }];
}

/** What 0 means of the bits that mean something then. */
const PAGE_FAULT_ELSE: Readonly<Record<string, string>> = {
  P: worded('a missing page'),
  'R/W': worded('read'),
  'U/S': worded('supervisor access'),
};

function pageFaultFields(value: number): WordField[] {
  return PAGE_FAULT.fields
    .map((field) => {
      const bit = extract(field, value);
      return {
        bits: place(PAGE_FAULT, field.name),
        value: `${bit}`,
        meaning: told(bit !== 0 ? field.meaning : (PAGE_FAULT_ELSE[field.name] ?? '')),
      };
    })
    .filter(({ meaning }) => meaning !== '')
    .reverse();
}

const high = (value: number): number => Math.floor(value / TWO_32) | 0;
const isException = (code: number): boolean => code >= CODE.EXCEPTION && code < CODE.INTR;

/** EXITINFO1 cut into its fields; empty when it says nothing. Up to 53 bits. */
export function info1Fields(code: number, info1: number): readonly WordField[] {
  const low = info1 | 0;
  if (code === CODE.EXCEPTION + PF) return pageFaultFields(low);
  if (isException(code)) return low === 0 ? [] : whole(low, say`error code`);
  switch (code) {
    case CODE.IOIO:
      return ioFields(low);
    case CODE.MSR: {
      const write = get(MSR_INFO1, 'WRITE', low);
      return [{ bits: place(MSR_INFO1, 'WRITE'), value: `${write}`, meaning: write !== 0 ? 'WRMSR' : 'RDMSR' }];
    }
    case CODE.TASK_SWITCH:
      return [{ bits: place(TASK_INFO1, 'SELECTOR'), value: h(low & 0xffff), meaning: told(TASK_INFO1.field('SELECTOR').meaning) }];
    case CODE.NPF:
      return [...pageFaultFields(low), ...setBits(NPF_INFO1_HIGH, high(info1), 32)];
    default:
      return [];
  }
}

/** EXITINFO2 cut into its fields; empty when it says nothing. */
export function info2Fields(code: number, info2: number): readonly WordField[] {
  const low = info2 | 0;
  switch (code) {
    case CODE.EXCEPTION + PF:
      return whole(low, say`linear address of the page fault`);
    case CODE.IOIO:
      return whole(low, say`EIP behind the instruction`);
    case CODE.TASK_SWITCH: {
      const fields = setBits(TASK_INFO2_HIGH, high(info2), 32);
      return get(TASK_INFO2_HIGH, 'EV', high(info2)) !== 0 ? [...whole(low, say`error code`), ...fields] : fields;
    }
    case CODE.NPF:
      return whole(low, say`guest-physical address`);
    default:
      return [];
  }
}

/** `#PF`, `NMI`, `interrupt 20h`, `INT 80h`; of EVENTINJ or EXITINTINFO. */
export function eventName(low: number): string {
  const vector = low & 0xff;
  switch ((low >>> EVENT_TYPE_SHIFT) & 7) {
    case TYPE_INTR:
      return say`interrupt ${h(vector)}`;
    case TYPE_NMI:
      return 'NMI';
    case TYPE_SOFTWARE_INTERRUPT:
      return `INT ${h(vector)}`;
    default:
      return EXCEPTION_NAMES[vector] ?? say`exception ${vector}`;
  }
}

/** Bits 31:0 of EVENTINJ or EXITINTINFO cut into fields; empty when they are not valid. */
export function eventFields(low: number): readonly WordField[] {
  if ((low & EVENT_VALID) === 0) return [];
  const type = get(EVENT, 'TYPE', low);
  const error = get(EVENT, 'EV', low);
  return [
    { bits: place(EVENT, 'VECTOR'), value: h(low & 0xff), meaning: eventName(low) },
    { bits: place(EVENT, 'TYPE'), value: `${type}`, meaning: told(EVENT_TYPES[type]) },
    { bits: place(EVENT, 'EV'), value: `${error}`, meaning: error !== 0 ? say`with an error code` : say`without an error code` },
    { bits: place(EVENT, 'VALID'), value: '1', meaning: say`valid` },
  ];
}

/** What one bit of an intercept field intercepts; empty for a reserved one. */
export function interceptName(key: InterceptKey, bit: number): string {
  const name = INTERCEPTS[key][bit] ?? '';
  const [access, register] = name.split(' of ');
  if (key === 'interceptException') return EXCEPTION_NAMES[bit] ?? say`exception ${bit}`;
  if (register === undefined) return told(name);
  return access === 'reads' ? say`reads of ${register}` : say`writes of ${register}`;
}

/** What an intercept field intercepts, in the order of its bits. */
export const interceptNames = (key: InterceptKey, value: number): readonly string[] =>
  INTERCEPTS[key].flatMap((_, bit) => (((value >>> bit) & 1) !== 0 ? [interceptName(key, bit)] : []));
