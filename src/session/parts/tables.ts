/** The GDT, the LDT, the IDT and the TSS as they lie in memory now, entry by entry. */
import { peekPhysical32 } from '../../cpu/peek.ts';
import { CR0_PE, EXCEPTION_NAMES, RIGHTS_UNUSABLE, VM } from '../../cpu/registers.ts';
import { rightsIn } from '../../cpu/segments.ts';
import { h, hex4, hex8 } from '../../lib/hex.ts';
import { say } from '../../lib/say.ts';
import type { Stage } from '../stage.ts';
import { rightsText } from '../view/bit-names.ts';
import { interruptName } from '../view/words.ts';
import type { DescriptorTable, SegmentView, TableEntry, TssView } from '../views.ts';
import { baseOf, entryTo, entryWhat, gateOffset, isReserved, kindOf, limitOf, NO_LIMIT } from './descriptors.ts';
import type { Segment, SystemState, TableRegister } from './system-state.ts';
import type { Transfer } from './transfer.ts';

const ENTRY = 8;
const VECTOR = 4;
/** Of a present GDT entry's high doubleword: what the processor sets by itself. */
const ACCESSED = 1;

/** Memory of one side, a doubleword at a linear address; null where there is none. Pages are looked up once. */
export function reader({ machine }: Stage, { physical }: SystemState): (linear: number) => number | null {
  const pages = new Map<number, number>();
  const page = (linear: number): number => {
    const number = linear >>> 12;
    const known = pages.get(number);
    if (known !== undefined) return known;
    const found = physical((number << 12) >>> 0);
    pages.set(number, found);
    return found;
  };
  const byte = (linear: number): number | null => {
    const found = page(linear);
    const at = found + (linear & 0xfff);
    return found < 0 || at >= machine.ram.size ? null : machine.ram.bytes[at];
  };
  return (linear) => {
    const first = page(linear);
    if ((linear & 0xfff) <= 0xffc) return first < 0 ? null : peekPhysical32(machine.cpu, first + (linear & 0xfff));
    let value = 0;
    for (let k = 0; k < 4; k++) {
      const one = byte((linear + k) >>> 0);
      if (one === null) return null;
      value |= one << (8 * k);
    }
    return value;
  };
}

type Read = ReturnType<typeof reader>;

export interface Context {
  readonly stage: Stage;
  readonly state: SystemState;
  readonly read: Read;
  readonly transfer: Transfer | null;
}

const usable = (segment: Segment | undefined): segment is Segment => segment !== undefined && (segment.rights & RIGHTS_UNUSABLE) === 0;

/** The tables that this side has. */
export function descriptorTables(context: Context): readonly DescriptorTable[] {
  const { state } = context;
  const isReal = (state.cr0 & CR0_PE) === 0;
  if (isReal) return [vectors(context)];
  const ldtr = state.segments.find(({ name }) => name === 'LDTR');
  const ldt = usable(ldtr) && ldtr.selector > 3 ? [table(context, 'LDT', ldtr)] : ldtEntryOf(context, ldtr);
  return [table(context, 'GDT', state.gdtr), ...ldt, table(context, 'IDT', state.idtr)];
}

/** A guest in ring 1 keeps the selector of its LDT only; the rest is in its GDT. */
function ldtEntryOf(context: Context, ldtr: Segment | undefined): readonly DescriptorTable[] {
  if (ldtr === undefined || ldtr.selector < 4 || context.state.vm === 0) return [];
  const found = entryOf(context, ldtr.selector);
  return found === null ? [] : [table(context, 'LDT', { base: baseOf(found.low, found.high), limit: limitOf(found.low, found.high) })];
}

/** The descriptor that a selector names, or null. */
export function entryOf(
  { state, read }: Pick<Context, 'state' | 'read'>,
  selector: number,
): { readonly low: number; readonly high: number } | null {
  const ldtr = state.segments.find(({ name }) => name === 'LDTR');
  if ((selector & 4) !== 0 && !usable(ldtr)) return null;
  const { base, limit } = (selector & 4) !== 0 ? (ldtr as Segment) : state.gdtr;
  const offset = selector & 0xfff8;
  if (offset + 7 > limit >>> 0) return null;
  const [low, high] = [read((base + offset) >>> 0), read((base + offset + 4) >>> 0)];
  return low === null || high === null ? null : { low: low >>> 0, high: high >>> 0 };
}

function table(context: Context, name: 'GDT' | 'LDT' | 'IDT', { base, limit }: TableRegister): DescriptorTable {
  const { state, read } = context;
  const count = Math.min((limit >>> 0) + 1, name === 'IDT' ? 256 * ENTRY : 0x10000) >>> 3;
  const entries: TableEntry[] = [];
  let empty = 0;
  let note = state.physical(base >>> 0) < 0 ? say`It is not in memory.` : '';
  for (let k = 0; k < count; k++) {
    const address = (base + k * ENTRY) >>> 0;
    const [low, high] = [read(address), read((address + 4) >>> 0)];
    if (low === null || high === null) {
      note ||= say`Part of it is not in memory.`;
      continue;
    }
    if (limit >>> 0 === NO_LIMIT && name !== 'IDT' && k > 0 && isReserved(high)) {
      note = say`The limit is FFFF, as a VM exit leaves it. What lies behind the last descriptor is not listed.`;
      break;
    }
    if (low === 0 && high === 0) empty++;
    else entries.push(name === 'IDT' ? gateEntry(context, k, address, low, high) : segmentEntry(context, name, k, address, low, high));
  }
  return { name, base: base >>> 0, limit: limit >>> 0, entries, empty, note };
}

function segmentEntry(
  { stage, state, transfer }: Context,
  name: 'GDT' | 'LDT',
  k: number,
  address: number,
  low: number,
  high: number,
): TableEntry {
  const selector = k * ENTRY + (name === 'LDT' ? 4 : 0);
  const kind = kindOf(high);
  return {
    number: selector,
    address,
    low: low >>> 0,
    high: high >>> 0,
    kind,
    what: entryWhat(high),
    to: entryTo(low, high, kind === 'gate' ? labelOf(stage, state, low, high) : ''),
    users: state.segments
      .filter((segment) => (segment.selector & 0xfffc) === selector && segment.selector > 3)
      .map((segment) => segment.name),
    lit: transfer?.selectors.includes(selector) ?? false,
  };
}

function gateEntry({ stage, state, transfer }: Context, vector: number, address: number, low: number, high: number): TableEntry {
  return {
    number: vector,
    address,
    low: low >>> 0,
    high: high >>> 0,
    kind: 'gate',
    what: kindOf(high) === 'gate' ? entryWhat(high) : say`no gate: type ${h((high >>> 8) & 0x1f)}`,
    to: entryTo(low, high, labelOf(stage, state, low, high)),
    users: vectorUsers(vector),
    lit: transfer?.vector === vector,
  };
}

/** `#GP`, `IRQ 0 (timer)`; empty for a vector that has no name by itself. */
function vectorUsers(vector: number): readonly string[] {
  const exception = EXCEPTION_NAMES[vector];
  if (exception !== undefined) return [exception];
  return vector >= 0x20 && vector < 0x30 ? [interruptName(vector)] : [];
}

/** What the image calls the place where a gate leads. */
function labelOf({ images, log }: Stage, state: SystemState, low: number, high: number): string {
  const offset = gateOffset(low, high);
  const physical = offset === null ? -1 : state.physical(offset);
  if (physical < 0) return '';
  const located = images.locate(physical, state.vm || log.runningVm());
  if (located === null) return '';
  const { label, function: name } = located.place;
  return label.startsWith('.') ? `${name}${label}` : name;
}

/** Real mode's table: an offset and a segment for each vector. */
function vectors(context: Context): DescriptorTable {
  const { state, read, transfer } = context;
  const { base, limit } = state.idtr;
  const entries: TableEntry[] = [];
  let empty = 0;
  let missing = false;
  for (let vector = 0; vector < Math.min(256, ((limit >>> 0) + 1) >>> 2); vector++) {
    const address = (base + vector * VECTOR) >>> 0;
    const value = read(address);
    if (value === null) missing = true;
    else if (value === 0) empty++;
    else
      entries.push({
        number: vector,
        address,
        low: value >>> 0,
        high: 0,
        kind: 'vector',
        what: say`far pointer`,
        to: `${hex4(value >>> 16)}:${hex4(value & 0xffff)}`,
        users: vectorUsers(vector),
        lit: transfer?.vector === vector,
      });
  }
  return { name: 'IVT', base: base >>> 0, limit: limit >>> 0, entries, empty, note: missing ? say`Part of it is not in memory.` : '' };
}

/** Segment registers, and where their hidden part is not what the table says. */
export function segmentViews(context: Context): readonly SegmentView[] {
  const order = ['CS', 'SS', 'DS', 'ES', 'FS', 'GS', 'LDTR', 'TR'];
  return [...context.state.segments]
    .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
    .map((segment) => ({
      name: segment.name,
      selector: segment.selector & 0xffff,
      base: segment.base >>> 0,
      limit: segment.limit >>> 0,
      rights: rightsText(segment.rights),
      differs: difference(context, segment),
    }));
}

function difference(context: Context, segment: Segment): string {
  const { state } = context;
  if ((state.cr0 & CR0_PE) === 0 || (state.eflags & VM) !== 0)
    return segment.base >>> 0 === (segment.selector << 4) >>> 0 ? '' : say`not the selector times 16: it was loaded in another mode`;
  if (segment.selector < 4 || !usable(segment)) return '';
  const entry = entryOf(context, segment.selector);
  if (entry === null) return say`the table has no such entry: the hidden part is from before`;
  const same =
    baseOf(entry.low, entry.high) === segment.base >>> 0 &&
    limitOf(entry.low, entry.high) === segment.limit >>> 0 &&
    ((rightsIn(entry.high) ^ segment.rights) & 0xf0ff & ~ACCESSED & ~busyOf(segment)) === 0;
  return same ? '' : say`the table says otherwise now; the hidden part counts until the register is loaded`;
}

/** LTR marks the TSS busy in the table too, but a monitor may load TR by other ways. */
const busyOf = ({ name }: Segment): number => (name === 'TR' ? 2 : 0);

const STACKS = [0, 1, 2] as const;

/** The task-state segment, as far as privilege levels and ports use it. */
export function tssView({ state, read }: Context): TssView | null {
  const tr = state.segments.find(({ name }) => name === 'TR');
  if (!usable(tr) || (state.cr0 & CR0_PE) === 0 || tr.base === 0) return null;
  const base = tr.base >>> 0;
  const is32 = (tr.rights & 15) >= 9;
  const what = is32 ? say`32-bit TSS, limit ${hex8(tr.limit)}` : say`16-bit TSS, limit ${hex8(tr.limit)}`;
  if (!is32) return { base, what, fields: [] };
  const dword = (offset: number): number | null => (offset + 3 > tr.limit >>> 0 ? null : read((base + offset) >>> 0));
  const text = (value: number | null): string => (value === null ? '—' : hex8(value));
  const word = (value: number | null): string => (value === null ? '—' : hex4(value & 0xffff));
  const map = dword(0x64);
  const stacks = STACKS.map((level) => {
    const [esp, ss] = [dword(4 + 8 * level), dword(8 + 8 * level)];
    return {
      offset: 4 + 8 * level,
      name: `SS${level}:ESP${level}`,
      value: `${word(ss)}:${text(esp)}`,
      now: level < state.cpl ? say`the stack that a transfer from ring ${state.cpl} to ring ${level} takes` : '',
      lit: level < state.cpl,
    };
  });
  const mapBase = map === null ? -1 : map >>> 16;
  return {
    base,
    what,
    fields: [
      ...stacks,
      { offset: 0x1c, name: 'CR3', value: text(dword(0x1c)), now: '', lit: false },
      { offset: 0x20, name: 'EIP', value: text(dword(0x20)), now: '', lit: false },
      {
        offset: 0x66,
        name: say`I/O map base`,
        value: mapBase < 0 ? '—' : hex4(mapBase),
        now:
          mapBase < 0 || mapBase > tr.limit >>> 0
            ? say`behind the limit: no port is open to CPL > IOPL`
            : say`the bitmap opens ports to CPL > IOPL`,
        lit: false,
      },
    ],
  };
}
