/** Walks as the processor makes them, in its own memory: through the tables, and through nested tables to the tables. */
import type { Cpu } from '../cpu.ts';
import { readPhysical32, writePhysical32 } from '../physical.ts';
import { at } from '../state.ts';
import { FETCH, FORMAT_EPT, READ, type TableFormat, USER, WRITE } from './formats.ts';
import { FOUND, NO_LINEAR, RESERVED, TWO_32, Walk } from './walk.ts';

/** Reads RAM or the bus; there is nothing above 4 GiB. */
abstract class ProcessorWalk extends Walk {
  protected readonly cpu: Cpu;

  constructor(cpu: Cpu) {
    super();
    this.cpu = cpu;
  }

  protected read(physical: number): number {
    return physical < TWO_32 ? readPhysical32(this.cpu, physical | 0) : -1;
  }

  /** Sets the accessed flags on the way, from the root on, and the dirty flag of the page. */
  mark(format: TableFormat, write: boolean): void {
    if ((this.common & format.accessed) !== 0 && (!write || (this.lows[this.depth] & format.dirty) !== 0)) return;
    for (let depth = this.first; depth <= this.depth; depth++) {
      if (format.levels[depth].plain) continue;
      const flags = write && depth === this.depth ? format.accessed | format.dirty : format.accessed;
      const low = this.lows[depth];
      if ((low & flags) === flags) continue;
      this.lows[depth] = low | flags;
      this.write(depth, low | flags);
    }
  }

  protected write(depth: number, low: number): void {
    if (this.addresses[depth] < TWO_32) writePhysical32(this.cpu, this.addresses[depth] | 0, low);
  }
}

/** In the EPT pointer: accessed and dirty flags are on. */
const EPTP_ACCESSED_DIRTY = 1 << 6;

/** Guest-physical to physical: SDM vol 3, 28.2; AMD64 manual vol 2, 15.25. */
export class NestedWalk extends ProcessorWalk {
  /** Entries read since this was last set to 0. */
  references = 0;
  /** The page found last may be written without another walk. */
  writable = false;

  protected place(address: number): number {
    return address;
  }

  /**
   * Physical address of a guest-physical one; what the nested tables do not allow leaves the guest (`VirtExtension.nestedViolation`).
   *
   * @param access READ, WRITE, FETCH together
   * @param linear the linear address that is being translated, NO_LINEAR for none
   * @param translated whether this is its page, and not one of the guest's paging structures
   */
  translate(guestPhysical: number, access: number, linear: number, translated: boolean): number {
    const { cpu } = this;
    const { s } = cpu;
    const format = cpu.formats.numbered[s[at.nestedFormat]]!;
    const isEpt = s[at.nestedFormat] === FORMAT_EPT;
    const flags = !isEpt || (s[at.nestedRoot] & EPTP_ACCESSED_DIRTY) !== 0;
    const asked = !translated && flags && (!isEpt || linear !== NO_LINEAR) ? READ | WRITE : access;
    const end = this.descend(format, (s[at.nestedRoot] & format.rootMask) >>> 0, 0, guestPhysical);
    this.references += this.depth + 1;
    const needed = isEpt ? asked : asked | USER;
    if (end === RESERVED) cpu.virt!.nestedMisconfiguration!(cpu, guestPhysical, asked, translated);
    if (end !== FOUND || (this.rights & needed) !== needed) {
      const present = end === FOUND ? this.rights & (READ | WRITE | FETCH) : 0;
      cpu.virt!.nestedViolation!(cpu, guestPhysical, asked, present, linear, translated);
    }
    if (flags) this.mark(format, (asked & WRITE) !== 0);
    this.writable = (this.rights & WRITE) !== 0 && (!flags || (this.lows[this.depth] & format.dirty) !== 0);
    return this.page + (guestPhysical & 0xfff);
  }
}

/** Linear to guest-physical or physical: SDM vol 3, chapter 4. */
export class LinearWalk extends ProcessorWalk {
  /** The address under translation, for the nested tables to name. */
  linear = 0;
  /** Where the entries lie by the guest's account. */
  private readonly guestAddresses = new Float64Array(4);

  protected place(address: number, depth: number): number {
    if (this.cpu.s[at.nestedFormat] === 0) return address;
    this.guestAddresses[depth] = address;
    return this.cpu.nested.translate(address, READ, this.linear, false);
  }

  protected override write(depth: number, low: number): void {
    if (this.cpu.s[at.nestedFormat] !== 0) this.cpu.nested.translate(this.guestAddresses[depth], WRITE, this.linear, false);
    super.write(depth, low);
  }
}
