/** State after RESET: SDM vol 3, table 9-1. */
import { DR6_FIXED, DR7_FIXED } from './breakpoints.ts';
import type { Cpu } from './cpu.ts';
import { resetFpu } from './fpu.ts';
import { resetMsrs } from './msrs.ts';
import { CR0_CD, CR0_ET, CR0_NW, FLAGS_FIXED } from './registers.ts';
import { deriveSegments, setSegment } from './segments.ts';
import { at, counterAt, LDTR, TR } from './state.ts';

const REAL_DATA = 0x93;
const REAL_LDT = 0x82;
const REAL_TSS = 0x8b;

export function reset(cpu: Cpu): void {
  const s = cpu.s;
  cpu.blocks.dropAll(cpu);
  s.fill(0);
  s[at.eip] = 0xfff0;
  s[at.eflags] = FLAGS_FIXED;
  s[at.edx] = cpu.profile.cpuid.get(1)?.[0] ?? 0;
  setSegment(cpu, 1, 0xf000, 0xffff0000 | 0, 0xffff, 0x9b);
  for (const segment of [0, 2, 3, 4, 5]) setSegment(cpu, segment, 0, 0, 0xffff, REAL_DATA);
  setSegment(cpu, LDTR, 0, 0, 0xffff, REAL_LDT);
  setSegment(cpu, TR, 0, 0, 0xffff, REAL_TSS);
  s[at.gdtrLimit] = 0xffff;
  s[at.idtrLimit] = 0xffff;
  s[at.cr0] = CR0_CD | CR0_NW | CR0_ET;
  s[at.dr6] = DR6_FIXED;
  s[at.dr7] = DR7_FIXED;
  s[at.gif] = 1;
  s[at.vmcsPointer] = -1;
  s[at.vmxonPointer] = -1;
  cpu.f[counterAt.timer] = Number.POSITIVE_INFINITY;
  resetMsrs(cpu);
  resetFpu(cpu);
  deriveSegments(cpu);
  cpu.translation.renew();
}
