/** The parts of the view that come only when they are looked at. */
import type { Stage } from '../stage.ts';
import type { PartRequest, PartView } from '../views.ts';
import { devicesView } from './devices.ts';
import { memoryView } from './memory.ts';
import { tablesView } from './tables-view.ts';

/** @param running what takes long is left out */
export function partView(stage: Stage, request: PartRequest, running: boolean): PartView {
  switch (request.part) {
    case 'tables':
      return tablesView(stage, request.guest);
    case 'devices':
      return devicesView(stage);
    case 'memory':
      return memoryView(stage, request.space, request.address, running);
  }
}
