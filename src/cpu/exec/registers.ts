/** 32-bit instructions on registers and immediates, and the loads, stores, pushes and pops among them: what programs spend most of their time in. */
import { Kind } from '../../isa/insn.ts';
import type { Cpu } from '../cpu.ts';
import { setLazy } from '../flags.ts';
import { effectiveAddress, read32, write32 } from '../memory.ts';
import { pop32, push32 } from '../stack.ts';
import type { Handler, Handlers, Instruction } from './operands.ts';
import { stepFlags } from './unary.ts';

const second = (cpu: Cpu, i: Instruction): number => (i.src === Kind.I ? i.imm : cpu.s[i.from]);

export function movRegister(cpu: Cpu, i: Instruction): void {
  cpu.s[i.to] = second(cpu, i);
}

export function addRegister(cpu: Cpu, i: Instruction): void {
  const a = cpu.s[i.to];
  const b = second(cpu, i);
  const r = (a + b) | 0;
  cpu.s[i.to] = r;
  setLazy(cpu, r, (a & b) | ((a | b) & ~r));
}

export function subRegister(cpu: Cpu, i: Instruction): void {
  const a = cpu.s[i.to];
  const b = second(cpu, i);
  const r = (a - b) | 0;
  cpu.s[i.to] = r;
  setLazy(cpu, r, (~a & b) | ((~a | b) & r));
}

export function cmpRegister(cpu: Cpu, i: Instruction): void {
  const a = cpu.s[i.to];
  const b = second(cpu, i);
  const r = (a - b) | 0;
  setLazy(cpu, r, (~a & b) | ((~a | b) & r));
}

export function andRegister(cpu: Cpu, i: Instruction): void {
  const r = cpu.s[i.to] & second(cpu, i);
  cpu.s[i.to] = r;
  setLazy(cpu, r, 0);
}

export function orRegister(cpu: Cpu, i: Instruction): void {
  const r = cpu.s[i.to] | second(cpu, i);
  cpu.s[i.to] = r;
  setLazy(cpu, r, 0);
}

export function xorRegister(cpu: Cpu, i: Instruction): void {
  const r = cpu.s[i.to] ^ second(cpu, i);
  cpu.s[i.to] = r;
  setLazy(cpu, r, 0);
}

export function testRegister(cpu: Cpu, i: Instruction): void {
  setLazy(cpu, cpu.s[i.to] & second(cpu, i), 0);
}

export function incRegister(cpu: Cpu, i: Instruction): void {
  const a = cpu.s[i.to];
  const r = (a + 1) | 0;
  cpu.s[i.to] = r;
  stepFlags(cpu, r, a & ~r, a & ~r);
}

export function decRegister(cpu: Cpu, i: Instruction): void {
  const a = cpu.s[i.to];
  const r = (a - 1) | 0;
  cpu.s[i.to] = r;
  stepFlags(cpu, r, ~a & r, ~a & r);
}

/** Shifts by an immediate that is not 0 modulo 32. Carries as flags.ts has them: CF, and below it CF xor OF. */
export function shlRegister(cpu: Cpu, i: Instruction): void {
  const a = cpu.s[i.to];
  const r = a << i.imm;
  cpu.s[i.to] = r;
  setLazy(cpu, r, ((a >>> -i.imm) << 31) | ((r >>> 31) << 30));
}

export function shrRegister(cpu: Cpu, i: Instruction): void {
  const a = cpu.s[i.to];
  const r = a >>> i.imm;
  const out = a >>> (i.imm - 1);
  cpu.s[i.to] = r;
  setLazy(cpu, r | 0, (out << 31) | (((out ^ (a >>> 31)) & 1) << 30));
}

export function sarRegister(cpu: Cpu, i: Instruction): void {
  const a = cpu.s[i.to];
  const r = a >> i.imm;
  const out = a >> (i.imm - 1);
  cpu.s[i.to] = r;
  setLazy(cpu, r, (out << 31) | ((out & 1) << 30));
}

export function load(cpu: Cpu, i: Instruction): void {
  cpu.s[i.to] = read32(cpu, i.seg, effectiveAddress(cpu, i));
}

export function store(cpu: Cpu, i: Instruction): void {
  write32(cpu, i.seg, effectiveAddress(cpu, i), second(cpu, i));
}

export const pushRegister = (cpu: Cpu, i: Instruction): void => push32(cpu, i.dst === Kind.I ? i.imm : cpu.s[i.to]);

export function popRegister(cpu: Cpu, i: Instruction): void {
  cpu.s[i.to] = pop32(cpu);
}

const IN_REGISTERS: Handlers = {
  mov32: movRegister,
  add32: addRegister,
  sub32: subRegister,
  cmp32: cmpRegister,
  and32: andRegister,
  or32: orRegister,
  xor32: xorRegister,
  test32: testRegister,
  inc32: incRegister,
  dec32: decRegister,
  push32: pushRegister,
  pop32: popRegister,
};

const SHIFTED: Handlers = { shl32: shlRegister, shr32: shrRegister, sar32: sarRegister };

/** The behaviour of a decoded instruction whose operands are as here; undefined for others, which have the one of their key. */
export function byOperands(i: Instruction): Handler | undefined {
  if (i.mem !== 0) {
    if (i.key !== 'mov32') return undefined;
    return i.dst === Kind.G ? load : store;
  }
  return (i.src === Kind.I && (i.imm & 31) !== 0 ? SHIFTED[i.key] : undefined) ?? IN_REGISTERS[i.key];
}
