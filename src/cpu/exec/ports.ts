/** IN and OUT: SDM vol 1, 18.4. */
import { Kind } from '../../isa/insn.ts';
import type { Cpu } from '../cpu.ts';
import { checkIoPermission, portIn, portOut } from '../io.ts';
import { at } from '../state.ts';
import type { Handlers, Instruction } from './operands.ts';

/** Port of IN and OUT: DX, or the immediate. */
const portOf = (cpu: Cpu, i: Instruction): number => (i.dst === Kind.DX || i.src === Kind.DX ? cpu.w[8] : i.imm & 0xff);

export function in8(cpu: Cpu, i: Instruction): void {
  const port = portOf(cpu, i);
  checkIoPermission(cpu, port, 1);
  cpu.b[0] = portIn(cpu, port, 1);
}
export function in16(cpu: Cpu, i: Instruction): void {
  const port = portOf(cpu, i);
  checkIoPermission(cpu, port, 2);
  cpu.w[0] = portIn(cpu, port, 2);
}
export function in32(cpu: Cpu, i: Instruction): void {
  const port = portOf(cpu, i);
  checkIoPermission(cpu, port, 4);
  cpu.s[at.eax] = portIn(cpu, port, 4);
}
export function out8(cpu: Cpu, i: Instruction): void {
  const port = portOf(cpu, i);
  checkIoPermission(cpu, port, 1);
  portOut(cpu, port, 1, cpu.b[0]);
}
export function out16(cpu: Cpu, i: Instruction): void {
  const port = portOf(cpu, i);
  checkIoPermission(cpu, port, 2);
  portOut(cpu, port, 2, cpu.w[0]);
}
export function out32(cpu: Cpu, i: Instruction): void {
  const port = portOf(cpu, i);
  checkIoPermission(cpu, port, 4);
  portOut(cpu, port, 4, cpu.s[at.eax] >>> 0);
}

export const PORTS: Handlers = {
  in8,
  in16,
  in32,
  out8,
  out16,
  out32,
};
