/** A processor that translates addresses, and the tables it does it by. */
import type { Cpu } from '../../../src/cpu/cpu.ts';
import { translateData, translateFetch } from '../../../src/cpu/paging.ts';
import { loadPdptes } from '../../../src/cpu/pdptes.ts';
import { type Profile, processorProfile } from '../../../src/cpu/profiles.ts';
import { CR0_ET, CR0_PE, CR0_PG, CR0_WP, CR4_PAE, CR4_PGE, CR4_PSE, EFER_NXE } from '../../../src/cpu/registers.ts';
import { FAULT, INTERCEPTED } from '../../../src/cpu/signals.ts';
import { at } from '../../../src/cpu/state.ts';
import { flushAll } from '../../../src/cpu/tlb.ts';
import { barePc } from '../virt/bare-pc.ts';

/** Where the tests have the first table, the next ones, and the pages that these map. */
export const ROOT = 0x100000;
export const TABLE = 0x101000;
export const TABLE_2 = 0x102000;
export const PAGE = 0x200000;

export type Access = 'read' | 'write' | 'fetch';

export interface Mode {
  readonly pae?: boolean;
  readonly pse?: boolean;
  readonly pge?: boolean;
  readonly nxe?: boolean;
  readonly wp?: boolean;
}

/** A translation, or what came of it. */
export type Answer = { readonly physical: number } | { readonly fault: number; readonly address: number } | { readonly intercepted: true };

export class Paged {
  readonly cpu: Cpu;

  constructor(mode: Mode = {}, profile: Profile | string = 'yonah') {
    this.cpu = barePc(new Uint8Array(0), typeof profile === 'string' ? processorProfile(profile) : profile).cpu;
    const { s } = this.cpu;
    s[at.cr0] = CR0_ET | CR0_PE | CR0_PG | (mode.wp ? CR0_WP : 0);
    s[at.cr4] = (mode.pae ? CR4_PAE : 0) | (mode.pse ? CR4_PSE : 0) | (mode.pge ? CR4_PGE : 0);
    s[at.efer] = mode.nxe ? EFER_NXE : 0;
    s[at.cr3] = ROOT;
  }

  /** Writes an entry of 4 bytes. */
  entry(table: number, index: number, value: number): this {
    this.cpu.memory.dwords[(table >>> 2) + index] = value;
    return this;
  }

  /** Writes an entry of 8 bytes. */
  wide(table: number, index: number, low: number, high = 0): this {
    this.cpu.memory.dwords.set([low, high], (table >>> 2) + 2 * index);
    return this;
  }

  read(table: number, index: number): number {
    return this.cpu.memory.dwords[(table >>> 2) + index] >>> 0;
  }

  readWide(table: number, index: number): number {
    return this.cpu.memory.dwords[(table >>> 2) + 2 * index] >>> 0;
  }

  /** Loads the PDPTE registers from CR3, and empties the TLBs. */
  loaded(): this {
    if ((this.cpu.s[at.cr4] & CR4_PAE) !== 0) loadPdptes(this.cpu, this.cpu.s[at.cr3]);
    flushAll(this.cpu);
    return this;
  }

  translate(linear: number, access: Access = 'read', user = false): Answer {
    const { cpu } = this;
    cpu.translation.setCpl(user ? 3 : 0);
    try {
      const found = access === 'fetch' ? translateFetch(cpu, linear | 0) : translateData(cpu, linear | 0, access === 'write', user);
      return { physical: found >>> 0 };
    } catch (signal) {
      if (signal === INTERCEPTED) return { intercepted: true };
      if (signal !== FAULT) throw signal;
      return { fault: cpu.faultErrorCode, address: cpu.faultAddress >>> 0 };
    }
  }
}
