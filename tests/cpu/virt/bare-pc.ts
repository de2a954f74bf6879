/** A bare PC for images that bring everything with them: flat, at 64 KiB, entered in 32-bit protected mode. */

import { DEFAULT_COSTS } from '../../../src/cpu/costs.ts';
import { Cpu } from '../../../src/cpu/cpu.ts';
import { DEFAULT_PROFILE, type Profile } from '../../../src/cpu/profiles.ts';
import { CR0_ET, CR0_PE } from '../../../src/cpu/registers.ts';
import { reset } from '../../../src/cpu/reset.ts';
import { FLAT_CODE, FLAT_DATA, setSegment } from '../../../src/cpu/segments.ts';
import { at, counterAt } from '../../../src/cpu/state.ts';
import { createVirtExtension } from '../../../src/cpu/virt/create.ts';
import { Board } from '../../../src/machine/board.ts';
import { SystemClock } from '../../../src/machine/clock.ts';
import { Ram } from '../../../src/machine/ram.ts';

const CS = 1;
const ORIGIN = 0x10000;

export function barePc(image: Uint8Array, profile: Profile = DEFAULT_PROFILE): { cpu: Cpu; board: Board } {
  const clock = new SystemClock();
  const memory = new Ram(4 << 20);
  const board = new Board({ memory, clock });
  const cpu = new Cpu(board.bus, profile, DEFAULT_COSTS, createVirtExtension(profile));
  clock.bind(cpu.f, counterAt.cycles);
  reset(cpu);
  memory.write(ORIGIN, image);
  cpu.s[at.cr0] = CR0_ET | CR0_PE;
  setSegment(cpu, CS, 0x08, 0, -1, FLAT_CODE);
  for (const segment of [0, 2, 3, 4, 5]) setSegment(cpu, segment, 0x10, 0, -1, FLAT_DATA);
  cpu.s[at.esp] = 0x7c00;
  cpu.s[at.eip] = ORIGIN;
  return { cpu, board };
}
