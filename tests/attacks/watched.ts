/** What of a monitor has to stay as it is, whatever its guests do: its code, its descriptors, its page tables. Found by the names in its sources. */
import type { Assembled } from '../../src/asm/index.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { guestImage } from '../../src/session/guests.ts';
import { MONITORS } from '../../src/session/monitors.ts';
import type { Vmm } from '../../src/session/views.ts';

/** A part of memory, by physical addresses. */
export interface Watched {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Bits of each doubleword that the processor may set: accessed and dirty, of page tables. */
  readonly free: number;
}

const PAGE = 4096;
const ACCESSED_DIRTY = 0x60;
/** Of an entry of any format: something is allowed. */
const PRESENT = 7;
const GATES = 48 * 8;
const SELECTORS = 0x40;
/** Page tables by which `para` sees a guest's memory. */
const WINDOWS = 15;
const MIB = 1 << 20;

function symbolOf({ symbols }: Assembled, name: string): number | undefined {
  const value = symbols.find((one) => one.name === name)?.value;
  return value === undefined ? undefined : value >>> 0;
}

/** Code and tables of the monitor `vmm`, loaded into this machine with guests of `memory` MiB. */
export function watched(vmm: Exclude<Vmm, 'none'>, machine: Machine, memory: number): readonly Watched[] {
  const { source, kernels, twice } = MONITORS[vmm];
  const image = guestImage(source);
  const value = (name: string) => symbolOf(image, name);
  const top = value('TOP') ?? 0;
  const moved = kernels === 'ring 0' ? memory * MIB : 0;
  const physical = (linear: number) => ((linear - top) >>> 0) + moved;
  const parts: Watched[] = [];
  const add = (name: string, linear: number | undefined, size: number, free = 0) => {
    if (linear !== undefined) parts.push({ name, from: physical(linear), to: physical(linear) + size, free });
  };
  for (const { spans } of image.map.sections)
    for (const { kind, offset, address, length } of spans) if (kind === 'instruction' && offset >= 0) add('code', address >>> 0, length);
  const gdtr = value('gdtr');
  const gdt = value('gdt');
  if (gdt !== undefined && gdtr !== undefined) add('GDT', gdt, gdtr - gdt);
  add('IDT', value('idt'), GATES);
  add('page directory', value('directory'), PAGE, ACCESSED_DIRTY);
  for (const [name, size] of [
    ['exits', 200],
    ['handlers', PAGE],
    ['ports', 180],
    ['calls', 136],
  ] as const)
    add(`table ${name}`, value(name), size);
  const [vms, block, ownGdt] = [value('vms'), value('VM_BLOCK'), value('VM_GDT')];
  if (kernels === 'ring 1' && vms !== undefined && block !== undefined && ownGdt !== undefined)
    for (const vm of [0, 1]) add('GDT', vms + vm * block + ownGdt + PAGE - SELECTORS, SELECTORS);
  const window = value('VM_WINDOW');
  if (vms !== undefined && block !== undefined && window !== undefined)
    for (const vm of [0, 1]) add('page tables of its own', vms + vm * block + window, WINDOWS * PAGE, ACCESSED_DIRTY);
  const [taken, loaded] = [value('first_page'), value('module_end')];
  if (kernels === 'guest mode' && taken !== undefined && loaded !== undefined) {
    const { dwords } = machine.ram;
    const from = (dwords[loaded >>> 2] + PAGE - 1) & -PAGE;
    for (const page of nestedTables(dwords, from, dwords[taken >>> 2], twice === true ? 1 : 2))
      parts.push({ name: 'nested page tables', from: page, to: page + PAGE, free: ACCESSED_DIRTY });
  }
  if (twice === true) {
    const inner = value('VM_MEMORY') ?? 0;
    const also = parts.filter(({ to }) => to <= (value('vms') ?? 0));
    return [
      ...parts,
      ...also.map((part) => ({ ...part, name: `the inner one’s ${part.name}`, from: part.from + inner, to: part.to + inner })),
    ];
  }
  return parts;
}

/** Pages of the tables that nested paging walks for `roots` virtual machines: taken one behind the other, each root before what hangs on it. */
function nestedTables(dwords: Int32Array, from: number, end: number, roots: number): readonly number[] {
  const found = new Set<number>();
  const follow = (page: number) => {
    if (found.has(page)) return;
    found.add(page);
    for (let k = 0; k < PAGE / 4; k++) {
      const entry = dwords[(page >>> 2) + k];
      const next = entry & -PAGE;
      if ((entry & PRESENT) !== 0 && next >= from && next < end) follow(next);
    }
  };
  for (let page = from, left = roots; page < end && left > 0; page += PAGE) {
    if (found.has(page)) continue;
    follow(page);
    left--;
  }
  return [...found];
}

export const snapshot = (parts: readonly Watched[], { ram }: Machine): readonly Uint8Array[] =>
  parts.map(({ from, to }) => ram.bytes.slice(from, to));

/** Names of the parts that differ from the snapshot, each once. */
export function changedIn(parts: readonly Watched[], before: readonly Uint8Array[], { ram }: Machine): readonly string[] {
  const changed = parts.filter(({ from, free }, k) =>
    before[k].some((byte, i) => ((byte ^ ram.bytes[from + i]) & (i % 4 === 0 ? ~free : 0xff)) !== 0),
  );
  return [...new Set(changed.map(({ name }) => name))];
}
