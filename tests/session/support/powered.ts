import { at } from '../../../src/cpu/state.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import { guestImage } from '../../../src/session/guests.ts';
import { type Powered, powerOn } from '../../../src/session/power-on.ts';
import type { Vmm } from '../../../src/session/views.ts';

export type Guest = Powered & { readonly label: (name: string) => number };

/** A guest of the catalogue, powered on under a monitor. `label` finds linear addresses in the guest. */
export function powered(source: string, vmm: Vmm, vms = 1): Guest {
  const assembled = guestImage(source);
  const machine = powerOn({ program: { name: source, bytes: assembled.image, assembled }, vmm, vms, memory: 4 });
  const label = (name: string): number => {
    const symbol = assembled.symbols.find((one) => one.name === name);
    if (symbol === undefined) throw new Error(`${source} has no label ${name}`);
    return symbol.value >>> 0;
  };
  return { ...machine, label };
}

export const reg = ({ cpu }: Machine, name: keyof typeof at): number => cpu.s[at[name]] >>> 0;

/** Runs step by step until the processor stands at a linear address, not in the monitor's ring 0 unless `cpl` says so. */
export function until(machine: Machine, eip: number, cpl: number, most = 2_000_000): void {
  for (let k = 0; k < most && machine.end === null; k++) {
    if (reg(machine, 'eip') === eip && (reg(machine, 'csSelector') & 3) === cpl) return;
    machine.run(machine.n + 1);
  }
  throw new Error(`it never came to ${eip.toString(16)} in ring ${cpl}`);
}

/** What each virtual machine has printed; on the bare machine, its one console. */
export const printed = ({ machine, vms }: Powered): readonly string[] =>
  machine.board.consoles
    .filter(({ vm }) => (vms === 0 ? vm === 0 : vm > 0))
    .map(({ text }) => text)
    .slice(0, Math.max(1, vms));
