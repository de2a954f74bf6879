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
const GATES = 48 * 8;
const SELECTORS = 0x40;
const MIB = 1 << 20;

function symbolOf({ symbols }: Assembled, name: string): number | undefined {
  const value = symbols.find((one) => one.name === name)?.value;
  return value === undefined ? undefined : value >>> 0;
}

/** Code and tables of the monitor `vmm`, loaded into this machine with guests of `memory` MiB. */
export function watched(vmm: Exclude<Vmm, 'none'>, machine: Machine, memory: number): readonly Watched[] {
  const { source, kernels } = MONITORS[vmm];
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
  ] as const)
    add(`table ${name}`, value(name), size);
  const [vms, block, ownGdt] = [value('vms'), value('VM_BLOCK'), value('VM_GDT')];
  if (kernels === 'ring 1' && vms !== undefined && block !== undefined && ownGdt !== undefined)
    for (const vm of [0, 1]) add('GDT', vms + vm * block + ownGdt + PAGE - SELECTORS, SELECTORS);
  const taken = value('first_page');
  if (kernels === 'guest mode' && taken !== undefined) {
    const end = machine.ram.dwords[physical(taken) >>> 2] >>> 0;
    const tables = value('memory_end');
    if (tables !== undefined && end > tables) parts.push({ name: 'nested page tables', from: tables, to: end, free: ACCESSED_DIRTY });
  }
  return parts;
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
