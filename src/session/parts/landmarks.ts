/** What lies at a physical address: tables of the processor, a VMCS, code of an image, or just whose memory it is. */
import { peekPhysical32, peekTranslate } from '../../cpu/peek.ts';
import { CR0_PE, CR0_PG, CR4_PAE, RIGHTS_UNUSABLE } from '../../cpu/registers.ts';
import { at } from '../../cpu/state.ts';
import { hasBlock } from '../../cpu/virt/block.ts';
import { PDE_PS, PTE_P } from '../../cpu/walk/formats.ts';
import { hex8 } from '../../lib/hex.ts';
import { say } from '../../lib/say.ts';
import type { Stage } from '../stage.ts';
import { isReserved, NO_LIMIT } from './descriptors.ts';

const PAGE = 4096;
const LONGEST_IDT = 0x7ff;

interface Range {
  readonly from: number;
  readonly to: number;
  readonly what: string;
}

export class Landmarks {
  readonly #stage: Stage;
  /** Whole pages, by their physical address. */
  readonly #pages = new Map<number, string>();
  readonly #ranges: Range[] = [];
  readonly #memories: readonly { readonly vm: number; readonly base: number; readonly size: number }[];

  constructor(stage: Stage) {
    this.#stage = stage;
    const { images, vms, inner } = stage;
    const numbers = [...Array.from({ length: vms }, (_, k) => k + 1), ...(inner > 0 ? [inner] : [])];
    this.#memories = [...new Set(numbers)].flatMap((vm) => images.memoryOf(vm) ?? []).sort((a, b) => a.size - b.size);
    this.#tables();
    this.#structures();
  }

  /** Empty when nobody knows. */
  at(physical: number): string {
    const range = this.#ranges.find(({ from, to }) => physical >= from && physical <= to);
    if (range !== undefined) return range.what;
    const page = this.#pages.get(physical - (physical % PAGE));
    if (page !== undefined) return page;
    const { images } = this.#stage;
    const memory = this.#memories.find(({ base, size }) => physical >= base && physical < base + size);
    const located = images.locate(physical, memory?.vm ?? 0);
    const owner = memory === undefined ? '' : say`VM ${memory.vm}’s memory`;
    if (located === null) return owner;
    const { name, role, function: label } = located.place;
    const what = name !== '' ? name : role === 'unknown' ? '' : role;
    const code = [label, what].filter((text) => text !== '').join(', ');
    return code === '' ? owner : code;
  }

  /** Page tables in use, the guests' own, and the roots of nested ones. */
  #tables(): void {
    const { machine, images } = this.#stage;
    const { s } = machine.cpu;
    const isPaged = (s[at.cr0] & CR0_PG) !== 0;
    for (const { vm, base, size } of this.#memories) {
      const cr3 = images.guestCr3(vm);
      if (cr3 !== null && cr3 !== 0 && cr3 >>> 0 < size && !images.direct)
        this.#directory(base + (cr3 & ~(PAGE - 1)), base, say`VM ${vm}’s page directory`, (from) => say`VM ${vm}’s page table for ${from}`);
    }
    if (s[at.nestedFormat] !== 0) {
      this.#pages.set((s[at.nestedRoot] & ~(PAGE - 1)) >>> 0, say`root of the nested tables`);
    } else if (isPaged && (s[at.cr4] & CR4_PAE) === 0) {
      this.#directory((s[at.cr3] & ~(PAGE - 1)) >>> 0, 0, say`page directory in CR3`, (from) => say`page table for ${from}`);
    }
  }

  /** A page directory of 32-bit paging, and the page tables that it names. */
  #directory(directory: number, base: number, what: string, tableWhat: (from: string) => string): void {
    const { cpu } = this.#stage.machine;
    for (let index = 0; index < 1024; index++) {
      const entry = peekPhysical32(cpu, directory + 4 * index);
      if (entry === -1 || (entry & PTE_P) === 0 || (entry & PDE_PS) !== 0) continue;
      const page = base + ((entry & ~(PAGE - 1)) >>> 0);
      if (!this.#pages.has(page)) this.#pages.set(page, tableWhat(hex8(index << 22)));
    }
    this.#pages.set(directory, what);
  }

  /** The processor's descriptor tables, its TSS, the VMCS or VMCB, and real mode's vectors. */
  #structures(): void {
    const { cpu } = this.#stage.machine;
    const { s } = cpu;
    const isProtected = (s[at.cr0] & CR0_PE) !== 0;
    this.#range(s[at.idtrBase], Math.min(s[at.idtrLimit], LONGEST_IDT), isProtected ? 'IDT' : say`interrupt-vector table`);
    if (isProtected) {
      this.#range(s[at.gdtrBase], this.#gdtLimit(), 'GDT');
      if ((s[at.ldtrRights] & RIGHTS_UNUSABLE) === 0) this.#range(s[at.ldtrBase], s[at.ldtrLimit], 'LDT');
      if ((s[at.trRights] & RIGHTS_UNUSABLE) === 0 && s[at.trBase] !== 0) this.#range(s[at.trBase], s[at.trLimit], 'TSS');
    }
    if (hasBlock(cpu)) this.#pages.set((s[at.vmcsPointer] & ~(PAGE - 1)) >>> 0, cpu.virt?.vendor === 'vmx' ? 'VMCS' : 'VMCB');
  }

  /** The last byte of the last descriptor, where a VM exit has set the limit and it says nothing. */
  #gdtLimit(): number {
    const { cpu } = this.#stage.machine;
    const { s } = cpu;
    const limit = s[at.gdtrLimit] >>> 0;
    if (limit !== NO_LIMIT) return limit;
    for (let offset = 8; offset < NO_LIMIT; offset += 8) {
      const physical = peekTranslate(cpu, (s[at.gdtrBase] + offset + 4) | 0, false);
      if (physical < 0 || isReserved(peekPhysical32(cpu, physical))) return offset - 1;
    }
    return limit;
  }

  /** Of linear addresses, page by page. */
  #range(base: number, limit: number, what: string): void {
    const end = (base >>> 0) + (limit >>> 0);
    for (let from = base >>> 0; from <= end; ) {
      const to = Math.min(end, from - (from % PAGE) + PAGE - 1);
      const physical = peekTranslate(this.#stage.machine.cpu, from | 0, false);
      if (physical >= 0) this.#ranges.push({ from: physical, to: physical + (to - from), what });
      from = to + 1;
    }
  }
}
