/** A kernel that means no good, in a virtual machine of VT-x or AMD-V: it reaches its own memory and its own devices, and nothing else. */
import { describe, expect, test } from 'vitest';
import { guestImage } from '../../src/session/guests.ts';
import { powerOn } from '../../src/session/power-on.ts';
import type { Paging, Vmm } from '../../src/session/views.ts';

const HOSTILE = 'demo/hostile.asm';
const MEMORY = 4;
const TECHNIQUES: readonly (readonly [Exclude<Vmm, 'none'>, Paging])[] = [
  ['vtx', 'shadow'],
  ['vtx', 'nested'],
  ['svm', 'shadow'],
  ['svm', 'nested'],
];

function powered(vmm: Vmm, vms: number, paging?: Paging) {
  const assembled = guestImage(HOSTILE);
  const program = { name: HOSTILE, bytes: assembled.image, assembled };
  return powerOn({ program, vmm, vms, memory: MEMORY, ...(paging !== undefined && { paging }) });
}

/** Where the instructions and the descriptors of a monitor differ from its image. */
function changed(bytes: Uint8Array, source: string): readonly string[] {
  const { image, map, symbols } = guestImage(source);
  const gdt = symbols.find(({ name }) => name === 'gdt')?.value ?? -1;
  const spans = map.sections.flatMap((section) => section.spans).filter(({ offset }) => offset >= 0);
  const fixed = spans.filter(({ kind, address }) => kind === 'instruction' || (address >= gdt && address < gdt + 0x20));
  expect(fixed.length).toBeGreaterThan(500);
  return fixed
    .filter(({ address, offset, length }) => !bytes.subarray(address, address + length).every((byte, k) => byte === image[offset + k]))
    .map(({ line, file }) => `${map.files[file]}:${line}`);
}

describe.each(TECHNIQUES)('under %s with %s paging', (vmm, paging) => {
  test('it prints what it prints alone, both have their turns, and the monitor is as it was', () => {
    const alone = powered('none', 1).machine;
    alone.run(500_000);
    const [expected] = alone.board.consoles.map(({ text }) => text);
    expect(expected).toMatch(/interrupts off, for ever\n$/);
    const { machine, images } = powered(vmm, 2, paging);
    machine.run(1_500_000);
    expect(machine.board.consoles.slice(0, 3).map(({ text }) => text)).toEqual(['', expected, expected]);
    expect(machine.end).toBeNull();
    const turns = new Set<number>();
    for (let k = 0; k < 40; k++) {
      machine.run(machine.n + 5_000);
      turns.add(images.variable('current_vm'));
    }
    expect([...turns].sort()).toEqual([1, 2]);
    expect(changed(machine.ram.bytes, `vmm/${vmm}/${vmm}.asm`)).toEqual([]);
  });
});
