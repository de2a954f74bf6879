/** The interrupt controllers: the board's two 8259As, and those that a monitor keeps for each virtual machine. */

import { say } from '../../lib/say.ts';
import type { Board } from '../../machine/board.ts';
import type { Stage } from '../stage.ts';
import type { LineView, PicView } from '../views.ts';
import { lineSource } from './waiting.ts';

interface Registers {
  readonly irr: number;
  readonly isr: number;
  readonly imr: number;
  readonly base: number;
}

const nameOf = (first: number): string => (first === 0 ? '8259A' : say`second 8259A`);

function picView(vm: number, first: number, { irr, isr, imr, base }: Registers): PicView {
  const lines = Array.from({ length: 8 }, (_, k): LineView => {
    const bit = 1 << k;
    return {
      irq: first + k,
      source: lineSource(first + k),
      vector: base + k,
      requested: (irr & bit) !== 0,
      inService: (isr & bit) !== 0,
      masked: (imr & bit) !== 0,
    };
  });
  return { name: nameOf(first), vm, irr, isr, imr, base, lines };
}

const boardPics = ({ pic1, pic2 }: Board): readonly PicView[] =>
  [pic1, pic2].map(({ irr, isr, imr, vectorBase }, k) => picView(0, 8 * k, { irr, isr, imr, base: vectorBase }));

/** A CHIP of a monitor's record (src/guest/vmm/lib/vm.inc): IRR, ISR, IMR and base in its first doubleword. */
function keptPics({ images, vms }: Stage): readonly PicView[] {
  return Array.from({ length: vms }, (_, k) => k + 1).flatMap((vm) =>
    (['VM.master', 'VM.slave'] as const).flatMap((field, k) => {
      const chip = images.believed(vm, field);
      if (chip === null) return [];
      const [irr, isr, imr, base] = [0, 8, 16, 24].map((shift) => (chip >>> shift) & 0xff);
      return [picView(vm, 8 * k, { irr, isr, imr, base })];
    }),
  );
}

export const picViews = (stage: Stage): readonly PicView[] => [...boardPics(stage.machine.board), ...keptPics(stage)];
