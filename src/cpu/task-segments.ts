/** Segment registers of a new task, loaded and checked when it is already the current one: SDM vol 3, table 7-1. */
import { CS, DS, ES, FS, GS, SS } from '../isa/insn.ts';
import type { Cpu } from './cpu.ts';
import { NP, RIGHTS_CODE, RIGHTS_DC, RIGHTS_P, RIGHTS_RW, RIGHTS_S, SSV, TS } from './registers.ts';
import {
  descriptorRights,
  dplOf,
  fetchDescriptor,
  loadCode,
  markAccessed,
  selectorError,
  setCpl,
  setFromDescriptor,
  setNull,
  setSegment,
} from './segments.ts';
import { at, LDTR, segmentAt } from './state.ts';

const isNull = (selector: number): boolean => (selector & 0xfffc) === 0;

/** LDTR, which #TS refuses whatever is wrong with it. */
export function loadTaskLdt(cpu: Cpu, selector: number): void {
  setNull(cpu, LDTR, selector);
  if (isNull(selector)) return;
  const error = selectorError(cpu, selector);
  if ((selector & 4) !== 0 || !fetchDescriptor(cpu, selector)) cpu.raise(TS, error);
  const rights = descriptorRights();
  if ((rights & 0x1f) !== 2 || (rights & RIGHTS_P) === 0) cpu.raise(TS, error);
  setFromDescriptor(cpu, LDTR, selector);
}

/** In the order of table 7-1: a missing segment comes before one of another level. */
function loadStack(cpu: Cpu, cpl: number): void {
  const selector = cpu.s[at.ssSelector];
  const error = selectorError(cpu, selector);
  if (isNull(selector) || !fetchDescriptor(cpu, selector)) cpu.raise(TS, error);
  const rights = descriptorRights();
  if ((rights & (RIGHTS_S | RIGHTS_CODE | RIGHTS_RW)) !== (RIGHTS_S | RIGHTS_RW)) cpu.raise(TS, error);
  if ((rights & RIGHTS_P) === 0) cpu.raise(SSV, error);
  if (dplOf(rights) !== cpl || (selector & 3) !== cpl) cpu.raise(TS, error);
  markAccessed(cpu);
  setFromDescriptor(cpu, SS, selector);
}

function loadData(cpu: Cpu, segment: number): void {
  const selector = cpu.s[segmentAt(segment)];
  if (isNull(selector)) return;
  const error = selectorError(cpu, selector);
  if (!fetchDescriptor(cpu, selector)) cpu.raise(TS, error);
  const rights = descriptorRights();
  const code = (rights & RIGHTS_CODE) !== 0;
  if ((rights & RIGHTS_S) === 0 || (code && (rights & RIGHTS_RW) === 0)) cpu.raise(TS, error);
  const dpl = dplOf(rights);
  if (!(code && (rights & RIGHTS_DC) !== 0) && ((selector & 3) > dpl || cpu.s[at.cpl] > dpl)) cpu.raise(TS, error);
  if ((rights & RIGHTS_P) === 0) cpu.raise(NP, error);
  markAccessed(cpu);
  setFromDescriptor(cpu, segment, selector);
}

function loadTaskCode(cpu: Cpu): void {
  const selector = cpu.s[at.csSelector];
  const error = selectorError(cpu, selector);
  if (isNull(selector) || !fetchDescriptor(cpu, selector)) cpu.raise(TS, error);
  const rights = descriptorRights();
  const rpl = selector & 3;
  if ((rights & (RIGHTS_S | RIGHTS_CODE)) !== (RIGHTS_S | RIGHTS_CODE)) cpu.raise(TS, error);
  if ((rights & RIGHTS_DC) !== 0 ? dplOf(rights) > rpl : dplOf(rights) !== rpl) cpu.raise(TS, error);
  if ((rights & RIGHTS_P) === 0) cpu.raise(NP, error);
  loadCode(cpu, selector, rpl);
}

/**
 * The hidden parts of all segment registers, whose selectors are those of the new task already. A fault before there is a stack finds CPL 3, and
 * so goes to a handler's own.
 */
export function loadTaskSegments(cpu: Cpu): void {
  const cpl = cpu.s[at.csSelector] & 3;
  loadStack(cpu, cpl);
  setCpl(cpu, cpl);
  for (const segment of [DS, ES, FS, GS]) loadData(cpu, segment);
  loadTaskCode(cpu);
}

const VM86_RIGHTS = 0xf3;

/** In a task that runs in virtual-8086 mode. */
export function loadVm86Segments(cpu: Cpu): void {
  for (const segment of [ES, CS, SS, DS, FS, GS]) {
    const selector = cpu.s[segmentAt(segment)];
    setSegment(cpu, segment, selector, selector << 4, 0xffff, VM86_RIGHTS);
  }
}
