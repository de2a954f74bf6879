/** I/O permission and the ports themselves: SDM vol 1, 18.5. */
import { notePort } from './breakpoints.ts';
import type { Cpu } from './cpu.ts';
import { readSystem16 } from './memory.ts';
import { GP, IOPL, IOPL_SHIFT, RIGHTS_UNUSABLE } from './registers.ts';
import { isProtected, isVm86 } from './segments.ts';
import { at } from './state.ts';

const IO_MAP_BASE = 0x66;

/** #GP(0) unless CPL <= IOPL or the TSS's I/O permission bitmap clears all bits of the access. */
export function checkIoPermission(cpu: Cpu, port: number, size: number): void {
  const s = cpu.s;
  if (isProtected(cpu) ? s[at.cpl] <= (s[at.eflags] & IOPL) >> IOPL_SHIFT : !isVm86(cpu)) return;
  const limit = s[at.trLimit] >>> 0;
  const is32 = (s[at.trRights] & 0xf) === 0xb;
  if ((s[at.trRights] & RIGHTS_UNUSABLE) !== 0 || !is32 || IO_MAP_BASE + 1 > limit) cpu.raise(GP, 0);
  const offset = readSystem16(cpu, (s[at.trBase] + IO_MAP_BASE) | 0) + (port >> 3);
  if (offset + 1 > limit) cpu.raise(GP, 0);
  const bits = readSystem16(cpu, (s[at.trBase] + offset) | 0) >> (port & 7);
  if ((bits & ((1 << size) - 1)) !== 0) cpu.raise(GP, 0);
}

export function portIn(cpu: Cpu, port: number, size: number): number {
  notePort(cpu, port, size);
  const value = cpu.bus.in(port, size);
  cpu.events.port('in', port, size, value);
  return value;
}

export function portOut(cpu: Cpu, port: number, size: number, value: number): void {
  notePort(cpu, port, size);
  cpu.events.port('out', port, size, value);
  cpu.bus.out(port, size, value);
}
