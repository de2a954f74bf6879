/** What a task switch does once its checks have passed: SDM vol 3, 7.3. */
import { CS, DS, ES, FS, GS, SS } from '../isa/insn.ts';
import { DR6_BT } from './breakpoints.ts';
import { writeCr3 } from './control.ts';
import type { Cpu } from './cpu.ts';
import { setFlags } from './flags.ts';
import { readSystem16, readSystem32, writeLinear, writeSystem32 } from './memory.ts';
import { translateData } from './paging.ts';
import { AC, CR0_PG, CR0_TS, FLAGS_FIXED, ID, NT, RF, TS, VIF, VIP, VM } from './registers.ts';
import { descriptor, descriptorBase, descriptorLimit, descriptorRights, selectorError, setCpl, setNull, setSegment } from './segments.ts';
import { at, LDTR, RIGHTS, segmentAt, TR } from './state.ts';
import { loadTaskLdt, loadTaskSegments, loadVm86Segments } from './task-segments.ts';

/** Where the two formats of TSS have what a switch saves and loads (SDM vol 3, figures 7-2 and 7-10). */
interface Layout {
  readonly size: 2 | 4;
  readonly ip: number;
  readonly flags: number;
  readonly registers: number;
  readonly selectors: number;
  readonly segments: readonly number[];
  readonly ldt: number;
  /** The last byte that a switch touches. */
  readonly savedEnd: number;
  readonly end: number;
}

const TSS_16: Layout = {
  size: 2,
  ip: 0x0e,
  flags: 0x10,
  registers: 0x12,
  selectors: 0x22,
  segments: [ES, CS, SS, DS],
  ldt: 0x2a,
  savedEnd: 0x29,
  end: 0x2b,
};
const TSS_32: Layout = {
  size: 4,
  ip: 0x20,
  flags: 0x24,
  registers: 0x28,
  selectors: 0x48,
  segments: [ES, CS, SS, DS, FS, GS],
  ldt: 0x60,
  savedEnd: 0x5f,
  end: 0x67,
};
const TSS_CR3 = 0x1c;
const TSS_T = 0x64;

const REGISTERS = [at.eax, at.ecx, at.edx, at.ebx, at.esp, at.ebp, at.esi, at.edi];

const IS_32 = 8;
const BUSY = 2;
const BUSY_IN_HIGH = BUSY << 8;
/** DR7: the local enables and LE. */
const DR7_LOCAL = 0x155;
const FLAGS_DEFINED = 0x7fd5 | RF | VM | AC | VIF | VIP | ID;

/** How the old task is left. */
export interface Departure {
  /** The new task goes back to the old one: CALL and interrupts. */
  readonly nests: boolean;
  /** The old task goes back to the new one: IRET. */
  readonly returns: boolean;
  /** EIP and EFLAGS that the old task will go on with. */
  readonly eip: number;
  readonly flags: number;
}

const layoutOf = (rights: number): Layout => ((rights & IS_32) !== 0 ? TSS_32 : TSS_16);

/** #TS for a present TSS that has no room for the state of its task. */
export function checkOldTss(cpu: Cpu): void {
  const { s } = cpu;
  const tr = segmentAt(TR);
  if (s[at.trLimit] >>> 0 < layoutOf(s[tr + RIGHTS]).savedEnd) cpu.raise(TS, selectorError(cpu, s[tr]));
}

/** Page faults arise before anything changes. */
function touch(cpu: Cpu, base: number, first: number, last: number, write: boolean): void {
  translateData(cpu, (base + first) | 0, write, false);
  translateData(cpu, (base + last) | 0, write, false);
}

const write16 = (cpu: Cpu, linear: number, value: number): void => writeLinear(cpu, linear | 0, 2, value & 0xffff, false);

function save(cpu: Cpu, base: number, layout: Layout, eip: number, flags: number): void {
  const { s } = cpu;
  const { size } = layout;
  const write = (offset: number, value: number): void => writeLinear(cpu, (base + offset) | 0, size, value, false);
  write(layout.ip, eip);
  write(layout.flags, flags);
  REGISTERS.forEach((register, k) => {
    write(layout.registers + size * k, s[register]);
  });
  layout.segments.forEach((segment, k) => {
    write16(cpu, base + layout.selectors + size * k, s[segmentAt(segment)]);
  });
}

interface NewTask {
  readonly cr3: number;
  readonly eip: number;
  readonly flags: number;
  readonly registers: readonly number[];
  readonly selectors: readonly number[];
  readonly ldt: number;
  readonly traps: boolean;
}

/** Registers of 16 bits get upper halves of FFFFh; there are no FS and GS. */
function read(cpu: Cpu, base: number, layout: Layout): NewTask {
  const { size } = layout;
  const word = (offset: number): number => readSystem16(cpu, (base + offset) | 0);
  const value = (offset: number): number => (size === 4 ? readSystem32(cpu, (base + offset) | 0) : word(offset));
  return {
    cr3: size === 4 ? value(TSS_CR3) : cpu.s[at.cr3],
    eip: value(layout.ip),
    flags: value(layout.flags),
    registers: REGISTERS.map((_, k) => value(layout.registers + size * k) | (size === 2 ? 0xffff0000 : 0)),
    selectors: layout.segments.map((_, k) => word(layout.selectors + size * k)),
    ldt: word(layout.ldt),
    traps: size === 4 && (word(TSS_T) & 1) !== 0,
  };
}

function setBusy(cpu: Cpu, address: number, busy: boolean): void {
  const high = readSystem32(cpu, address);
  writeSystem32(cpu, address, busy ? high | BUSY_IN_HIGH : high & ~BUSY_IN_HIGH);
}

/**
 * Switches to the task whose TSS descriptor was read last. A fault in its segments arises when it is already the current task.
 *
 * @returns 2 or 4, the size of what is pushed in the new task
 */
export function commitTask(cpu: Cpu, selector: number, { nests, returns, eip, flags }: Departure): 2 | 4 {
  const { s } = cpu;
  const tr = segmentAt(TR);
  const rights = descriptorRights() | BUSY;
  const base = descriptorBase();
  const limit = descriptorLimit();
  const newHigh = (descriptor.address + 4) | 0;
  const layout = layoutOf(rights);
  const oldBase = s[at.trBase];
  const oldLayout = layoutOf(s[tr + RIGHTS]);
  touch(cpu, oldBase, oldLayout.ip, oldLayout.savedEnd, true);
  touch(cpu, base, 0, layout.end, false);
  if (nests) touch(cpu, base, 0, 1, true);
  if (!nests) setBusy(cpu, (s[at.gdtrBase] + (s[tr] & 0xfff8) + 4) | 0, false);
  save(cpu, oldBase, oldLayout, eip, returns ? flags & ~NT : flags);
  if (nests) write16(cpu, base, s[tr]);
  const task = read(cpu, base, layout);
  if (!returns) setBusy(cpu, newHigh, true);

  cpu.current = null;
  setSegment(cpu, TR, selector, base, limit, rights);
  s[at.cr0] |= CR0_TS;
  s[at.dr7] &= ~DR7_LOCAL;
  s[at.eip] = task.eip;
  setFlags(cpu, (task.flags & FLAGS_DEFINED) | FLAGS_FIXED | (nests ? NT : 0));
  REGISTERS.forEach((register, k) => {
    s[register] = task.registers[k];
  });
  for (const segment of [FS, GS]) setNull(cpu, segment, 0);
  layout.segments.forEach((segment, k) => {
    setNull(cpu, segment, task.selectors[k]);
  });
  const vm86 = (s[at.eflags] & VM) !== 0;
  setCpl(cpu, 3);
  if (vm86) loadVm86Segments(cpu);
  setNull(cpu, LDTR, task.ldt);
  if ((s[at.cr0] & CR0_PG) !== 0 && task.cr3 !== s[at.cr3]) writeCr3(cpu, task.cr3);
  loadTaskLdt(cpu, task.ldt);
  if (!vm86) loadTaskSegments(cpu);
  if (task.traps) s[at.pendingDebug] |= DR6_BT;
  return layout.size;
}
