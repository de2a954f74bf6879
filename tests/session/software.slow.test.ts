/** Monitors that no hardware helps: a guest's kernel beside them in ring 0, in ring 1, or translated. */
import { describe, expect, test } from 'vitest';
import { guestImage } from '../../src/session/guests.ts';
import type { Vmm } from '../../src/session/views.ts';
import { rm1Run } from '../cli/support/world.ts';
import { type Guest, powered, printed, reg, until } from './support/powered.ts';

const DUET = 'duet/duet.asm';
const SENSITIVE = 'demo/sensitive.asm';
const PRIVILEGED = 'demo/privileged.asm';
const HOSTILE = 'demo/hostile.asm';
const MOST = 12_000_000;
const IF = 1 << 9;
/** Linear address of physical 0 in monitors that lie at the top. */
const TOP = 0xffc00000;

function ran(source: string, vmm: Vmm, vms = 1, most = MOST): Guest {
  const guest = powered(source, vmm, vms);
  guest.machine.run(most);
  return guest;
}

describe('peer: the kernel in ring 0 beside its monitor', () => {
  test('the guest prints what it prints alone, on what was the monitor’s console', () => {
    const { machine } = ran(DUET, 'peer');
    const [monitor, vm] = machine.board.consoles;
    const [alone] = printed(ran(DUET, 'none'));
    expect(monitor.text).toBe(`peer: the guest begins. The clock will bring me back.\n${alone}`);
    expect(vm.text).toBe('');
  });

  test('LGDT, CR3 and LIDT are the guest’s, one after the other, and the monitor never runs again', () => {
    const guest = powered(DUET, 'peer');
    const { machine, label } = guest;
    until(machine, label('start') - 0xc0000000, 0);
    expect(reg(machine, 'cr3') & 0xfff00000).not.toBe(0x00100000);
    const [gdtr, idtr, cr3] = [reg(machine, 'gdtrBase'), reg(machine, 'idtrBase'), reg(machine, 'cr3')];
    expect([gdtr, idtr].every((base) => base >= TOP)).toBe(true);
    until(machine, label('main'), 0);
    expect(reg(machine, 'cr3')).not.toBe(cr3);
    expect(reg(machine, 'idtrBase')).toBe(idtr);
    until(machine, label('console_setup'), 0);
    expect(reg(machine, 'gdtrBase')).toBe(label('gdt'));
    expect(reg(machine, 'idtrBase')).toBe(label('idt'));
    for (let k = 0; k < 200_000 && machine.end === null; k++) {
      machine.run(machine.n + 1);
      if (reg(machine, 'eip') >= TOP) expect.unreachable(`the monitor ran at step ${machine.n}`);
    }
  });

  test('one guest is all there can be', () => {
    expect(() => powered(DUET, 'peer', 2)).toThrow(/one guest/);
  });
});

describe('trap and emulate: the kernel in ring 1', () => {
  test('a kernel whose sensitive instructions all trap notices nothing', () => {
    const [alone] = printed(ran(PRIVILEGED, 'none'));
    expect(alone).toMatch(/^CR0 00000011\nCR3 00123000\ntick 00000001\n(tick .*\n)*off, ticks 00000000\nexception/);
    expect(printed(ran(PRIVILEGED, 'trap', 2))).toEqual([alone, alone]);
  });

  test('a kernel that asks is told of a machine that is not its own', () => {
    const differing = (vmm: Vmm) => {
      const alone = printed(ran(SENSITIVE, 'none'))[0].split('\n');
      return printed(ran(SENSITIVE, vmm))[0]
        .split('\n')
        .filter((line, k) => line !== alone[k])
        .map((line) => line.replace(/ [0-9A-F]{8}.*/, ''));
    };
    expect(differing('trap')).toEqual(['SGDT', 'SIDT', 'STR', 'SMSW', 'PUSH CS', 'MOV r,SS', 'LAR', 'LSL', 'POPF, ticks behind it']);
    expect(differing('translate')).toEqual([]);
    expect(differing('vtx')).toEqual([]);
  });

  /** EAX, or the doubleword at the stack's top, behind the instruction at a label: on the bare machine and in ring 1. */
  const behind = (name: string, read: (guest: Guest) => number) =>
    (['none', 'trap'] as const).map((vmm) => {
      const guest = powered(SENSITIVE, vmm);
      const ring = vmm === 'none' ? 0 : 1;
      until(guest.machine, guest.label(`main.${name}_here`), ring);
      const { n } = guest.machine;
      guest.machine.run(n + 1);
      expect(reg(guest.machine, 'csSelector') & 3, `${name} does not trap`).toBe(ring);
      return read(guest);
    });

  test.each([
    ['str', 0x28, 0xfd0],
    ['mov_ss', 0x10, 0x11],
    ['lar', 0xc09b00, 0xc0bb00],
    ['lsl', 0xffffffff, 0xffbfffff],
  ])('%s gives %i bare, and %i in ring 1, without a trap', (name, bare, ring1) => {
    expect(behind(name, ({ machine }) => reg(machine, 'eax'))).toEqual([bare, ring1]);
  });

  test('smsw shows the real CR0: paging is on', () => {
    expect(behind('smsw', ({ machine }) => reg(machine, 'eax') & 0xffff)).toEqual([0x11, 0x31]);
  });

  test('popf leaves IF as it is, and the next tick comes', () => {
    expect(behind('popf', ({ machine }) => reg(machine, 'eflags') & IF)).toEqual([0, IF]);
  });

  test('duet goes wrong at its first IRET to a program: no trap, so its IF stays 0 for the monitor, and no tick reaches a program', () => {
    const guest = powered(DUET, 'trap');
    const { machine, images, label } = guest;
    const [iret] = [label('leave_kernel') + 1];
    until(machine, iret, 1);
    expect(reg(machine, 'esp')).toBeGreaterThan(0);
    machine.run(machine.n + 1);
    expect(reg(machine, 'csSelector') & 3).toBe(3);
    expect(images.believed(1, 'SOFT.if')).toBe(0);
    const bare = powered(DUET, 'none');
    until(bare.machine, iret, 0);
    bare.machine.run(bare.machine.n + 1);
    expect(reg(bare.machine, 'eflags') & IF).toBe(IF);
  });
});

describe('minim at its shell', () => {
  const typed = 'ls\ncount 2\nwrite note 42\ncat note\ncalls 5\ncrash\ninsmod greet\nhalt\n';
  const under = (vmm: string) => rm1Run(`minim --memory 8M --vmm ${vmm} --save-disk out`, {}, [typed]);

  test('prints the same translated, and leaves the same disk', async () => {
    const alone = await under('none');
    const translated = await under('translate');
    expect(translated.stdout).toBe(alone.stdout);
    expect(translated.files.get('out/vm1.img')).toEqual(alone.files.get('out/disk.img'));
  });

  test('in ring 1 it goes wrong where a module of its kernel reads CS, and nowhere before', async () => {
    const alone = (await under('none')).stdout.split('\n');
    const trapped = (await under('trap')).stdout.split('\n');
    const differing = alone.map((line, k) => [line, trapped[k]]).filter(([a, b]) => a !== b);
    expect(differing).toEqual([['greet: a module, in ring 0', 'greet: a module, in ring 1']]);
  });
});

describe('the red pill: SIDT in ring 3', () => {
  test.each([
    ['none', 'My own. I cannot tell.'],
    ['translate', 'Not mine. Somebody is below me.'],
    ['trap', 'Not mine. Somebody is below me.'],
    ['vtx', 'My own. I cannot tell.'],
    ['svm', 'My own. I cannot tell.'],
  ] as const)('%s: %s', (vmm, said) => {
    expect(printed(ran('demo/red-pill.asm', vmm))[0].split('\n')[1]).toBe(said);
  });
});

describe('binary translation', () => {
  test('duet prints the same, byte for byte, in each of two virtual machines', () => {
    const [alone] = printed(ran(DUET, 'none'));
    const two = ran(DUET, 'translate', 2);
    expect(two.machine.end).toEqual({ kind: 'halted' });
    expect(printed(two)).toEqual([alone, alone]);
    expect(two.machine.board.consoles[0].text).toMatch(/^vm\d: halted\nvm\d: halted\ntranslate: no virtual machine is left\n$/);
  });

  test('no instruction of a guest kernel runs where the guest has it', () => {
    const guest = powered(DUET, 'translate');
    const { machine } = guest;
    let translated = 0;
    for (let k = 0; k < 400_000 && machine.end === null; k++) {
      machine.run(machine.n + 1);
      if ((reg(machine, 'csSelector') & 3) !== 1) continue;
      translated++;
      if (reg(machine, 'eip') < TOP) expect.unreachable(`the kernel’s own code ran at step ${machine.n}`);
    }
    expect(translated).toBeGreaterThan(5000);
  });

  test('it links its units, calls out, and gives places that write to watched pages a callout', () => {
    const { images } = ran(DUET, 'translate');
    const counted = (field: string) => images.believed(1, `SOFT.${field}`) ?? 0;
    expect(counted('chained')).toBeGreaterThan(20);
    expect(counted('callouts')).toBeGreaterThan(200);
    expect(counted('adapted')).toBeGreaterThan(2);
    expect(counted('unit_count')).toBeGreaterThan(40);
  });
});

describe('a hostile kernel', () => {
  /** Where a monitor's instructions differ from its image. */
  const changed = ({ machine }: Guest, source: string): readonly string[] => {
    const { image, map } = guestImage(source);
    const spans = map.sections.flatMap((section) => section.spans).filter(({ kind, offset }) => kind === 'instruction' && offset >= 0);
    expect(spans.length).toBeGreaterThan(500);
    return spans
      .filter(({ address, offset, length }) => {
        const from = (address - TOP) >>> 0;
        return !machine.ram.bytes.subarray(from, from + length).every((byte, k) => byte === image[offset + k]);
      })
      .map(({ line, file }) => `${map.files[file]}:${line}`);
  };

  test.each(['trap', 'translate'] as const)('under %s its writes are refused, both have their turns, the monitor is as it was', (vmm) => {
    const guest = ran(HOSTILE, vmm, 2, 4_000_000);
    const { machine } = guest;
    const attacks = 'page tables: own\nrefused\nrefused\nrefused\nrefused\nports: written\ninterrupts off, for ever\n';
    expect(machine.board.consoles.slice(1, 3).map(({ text }) => text)).toEqual([attacks, attacks]);
    expect(machine.end).toBeNull();
    expect(machine.board.consoles[0].text).toBe('');
    const source = `vmm/${vmm}/${vmm}.asm`;
    expect(changed(guest, source)).toEqual([]);
    const idt = guestImage(source).symbols.find(({ name }) => name === 'idt')?.value ?? 0;
    expect(reg(machine, 'idtrBase')).toBe(idt >>> 0);
  });
});
