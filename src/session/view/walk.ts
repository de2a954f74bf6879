/** From segment and offset to physical memory, entry by entry, for the address that matters now. */
import { type PeekedEntry, peekLinear, peekTlb } from '../../cpu/peek.ts';
import { CR0_PG } from '../../cpu/registers.ts';
import { at } from '../../cpu/state.ts';
import { bits, names } from '../../lib/bits.ts';
import type { Standpoint } from '../../trace/recent.ts';
import type { Stage } from '../stage.ts';
import type { WalkEntry, WalkView } from '../views.ts';

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
  const known = table === 'page table' ? value & 0x17f : value & 0x1ff;
  return { table, index, address, value, flags: (value & 1) === 0 ? 'not present' : names(ENTRY, known).join(' ') };
}

/** The walk of the instruction the processor stands at. */
export function walkView(stage: Stage, here: Standpoint): WalkView | null {
  const { machine, images, vms } = stage;
  const { cpu, ram } = machine;
  const { s } = cpu;
  const { linear, vm } = here;
  if (machine.end !== null) return null;
  const paged = (s[at.cr0] & CR0_PG) !== 0;
  const walk = peekLinear(cpu, linear);
  const tlb = paged ? peekTlb(cpu, linear, true) : -1;
  const physical = tlb >= 0 ? tlb : walk.physical;
  const guest = images.guestWalk(vm, linear);
  const guestPhysical = walk.guestPhysical ?? (physical >= 0 ? images.guestPhysical(vm, physical) : (guest?.physical ?? -1));
  const memory = images.memoryOf(vm);
  const parts = Array.from({ length: vms }, (_, k) => images.memoryOf(k + 1)).filter((part) => part !== null);
  return {
    what: 'the instruction at CS:EIP',
    segment: 'CS',
    offset: s[at.eip] >>> 0,
    linear,
    guestPhysical: vm > 0 && guestPhysical >= 0 ? guestPhysical : null,
    physical: physical < 0 ? null : physical,
    walked: memory !== null && walk.nested === undefined ? 'shadow' : 'own',
    entries: walk.entries.map(describe),
    guestEntries: (guest?.entries ?? []).map(describe),
    fault:
      physical >= 0 ? '' : guestPhysical >= 0 && memory !== null ? 'not in the shadow tables yet: page fault' : 'not present: page fault',
    tlbHit: tlb >= 0,
    guestSize: memory?.size ?? 0,
    ramSize: ram.size,
    parts,
  };
}
