import { describe, expect, test } from 'vitest';
import { assemble } from '../../src/asm/index.ts';
import { cpuid } from '../../src/cpu/exec/system.ts';
import { readMsr, writeMsr } from '../../src/cpu/msrs.ts';
import { WAITING_FOR_STARTUP } from '../../src/cpu/registers.ts';
import { at, counterAt, SIGNAL_INIT, SIGNAL_STARTUP } from '../../src/cpu/state.ts';
import { ApicBus } from '../../src/machine/devices/apic-bus.ts';
import { IoApic } from '../../src/machine/devices/apic-io.ts';
import { LocalApic } from '../../src/machine/devices/apic-local.ts';
import { Machine } from '../../src/machine/machine.ts';

const SVR = 0xf0;
const TPR = 0x80;
const PPR = 0xa0;
const EOI = 0xb0;
const ISR = 0x100;
const TMR = 0x180;
const IRR = 0x200;
const ESR = 0x280;
const ICR = 0x300;
const ICR_HIGH = 0x310;
const TIMER = 0x320;
const LINT0 = 0x350;
const ERROR = 0x370;
const INITIAL = 0x380;
const CURRENT = 0x390;
const DIVIDE = 0x3e0;
const MASKED = 1 << 16;

/** Some local APICs on one bus, and what they asked of their processors. */
class Apics {
  readonly clock = { now: 0, frequency: 1_000_000 };
  readonly bus = new ApicBus();
  readonly log: string[] = [];
  readonly intr: boolean[] = [];
  readonly locals: LocalApic[];
  readonly io = new IoApic({ name: 'I/O APIC', bus: this.bus, identifier: 9 });

  constructor(count = 1) {
    this.locals = Array.from({ length: count }, (_, identifier) => this.#local(identifier));
    for (const local of this.locals) {
      local.reset();
      this.write(SVR, 0x1ff, local);
    }
    this.io.reset();
  }

  #local(identifier: number): LocalApic {
    const say = (text: string) => () => {
      this.log.push(`${identifier} ${text}`);
    };
    return new LocalApic({
      name: `local APIC ${identifier}`,
      clock: this.clock,
      bus: this.bus,
      identifier,
      bootstrap: identifier === 0,
      intr: (level) => {
        this.intr[identifier] = level;
      },
      nmi: say('NMI'),
      init: say('INIT'),
      startup: (vector) => this.log.push(`${identifier} starts at ${vector}`),
      acknowledgeExternal: () => 0x20,
    });
  }

  write(offset: number, value: number, local = this.locals[0]): void {
    local.region.write(0xfee00000 + offset, 4, value);
  }

  read(offset: number, local = this.locals[0]): number {
    return local.region.read(0xfee00000 + offset, 4);
  }

  redirect(input: number, low: number, high = 0): void {
    for (const [index, value] of [
      [0x11 + 2 * input, high],
      [0x10 + 2 * input, low],
    ]) {
      this.io.region.write(0xfec00000, 4, index);
      this.io.region.write(0xfec00010, 4, value);
    }
  }

  redirection(input: number): number {
    this.io.region.write(0xfec00000, 4, 0x10 + 2 * input);
    return this.io.region.read(0xfec00010, 4);
  }

  at(cycle: number): void {
    this.clock.now = cycle;
    for (const local of this.locals) if (local.nextEvent() <= cycle) local.advance();
  }
}

const self = (vector: number): number => 0x40000 | vector;

describe('a local APIC', () => {
  test('after RESET it is there, disabled by software, and every local interrupt is masked', () => {
    const { locals } = new Apics();
    locals[0].reset();
    expect(locals[0].base >>> 0).toBe(0xfee00900);
    expect([TIMER, LINT0, ERROR].map((offset) => locals[0].region.read(offset, 4))).toEqual([MASKED, MASKED, MASKED]);
    expect([0x20, 0x30, SVR, 0xe0].map((offset) => locals[0].region.read(offset, 4))).toEqual([0, 0x50014, 0xff, -1]);
    locals[0].region.write(TIMER, 4, 0x20030);
    expect(locals[0].region.read(TIMER, 4)).toBe(0x30030);
  });

  test('an interrupt goes from request to service to its end', () => {
    const apics = new Apics();
    apics.write(ICR, self(0x45));
    expect([apics.intr[0], apics.read(IRR + 0x20)]).toEqual([true, 1 << 5]);
    expect(apics.locals[0].acknowledge()).toBe(0x45);
    expect([apics.intr[0], apics.read(IRR + 0x20), apics.read(ISR + 0x20), apics.read(PPR)]).toEqual([false, 0, 1 << 5, 0x40]);
    apics.write(EOI, 0);
    expect([apics.read(ISR + 0x20), apics.read(PPR)]).toEqual([0, 0]);
  });

  test('only a more urgent class interrupts what is in service, or the task', () => {
    const apics = new Apics();
    apics.write(TPR, 0x50);
    apics.write(ICR, self(0x5f));
    expect(apics.intr[0]).toBe(false);
    apics.write(TPR, 0x4f);
    expect(apics.locals[0].acknowledge()).toBe(0x5f);
    apics.write(ICR, self(0x51));
    expect(apics.intr[0]).toBe(false);
    apics.write(ICR, self(0x61));
    expect(apics.locals[0].acknowledge()).toBe(0x61);
    apics.write(EOI, 0);
    apics.write(EOI, 0);
    expect(apics.locals[0].acknowledge()).toBe(0x51);
  });

  test('the 8259A passes through LINT0 in ExtINT mode only', () => {
    const apics = new Apics();
    const [local] = apics.locals;
    local.external(true);
    expect(apics.intr[0]).toBe(false);
    apics.write(LINT0, 0x700);
    expect([apics.intr[0], local.acknowledge()]).toEqual([true, 0x20]);
    apics.write(TPR, 0xff);
    expect(apics.intr[0]).toBe(true);
    apics.write(LINT0, 0x700 | MASKED);
    expect(apics.intr[0]).toBe(false);
    local.writeBase(0xfee00000 | 0, 0);
    expect(apics.intr[0]).toBe(true);
  });

  test('nothing to acknowledge gives the spurious vector, which is not in service', () => {
    const apics = new Apics();
    expect(apics.locals[0].acknowledge()).toBe(0xff);
    expect(apics.read(ISR + 0x70)).toBe(0);
  });

  test('vectors below 16 and registers that do not exist are errors, seen after a write', () => {
    const apics = new Apics();
    apics.write(ERROR, 0x33);
    apics.write(ICR, self(3));
    apics.read(0x40);
    expect(apics.read(ESR)).toBe(0);
    apics.write(ESR, 0);
    expect(apics.read(ESR)).toBe(0xa0);
    expect(apics.locals[0].acknowledge()).toBe(0x33);
    apics.write(ESR, 0);
    expect(apics.read(ESR)).toBe(0);
  });

  test('IA32_APIC_BASE moves it, and refuses reserved bits', () => {
    const { locals } = new Apics();
    expect(locals[0].writeBase(0x10000900, 0)).toBe(true);
    expect([locals[0].region.first, locals[0].region.last]).toEqual([0x10000000, 0x10000fff]);
    expect([locals[0].writeBase(0xfee00c00 | 0, 0), locals[0].writeBase(0xfee00900 | 0, 1)]).toEqual([false, false]);
    locals[0].writeBase(0xfee00100 | 0, 0);
    expect(locals[0].region.first).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('its timer', () => {
  test('counts down once, divided', () => {
    const apics = new Apics();
    apics.write(TIMER, 0x30);
    apics.write(DIVIDE, 3);
    apics.write(INITIAL, 100);
    apics.at(160);
    expect(apics.read(CURRENT)).toBe(90);
    expect(apics.locals[0].nextEvent()).toBe(1600);
    apics.at(1600);
    expect([apics.read(CURRENT), apics.intr[0], apics.locals[0].acknowledge()]).toEqual([0, true, 0x30]);
    expect(apics.locals[0].nextEvent()).toBe(Number.POSITIVE_INFINITY);
  });

  test('goes on in periodic mode without drift', () => {
    const apics = new Apics();
    apics.write(TIMER, 0x20030);
    apics.write(DIVIDE, 0xb);
    apics.write(INITIAL, 100);
    apics.at(250);
    expect([apics.locals[0].nextEvent(), apics.read(CURRENT)]).toEqual([300, 50]);
    apics.at(300);
    expect(apics.locals[0].nextEvent()).toBe(400);
  });

  test('masked it counts and asks nothing; 0 stops it', () => {
    const apics = new Apics();
    apics.write(TIMER, 0x30 | MASKED);
    apics.write(DIVIDE, 0xb);
    apics.write(INITIAL, 10);
    apics.at(10);
    expect(apics.intr[0]).toBe(false);
    apics.write(INITIAL, 0);
    expect(apics.locals[0].nextEvent()).toBe(Number.POSITIVE_INFINITY);
  });

  test('every divider', () => {
    const apics = new Apics();
    const found = [0, 1, 2, 3, 8, 9, 10, 11].map((code) => {
      apics.write(DIVIDE, code);
      apics.write(INITIAL, 1);
      return apics.locals[0].nextEvent();
    });
    expect(found).toEqual([2, 4, 8, 16, 32, 64, 128, 1]);
  });
});

describe('messages between processors', () => {
  test('INIT and start-up to one, by its identifier', () => {
    const apics = new Apics(3);
    apics.write(ICR_HIGH, 2 << 24);
    apics.write(ICR, 0x4500);
    apics.write(ICR, 0x8500);
    apics.write(ICR, 0x4608);
    expect(apics.log).toEqual(['2 INIT', '2 starts at 8']);
  });

  test('shorthands: self, all, all but self', () => {
    const apics = new Apics(3);
    apics.write(ICR, 0x80400);
    apics.write(ICR, 0xc0400);
    expect(apics.log).toEqual(['0 NMI', '1 NMI', '2 NMI', '1 NMI', '2 NMI']);
    apics.write(ICR, self(0x40));
    expect(apics.intr).toEqual([true, false, false]);
  });

  test('logical destinations, flat and in clusters', () => {
    const apics = new Apics(3);
    apics.locals.forEach((local, i) => {
      apics.write(0xd0, 1 << (24 + i), local);
    });
    apics.write(ICR_HIGH, 0b110 << 24);
    apics.write(ICR, 0x800 | 0x40);
    expect(apics.intr).toEqual([false, true, true]);
    const clusters = new Apics(3);
    clusters.locals.forEach((local, i) => {
      clusters.write(0xe0, 0, local);
      clusters.write(0xd0, (i === 2 ? 0x21 : 0x11 << i) << 24, local);
    });
    clusters.write(ICR_HIGH, 0x13 << 24);
    clusters.write(ICR, 0x800 | 0x40);
    expect(clusters.intr).toEqual([true, false, false]);
  });

  test('lowest priority goes to one, the least busy', () => {
    const apics = new Apics(2);
    apics.locals.forEach((local, i) => {
      apics.write(0xd0, 1 << (24 + i), local);
    });
    apics.write(TPR, 0x80);
    apics.write(ICR_HIGH, 3 << 24);
    apics.write(ICR, 0x800 | 0x100 | 0x40);
    expect(apics.intr).toEqual([false, true]);
  });
});

describe('an I/O APIC', () => {
  test('an edge asks once', () => {
    const apics = new Apics();
    apics.redirect(4, 0x54);
    apics.io.line(4, true);
    expect([apics.locals[0].acknowledge(), apics.intr[0]]).toEqual([0x54, false]);
    apics.write(EOI, 0);
    apics.io.line(4, true);
    expect(apics.intr[0]).toBe(false);
    apics.io.line(4, false);
    apics.io.line(4, true);
    expect(apics.locals[0].acknowledge()).toBe(0x54);
  });

  test('a level asks again after its end while it lasts', () => {
    const apics = new Apics();
    apics.redirect(5, 0x8055);
    apics.io.line(5, true);
    expect([apics.redirection(5) & 0x4000, apics.read(TMR + 0x20)]).toEqual([0x4000, 1 << 21]);
    expect(apics.locals[0].acknowledge()).toBe(0x55);
    apics.write(EOI, 0);
    expect([apics.locals[0].acknowledge(), apics.intr[0]]).toEqual([0x55, false]);
    apics.io.line(5, false);
    apics.write(EOI, 0);
    expect([apics.redirection(5) & 0x4000, apics.intr[0]]).toEqual([0, false]);
  });

  test('masked and active-low inputs', () => {
    const apics = new Apics();
    apics.io.line(6, true);
    apics.redirect(6, 0x2056);
    apics.io.line(6, false);
    expect(apics.locals[0].acknowledge()).toBe(0x56);
    apics.redirect(7, 0x57 | MASKED);
    apics.io.line(7, true);
    expect(apics.intr[0]).toBe(false);
  });

  test('its version tells of 24 inputs, all masked after RESET', () => {
    const apics = new Apics();
    apics.io.region.write(0xfec00000, 4, 1);
    expect(apics.io.region.read(0xfec00010, 4)).toBe(0x170011);
    expect(apics.redirection(23)).toBe(MASKED);
  });
});

test('snapshots hold all of it', () => {
  const apics = new Apics();
  apics.write(TIMER, 0x20030);
  apics.write(INITIAL, 1000);
  apics.write(ICR, self(0x41));
  apics.write(TPR, 0x10);
  apics.redirect(5, 0x8055);
  apics.io.line(5, true);
  const other = new Apics();
  other.locals[0].load(apics.locals[0].save());
  other.io.load(apics.io.save());
  expect(other.locals[0].save()).toEqual(apics.locals[0].save());
  expect(other.io.save()).toEqual(apics.io.save());
  expect(other.locals[0].acknowledge()).toBe(0x55);
});

const IDT = 0x3000;
const HANDLER = 0x2000;

/** Counts ticks of the APIC timer in EBX, and reads its count again and again into EDX. */
const PROGRAM = `
bits 32
org 1000h
  mov esp, 8000h
  lidt [idtr]
  mov edi, 0FEE00000h
  mov dword [edi + 0F0h], 1FFh
  mov dword [edi + 3E0h], 0Bh
  mov dword [edi + 320h], 20040h
  mov dword [edi + 380h], 777
  sti
again:
  inc eax
  mov esi, [edi + 390h]
  lea edx, [edx + edx * 2]
  add edx, esi
  inc ecx
  jmp again
idtr: dw 7FFh
  dd ${IDT}
times ${HANDLER - 0x1000}-($-$$) db 0
  inc ebx
  mov dword [0FEE000B0h], 0
  iret
`;

function machineWithApic(): Machine {
  const machine = new Machine({ memory: 1 << 20, apic: true });
  const assembled = assemble({ text: (path) => (path === 'a.asm' ? PROGRAM : undefined) }, 'a.asm');
  if (!assembled.ok) throw new Error(assembled.errors.map(({ message }) => message).join('\n'));
  machine.ram.write(0x1000, assembled.image);
  const gates = new Int32Array(512);
  for (let i = 0; i < 256; i++) gates.set([(0x08 << 16) | HANDLER, 0x8e00], 2 * i);
  machine.ram.write(IDT, new Uint8Array(gates.buffer));
  machine.ram.write(
    0x4000,
    new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0x9b, 0xcf, 0, 0xff, 0xff, 0, 0, 0, 0x93, 0xcf, 0]),
  );
  machine.enter({ mode: 'protected', cs: 0x08, ds: 0x10, eip: 0x1000, registers: {} });
  machine.cpu.s[at.gdtrBase] = 0x4000;
  machine.cpu.s[at.gdtrLimit] = 0x17;
  return machine;
}

describe('a machine with APICs', () => {
  test('its timer interrupts the processor, and the count it reads is that of the very instruction', () => {
    const machine = machineWithApic();
    machine.run(20_000);
    const { s } = machine.cpu;
    expect(s[at.ebx]).toBeGreaterThan(15);
    expect(machine.end).toBe(null);
  });

  test.each([1, 3, 7, 1000])('the same future in pieces of %i steps', (size) => {
    const whole = machineWithApic();
    whole.run(5000);
    const pieces = machineWithApic();
    while (pieces.n < 5000) pieces.run(Math.min(5000, pieces.n + size));
    expect([pieces.cpu.s[at.edx], pieces.hash()]).toEqual([whole.cpu.s[at.edx], whole.hash()]);
  });

  test('and after going back', () => {
    const machine = machineWithApic();
    machine.run(1234);
    const checkpoint = machine.save();
    machine.run(4000);
    const hash = machine.hash();
    machine.restore(checkpoint);
    machine.dropDerived();
    machine.run(4000);
    expect(machine.hash()).toBe(hash);
  });

  test('CPUID shows the APIC and IA32_APIC_BASE exists, with it and while it is enabled', () => {
    const edx = (machine: Machine): number => {
      machine.cpu.s[at.eax] = 1;
      cpuid(machine.cpu);
      return machine.cpu.s[at.edx] & (1 << 9);
    };
    const without = new Machine({ memory: 1 << 20 });
    expect([edx(without), readMsr(without.cpu, 0x1b), writeMsr(without.cpu, 0x1b, 0, 0)]).toEqual([0, undefined, false]);
    expect(without.cpu.bus.readMmio(0xfee00030, 4)).toBe(-1);
    const { cpu } = machineWithApic();
    const machine = machineWithApic();
    expect([edx(machine), readMsr(cpu, 0x1b)?.[0]]).toEqual([1 << 9, 0xfee00900 | 0]);
    expect(writeMsr(machine.cpu, 0x1b, 0xfee00100 | 0, 0)).toBe(true);
    expect(edx(machine)).toBe(0);
  });

  test('what other processors would be sent reaches this one', () => {
    const { cpu, board } = machineWithApic();
    board.bus.writeMmio(0xfee00310, 4, 0);
    board.bus.writeMmio(0xfee00300, 4, 0x4500);
    board.bus.writeMmio(0xfee00300, 4, 0x4607);
    cpu.s[at.activity] = WAITING_FOR_STARTUP;
    board.bus.writeMmio(0xfee00300, 4, 0x4612);
    board.bus.writeMmio(0xfee00300, 4, 0x44400);
    expect([cpu.s[at.signals], cpu.s[at.nmiPending]]).toEqual([SIGNAL_INIT | SIGNAL_STARTUP | (0x12 << 8), 1]);
  });

  test('the timer of the board comes in at IRQ 0 of the 8259A and input 2 of the I/O APIC', () => {
    const { cpu, board } = machineWithApic();
    const write = (register: number, value: number): void => {
      board.bus.writeMmio(0xfec00000, 4, register);
      board.bus.writeMmio(0xfec00010, 4, value);
    };
    write(0x14, 0x60);
    for (const [port, value] of [
      [0x43, 0x30],
      [0x40, 1],
      [0x40, 0],
      [0x21, 0xfe],
    ])
      board.bus.out(port, 1, value);
    cpu.f[counterAt.cycles] += 10_000;
    board.bus.advance();
    expect([board.bus.acknowledge(), board.bus.acknowledge()]).toEqual([0x60, 0x08]);
  });
});
