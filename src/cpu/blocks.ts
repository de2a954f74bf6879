/** Decoded instructions, kept by where they lie in physical memory. Derived: may be dropped at any instruction boundary. */
import { decode } from '../isa/decode.ts';
import { Insn } from '../isa/insn.ts';
import { PAGE_CODE } from './bus.ts';
import type { Cpu } from './cpu.ts';
import { directNumber } from './direct.ts';
import { byOperands } from './exec/registers.ts';
import { EXEC } from './exec/table.ts';
import { mark } from './marks.ts';
import { RIGHTS_DB } from './registers.ts';
import { MUST_END } from './signals.ts';
import { at } from './state.ts';

/** Instructions that run one after the other, the last of which alone may lead elsewhere. */
export interface Block {
  readonly insns: readonly Insn<Cpu>[];
  /** How many, from the first, need no exact counters while they run: all but the last, if that one does more than to move EIP. */
  readonly plain: number;
  readonly bytes: number;
  /** Cycles of all of it, and of its plain instructions, when nothing stalls. */
  readonly cost: number;
  readonly plainCost: number;
  readonly variant: number;
  /** Offset in its page. */
  readonly first: number;
  readonly last: number;
}

/** The blocks of one page and variant, by offset. */
export type BlockTable = (Block | undefined)[];

const LONGEST = 32;
const PAGE_SIZE = 4096;
/** Decoded bytes are noted in pieces of this size, so that data beside code costs little. */
const PIECE_SHIFT = 5;
/** Code size, guest mode. */
const VARIANTS = 4;

class CodePage {
  readonly tables: (BlockTable | undefined)[] = new Array<BlockTable | undefined>(VARIANTS).fill(undefined);
  readonly blocks: Block[] = [];
  /** How many blocks have bytes in each piece. */
  readonly pieces = new Uint16Array(PAGE_SIZE >> PIECE_SHIFT);

  table(variant: number): BlockTable {
    let table = this.tables[variant];
    if (table === undefined) {
      table = new Array<Block | undefined>(PAGE_SIZE).fill(undefined);
      this.tables[variant] = table;
    }
    return table;
  }

  add(block: Block): void {
    this.blocks.push(block);
    this.table(block.variant)[block.first] = block;
    this.count(block, 1);
  }

  /** Forgets the blocks that have bytes from `first` to `last`. False when there are none. */
  remove(first: number, last: number): boolean {
    if (this.isFree(first, last)) return false;
    const { blocks } = this;
    let any = false;
    for (let n = blocks.length - 1; n >= 0; n--) {
      const block = blocks[n];
      if (block.first > last || block.last < first) continue;
      this.table(block.variant)[block.first] = undefined;
      this.count(block, -1);
      blocks[n] = blocks[blocks.length - 1];
      blocks.pop();
      any = true;
    }
    return any;
  }

  private isFree(first: number, last: number): boolean {
    for (let piece = first >> PIECE_SHIFT; piece <= last >> PIECE_SHIFT; piece++) if (this.pieces[piece] !== 0) return false;
    return true;
  }

  private count(block: Block, change: number): void {
    for (let piece = block.first >> PIECE_SHIFT; piece <= block.last >> PIECE_SHIFT; piece++) this.pieces[piece] += change;
  }
}

function undefinedInstruction(cpu: Cpu): void {
  cpu.raise(6);
}

/** Binds a decoded instruction to its behaviour on this processor, in its present mode. */
export function bind(cpu: Cpu, insn: Insn<Cpu>): void {
  const { row } = insn;
  const vendor = cpu.virt?.vendor;
  const known = row.since === undefined || cpu.profile.features.has(row.since);
  insn.behaviour = known ? (byOperands(insn) ?? EXEC[insn.key]) : undefinedInstruction;
  if (insn.behaviour === undefined) throw new Error(`no behaviour for ${insn.key}`);
  insn.exec = insn.behaviour;
  if (cpu.s[at.guest] !== 0 && vendor !== undefined && row.exit?.[vendor] !== undefined && known) insn.exec = gated;
  insn.direct = directNumber(insn.exec);
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

/** Near branches change nothing but EIP, registers and the stack. */
const isNearBranch = (insn: Insn<Cpu>): boolean => insn.row.cost === 'branch' && insn.exec !== gated;

export class BlockCache {
  private readonly pages: (CodePage | undefined)[];

  /** @param size of RAM in bytes */
  constructor(size: number) {
    this.pages = new Array<CodePage | undefined>(size >>> 12).fill(undefined);
  }

  /** The blocks in the page at a physical address of RAM, for the present code size and mode. */
  table(cpu: Cpu, physical: number): BlockTable {
    return this.page(physical).table(variantOf(cpu));
  }

  /** The block at a physical address of RAM; an empty one when its first instruction crosses into the next page. */
  at(cpu: Cpu, physical: number): Block {
    return this.table(cpu, physical)[physical & 0xfff] ?? this.build(cpu, physical);
  }

  /** Decodes the block at a physical address of RAM. */
  build(cpu: Cpu, physical: number): Block {
    const { bytes, state } = cpu.memory;
    const { marks } = cpu;
    const start = physical >>> 0;
    const is32 = (cpu.s[at.csRights] & RIGHTS_DB) !== 0;
    const limit = (start | 0xfff) + 1;
    const insns: Insn<Cpu>[] = [];
    let position = start;
    let cost = 0;
    let exact = false;
    const marked = marks?.has(start) === true;
    while (insns.length < (marked ? 1 : LONGEST) && position < limit && (position === start || marks?.has(position) !== true)) {
      const insn = new Insn<Cpu>();
      if (!decode(insn, bytes, position, limit, is32)) break;
      bind(cpu, insn);
      insns.push(insn);
      position += insn.length;
      cost += insn.cost;
      insn.behind = position - start;
      insn.spent = cost;
      if (!endsBlock(insn)) continue;
      exact = !isNearBranch(insn);
      break;
    }
    if (marked && insns.length > 0) mark(insns[0]);
    const plain = exact ? insns.length - 1 : insns.length;
    const block = {
      insns,
      plain,
      bytes: position - start,
      cost,
      plainCost: plain === 0 ? 0 : insns[plain - 1].spent,
      variant: variantOf(cpu),
      first: start & 0xfff,
      last: (insns.length === 0 ? limit - 1 : position - 1) & 0xfff,
    };
    this.page(start).add(block);
    const number = start >>> 12;
    if ((state[number] & PAGE_CODE) === 0) {
      state[number] |= PAGE_CODE;
      cpu.translation.dropWrites();
    }
    return block;
  }

  /** Bytes of a page with decoded code are being overwritten: what lies there is forgotten, and a running block ends at its next instruction. */
  written(cpu: Cpu, physical: number, size: number): void {
    const page = this.pages[physical >>> 12];
    const first = physical & 0xfff;
    if (page?.remove(first, Math.min(PAGE_SIZE - 1, first + size - 1)) === true) cpu.attention |= MUST_END;
  }

  /** Forgets what was decoded in a page; a running block ends at its next instruction. */
  dropPage(cpu: Cpu, number: number): void {
    const page = this.pages[number];
    cpu.memory.state[number] &= ~PAGE_CODE;
    if (page === undefined) return;
    this.pages[number] = undefined;
    cpu.attention |= MUST_END;
  }

  dropAll(cpu: Cpu): void {
    for (let number = 0; number < this.pages.length; number++) if (this.pages[number] !== undefined) this.dropPage(cpu, number);
  }

  private page(physical: number): CodePage {
    const number = physical >>> 12;
    let page = this.pages[number];
    if (page === undefined) {
      page = new CodePage();
      this.pages[number] = page;
    }
    return page;
  }
}

const variantOf = (cpu: Cpu): number => ((cpu.s[at.csRights] & RIGHTS_DB) !== 0 ? 1 : 0) | (cpu.s[at.guest] << 1);
