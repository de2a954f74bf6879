/** An image on our machine. */
import { processorProfile } from '../../../src/cpu/profiles.ts';
import { loadMultiboot } from '../../../src/machine/loaders/multiboot.ts';
import { Machine } from '../../../src/machine/machine.ts';

const MEMORY = 16 << 20;
const STEPS = 200_000_000;

/** What the image prints, line by line; if the machine ended otherwise than by the debug exit, a last line says how. */
export function runOurs(name: string, image: Uint8Array, processor: string): string[] {
  const machine = new Machine({ memory: MEMORY, profile: processorProfile(processor), apic: true });
  machine.enter(loadMultiboot(machine.ram, { name, bytes: image }).entry);
  machine.run(STEPS);
  const lines = machine.board.consoles[0].text.trimEnd().split('\n');
  if (machine.end?.kind !== 'debug-exit') lines.push(`ended: ${JSON.stringify(machine.end ?? 'still running')}`);
  return lines;
}
