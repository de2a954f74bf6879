import type { InstructionLine } from '../../../figures/stream-lines.ts';
import { hex } from '../../../figures/words.ts';
import type { StopView } from '../../../session/views.ts';

/** Whether a stop is before the instruction of a line. */
export function isAt(stop: StopView, line: Pick<InstructionLine, 'vm' | 'address' | 'original'>): boolean {
  if (stop.kind !== 'instruction' || (stop.vm !== line.vm && !(stop.vm < 0 && line.vm > 0))) return false;
  return hex(stop.address) === (line.original ? line.original.address : line.address);
}
