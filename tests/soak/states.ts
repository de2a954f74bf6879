/** Random states of a processor, of a kind that the manual allows: each could be met in a real one. */

import type { Cpu } from '../../src/cpu/cpu.ts';
import { setFlags } from '../../src/cpu/flags.ts';
import { loadPdptes } from '../../src/cpu/pdptes.ts';
import * as bit from '../../src/cpu/registers.ts';
import { reset } from '../../src/cpu/reset.ts';
import { setCpl, setSegment } from '../../src/cpu/segments.ts';
import { at, counterAt, LDTR, TR } from '../../src/cpu/state.ts';
import { flushTlb, selectSpace } from '../../src/cpu/tlb.ts';
import { CS, DS, ES, FS, GS, SS } from '../../src/isa/insn.ts';
import type { Random } from '../support/random.ts';
import * as place from './layout.ts';

export const LEVELS = ['real', 'vm86', 'cpl0', 'cpl1', 'cpl2', 'cpl3'] as const;
export type Level = (typeof LEVELS)[number];
export const PAGINGS = ['off', '32-bit', 'pae'] as const;
export type Paging = (typeof PAGINGS)[number];

/** The mode that a state is in. */
export interface Mode {
  readonly level: Level;
  /** Of the code segment; 16 in real and virtual-8086 mode. */
  readonly bits: 16 | 32;
  readonly paging: Paging;
}

/** The level that a processor is at. */
export function levelOf({ s }: Cpu): Level {
  if ((s[at.cr0] & bit.CR0_PE) === 0) return 'real';
  return (s[at.eflags] & bit.VM) !== 0 ? 'vm86' : LEVELS[2 + s[at.cpl]];
}

export const cplOf = (level: Level): number => (level === 'real' ? 0 : level === 'vm86' ? 3 : LEVELS.indexOf(level) - 2);

const GENERAL = ['eax', 'ecx', 'edx', 'ebx', 'esp', 'ebp', 'esi', 'edi'] as const;

/** As a rule in RAM; sometimes where a page or all of RAM ends, or anywhere. */
function address(random: Random): number {
  switch (random.below(8)) {
    case 0:
      return (random.below(place.FILLED >>> 12) << 12) | (0xff8 + random.below(8));
    case 1:
      return random.oneIn(3) ? random.dword() : place.RAM_SIZE - random.below(8);
    case 2:
      return random.below(place.FILLED);
    default:
      return random.below(place.WORKING_SET);
  }
}

function setRegisters(cpu: Cpu, random: Random): void {
  const { s } = cpu;
  for (const name of GENERAL) s[at[name]] = random.oneIn(6) ? random.pick(place.SELECTORS) : address(random);
  if (random.oneIn(2)) s[at.ecx] = random.below(6);
  if (random.oneIn(8)) s[at.ecx] = random.pick([0x10, 0x174, 0x175, 0x176, 0x1d9, 0x277, 0xc0000080, 0x480, 0x3a]);
  if (random.oneIn(2)) s[at.esp] = 0x400 + random.below(0xf000);
  s[at.eip] = 0x400 + random.below(0xc000);
}

/* Types of data segments: read-only, writable, expand-down read-only, expand-down writable; of code: readable, conforming and readable. */
const DATA_TYPES = [3, 3, 3, 3, 3, 1, 7, 5, 11, 15];
const S_P = bit.RIGHTS_S | bit.RIGHTS_P;

interface Extent {
  readonly base: number;
  readonly limit: number;
  readonly granularity: number;
}

/** Flat as a rule. */
function extent(random: Random): Extent {
  if (!random.oneIn(4)) return { base: 0, limit: -1, granularity: bit.RIGHTS_G };
  const pages = random.oneIn(2);
  return {
    base: random.oneIn(8) ? random.dword() : random.below(place.WORKING_SET),
    limit: pages ? (random.below(random.oneIn(4) ? 1 << 20 : place.FILLED >>> 12) << 12) | 0xfff : random.below(1 << 20),
    granularity: pages ? bit.RIGHTS_G : 0,
  };
}

const size = (bits: 16 | 32): number => (bits === 32 ? bit.RIGHTS_DB : 0);
const dplBits = (dpl: number): number => dpl << bit.RIGHTS_DPL_SHIFT;
const withRpl = (selector: number, rpl: number): number => (selector & ~3) | rpl;

function setProtected(cpu: Cpu, random: Random, cpl: number, bits: 16 | 32): void {
  const conforming = random.oneIn(6);
  const code = random.oneIn(8) ? extent(random) : extentOfCode(random);
  const dpl = conforming ? random.below(cpl + 1) : cpl;
  const type = conforming ? 15 : random.oneIn(8) ? 9 : 11;
  const codeSelector = place.codeSelector(cpl, bits);
  setSegment(cpu, CS, codeSelector, code.base, code.limit, S_P | type | dplBits(dpl) | code.granularity | size(bits));
  const stack = random.oneIn(4) ? extent(random) : { base: 0, limit: -1, granularity: bit.RIGHTS_G };
  const stackRights = S_P | (random.oneIn(8) ? 7 : 3) | dplBits(cpl) | stack.granularity | size(random.oneIn(4) ? 16 : bits);
  setSegment(cpu, SS, place.dataSelector(cpl, bits), stack.base, stack.limit, stackRights);
  for (const segment of [ES, DS, FS, GS]) {
    if (random.oneIn(12)) {
      setSegment(cpu, segment, random.below(4), 0, 0, bit.RIGHTS_UNUSABLE);
      continue;
    }
    const { base, limit, granularity } = extent(random);
    const level = random.oneIn(2) ? 3 : cpl;
    const rights = S_P | random.pick(DATA_TYPES) | dplBits(level) | granularity | size(random.oneIn(2) ? 16 : 32);
    setSegment(cpu, segment, withRpl(random.pick(place.SELECTORS), random.below(level + 1)), base, limit, rights);
  }
}

function extentOfCode(random: Random): Extent {
  const flat = { base: 0, limit: -1, granularity: bit.RIGHTS_G };
  return random.oneIn(3) ? { ...flat, base: random.below(0xc000) } : flat;
}

/** Real and virtual-8086 mode; in real mode a limit may have stayed behind from protected mode. */
function setReal(cpu: Cpu, random: Random, rights: number): void {
  for (const segment of [ES, CS, SS, DS, FS, GS]) {
    const selector = random.oneIn(8) && segment !== CS ? random.below(0x10000) : random.below(place.WORKING_SET >>> 5);
    const big = rights === 0x93 && random.oneIn(8);
    setSegment(cpu, segment, selector, selector << 4, big ? -1 : 0xffff, rights | (big ? bit.RIGHTS_G : 0));
  }
}

function setTables(cpu: Cpu, random: Random, level: Level): void {
  const { s } = cpu;
  s[at.gdtrBase] = place.GDT;
  s[at.gdtrLimit] = random.oneIn(16) ? random.below(0x10000) : 8 * place.GDT_ENTRIES - 1;
  s[at.idtrBase] = level === 'real' ? 0 : place.IDT;
  s[at.idtrLimit] = random.oneIn(16) ? random.below(0x800) : level === 'real' ? 0x3ff : 0x7ff;
  const index = place.LDT_INDEX << 3;
  if (random.oneIn(4)) setSegment(cpu, LDTR, random.below(4), 0, 0, bit.RIGHTS_UNUSABLE);
  else setSegment(cpu, LDTR, index, place.LDT, 8 * place.LDT_ENTRIES - 1, bit.RIGHTS_P | 2);
  const narrow = random.oneIn(4);
  const task = narrow ? 3 : 1;
  const limit = narrow ? place.TASK16_LIMIT : random.oneIn(8) ? 0x67 + random.below(0x100) : place.TASK_LIMIT;
  const rights = bit.RIGHTS_P | (narrow ? 3 : 11);
  setSegment(cpu, TR, (place.FIRST_TASK + task) << 3, place.TASKS + task * place.TASK_SIZE, limit, rights);
}

/** Bits of CR4 that are nobody's but the guest's to choose. */
const CR4_CHOSEN = ~(bit.CR4_PAE | bit.CR4_PSE | bit.CR4_VMXE);

function setControl(cpu: Cpu, random: Random, { level, paging }: Mode): void {
  const { s, profile } = cpu;
  const some = (mask: number, n: number): number => (random.oneIn(n) ? mask : 0);
  const caches = random.oneIn(8) ? bit.CR0_CD | some(bit.CR0_NW, 2) : 0;
  s[at.cr0] =
    bit.CR0_ET |
    caches |
    (level === 'real' ? 0 : bit.CR0_PE) |
    (paging === 'off' ? 0 : bit.CR0_PG) |
    some(bit.CR0_WP, 2) |
    some(bit.CR0_AM, 2) |
    some(bit.CR0_NE, 2) |
    some(bit.CR0_TS | bit.CR0_MP, 8) |
    some(bit.CR0_EM, 8);
  const pages =
    paging === 'pae' ? bit.CR4_PAE | some(bit.CR4_PSE, 2) : some(bit.CR4_PSE, 2) | (paging === 'off' ? some(bit.CR4_PAE, 4) : 0);
  s[at.cr4] = (pages | (random.dword() & CR4_CHOSEN)) & profile.cr4;
  s[at.cr3] = paging === 'pae' ? place.POINTERS_PAE : place.DIRECTORY;
  s[at.efer] = profile.nx && random.oneIn(2) ? bit.EFER_NXE : 0;
  s[at.sysenterCs] = random.oneIn(4) ? random.dword() : place.codeSelector(0, 32);
  s[at.sysenterEsp] = address(random);
  s[at.sysenterEip] = address(random);
}

/* DR7: L0 to G3 7:0, LE and GE 9:8, 1 in bit 10, GD 13, R/W and LEN 31:16. */
const DR7_FIXED = 1 << 10;
const DR7_WRITABLE = 0xffff23ff | 0;
const DR6_FIXED = 0xffff0ff0 | 0;

function setFlagsAndEvents(cpu: Cpu, random: Random, { level }: Mode): void {
  const { s } = cpu;
  const some = (mask: number, n: number): number => (random.oneIn(n) ? mask : 0);
  const blocking = random.oneIn(12) ? random.pick([bit.BLOCKED_BY_STI, bit.BLOCKED_BY_MOV_SS]) : 0;
  const iopl = random.oneIn(3) ? random.below(4) : 3;
  let flags =
    bit.FLAGS_FIXED |
    (random.dword() & (bit.STATUS_FLAGS | bit.DF)) |
    (iopl << bit.IOPL_SHIFT) |
    some(bit.IF, 2) |
    some(bit.TF, 12) |
    some(bit.NT, 16) |
    some(bit.RF, 16) |
    some(bit.AC, 4) |
    some(bit.ID, 4) |
    some(bit.VIF, 8) |
    some(bit.VIP, 16);
  if (level === 'vm86') flags |= bit.VM;
  if (level === 'real') flags &= ~bit.NT;
  if (blocking !== 0) flags &= ~bit.TF;
  if (blocking === bit.BLOCKED_BY_STI) flags |= bit.IF;
  setFlags(cpu, flags);
  s[at.interruptibility] = blocking | some(bit.BLOCKED_BY_NMI, 16);
  s[at.nmiPending] = random.oneIn(16) ? 1 : 0;
  for (const name of ['dr0', 'dr1', 'dr2', 'dr3'] as const) s[at[name]] = address(random);
  s[at.dr6] = DR6_FIXED | (random.dword() & 0xe00f);
  s[at.dr7] = DR7_FIXED | (random.oneIn(16) ? random.dword() & DR7_WRITABLE : 0);
}

/** Puts the processor outside of any guest into a random state of this mode. */
export function scramble(cpu: Cpu, random: Random, mode: Mode): void {
  const { level, bits } = mode;
  const { s, f } = cpu;
  const [cycles, steps] = [f[counterAt.cycles], f[counterAt.steps]];
  reset(cpu);
  f[counterAt.cycles] = cycles;
  f[counterAt.steps] = steps;
  setRegisters(cpu, random);
  setControl(cpu, random, mode);
  setTables(cpu, random, level);
  if (level === 'real') setReal(cpu, random, 0x93);
  else if (level === 'vm86') setReal(cpu, random, 0xf3);
  else setProtected(cpu, random, cplOf(level), bits);
  setCpl(cpu, cplOf(level));
  setFlagsAndEvents(cpu, random, mode);
  selectSpace(cpu);
  flushTlb(cpu, false);
  if (mode.paging === 'pae') loadPdptes(cpu, s[at.cr3]);
}
