/** A monitor within a monitor: the processor knows the outer one only, which passes on to the inner one what it has asked for. */

import { MODE_GUEST, placeMode } from '../../cpu/events.ts';
import { hex8 } from '../../lib/hex.ts';
import { say, told, worded } from '../../lib/say.ts';
import { Kind } from '../../trace/log.ts';
import type { Stage } from '../stage.ts';
import { extensionOf } from './extension.ts';

/** The VM exit before a row; -1 when there is none. */
function exitBefore({ log }: Stage, row: number): number {
  for (let before = row - 1; before >= 0; before--) if (log.kindOf(before) === Kind.VMEXIT) return before;
  return -1;
}

/** The exit that a VM entry passes on to the inner monitor, as a row: one of its own guests'. -1 for any other entry. */
export function passedOn(stage: Stage, row: number): number {
  const { log, inner } = stage;
  if (inner === 0 || log.kindOf(row) !== Kind.VMENTRY || log.vmOf(row) !== inner) return -1;
  const exit = exitBefore(stage, row);
  return exit >= 0 && log.vmOf(exit) !== inner ? exit : -1;
}

const FOR_VMX = worded('it is not in root operation, whatever it believes; the outer hypervisor does the instruction for it');
const ENTERS = worded('only the outer hypervisor can enter a guest, and does it for the inner one');

/** Why an instruction leaves the inner monitor, by the cause of the exit. */
const VMX_CAUSES: Readonly<Record<string, string>> = {
  vmlaunch: ENTERS,
  vmresume: ENTERS,
  ...Object.fromEntries(['vmxon', 'vmxoff', 'vmclear', 'vmptrld', 'vmptrst', 'vmread', 'vmwrite'].map((cause) => [cause, FOR_VMX])),
};

function exitSentence(stage: Stage, row: number, instruction: string): string {
  const { log, inner } = stage;
  const words = extensionOf(stage);
  const label = words.exitLabel(words.code(log, row));
  const cause = log.text(log.valueOf(row, 7));
  const why = VMX_CAUSES[cause];
  const vm = log.vmOf(row);
  if (vm === inner) return why === undefined ? '' : say`The inner hypervisor leaves at ${instruction}, ${label}: ${told(why)}.`;
  return instruction === ''
    ? say`VM ${vm} is stopped, ${label}: to the outer hypervisor, the only one that the processor knows. Did the inner one ask for it?`
    : say`VM ${vm} leaves at ${instruction}, ${label}: to the outer hypervisor, the only one that the processor knows. Did the inner one ask for it?`;
}

function entrySentence(stage: Stage, row: number): string {
  const { log, inner } = stage;
  const vm = log.vmOf(row);
  const exit = exitBefore(stage, row);
  const at = hex8(log.valueOf(row, 0));
  const passed = passedOn(stage, row);
  if (passed >= 0) {
    const words = extensionOf(stage);
    const label = words.exitLabel(words.code(log, passed));
    return say`The outer hypervisor passes on VM ${log.vmOf(passed)}’s ${label}: the inner one wakes at ${at}, its host EIP, as if the processor had come to it.`;
  }
  if (exit < 0) return vm === inner ? say`The outer hypervisor enters the inner one for the first time: a kernel like any other.` : '';
  if (log.vmOf(exit) !== inner)
    return vm === inner ? '' : say`The outer hypervisor enters VM ${vm} again: that exit was for itself, and the inner one never knew.`;
  return vm === inner
    ? say`The outer hypervisor lets the inner one go on at ${at}: it has done what it left for.`
    : say`The outer hypervisor enters VM ${vm} at ${at} for the inner one: the guest’s state is the inner’s, the host’s is its own.`;
}

/** What a crossing means where there are two monitors; empty when it is as with one. */
export function innerSentence(stage: Stage, row: number, instruction: string): string {
  const { log, inner } = stage;
  if (inner === 0) return '';
  if (log.kindOf(row) === Kind.VMEXIT) return exitSentence(stage, row, instruction);
  if (log.kindOf(row) === Kind.VMENTRY && placeMode(log.toOf(row)) === MODE_GUEST) return entrySentence(stage, row);
  return '';
}
