import { describe, expect, test } from 'vitest';
import { at } from '../../src/cpu/state.ts';
import { NOW } from '../../src/session/parts/bits-now.ts';
import { processorState } from '../../src/session/parts/system-state.ts';
import { Session } from '../../src/session/session.ts';
import type { DevicesView, MemoryView, PartRequest, TableEntry, TablesView } from '../../src/session/views.ts';
import { Kind } from '../../src/trace/log.ts';

const hex = (text: string): number => Number.parseInt(text, 16);

function look<T>(session: Session, request: PartRequest): T {
  session.part = request;
  const { part } = session.view();
  session.part = null;
  return part as T;
}

const tables = (session: Session, guest = false): TablesView => look(session, { part: 'tables', guest });
const devices = (session: Session): DevicesView => look(session, { part: 'devices' });
const memory = (session: Session, space: MemoryView['space'], address: number): MemoryView =>
  look(session, { part: 'memory', space, address });

const entries = (view: TablesView, name: string): readonly TableEntry[] => view.tables.find((table) => table.name === name)?.entries ?? [];

/** To the first row of a kind, by its values. */
function seekTo(session: Session, wanted: (row: number) => boolean): number {
  for (let n = 0; n < 400_000; n += 20_000) {
    session.run(n);
    for (let row = 0; row < session.log.length; row++) {
      if (!wanted(row)) continue;
      session.seek(session.log.stepOf(row));
      return row;
    }
  }
  throw new Error('no such event');
}

const open = (scenario: string, vmm?: 'none' | 'trap' | 'vtx' | 'svm'): Session => Session.open({ scenario, ...(vmm && { vmm }) });

describe('descriptor tables, against readings of their own', () => {
  /** The manual's figure 3-8, byte by byte. */
  function segment(b: Uint8Array): { base: number; limit: number; dpl: number; present: boolean } {
    const limit = b[0] + 256 * b[1] + 65536 * (b[6] % 16);
    return {
      base: b[2] + 256 * b[3] + 65536 * b[4] + 16777216 * b[7],
      limit: b[6] >= 128 ? limit * 4096 + 4095 : limit,
      dpl: Math.floor(b[5] / 32) % 4,
      present: b[5] >= 128,
    };
  }

  test('a GDT is what its bytes say', () => {
    const session = open('two-kernels', 'none');
    session.seek(3000);
    const { s, memory: ram } = session.machine.cpu;
    const found = entries(tables(session), 'GDT');
    expect(found.map(({ number }) => number)).toEqual([0x08, 0x10, 0x18, 0x20, 0x28]);
    for (const entry of found) {
      expect(entry.address).toBe((s[at.gdtrBase] + entry.number) >>> 0);
      const physical = entry.address - 0xc0000000;
      const own = segment(ram.bytes.slice(physical, physical + 8));
      const [, base, limit] = /base (\w+), limit (\w+)/.exec(entry.to)!;
      expect([hex(base!), hex(limit!)]).toEqual([own.base, own.limit]);
      expect(entry.what).toContain(`DPL ${own.dpl}`);
      expect(entry.what.includes('not present')).toBe(!own.present);
    }
  });

  test('the gate of the last interrupt is lit, and leads to where the processor stands', () => {
    const session = open('two-kernels', 'none');
    const row = seekTo(session, (r) => session.log.kindOf(r) === Kind.INTERRUPT);
    const view = tables(session);
    const lit = entries(view, 'IDT').filter((entry) => entry.lit);
    expect(lit.map(({ number }) => number)).toEqual([session.log.valueOf(row, 0)]);
    const { s } = session.machine.cpu;
    const [, selector, offset] = /^(\w+):(\w+)/.exec(lit[0]!.to)!;
    expect([hex(selector!), hex(offset!)]).toEqual([s[at.csSelector], s[at.eip] >>> 0]);
    expect(entries(view, 'GDT').some((entry) => entry.lit && entry.users.includes('CS'))).toBe(true);
    expect(view.transfer).toContain('IRQ 0');
  });

  test('the stack of the TSS is the one that the interrupt took', () => {
    const session = open('two-kernels', 'none');
    const row = seekTo(session, (r) => session.log.kindOf(r) === Kind.INTERRUPT && (session.log.fromOf(r) & 3) === 3);
    const before = tables(session);
    session.seek(session.log.stepOf(row) - 1);
    const { tss } = tables(session);
    const stack = tss!.fields.find(({ name }) => name === 'SS0:ESP0')!;
    session.seek(session.log.stepOf(row));
    const { s } = session.machine.cpu;
    expect(hex(stack.value.slice(5))).toBe((s[at.esp] >>> 0) + 5 * 4);
    expect(stack.now).toContain('from ring 3 to ring 0');
    expect(before.segments.find(({ name }) => name === 'SS')!.selector).toBe(hex(stack.value.slice(0, 4)));
  });

  test('real mode has vectors, and no descriptors', () => {
    const session = open('triple-fault');
    const names = tables(session).tables.map(({ name }) => name);
    expect(names).toEqual((session.machine.cpu.s[at.cr0] & 1) === 0 ? ['IVT'] : ['GDT', 'IDT']);
  });
});

describe('whose they are', () => {
  test.each(['vtx', 'svm'] as const)('%s: what the monitor finds saved is what the guest had', (vmm) => {
    const session = open('two-kernels', vmm);
    const exit = seekTo(
      session,
      (r) => session.log.kindOf(r) === Kind.VMEXIT && session.log.vmOf(r) === 1 && session.log.stepOf(r) > 30_000,
    );
    const n = session.log.stepOf(exit);
    session.seek(n - 1);
    const running = tables(session, true);
    const real = tables(session);
    session.seek(n);
    const saved = tables(session, true);
    expect(running.own).toBe('VM 1’s own');
    expect(saved.segments).toEqual(running.segments);
    expect(saved.tables.map(({ name, base, limit, entries: all }) => [name, base, limit, all.map((e) => ({ ...e, lit: false }))])).toEqual(
      running.tables.map(({ name, base, limit, entries: all }) => [name, base, limit, all.map((e) => ({ ...e, lit: false }))]),
    );
    const value = (view: TablesView, name: string) => view.registers.find((register) => register.name === name)!.value;
    for (const name of ['CR0', 'CR3', 'CR4']) expect(value(saved, name)).toBe(value(running, name));
    const labels = (view: TablesView) => entries(view, 'IDT').map(({ to }) => to);
    expect(labels(real)).toEqual(labels(running));
    expect(labels(real).join(' ')).toContain('system_call');
    expect(value(real, 'CR3')).not.toBe(value(running, 'CR3'));
    expect(tables(session).tables[0]!.base).not.toBe(saved.tables[0]!.base);
  });

  test('a guest in ring 1 has the tables that it has on the bare machine; the processor has its monitor’s', () => {
    const bare = open('two-kernels', 'none');
    bare.seek(30_000);
    const alone = tables(bare);
    const session = open('two-kernels', 'trap');
    seekTo(session, (r) => session.log.kindOf(r) === Kind.EXCEPTION && session.log.vmOf(r) === 1 && session.log.stepOf(r) > 150_000);
    const own = tables(session, true);
    expect(own.guest).toBe(true);
    const shape = (view: TablesView, name: string) => entries(view, name).map(({ number, to }) => [number, to]);
    expect(shape(own, 'GDT').length).toBe(5);
    expect(shape(own, 'GDT')).toEqual(shape(alone, 'GDT'));
    expect(shape(own, 'IDT')).toEqual(shape(alone, 'IDT'));
    const real = tables(session);
    expect(entries(real, 'GDT').filter(({ what }) => what.includes('DPL 1')).length).toBeGreaterThan(1);
    expect(entries(real, 'IDT').find(({ lit }) => lit)?.to).toContain(':FFD');
  });

  test('on the bare machine there is one side only', () => {
    const session = open('two-kernels', 'none');
    session.seek(3000);
    expect(tables(session, true)).toMatchObject({ guest: false, own: '' });
  });
});

describe('why a bit matters now', () => {
  const now = (view: TablesView, register: string, bit: string) =>
    view.registers.find(({ name }) => name === register)!.bits.find(({ name }) => name === bit)!.now;

  test('IF, IOPL and WP follow the machine', () => {
    const session = open('two-kernels', 'none');
    const row = seekTo(session, (r) => session.log.kindOf(r) === Kind.INTERRUPT && (session.log.fromOf(r) & 3) === 3);
    const kernel = tables(session);
    expect(now(kernel, 'EFLAGS', 'IF')).toMatch(/^IF = 0: an interrupt would wait/);
    expect(now(kernel, 'EFLAGS', 'IOPL')).toContain('CPL 0 ≤ IOPL 0');
    session.seek(session.log.stepOf(row) - 1);
    const program = tables(session);
    expect(now(program, 'EFLAGS', 'IF')).toMatch(/^IF = 1: an interrupt is taken/);
    expect(now(program, 'EFLAGS', 'IOPL')).toContain('CPL 3 > IOPL 0');
    expect(now(program, 'CR0', 'WP')).toContain('ring 0, too, faults');
  });

  test('who waits is named, and a monitor’s exits come before IF', () => {
    const session = open('two-kernels', 'none');
    const state = processorState(session);
    const around = { waiting: 'timer', interruptsExit: false, guest: false };
    const bit = NOW['EFLAGS.IF']!;
    expect(bit({ ...state, eflags: 2 }, around)).toBe('IF = 0: an interrupt waits (timer).');
    expect(bit({ ...state, eflags: 0x202 }, around)).toMatch(/^IF = 1: the interrupt that waits \(timer\)/);
    expect(bit({ ...state, eflags: 2 }, { ...around, interruptsExit: true })).toMatch(/^External interrupts leave the guest/);
    expect(NOW['CR0.WP']!({ ...state, cr0: 0x80000001 | 0 }, around)).toMatch(/^WP = 0: rings 0 to 2 write through/);
    expect(NOW['EFLAGS.IOPL']!({ ...state, cr0: 1, cpl: 3, eflags: 0x3002 }, around)).toMatch(/^CPL 3 ≤ IOPL 3/);
  });

  test('each register is cut into its bits, none left out that is 1', () => {
    const session = open('two-kernels', 'vtx');
    session.seek(60_000);
    for (const { name, value, bits } of tables(session).registers) {
      if (bits.length === 0 || name === 'DR6' || name === 'DR7') continue;
      const covered = bits.reduce((sum, { bits: at }) => {
        const [high, low] = at.split(':').map(Number);
        return sum + 2 ** (high! + 1) - 2 ** (low ?? high!);
      }, 0);
      const fixed = name === 'EFLAGS' ? 2 : 0;
      expect(value & ~covered & ~fixed, name).toBe(0);
    }
  });
});

describe('devices', () => {
  test('what is shown is what the ports say', () => {
    const session = open('two-kernels', 'vtx');
    session.seek(60_000);
    const view = devices(session);
    const { board } = session.machine;
    expect(view.pics.map(({ name, vm }) => [name, vm]).slice(0, 4)).toEqual([
      ['8259A', 0],
      ['second 8259A', 0],
      ['8259A', 1],
      ['second 8259A', 1],
    ]);
    expect(view.pics[0]!.imr).toBe(board.pic1.read(0x21));
    expect(view.pics[0]!.lines.map(({ masked }) => (masked ? '1' : '0')).join('')).toBe(
      board.pic1.read(0x21).toString(2).padStart(8, '0').split('').reverse().join(''),
    );
    expect(view.pics[1]!.imr).toBe(board.pic2.read(0xa1));
    const com1 = view.chips.find(({ name }) => name.startsWith('COM1'))!;
    expect(hex(com1.rows.find(({ name }) => name === 'IER')!.value)).toBe(board.uarts[0]!.read(0x3f9));
    expect(hex(com1.rows.find(({ name }) => name === 'MCR')!.value)).toBe(board.uarts[0]!.read(0x3fc));
    const counter = view.chips[0]!.rows[0]!;
    board.pit.write(0x43, 1, 0);
    expect(hex(counter.value)).toBe(board.pit.read(0x40) + 256 * board.pit.read(0x40));
    board.uarts[0]!.receive(0x41);
    const received = devices(session)
      .chips.find(({ name }) => name === com1.name)!
      .rows.at(-1)!;
    expect(received).toMatchObject({ value: '1', meaning: '41' });
  });

  test('looking changes nothing', () => {
    const session = open('two-kernels', 'vtx');
    session.seek(60_000);
    const before = session.machine.hash();
    devices(session);
    tables(session);
    tables(session, true);
    memory(session, 'linear', 0);
    expect(session.machine.hash()).toBe(before);
    expect(session.n).toBe(60_000);
  });

  test('a guest’s request waits in the 8259 that its monitor keeps', () => {
    const session = open('two-kernels', 'trap');
    session.run(160_000);
    const { pics } = devices(session);
    const chip = pics.find(({ vm, name }) => vm === 1 && name === '8259A')!;
    expect(chip.base).toBe(0x20);
    expect(chip.irr).toBe((session.images.believed(1, 'VM.master') ?? 0) & 0xff);
  });

  test('the disk is what its file system says, each sector once', () => {
    const session = open('one-system');
    const { disks } = devices(session);
    expect(disks.length).toBeGreaterThan(0);
    for (const { runs, sectors } of disks) {
      expect(runs.slice(0, 3).map(({ what }) => what)).toEqual(['superblock', 'directory', 'links']);
      let next = 0;
      for (const { first, last } of runs) {
        expect(first).toBe(next);
        next = last + 1;
      }
      expect(next).toBe(sectors);
      for (const { first, last, size } of runs.filter(({ name }) => name !== '')) expect(last - first + 1).toBe(Math.ceil(size / 512));
      expect(runs.find(({ name }) => name === 'readme')!.what).toBe('text');
    }
    const { runs, base } = disks[0]!;
    const readme = runs.find(({ name }) => name === 'readme')!;
    const { bytes } = memory(session, 'disk', (base + readme.first) * 512);
    expect(String.fromCharCode(...bytes.slice(0, 9))).toBe('Programs:');
  });
});

describe('memory', () => {
  test('an interrupt changes what it pushes, and nothing else', () => {
    const session = open('two-kernels', 'none');
    const row = seekTo(session, (r) => session.log.kindOf(r) === Kind.INTERRUPT && (session.log.fromOf(r) & 3) === 3);
    const n = session.log.stepOf(row);
    session.seek(n - 1);
    const before = session.machine.ram.bytes.slice();
    session.seek(n);
    const esp = session.machine.cpu.s[at.esp] >>> 0;
    const view = memory(session, 'linear', esp);
    const pushed = view.bytes.flatMap((byte, k) => (byte !== before[view.physical + k] ? [k] : []));
    expect(view.changed).toEqual(pushed);
    expect(view.changed.length).toBeGreaterThan(0);
    for (const k of view.changed) expect([view.address + k >= esp, view.address + k < esp + 20]).toEqual([true, true]);
    expect(session.n).toBe(n);
  });

  test('spaces lead to the same bytes', () => {
    const session = open('two-kernels', 'vtx');
    seekTo(session, (r) => session.log.kindOf(r) === Kind.VMEXIT && session.log.vmOf(r) === 1 && session.log.stepOf(r) > 30_000);
    session.seek(session.n - 1);
    const { places, spaces } = memory(session, 'linear', 0);
    expect(spaces).toEqual(['linear', 'guest-physical', 'physical']);
    const { address } = places.find(({ name }) => name === 'CS:EIP')!;
    const linear = memory(session, 'linear', address);
    const physical = memory(session, 'physical', linear.physical);
    const guest = memory(session, 'guest-physical', linear.physical - session.images.memoryOf(1)!.base);
    expect(physical.bytes).toEqual(linear.bytes);
    expect(guest.bytes).toEqual(linear.bytes);
    expect(linear.spans.map(({ what }) => what)).not.toContain('');
    expect(linear.spans.some(({ what }) => /kernel/.test(what))).toBe(true);
  });

  test('tables are named where they lie', () => {
    const session = open('two-kernels', 'vtx');
    session.seek(60_000);
    const { places } = memory(session, 'linear', 0);
    const what = (name: string) => {
      const { space, address } = places.find((place) => place.name === name)!;
      const view = memory(session, space, address);
      return view.spans.find(({ from, to }) => view.address + from <= address && address <= view.address + to)?.what;
    };
    expect([what('GDTR'), what('IDTR'), what('CR3'), what('VMCS')]).toEqual(['GDT', 'IDT', 'page directory in CR3', 'VMCS']);
  });

  test('where nothing is, it says so; no address breaks it', () => {
    const session = open('two-kernels', 'none');
    session.seek(3000);
    for (const space of ['linear', 'guest-physical', 'physical', 'disk'] as const)
      for (const address of [0, 1, 0xffffffff, 2 ** 40, -5, Number.NaN]) {
        const view = memory(session, space, address);
        expect(view.bytes.length).toBe(256);
        expect(view.address % 16).toBe(0);
        if (view.bytes.includes(-1)) expect(view.note).not.toBe('');
      }
    expect(memory(session, 'physical', 0xf0000000).note).toContain('F0000000: There is no RAM.');
  });
});
