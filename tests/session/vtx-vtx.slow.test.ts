/** One kernel under two monitors, one within the other: what it prints and what it writes is what it prints and writes alone. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const RM1 = fileURLToPath(new URL('../../bin/rm1.mjs', import.meta.url));
const TYPED = 'ls\ncount 3\nwrite note I was here\ncat note\nhog 20\ntables 3\ncalls 5\nforks 3\ncrash kernel\nexit\n';
const folder = mkdtempSync(join(tmpdir(), 'rm1-twice-'));

interface Run {
  readonly outcome: string;
  readonly hash: string;
  readonly consoles: readonly { readonly title: string; readonly text: string }[];
  readonly disks: readonly Buffer[];
}

/** An image, with the script typed at each of the consoles. */
function run(name: string, image: string, consoles: readonly number[], disks: readonly string[], ...options: string[]): Run {
  const input = join(folder, `${name}.input`);
  const saved = join(folder, name);
  const keys = [...new TextEncoder().encode(TYPED)];
  writeFileSync(input, consoles.flatMap((console) => keys.map((byte) => `${JSON.stringify({ n: 0, console, byte })}\n`)).join(''));
  const asked = ['run', image, '--json', '--hash', '--input', input, ...(disks.length > 0 ? ['--save-disk', saved] : []), ...options];
  const { stdout, stderr } = spawnSync(process.execPath, [RM1, ...asked], { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return { ...JSON.parse(stdout), disks: disks.map((disk) => readFileSync(join(saved, disk))) };
}

describe('vtx in vtx', () => {
  const bare = run('bare', 'minim', [0], ['disk.img'], '--memory', '4M');

  test.each(['westmere', 'lynnfield'])(
    '%s: two machines print what one prints alone, and their disks are equal afterwards',
    (cpu) => {
      const twice = run(cpu, 'minim', [2, 3], ['vm1.img', 'vm2.img'], '--memory', '4M', '--vmm', 'vtx-vtx', '--vms', '2', '--cpu', cpu);
      expect(twice.outcome).toBe('halted');
      expect(twice.consoles.map(({ title }) => title).slice(0, 4)).toEqual([
        'Monitor console',
        'Inner monitor console',
        'VM 1 console',
        'VM 2 console',
      ]);
      const alone = bare.consoles[0].text;
      expect(alone).toMatch(/^minim .*\$ exit\n/s);
      expect(twice.consoles.map(({ text }) => text).slice(0, 4)).toEqual(['', '', alone, alone]);
      for (const disk of twice.disks) expect(disk.equals(bare.disks[0])).toBe(true);
    },
    120_000,
  );

  test('kernels that halt end first the inner monitor, then the outer one', () => {
    const [alone] = run('duet-bare', 'duet', [], []).consoles;
    const [outer, inner, ...guests] = run('duet', 'duet', [], [], '--vmm', 'vtx-vtx', '--vms', '3', '--memory', '4M').consoles;
    expect(guests.slice(0, 3).map(({ text }) => text)).toEqual([alone.text, alone.text, alone.text]);
    expect(inner.text.split('\n').sort()).toEqual(['', 'vm1: halted', 'vm2: halted', 'vm3: halted', 'vtx: no virtual machine is left']);
    expect(outer.text).toBe('vm1: halted\nvtx: no virtual machine is left\n');
  }, 120_000);

  test('a run is the same every time', () => {
    const once = () =>
      run('same', 'minim', [2, 3], [], '--vmm', 'vtx-vtx', '--vms', '2', '--memory', '4M', '--max-instructions', '3000000');
    const { hash } = once();
    expect(hash).toMatch(/^[0-9a-f]{16,}$/);
    expect(once().hash).toBe(hash);
  }, 120_000);
});
