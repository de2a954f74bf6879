/** Interrupts and devices: what each chip says, and whose interrupt waits for what. */
import type { Cpu } from '../../cpu/cpu.ts';
import { flags } from '../../cpu/flags.ts';
import { BLOCKED_BY_MOV_SS, BLOCKED_BY_STI, IF } from '../../cpu/registers.ts';
import { at } from '../../cpu/state.ts';
import { say } from '../../lib/say.ts';
import type { Stage } from '../stage.ts';
import type { DevicesView } from '../views.ts';
import { apicViews, serialViews, timerView } from './chips.ts';
import { diskSays, diskViews } from './disk.ts';
import { picViews } from './pics.ts';
import { waitingSource } from './waiting.ts';

export function devicesView(stage: Stage): DevicesView {
  const { machine } = stage;
  return {
    part: 'devices',
    sentence: waits(stage),
    pics: picViews(stage),
    chips: [timerView(machine), ...serialViews(machine.board), ...apicViews(machine.board)],
    disks: diskViews(stage),
    diskSentence: diskSays(stage),
  };
}

/** Why a request that is there has not been taken, in the order in which the processor asks. */
function waits({ machine }: Stage): string {
  const { cpu, board } = machine;
  const who = waitingSource(board);
  if (who === '') return say`No interrupt waits: INTR is low.`;
  if (cpu.s[at.gif] === 0) return say`INTR is high (${who}): it waits until the global interrupt flag is 1.`;
  if (!isOpen(cpu)) return say`INTR is high (${who}): it waits until IF is 1.`;
  if ((cpu.s[at.interruptibility] & (BLOCKED_BY_STI | BLOCKED_BY_MOV_SS)) !== 0)
    return say`INTR is high (${who}): it waits for the end of the next instruction.`;
  return say`INTR is high (${who}): the interrupt comes before the next instruction.`;
}

/** Whether an interrupt is taken or leaves the guest, where nothing shadows it. */
function isOpen(cpu: Cpu): boolean {
  const { s, virt } = cpu;
  if (s[at.guest] !== 0 && virt !== null) {
    if (virt.interruptsExit?.(cpu) === true) return true;
    if (virt.takesInterrupts !== undefined) return virt.takesInterrupts(cpu);
  }
  return (flags(cpu) & IF) !== 0;
}
