/** What one step did: the machine behind it, and how two such machines differ. */
import { settleFlags } from '../cpu/flags.ts';
import { CR0_NE, CR4_VMXE } from '../cpu/registers.ts';
import type { Slots } from '../cpu/slots.ts';
import { at, STATE_NAMES, type StateName, tlbAt } from '../cpu/state.ts';
import type { Resource } from '../isa/row.ts';
import { hex8 } from '../lib/hex.ts';
import { PAGE_SIZE } from '../machine/ram.ts';
import type { Fault, Ground } from './ground.ts';
import { RESOURCE_NAMES, RESOURCES, UNSEEN } from './resources.ts';

export interface Outcome {
  readonly fault: Fault | null;
  /** What the simulator lacks, or empty. */
  readonly missing: string;
  /** The arena before its TLBs. */
  readonly items: Int32Array;
  /** Pages that were written, of the program's memory, of the stacks of ring 0 and of the regions of VMX. */
  readonly pages: ReadonlyMap<number, Int32Array>;
  readonly portWrites: number;
  /** An entry that a TLB had when the trial began is no longer there. */
  readonly forgot: boolean;
}

/** One difference of two machines, or of one before and after. */
export interface Difference {
  /** `EAX`, `EFLAGS`, `[0001C000h]`. */
  readonly what: string;
  readonly before: number;
  readonly after: number;
}

const EMPTY: ReadonlyMap<number, Int32Array> = new Map();
const ITEMS_END = tlbAt.tags;

/** What is there before the step. Nothing has been written yet, and the same trial of the same state begins with the same. */
export function beginning(ground: Ground, items: Int32Array): Outcome {
  items.set(ground.cpu.s.subarray(0, ITEMS_END));
  return { fault: null, missing: '', items, pages: EMPTY, portWrites: 0, forgot: false };
}
export const itemsOfBeginning = (): Int32Array => new Int32Array(ITEMS_END);

/** What is there behind the step. */
export function outcomeOf(ground: Ground, fault: Fault | null): Outcome {
  const { cpu, bus } = ground;
  settleFlags(cpu);
  const ram = bus.memory;
  let pages: Map<number, Int32Array> | null = null;
  for (let k = 0; k < ram.touched; k++) {
    const page = ram.touchedPages[k];
    if (page < ground.seen[0] || page >= ground.seen[1]) continue;
    pages ??= new Map();
    pages.set(page, ram.dwords.slice((page * PAGE_SIZE) >>> 2, ((page + 1) * PAGE_SIZE) >>> 2));
  }
  return {
    fault,
    missing: cpu.missing?.what ?? '',
    items: cpu.s.slice(0, ITEMS_END),
    pages: pages ?? EMPTY,
    portWrites: bus.writes,
    forgot:
      forgot(cpu.s, cpu.translation.filled, tlbAt.tags, ground.cached[0]) ||
      forgot(cpu.s, cpu.translation.codeFilled, tlbAt.codeTags, ground.cached[1]),
  };
}

/** The list of filled slots is as when the trial began, but for what was emptied. */
function forgot(s: Int32Array, filled: Slots, tags: number, count: number): boolean {
  if (filled.count < count) return true;
  for (let k = 0; k < filled.count; k++) if (s[tags + filled.at(k)] === 0) return true;
  return false;
}

const SEGMENT_PART = /^(cs|ss|ds|es|fs|gs|ldtr|tr|gdtr|idtr)(Selector|Base|Limit|Rights)$/;

/** `csSelector` is CS, `csLimit` CS limit, `eax` EAX. */
function label(name: StateName): string {
  const [, register, part] = SEGMENT_PART.exec(name) ?? [];
  if (register === undefined) return /^(e..|cr\d|dr\d|cpl|gif)$/.test(name) ? name.toUpperCase() : name;
  return part === 'Selector' ? register.toUpperCase() : `${register.toUpperCase()} ${part.toLowerCase()}`;
}

const SHOWN = STATE_NAMES.filter((name) => !UNSEEN.has(name)).map((name) => ({ place: at[name], name: label(name) }));

/** What is compared: all that is seen, but for some resources. */
function comparison(resources: readonly Resource[]): { readonly items: typeof SHOWN; readonly flags: number } {
  const own = new Set(resources.flatMap((name) => RESOURCES[name].items.map((item) => at[item] as number)));
  const flags = resources.reduce((mask, name) => mask | (RESOURCES[name].flags ?? 0), 0);
  return { items: SHOWN.filter(({ place }) => !own.has(place)), flags: ~flags };
}

const VARIED = RESOURCE_NAMES.filter((name) => RESOURCES[name].vary !== undefined && RESOURCES[name].within === undefined);
const comparisons = new Map<Resource | 'everything' | null, ReturnType<typeof comparison>>([
  [null, comparison([])],
  ['everything', comparison(VARIED)],
  ...RESOURCE_NAMES.map((name) => [name, comparison([name])] as const),
]);

/** Words of memory that are told, at most. */
const MANY = 6;

/** Where two outcomes differ, but for a resource, or all, that was different already. */
export function differences(ground: Ground, a: Outcome, b: Outcome, but: Resource | 'everything' | null): Difference[] {
  const { items, flags } = comparisons.get(but) as ReturnType<typeof comparison>;
  const found: Difference[] = [];
  for (const { place, name } of items)
    if (a.items[place] !== b.items[place]) found.push({ what: name, before: a.items[place], after: b.items[place] });
  const [before, after] = [a.items[at.eflags], b.items[at.eflags]];
  if (((before ^ after) & flags) !== 0) found.push({ what: 'EFLAGS', before, after });
  if (a.pages.size > 0 || b.pages.size > 0) compareMemory(ground, a, b, but, found);
  return found;
}

/** What a guest has of its own while it runs; the rest of the arena is the extension's, or the simulator's. */
const GUEST_ITEMS = [
  ...(['eax', 'ecx', 'edx', 'ebx', 'esp', 'ebp', 'esi', 'edi', 'eip', 'fcw', 'fsw', 'ftw'] as const),
  ...RESOURCE_NAMES.filter(
    (name) => RESOURCES[name].within === undefined && !['VMX', 'TSC', 'CR0', 'CR4', 'shadow'].includes(name),
  ).flatMap((name) => RESOURCES[name].items.filter((item) => !['efer', 'vmCr', 'hsavePa', 'patLow', 'patHigh'].includes(item))),
].map((name) => ({ place: at[name], name: label(name) }));
/** CR0.NE and CR4.VMXE are the monitor's, and shown to its guest as it likes. */
const GUEST_CR0 = ~CR0_NE;
const GUEST_CR4 = ~CR4_VMXE;

/** Where two machines differ as programs in them see it, one of them or both a guest. */
export function guestDifferences(ground: Ground, a: Outcome, b: Outcome): Difference[] {
  const found: Difference[] = [];
  const compare = (what: string, place: number, mask = -1): void => {
    const [before, after] = [a.items[place], b.items[place]];
    if (((before ^ after) & mask) !== 0) found.push({ what, before, after });
  };
  for (const { place, name } of GUEST_ITEMS) compare(name, place);
  compare('EFLAGS', at.eflags);
  compare('CR0', at.cr0, GUEST_CR0);
  compare('CR4', at.cr4, GUEST_CR4);
  compareMemory(ground, a, b, 'VMCS', found);
  return found;
}

function compareMemory(ground: Ground, a: Outcome, b: Outcome, but: Resource | 'everything' | null, found: Difference[]): void {
  const besides = but === 'VMCS' || but === 'VMCS pointer';
  let words = 0;
  for (const page of new Set([...a.pages.keys(), ...b.pages.keys()])) {
    if (besides && ground.regionOf(page) === 'VMCS') continue;
    const start = (page * PAGE_SIZE) >>> 2;
    const plain = ground.original.subarray(start, start + PAGE_SIZE / 4);
    const [one, other] = [a.pages.get(page) ?? plain, b.pages.get(page) ?? plain];
    for (let k = 0; k < one.length; k++)
      if (one[k] !== other[k] && words++ < MANY) found.push({ what: `[${hex8((start + k) << 2)}h]`, before: one[k], after: other[k] });
  }
}

const WRITTEN = RESOURCE_NAMES.map((name) => ({
  name,
  /** Another CPL is another code and stack segment; not the other way round. */
  places: name === 'CPL' ? [at.cpl] : RESOURCES[name].items.map((item) => at[item] as number),
  flags: RESOURCES[name].flags ?? 0,
}));

/** Which resources are not after a step as they were before it. */
export function changed(ground: Ground, before: Outcome, after: Outcome): Resource[] {
  const found: Resource[] = [];
  const flags = before.items[at.eflags] ^ after.items[at.eflags];
  // On AMD's processors the same item is the address of the last VMCB, which nothing but the next exit reads.
  const isAmd = ground.profile.vendor === 'amd';
  for (const { name, places, flags: own } of WRITTEN)
    if (isAmd && name === 'VMCS pointer') continue;
    else if ((flags & own) !== 0 || places.some((place) => before.items[place] !== after.items[place])) found.push(name);
  if (after.portWrites > before.portWrites) found.push('ports');
  if (after.forgot) found.push('TLB');
  for (const page of after.pages.keys()) {
    const region = ground.regionOf(page);
    if (region !== null && !found.includes(region)) found.push(region);
  }
  return found;
}
