/** Far transfers: SDM vol 3, 5.8 and vol 2 (JMP, CALL, RET, IRET). */
import { CS, DS, ES, FS, GS, SS } from '../isa/insn.ts';
import { callThroughGate, isCallGate, jumpThroughGate } from './call-gates.ts';
import type { Cpu } from './cpu.ts';
import { changeFlags, settleFlags } from './flags.ts';
import {
  AC,
  AF,
  BLOCKED_BY_NMI,
  CF,
  DF,
  GP,
  ID,
  IF,
  IOPL,
  IOPL_SHIFT,
  NP,
  NT,
  OF,
  PF,
  RF,
  RIGHTS_CODE,
  RIGHTS_DC,
  RIGHTS_P,
  RIGHTS_S,
  SF,
  SSV,
  TF,
  VIF,
  VIP,
  VM,
  ZF,
} from './registers.ts';
import {
  checkStackSegment,
  descriptorLimit,
  descriptorRights,
  dplOf,
  dropPrivilegedSegments,
  fetchDescriptor,
  HeldDescriptor,
  isProtected,
  isVm86,
  loadCode,
  loadRealCode,
  markAccessed,
  selectorError,
  setCpl,
  setFromDescriptor,
  setSegment,
} from './segments.ts';
import { peek, pushTogether, setStackPointer, stackMask } from './stack.ts';
import { at } from './state.ts';
import { SWITCH_BY_CALL, SWITCH_BY_JMP, switchByReturn, switchByTransfer } from './tasks.ts';
import { checkVirtualFlags, isVme, loadVirtualFlags } from './vme.ts';

const pushFar = (cpu: Cpu, size: number): void => pushTogether(cpu, size, cpu.s[at.csSelector], cpu.s[at.eip]);

/** Checks what a far JMP or CALL leads to; the descriptor read last is then this one. False when it is no segment of code or data. */
function checkDirectTarget(cpu: Cpu, selector: number, offset: number): boolean {
  if ((selector & 0xfffc) === 0) cpu.raise(GP, 0);
  if (!fetchDescriptor(cpu, selector)) cpu.raise(GP, selectorError(cpu, selector));
  const rights = descriptorRights();
  if ((rights & RIGHTS_S) === 0) return false;
  if ((rights & RIGHTS_CODE) === 0) cpu.raise(GP, selectorError(cpu, selector));
  const cpl = cpu.s[at.cpl];
  const dpl = dplOf(rights);
  const conforming = (rights & RIGHTS_DC) !== 0;
  if (conforming ? dpl > cpl : (selector & 3) > cpl || dpl !== cpl) cpu.raise(GP, selectorError(cpu, selector));
  if ((rights & RIGHTS_P) === 0) cpu.raise(NP, selectorError(cpu, selector));
  if (offset >>> 0 > descriptorLimit() >>> 0) cpu.raise(GP, 0);
  return true;
}

/** Whether a descriptor is a task gate or a TSS. */
export const leadsToTask = (rights: number): boolean => (rights & RIGHTS_S) === 0 && ((rights & 0xf) === 5 || (rights & 5) === 1);

/** Far JMP or CALL, the descriptor read last being a system descriptor: call gates, task gates and TSSs lead on. */
function transferIndirectly(cpu: Cpu, selector: number, source: typeof SWITCH_BY_CALL | typeof SWITCH_BY_JMP): void {
  const rights = descriptorRights();
  if (isCallGate(rights)) {
    if (source === SWITCH_BY_CALL) callThroughGate(cpu, selector);
    else jumpThroughGate(cpu, selector);
  } else if (leadsToTask(rights)) switchByTransfer(cpu, selector, source);
  else cpu.raise(GP, selectorError(cpu, selector));
}

export function jumpFar(cpu: Cpu, selector: number, offset: number, _size: number): void {
  if (!isProtected(cpu)) {
    loadRealCode(cpu, selector);
  } else {
    if (!checkDirectTarget(cpu, selector, offset)) {
      transferIndirectly(cpu, selector, SWITCH_BY_JMP);
      return;
    }
    loadCode(cpu, selector, cpu.s[at.cpl]);
  }
  cpu.s[at.eip] = offset;
}

const heldCode = new HeldDescriptor();

export function callFar(cpu: Cpu, selector: number, offset: number, size: number): void {
  if (!isProtected(cpu)) {
    pushFar(cpu, size);
    loadRealCode(cpu, selector);
  } else {
    if (!checkDirectTarget(cpu, selector, offset)) {
      transferIndirectly(cpu, selector, SWITCH_BY_CALL);
      return;
    }
    heldCode.hold();
    pushFar(cpu, size);
    heldCode.recall();
    loadCode(cpu, selector, cpu.s[at.cpl]);
  }
  cpu.s[at.eip] = offset;
}

/** The code segment of a far return; the descriptor read last is then this one. */
function checkReturnTarget(cpu: Cpu, selector: number): void {
  if ((selector & 0xfffc) === 0) cpu.raise(GP, 0);
  if (!fetchDescriptor(cpu, selector)) cpu.raise(GP, selectorError(cpu, selector));
  const rights = descriptorRights();
  const rpl = selector & 3;
  if ((rights & (RIGHTS_S | RIGHTS_CODE)) !== (RIGHTS_S | RIGHTS_CODE) || rpl < cpu.s[at.cpl]) cpu.raise(GP, selectorError(cpu, selector));
  if ((rights & RIGHTS_DC) !== 0 ? dplOf(rights) > rpl : dplOf(rights) !== rpl) cpu.raise(GP, selectorError(cpu, selector));
  if ((rights & RIGHTS_P) === 0) cpu.raise(NP, selectorError(cpu, selector));
}

/** Return to an outer level: SS:ESP lies `above` bytes up the stack. */
function returnOuter(
  cpu: Cpu,
  codeSelector: number,
  eip: number,
  above: number,
  size: number,
  release: number,
  missing: typeof SSV | typeof NP,
): void {
  const s = cpu.s;
  const codeLimit = descriptorLimit();
  const pointer = peek(cpu, above, size);
  const stackSelector = peek(cpu, above + size, size) & 0xffff;
  const rpl = codeSelector & 3;
  checkStackSegment(cpu, stackSelector, rpl, GP, missing);
  if (eip >>> 0 > codeLimit >>> 0) cpu.raise(GP, 0);
  markAccessed(cpu);
  fetchDescriptor(cpu, codeSelector);
  markAccessed(cpu);
  loadCode(cpu, codeSelector, rpl);
  fetchDescriptor(cpu, stackSelector);
  setFromDescriptor(cpu, SS, stackSelector);
  setStackPointer(cpu, pointer + release);
  s[at.eip] = eip;
  dropPrivilegedSegments(cpu);
}

export function returnFar(cpu: Cpu, size: number, release: number): void {
  const s = cpu.s;
  const from = cpu.place;
  const eip = peek(cpu, 0, size);
  const selector = peek(cpu, size, size) & 0xffff;
  if (!isProtected(cpu)) {
    loadRealCode(cpu, selector);
    s[at.eip] = eip;
    setStackPointer(cpu, s[at.esp] + 2 * size + release);
    return;
  }
  checkReturnTarget(cpu, selector);
  if ((selector & 3) > s[at.cpl]) {
    returnOuter(cpu, selector, eip, 2 * size + release, size, release, SSV);
    cpu.events.transfer('far-return', from, cpu.place, eip);
    return;
  }
  if (eip >>> 0 > descriptorLimit() >>> 0) cpu.raise(GP, 0);
  loadCode(cpu, selector, s[at.cpl]);
  s[at.eip] = eip;
  setStackPointer(cpu, s[at.esp] + 2 * size + release);
}

const IRET_ALWAYS = OF | SF | ZF | AF | PF | CF | TF | DF | NT;

/** IRET: SDM vol 2. The writable flags are those of the level it leaves. */
export function interruptReturn(cpu: Cpu, size: number): void {
  const s = cpu.s;
  const wide = size === 4;
  const from = cpu.place;
  if (s[at.guest] !== 0) cpu.virt?.beforeIret?.(cpu);
  let mask = IRET_ALWAYS | (wide ? RF | AC | ID : 0);
  const virtual = !wide && isVme(cpu);
  if (!virtual && isVm86(cpu) && (s[at.eflags] & IOPL) !== IOPL) cpu.raise(GP, 0);
  if (!isProtected(cpu)) {
    if (!isVm86(cpu)) mask |= IOPL;
    const eip = peek(cpu, 0, size);
    const selector = peek(cpu, size, size) & 0xffff;
    const value = peek(cpu, 2 * size, size);
    if (eip >>> 0 > s[at.csLimit] >>> 0) cpu.raise(GP, 0);
    if (virtual) {
      checkVirtualFlags(cpu, value);
      loadVirtualFlags(cpu, mask, value);
    } else changeFlags(cpu, mask | IF, value);
    loadRealCode(cpu, selector);
    s[at.eip] = eip;
    setStackPointer(cpu, s[at.esp] + 3 * size);
    unblockNmi(cpu);
    return;
  }
  const cpl = s[at.cpl];
  if ((s[at.eflags] & NT) !== 0) {
    switchByReturn(cpu);
    unblockNmi(cpu);
    return;
  }
  const eip = peek(cpu, 0, size);
  const selector = peek(cpu, size, size) & 0xffff;
  const value = peek(cpu, 2 * size, size);
  if (wide && (value & VM) !== 0 && cpl === 0) {
    enterVm86(cpu, eip, selector, value);
    unblockNmi(cpu);
    cpu.events.transfer('iret', from, cpu.place, eip);
    return;
  }
  checkReturnTarget(cpu, selector);
  if (cpl <= (s[at.eflags] & IOPL) >> IOPL_SHIFT) mask |= IF;
  if (cpl === 0) mask |= IOPL | (wide ? VIF | VIP : 0);
  if ((selector & 3) > cpl) returnOuter(cpu, selector, eip, 3 * size, size, 0, cpu.profile.habits.likeBochs ? NP : SSV);
  else {
    if (eip >>> 0 > descriptorLimit() >>> 0) cpu.raise(GP, 0);
    loadCode(cpu, selector, cpl);
    s[at.eip] = eip;
    s[at.esp] = (s[at.esp] & ~stackMask(cpu)) | ((s[at.esp] + 3 * size) & stackMask(cpu));
  }
  settleFlags(cpu);
  s[at.eflags] = (s[at.eflags] & ~mask) | (value & mask);
  unblockNmi(cpu);
  cpu.events.transfer('iret', from, cpu.place, eip);
}

const VM86_RIGHTS = 0xf3;
/** Where the stack has the selectors, behind EIP, CS, EFLAGS and ESP. */
const VM86_SELECTORS: readonly (readonly [number, number])[] = [
  [SS, 16],
  [ES, 20],
  [DS, 24],
  [FS, 28],
  [GS, 32],
];

/** Return to virtual-8086 mode: SDM vol 3, 20.2.5. */
function enterVm86(cpu: Cpu, eip: number, codeSelector: number, value: number): void {
  const { s } = cpu;
  if (eip >>> 0 > 0xffff) cpu.raise(GP, 0);
  const pointer = peek(cpu, 12, 4);
  const selectors = VM86_SELECTORS.map(([, offset]) => peek(cpu, offset, 4) & 0xffff);
  const load = (segment: number, selector: number): void => setSegment(cpu, segment, selector, selector << 4, 0xffff, VM86_RIGHTS);
  load(CS, codeSelector);
  for (let i = 0; i < selectors.length; i++) load(VM86_SELECTORS[i][0], selectors[i]);
  setCpl(cpu, 3);
  settleFlags(cpu);
  const mask = IRET_ALWAYS | RF | AC | ID | IF | IOPL | VIF | VIP | VM;
  s[at.eflags] = (s[at.eflags] & ~mask) | (value & mask);
  s[at.esp] = pointer;
  s[at.eip] = eip;
}

/** In guest mode the extension says which blocking an IRET ends. */
function unblockNmi(cpu: Cpu): void {
  if (cpu.s[at.guest] !== 0 && cpu.virt !== null) cpu.virt.afterIret(cpu);
  else cpu.s[at.interruptibility] &= ~BLOCKED_BY_NMI;
}
