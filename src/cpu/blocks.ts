/** Decoded instructions, kept by where they lie in physical memory. Derived: may be dropped at any instruction boundary. */
import { decode } from '../isa/decode.ts';
import { Insn } from '../isa/insn.ts';
import { PAGE_CODE } from './bus.ts';
import type { Cpu } from './cpu.ts';
import { EXEC } from './exec/table.ts';
import { RIGHTS_DB } from './registers.ts';
import { at } from './state.ts';

/** Instructions that run one after the other, the last of which alone may lead elsewhere. */
export interface Block {
  readonly insns: readonly Insn<Cpu>[];
  /** How many, from the first, need neither EIP nor the counters to be exact while they run: all but the last, if that one leads elsewhere. */
  readonly plain: number;
  /** Cycles of all of it when nothing stalls. */
  readonly cost: number;
}

const LONGEST = 32;
/** Decoded bytes are noted in pieces of this size, so that data beside code does not drop it. */
const PIECE_SHIFT = 5;

class CodePage {
  /** By variant (code size, guest mode) and offset in the page. */
  readonly blocks: readonly (Block | undefined)[][] = [0, 1, 2, 3].map(() => new Array<Block | undefined>(4096).fill(undefined));
  readonly pieces = new Uint8Array(4096 >> PIECE_SHIFT);
}

function undefinedInstruction(cpu: Cpu): void {
  cpu.raise(6);
}

/** Binds a decoded instruction to its behaviour on this processor, in its present mode. */
export function bind(cpu: Cpu, insn: Insn<Cpu>): void {
  const { row } = insn;
  const vendor = cpu.virt?.vendor;
  const known = row.since === undefined || cpu.profile.features.has(row.since);
  insn.behaviour = known ? EXEC[insn.key] : undefinedInstruction;
  if (insn.behaviour === undefined) throw new Error(`no behaviour for ${insn.key}`);
  insn.exec = insn.behaviour;
  if (cpu.s[at.guest] !== 0 && vendor !== undefined && row.exit?.[vendor] !== undefined && known) insn.exec = gated;
  insn.cost = cpu.costs.cycles[row.cost ?? 'simple'];
}

function gated(cpu: Cpu, insn: Insn<Cpu>): void {
  cpu.current = insn;
  cpu.virt?.gate(cpu, insn);
}

/** Classes of instructions that report events, read the time, or wake devices: EIP and the counters are exact when they run. */
const EXACT = new Set(['io', 'vmx', 'msr', 'cpuid']);

const endsBlock = (insn: Insn<Cpu>): boolean =>
  insn.row.ends === true || insn.rep !== 0 || insn.exec === gated || (insn.row.cost !== undefined && EXACT.has(insn.row.cost));

export class BlockCache {
  private readonly pages: (CodePage | undefined)[];

  /** @param size of RAM in bytes */
  constructor(size: number) {
    this.pages = new Array<CodePage | undefined>(size >>> 12).fill(undefined);
  }

  /** The block at a physical address of RAM; an empty one when its first instruction crosses into the next page. */
  at(cpu: Cpu, physical: number): Block {
    const s = cpu.s;
    const number = physical >>> 12;
    let page = this.pages[number];
    if (page === undefined) {
      page = new CodePage();
      this.pages[number] = page;
    }
    const variant = ((s[at.csRights] & RIGHTS_DB) !== 0 ? 1 : 0) | (s[at.guest] << 1);
    const offset = physical & 0xfff;
    let block = page.blocks[variant][offset];
    if (block === undefined) {
      block = this.build(cpu, physical >>> 0, page);
      page.blocks[variant][offset] = block;
    }
    return block;
  }

  private build(cpu: Cpu, start: number, page: CodePage): Block {
    const { bytes, state } = cpu.memory;
    const is32 = (cpu.s[at.csRights] & RIGHTS_DB) !== 0;
    const limit = (start | 0xfff) + 1;
    const insns: Insn<Cpu>[] = [];
    let position = start;
    let cost = 0;
    let ended = false;
    while (insns.length < LONGEST && position < limit) {
      const insn = new Insn<Cpu>();
      if (!decode(insn, bytes, position, limit, is32)) break;
      bind(cpu, insn);
      insns.push(insn);
      position += insn.length;
      cost += insn.cost;
      insn.behind = position - start;
      insn.spent = cost;
      ended = endsBlock(insn);
      if (ended) break;
    }
    const lastByte = Math.max(start, position - 1);
    page.pieces.fill(1, (start & 0xfff) >> PIECE_SHIFT, ((lastByte & 0xfff) >> PIECE_SHIFT) + 1);
    const number = start >>> 12;
    if ((state[number] & PAGE_CODE) === 0) {
      state[number] |= PAGE_CODE;
      cpu.translation.dropWrites();
    }
    return { insns, plain: ended ? insns.length - 1 : insns.length, cost };
  }

  /** Bytes of a page with decoded code are being overwritten. */
  written(cpu: Cpu, physical: number, size: number): void {
    const page = this.pages[physical >>> 12];
    const first = (physical & 0xfff) >> PIECE_SHIFT;
    const last = Math.min(4095, (physical & 0xfff) + size - 1) >> PIECE_SHIFT;
    if (page !== undefined && page.pieces[first] === 0 && page.pieces[last] === 0) return;
    this.dropPage(cpu, physical >>> 12);
  }

  /** Forgets what was decoded in a page; a running block ends at its next instruction. */
  dropPage(cpu: Cpu, number: number): void {
    const page = this.pages[number];
    cpu.memory.state[number] &= ~PAGE_CODE;
    if (page === undefined) return;
    this.pages[number] = undefined;
    cpu.attention = 1;
  }

  dropAll(cpu: Cpu): void {
    for (let number = 0; number < this.pages.length; number++) if (this.pages[number] !== undefined) this.dropPage(cpu, number);
  }
}
