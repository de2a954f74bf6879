/** Far CALL and JMP through call gates: SDM vol 3, 5.8.3 to 5.8.5. */
import { SS } from '../isa/insn.ts';
import type { Cpu } from './cpu.ts';
import { readInnerStack } from './interrupts.ts';
import { GP, NP, RIGHTS_CODE, RIGHTS_DC, RIGHTS_P, RIGHTS_S } from './registers.ts';
import {
  descriptor,
  descriptorBase,
  descriptorDpl,
  descriptorLimit,
  descriptorRights,
  dplOf,
  fetchDescriptor,
  gateSelector,
  HeldDescriptor,
  loadCode,
  markAccessed,
  selectorError,
  setSegment,
} from './segments.ts';
import { newStack, peek, pushTogether, setStackPointer } from './stack.ts';
import { at } from './state.ts';

/*
 * Call gate:
 *
 *   high  31                              16 15 14 13 12  11    8 7   5 4          0
 *         [ offset 31:16                   ][P][ DPL ][0][ type ][ 0 ][ parameters ]
 *   low   [ selector                       ][ offset 15:0                          ]
 */
const GATE_32 = 8;
const PARAMETERS = 31;

export const isCallGate = (rights: number): boolean => (rights & (RIGHTS_S | 7)) === 4;

interface CallGate {
  readonly selector: number;
  readonly offset: number;
  /** Of what is pushed and of each parameter: 2 or 4 bytes. */
  readonly size: number;
  readonly parameters: number;
}

/** The descriptor read last as a gate, once the transfer may use it. */
function readGate(cpu: Cpu, selector: number): CallGate {
  if (descriptorDpl() < cpu.s[at.cpl] || descriptorDpl() < (selector & 3)) cpu.raise(GP, selectorError(cpu, selector));
  const rights = descriptorRights();
  if ((rights & RIGHTS_P) === 0) cpu.raise(NP, selectorError(cpu, selector));
  const wide = (rights & GATE_32) !== 0;
  return {
    selector: gateSelector(),
    offset: wide ? (descriptor.low & 0xffff) | (descriptor.high & 0xffff0000) : descriptor.low & 0xffff,
    size: wide ? 4 : 2,
    parameters: descriptor.high & PARAMETERS,
  };
}

/** Checks the code segment that a gate leads to; the descriptor read last is then this one. RPL does not count. */
function checkTarget(cpu: Cpu, selector: number, jumps: boolean): void {
  if ((selector & 0xfffc) === 0) cpu.raise(GP, 0);
  const error = selectorError(cpu, selector);
  if (!fetchDescriptor(cpu, selector)) cpu.raise(GP, error);
  const rights = descriptorRights();
  const dpl = dplOf(rights);
  const cpl = cpu.s[at.cpl];
  if ((rights & (RIGHTS_S | RIGHTS_CODE)) !== (RIGHTS_S | RIGHTS_CODE) || dpl > cpl) cpu.raise(GP, error);
  if (jumps && (rights & RIGHTS_DC) === 0 && dpl !== cpl) cpu.raise(GP, error);
  if ((rights & RIGHTS_P) === 0) cpu.raise(NP, error);
}

/** JMP through the gate that was read last. */
export function jumpThroughGate(cpu: Cpu, selector: number): void {
  const { s } = cpu;
  const from = cpu.place;
  const gate = readGate(cpu, selector);
  checkTarget(cpu, gate.selector, true);
  if (gate.offset >>> 0 > descriptorLimit() >>> 0) cpu.raise(GP, 0);
  loadCode(cpu, gate.selector, s[at.cpl]);
  s[at.eip] = gate.offset;
  cpu.events.transfer('call-gate', from, cpu.place, gate.offset);
}

const heldCode = new HeldDescriptor();

/** CALL through the gate that was read last; to an inner level on that level's stack, with the parameters copied. */
export function callThroughGate(cpu: Cpu, selector: number): void {
  const { s } = cpu;
  const from = cpu.place;
  const gate = readGate(cpu, selector);
  checkTarget(cpu, gate.selector, false);
  const rights = descriptorRights();
  heldCode.hold();
  if ((rights & RIGHTS_DC) === 0 && dplOf(rights) < s[at.cpl]) callInner(cpu, gate, dplOf(rights));
  else {
    newStack.setPresent(cpu, 0);
    newStack.need(cpu, 2, gate.size);
    if (gate.offset >>> 0 > descriptorLimit() >>> 0) cpu.raise(GP, 0);
    pushTogether(cpu, gate.size, s[at.csSelector], s[at.eip]);
    heldCode.recall();
    loadCode(cpu, gate.selector, s[at.cpl]);
  }
  s[at.eip] = gate.offset;
  cpu.events.transfer('call-gate', from, cpu.place, gate.offset);
}

function callInner(cpu: Cpu, { selector, offset, size, parameters }: CallGate, level: number): void {
  const { s } = cpu;
  const codeLimit = descriptorLimit();
  const stack = readInnerStack(cpu, level);
  markAccessed(cpu);
  newStack.set(descriptorBase(), descriptorLimit(), descriptorRights(), stack.pointer, selectorError(cpu, stack.selector));
  newStack.user = false;
  newStack.need(cpu, 4 + parameters, size);
  if (offset >>> 0 > codeLimit >>> 0) cpu.raise(GP, 0);
  newStack.push(cpu, s[at.ssSelector], size);
  newStack.push(cpu, s[at.esp], size);
  for (let k = parameters - 1; k >= 0; k--) newStack.push(cpu, peek(cpu, k * size, size), size);
  newStack.push(cpu, s[at.csSelector], size);
  newStack.push(cpu, s[at.eip], size);
  heldCode.recall();
  loadCode(cpu, selector, level);
  setSegment(cpu, SS, stack.selector, newStack.base, newStack.limit, newStack.rights);
  setStackPointer(cpu, newStack.pointer);
}
