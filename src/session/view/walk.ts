/** From segment and offset to physical memory, entry by entry, for the address that matters now. */
import { type PeekedEntry, peekTlb, peekWalk } from '../../cpu/peek.ts';
import { CR0_PG, CR4_PSE } from '../../cpu/registers.ts';
import { at } from '../../cpu/state.ts';
import { bits, names } from '../../lib/bits.ts';
import type { Stage } from '../stage.ts';
import type { StreamInstruction, WalkEntry, WalkView } from '../views.ts';

const ENTRY = bits(`
  0    P    present
  1    R/W  writable
  2    U/S  user
  3    PWT  write-through
  4    PCD  cache disabled
  5    A    accessed
  6    D    dirty
  7    PS   4 MiB page
  8    G    global
`);

function describe({ table, index, address, value }: PeekedEntry): WalkEntry {
  return { table, index, address, value, flags: (value & 1) === 0 ? 'not present' : names(ENTRY, value & 0x1ff).join(' ') };
}

const PAGE = 0xfffff000;

/** The guest's own tables for a linear address, when the processor walks others: the monitor keeps the guest's CR3. */
function guestEntries(stage: Stage, linear: number, vm: number): readonly WalkEntry[] {
  const { images, machine } = stage;
  const memory = images.memoryOf(vm);
  const guestCr3 = images.guestCr3(vm);
  if (memory === null || guestCr3 === null) return [];
  const entries: WalkEntry[] = [];
  const read = (address: number) => (address < memory.size - 3 ? machine.ram.dwords[(memory.base + address) >>> 2] >>> 0 : 0);
  const directory = ((guestCr3 & PAGE) >>> 0) + (linear >>> 22) * 4;
  const entry = read(directory);
  entries.push(describe({ table: 'page directory', index: linear >>> 22, address: directory, value: entry }));
  if ((entry & 1) !== 0 && (entry & 0x80) === 0) {
    const leaf = ((entry & PAGE) >>> 0) + ((linear >>> 12) & 0x3ff) * 4;
    entries.push(describe({ table: 'page table', index: (linear >>> 12) & 0x3ff, address: leaf, value: read(leaf) }));
  }
  return entries;
}

/** The walk of the instruction the processor stands at. */
export function walkView(stage: Stage, current: StreamInstruction | null): WalkView | null {
  const { machine, images, vms } = stage;
  const { cpu, ram } = machine;
  const { s } = cpu;
  if (current === null) return null;
  const linear = (s[at.csBase] + s[at.eip]) >>> 0;
  const paged = (s[at.cr0] & CR0_PG) !== 0;
  const walk = paged ? peekWalk(cpu, s[at.cr3], linear, (s[at.cr4] & CR4_PSE) !== 0) : { entries: [], physical: linear };
  const tlb = paged ? peekTlb(cpu, linear, true) : -1;
  const physical = tlb >= 0 ? tlb : walk.physical;
  const vm = current.who.vm;
  const memory = images.memoryOf(vm);
  const parts = Array.from({ length: vms }, (_, k) => images.memoryOf(k + 1)).filter((part) => part !== null);
  return {
    what: 'the instruction at CS:EIP',
    segment: 'CS',
    offset: s[at.eip] >>> 0,
    linear,
    guestPhysical: vm > 0 && physical >= 0 ? images.guestPhysical(vm, physical) : null,
    physical: physical < 0 ? null : physical,
    walked: memory !== null ? 'shadow' : 'own',
    entries: walk.entries.map(describe),
    guestEntries: memory !== null ? guestEntries(stage, linear, vm) : [],
    fault: physical < 0 ? 'not present: page fault' : '',
    tlbHit: tlb >= 0,
    guestSize: memory?.size ?? 0,
    ramSize: ram.size,
    parts,
  };
}
