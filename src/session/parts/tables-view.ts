/** Control registers, segments and descriptor tables: the processor's, or the guest's as the guest has them. */
import { at } from '../../cpu/state.ts';
import { slot as vmcb } from '../../cpu/virt/svm/fields.ts';
import { INTERCEPT_INTR } from '../../cpu/virt/svm/intercepts.ts';
import { V_INTR_MASKING } from '../../cpu/virt/svm/vmcb.ts';
import { vmread } from '../../cpu/virt/vmx/vmcs.ts';
import { say } from '../../lib/say.ts';
import type { Stage } from '../stage.ts';
import type { TablesView } from '../views.ts';
import { systemRegisters } from './registers.ts';
import { guestAtHand, guestState, processorState } from './system-state.ts';
import { descriptorTables, reader, segmentViews, tssView } from './tables.ts';
import { lastTransfer } from './transfer.ts';
import { waitingSource } from './waiting.ts';

export function tablesView(stage: Stage, wantsGuest: boolean): TablesView {
  const { machine, log } = stage;
  const { cpu } = machine;
  const vm = guestAtHand(stage);
  const own = guestState(stage);
  const isGuest = wantsGuest && own !== null;
  const real = processorState(stage);
  const state = isGuest ? own : real;
  const other = vm > 0 && log.runningVm() === vm ? (isGuest ? real : own) : null;
  const usesTables = !isGuest || cpu.s[at.guest] !== 0;
  const context = { stage, state, read: reader(stage, state), transfer: usesTables ? lastTransfer(stage) : null };
  return {
    part: 'tables',
    whose: state.whose,
    guest: isGuest,
    own: own === null ? '' : say`VM ${vm}’s own`,
    transfer: context.transfer?.sentence ?? '',
    registers: systemRegisters(state, other, {
      waiting: isGuest ? '' : waitingSource(machine.board),
      interruptsExit: interruptsExit(stage),
      guest: isGuest,
    }),
    segments: segmentViews(context),
    tables: descriptorTables(context),
    tss: tssView(context),
  };
}

/** A guest whose external interrupts are its monitor's; under AMD-V they are where its IF does not count. */
function interruptsExit({ machine }: Stage): boolean {
  const { cpu } = machine;
  const { virt } = cpu;
  if (cpu.s[at.guest] === 0 || virt === null) return false;
  if (virt.interruptsExit !== undefined) return virt.interruptsExit(cpu);
  return (vmread(cpu, vmcb.interceptMisc1) & INTERCEPT_INTR) !== 0 && (vmread(cpu, vmcb.vintr) & V_INTR_MASKING) !== 0;
}
