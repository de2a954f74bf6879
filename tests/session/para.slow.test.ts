/** minim ported to hypercalls, under the monitor `para`: it prints what the unchanged one prints on the bare machine. */
import { describe, expect, test } from 'vitest';
import { type Ended, rm1, scratch } from '../support/rm1.ts';

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
