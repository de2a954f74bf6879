/** minim ported to hypercalls, under the monitor `para`: it prints what the unchanged one prints on the bare machine. */
import { describe, expect, test } from 'vitest';
import { guestImage } from '../../src/session/guests.ts';
import { type Ended, rm1, scratch } from '../support/rm1.ts';
import { type Guest, powered, until } from './support/powered.ts';

const SESSION =
  'ls\ncount 3\nhello\nwrite note I was here\ncat note\nhog 300\ntables 5\ncalls 20\nforks 5\n' +
  'crash kernel\ncrash text\ncrash port\ncrash halt\ncrash call\ncrash segments\ncrash flags\ncrash x\nhog 2000\ncat none\n';
const MODULE = 'insmod greet\n';
const TIMEOUT = 120_000;

const run = (folder: string, script: string, ...more: string[]): Promise<Ended> =>
  rm1(['run', 'minim', '--memory', '8M', '--save-disk', folder, '--max-instructions', '40000000', ...more], script);

describe('a session at its shell', () => {
  test(
    'prints the same, and leaves the same disk; only a module that reads CS says in which ring it is',
    async () => {
      const { folder, read } = scratch();
      const script = `${SESSION}${MODULE}halt\n`;
      const bare = await run(`${folder}/bare`, script);
      const ported = await run(`${folder}/para`, script, '--vmm', 'para');
      expect([bare.status, ported.status]).toEqual([0, 0]);
      expect(bare.stdout).toContain('\ngreet: a module, in ring 0\n');
      expect(ported.stdout).toBe(bare.stdout.replace('in ring 0', 'in ring 1'));
      expect(ported.stderr).toBe('vmm| vm1: halted\nvmm| para: no virtual machine is left\n');
      expect(read('para/vm1.img')).toEqual(read('bare/disk.img'));
    },
    TIMEOUT,
  );
});

test(
  'several programs at once: each one’s lines are the same, and in the same order',
  async () => {
    const script = 'count 300 &\ntables 30 &\ncalls 300 &\nforks 8 &\nhog 200\nhalt\n';
    const { folder } = scratch();
    const bare = await run(`${folder}/bare`, script);
    const ported = await run(`${folder}/para`, script, '--vmm', 'para');
    const linesOf = ({ stdout }: Ended, name: string) => stdout.split('\n').filter((line) => line.startsWith(name));
    expect(ported.stdout.length).toBe(bare.stdout.length);
    for (const name of ['count', 'tables', 'calls', 'forks', 'hog', '$']) expect(linesOf(ported, name)).toEqual(linesOf(bare, name));
    expect(linesOf(bare, 'count').length).toBe(300);
  },
  TIMEOUT,
);

test(
  'two virtual machines print the same at once, and each has its own disk',
  async () => {
    const { folder, read } = scratch();
    const bare = await rm1(['run', 'one-system', '--vmm', 'none', '--save-disk', `${folder}/bare`]);
    const two = await rm1(['run', 'one-system', '--vmm', 'para', '--save-disk', `${folder}/para`]);
    const lines = two.stdout.split('\n');
    for (const vm of ['vm1| ', 'vm2| ']) {
      const own = lines.filter((line) => line.startsWith(vm)).map((line) => line.slice(vm.length));
      expect(own.join('\n')).toBe(bare.stdout);
    }
    expect(two.stderr).toBe(bare.stderr);
    const disk = read('bare/disk.img');
    expect([read('para/vm1.img'), read('para/vm2.img')]).toEqual([disk, disk]);
  },
  TIMEOUT,
);

describe('a ported kernel that means no good', () => {
  const HOSTILE = 'demo/para/hostile.asm';
  const MONITOR = 'vmm/para/para.asm';
  const TOP = 0xffc00000;
  const PAGE = 0x1000;
  const WINDOW = 15 * PAGE;
  const ACCESSED_DIRTY = ~0x60;
  const symbols = new Map(guestImage(MONITOR).symbols.map(({ name, value }) => [name, value]));
  const physical = (name: string): number => ((symbols.get(name) ?? 0) - TOP) >>> 0;

  /**
   * What no guest may change, each with its bytes: the monitor's instructions, its GDT, its IDT, and the page tables that are its own part of every
   * address space, but for the bits that the processor sets in them (A, D).
   */
  function kept({ machine }: Guest): ReadonlyMap<string, string> {
    const { bytes } = machine.ram;
    const hex = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString('hex');
    const { map } = guestImage(MONITOR);
    const code = map.sections
      .flatMap(({ spans }) => spans)
      .filter(({ kind }) => kind === 'instruction')
      .map(({ address, length, file, line }): [string, string] => [
        `${map.files[file]}:${line} at ${address}`,
        hex((address - TOP) >>> 0, (address - TOP + length) >>> 0),
      ]);
    expect(code.length).toBeGreaterThan(500);
    const entries = [1, 2].flatMap((vm) => {
      const from = physical('vms') + (vm - 1) * (symbols.get('VM_BLOCK') ?? 0) + (symbols.get('VM_WINDOW') ?? 0);
      return Array.from({ length: WINDOW / 4 }, (_, k): [string, string] => {
        const entry = new DataView(bytes.buffer, bytes.byteOffset).getUint32(from + 4 * k, true) & ACCESSED_DIRTY;
        return [`entry ${k} of VM ${vm}'s window`, String(entry)];
      });
    });
    const gdt = hex(physical('gdt'), physical('gdtr') + 6);
    return new Map([...code, ...entries, ['GDT', gdt], ['IDT', hex(physical('idt'), physical('idt') + PAGE / 2)]]);
  }

  test(
    'is refused each of its attacks; the other machine has its turns, and the monitor is as it was, byte for byte',
    () => {
      const guest = powered(HOSTILE, 'para', 2);
      const { machine, images } = guest;
      until(machine, guest.label('start'), 1);
      const before = kept(guest);
      machine.run(900_000);
      const [monitor, ...consoles] = machine.board.consoles;
      expect(monitor.text).toBe('');
      for (const { text } of consoles.slice(0, 2)) {
        const lines = text.trimEnd().split('\n');
        expect(lines.filter((line) => !line.endsWith(': refused'))).toEqual(['events masked, for ever']);
        expect(lines.length).toBeGreaterThan(20);
      }
      const turns = new Set<number>();
      for (let k = 0; k < 40; k++) {
        machine.run(machine.n + 5_000);
        turns.add(images.variable('current_vm'));
      }
      expect([...turns].sort()).toEqual([1, 2]);
      expect([...kept(guest)].filter(([name, value]) => before.get(name) !== value)).toEqual([]);
    },
    TIMEOUT,
  );
});
