/** Who pulls which line, and whose interrupt waits. */

import { say, told } from '../../lib/say.ts';
import { type Board, SERIAL_PORTS } from '../../machine/board.ts';
import { IRQ_NAMES } from '../view/words.ts';

const CASCADE = 2;

/** Who pulls an interrupt request line: `timer`; empty for a line that nobody is on. */
export function lineSource(irq: number): string {
  if (SERIAL_PORTS.some((port) => port.irq === irq)) return say`serial line`;
  switch (irq) {
    case 1:
      return say`keyboard`;
    case CASCADE:
      return say`second 8259A`;
    case 13:
      return say`FPU errors`;
    default:
      return told(IRQ_NAMES[irq] ?? '');
  }
}

/** Who asks for an interrupt that the processor has not taken; empty when nobody does. */
export function waitingSource({ pic1, pic2, bus }: Board): string {
  if (!bus.intr) return '';
  const requests = pic1.irr & ~pic1.imr;
  for (let irq = 0; irq < 8; irq++) {
    if ((requests & (1 << irq)) === 0) continue;
    if (irq !== CASCADE) return lineSource(irq);
    const further = pic2.irr & ~pic2.imr;
    for (let k = 0; k < 8; k++) if ((further & (1 << k)) !== 0) return lineSource(8 + k);
  }
  return say`interrupt controller`;
}
