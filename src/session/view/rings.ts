/** The ring diagram: which virtual machines there are, where the processor is, how it came there and where it will go. */

import { type Place, placeCpl, placeMode } from '../../cpu/events.ts';
import { at } from '../../cpu/state.ts';
import { say } from '../../lib/say.ts';
import { type EventLog, Kind } from '../../trace/log.ts';
import type { Stage } from '../stage.ts';
import type { Crossing, ProcessView, Ring, RingsView, VmView, Who } from '../views.ts';
import { extensionOf } from './extension.ts';
import { ringOf } from './who.ts';
import { eventLabel } from './words.ts';

const CROSSINGS = 4;

const KINDS: Readonly<Record<number, Crossing['kind']>> = {
  [Kind.VMEXIT]: 'exit',
  [Kind.VMENTRY]: 'entry',
  [Kind.INTERRUPT]: 'interrupt',
  [Kind.EXCEPTION]: 'exception',
};

/** The virtual machine on whose sector a crossing is drawn; the bare machine is drawn as VM 1. */
const sectorOf = (stage: Stage, vm: number): number => (stage.bare && vm === 0 ? 1 : vm);

/** An event as a crossing between rings; null when it stays in its ring. */
export function crossing(stage: Stage, row: number): Crossing | null {
  const { log } = stage;
  const kind = log.kindOf(row);
  const from = log.fromOf(row);
  const to = log.toOf(row);
  if (kind !== Kind.TRANSFER && KINDS[kind] === undefined) return null;
  if (ringOf(from) === ringOf(to)) return null;
  if (!stage.bare && log.vmOf(row) === 0) return null;
  const user = placeCpl(from) === 3 ? from : placeCpl(to) === 3 ? to : -1;
  return {
    n: log.stepOf(row),
    kind: KINDS[kind] ?? (placeCpl(to) < placeCpl(from) ? 'call' : 'return'),
    label: eventLabel(stage, row),
    vm: sectorOf(stage, log.vmOf(row)),
    from: ringOf(from),
    to: ringOf(to),
    process: user === -1 ? -1 : processOf(stage, row, user),
  };
}

/** The program on the ring 3 side of an event: where its code lies says which. An exit from ring 3 has the program entered last. */
function processOf(stage: Stage, row: number, user: Place): number {
  const { log, images } = stage;
  const vm = log.vmOf(row);
  let found = log.physicalOf(row);
  for (let earlier = row - 1; found < 0 && earlier >= 0 && earlier > row - 64; earlier--) {
    if (log.vmOf(earlier) === vm && log.toOf(earlier) === user) found = log.physicalOf(earlier);
  }
  const located = images.locate(found, placeMode(user) === 2 || stage.compressed ? vm : 0);
  return located === null ? -1 : images.processes(vm).findIndex(({ name }) => name === located.place.name);
}

/** The last crossings up to step count `n`, oldest first. */
export function pastCrossings(stage: Stage): readonly Crossing[] {
  const { log, machine } = stage;
  const found: Crossing[] = [];
  for (let row = log.firstAt(machine.n + 1) - 1; row >= 0 && found.length < CROSSINGS; row--) {
    const crossed = crossing(stage, row);
    if (crossed !== null) found.push(crossed);
  }
  return found.reverse();
}

/** Crossings of the rows from `first` on. */
export function futureCrossings(stage: Stage, first: number, end: number): readonly Crossing[] {
  const found: Crossing[] = [];
  for (let row = first; row < end && found.length < CROSSINGS; row++) {
    const crossed = crossing(stage, row);
    if (crossed !== null) found.push(crossed);
  }
  return found;
}

/** Where a virtual machine was when it last left, and whether it was ever entered. */
function lastSeen(stage: Stage, vm: number): { ring: Ring | null; halted: boolean; finished: boolean } {
  const { log, machine } = stage;
  const row = log.lastCrossing(vm, machine.n);
  if (row < 0) return { ring: null, halted: false, finished: false };
  if (stage.compressed) {
    const [from, to] = [log.fromOf(row), log.toOf(row)];
    return { ring: ringOf(placeCpl(to) === 0 ? from : to), halted: stage.images.isHalted(vm), finished: false };
  }
  if (log.kindOf(row) === Kind.VMENTRY) return { ring: ringOf(log.toOf(row)), halted: false, finished: false };
  const cause = log.text(log.valueOf(row, 7));
  return { ring: ringOf(log.fromOf(row)), halted: cause === 'hlt', finished: cause === 'triple-fault' };
}

function processes(stage: Stage, vm: number, who: Who, running: boolean): readonly ProcessView[] {
  const all = stage.images.processes(vm);
  if (!running || who.role !== 'program' || all.some(({ name, current }) => current && name === who.name)) return all;
  const found = all.findIndex(({ name }) => name === who.name);
  return all.map(({ name }, k) => ({ name, current: k === found }));
}

/** Who takes up the thread after an exit: the VM that left last, until another is entered. */
function lastVm(log: EventLog, n: number): number {
  const row = log.firstAt(n + 1) - 1;
  for (let k = row; k >= 0; k--)
    if (log.kindOf(k) === Kind.VMEXIT || log.kindOf(k) === Kind.VMENTRY || (placeMode(log.fromOf(k)) === 0 && log.vmOf(k) > 0))
      return log.vmOf(k);
  return 0;
}

function vmView(stage: Stage, vm: number, who: Who): VmView {
  const running = who.vm === vm && stage.machine.end === null;
  const seen = lastSeen(stage, vm);
  const ended = stage.images.isEnded(vm);
  const status = running
    ? say`running`
    : seen.finished
      ? say`shut down: triple fault`
      : seen.ring === null
        ? say`not started`
        : seen.halted
          ? say`halted in ring ${seen.ring}`
          : ended
            ? stage.compressed
              ? say`ended by the monitor`
              : say`ended by the hypervisor`
            : vm === lastVm(stage.log, stage.machine.n)
              ? stage.compressed
                ? say`trapped, waiting`
                : say`exited, waiting`
              : say`waiting in ring ${seen.ring}`;
  return {
    vm,
    name: `VM ${vm}`,
    status,
    running,
    processes: processes(stage, vm, who, running),
    kernel: say`kernel`,
    saved: running || seen.finished || (ended && !seen.halted) ? null : seen.ring,
  };
}

/** The monitor that is a guest itself. */
function innerMonitor(stage: Stage, who: Who): VmView {
  const { inner, images } = stage;
  return { ...vmView(stage, inner, who), name: say`Inner hypervisor`, kernel: images.own?.name ?? '', processes: [] };
}

function bareMachine(stage: Stage, who: Who): VmView {
  const { end, cpu } = stage.machine;
  const halted = cpu.s[at.activity] === 1;
  const status =
    end?.kind === 'shutdown' ? say`shut down: triple fault` : end !== null || halted ? say`halted in ring ${who.cpl}` : say`running`;
  return {
    vm: 1,
    name: say`This machine`,
    status,
    running: end === null && !halted,
    processes: processes(stage, 0, who, true),
    kernel: say`kernel`,
    saved: null,
  };
}

export function ringsView(stage: Stage, who: Who, future: readonly Crossing[]): RingsView {
  const { machine, vms } = stage;
  const active = machine.end?.kind === 'shutdown' ? null : { vm: vms === 0 ? 1 : who.vm, ring: who.ring };
  const views = vms === 0 ? [bareMachine(stage, who)] : Array.from({ length: vms }, (_, k) => vmView(stage, k + 1, who));
  const inner = stage.inner > 0 && { inner: innerMonitor(stage, who) };
  const { vendor, hostMode } = extensionOf(stage);
  const kind = vms === 0 ? 'bare' : stage.compressed ? 'ring0' : vendor;
  return { kind, hostMode, vms: views, ...inner, active, past: pastCrossings(stage), future };
}
