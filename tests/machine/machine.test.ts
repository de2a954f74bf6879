import { describe, expect, test } from 'vitest';
import { assemble } from '../../src/asm/index.ts';
import { at } from '../../src/cpu/state.ts';
import { loadFlat } from '../../src/machine/loaders/flat.ts';
import { Machine, type MachineConfig } from '../../src/machine/machine.ts';
import fc, { runs } from '../support/cases.ts';

const MIB = 1 << 20;

/** A machine that stands before the first instruction of `source`, in flat protected mode at 1 MiB. */
function boot(source: string, config: Partial<MachineConfig> = {}): Machine {
  const assembled = assemble({ text: (path) => (path === 'test.asm' ? `bits 32\norg 100000h\n${source}` : undefined) }, 'test.asm');
  if (!assembled.ok) throw new Error(JSON.stringify(assembled.errors));
  const machine = new Machine({ memory: 2 * MIB, ...config });
  machine.enter(loadFlat(machine.ram, { name: 'test.asm', bytes: assembled.image }, { org: 0x100000, mode: 32 }));
  return machine;
}

const END = 100_000;

const GDT_AND_IDT = `
        lgdt [gdtr]
        lidt [idtr]
        jmp 8:flat
gdt:    dq 0, 00CF9A000000FFFFh, 00CF92000000FFFFh
gdtr:   dw $ - gdt - 1
        dd gdt
idtr:   dw 8 * 48 - 1
        dd 108000h
flat:   mov ax, 10h
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov al, 11h
        out 20h, al
        out 0A0h, al
        mov al, 20h
        out 21h, al
        mov al, 28h
        out 0A1h, al
        mov al, 4
        out 21h, al
        mov al, 2
        out 0A1h, al
        mov al, 1
        out 21h, al
        out 0A1h, al
        mov al, 0FFh
        out 0A1h, al
`;

/** Handler of vector %1 at label %2. */
const gate = (vector: number, label: string): string => `
        mov dword [108000h + 8 * ${vector}], (8 << 16) | ((${label} - $$ + 100000h) & 0FFFFh)
        mov dword [108004h + 8 * ${vector}], 00108E00h
`;

/** Echoes what is typed at COM1, by interrupt; counts ticks at 110000h. */
const ECHO = `${GDT_AND_IDT}${gate(0x20, 'tick')}${gate(0x24, 'typed')}
        mov al, 0EEh
        out 21h, al
        mov al, 34h
        out 43h, al
        mov al, 0
        out 40h, al
        mov al, 10h
        out 40h, al
        mov dx, 3FAh
        mov al, 7
        out dx, al
        mov dx, 3F9h
        mov al, 1
        out dx, al
        mov dx, 3FCh
        mov al, 0Bh
        out dx, al
        sti
idle:   hlt
        jmp idle
tick:   push eax
        inc dword [110000h]
        mov al, 20h
        out 20h, al
        pop eax
        iret
typed:  push eax
        push edx
        mov dx, 3F8h
        in al, dx
        out dx, al
        mov al, 20h
        out 20h, al
        pop edx
        pop eax
        iret
`;

describe('the end', () => {
  test.each<[string, string, object]>([
    ['HLT with IF = 0', 'cli\nhlt', { kind: 'halted' }],
    ['HLT with IF = 1, everything masked, though the 8254 runs', 'sti\nhlt', { kind: 'halted' }],
    ['debug exit', 'mov dx, 501h\nmov al, 3\nout dx, al\nhlt', { kind: 'debug-exit', value: 3 }],
    ['triple fault', 'lidt [zero]\nud2\nzero: dd 0, 0', { kind: 'shutdown' }],
  ])('%s', (_, source, end) => {
    const machine = boot(source);
    machine.run(END);
    expect([machine.end, machine.awaitsInput]).toEqual([end, false]);
    const { n } = machine;
    machine.run(END);
    expect(machine.n).toBe(n);
  });

  test('input wakes what only input can wake', () => {
    const machine = boot(ECHO.replace('0EEh', '0EFh'));
    machine.run(END);
    expect([machine.end, machine.awaitsInput]).toEqual([{ kind: 'halted' }, true]);
    machine.type(0, 0x61);
    expect(machine.end).toBe(null);
    machine.run(2 * END);
    expect([machine.board.consoles[0].text, machine.awaitsInput]).toEqual(['a', true]);
  });
});

describe('input', () => {
  const text = 'the quick brown fox';
  const type = (machine: Machine, console = 0) => {
    for (const byte of new TextEncoder().encode(text)) machine.type(console, byte);
  };

  test('typed before the guest has set up its 16550, none is lost', () => {
    const machine = boot(ECHO);
    type(machine);
    machine.run(END);
    expect(machine.board.consoles[0].text).toBe(text);
  });

  test('a guest that polls gets all of it too', () => {
    const machine = boot(`
        mov dx, 3FAh
        mov al, 7
        out dx, al
poll:   mov dx, 3FDh
        in al, dx
        test al, 1
        jz poll
        mov dx, 3F8h
        in al, dx
        out dx, al
        jmp poll`);
    type(machine);
    machine.run(END);
    expect(machine.board.consoles[0].text).toBe(text);
  });

  test('does not wait for another console', () => {
    const machine = boot(ECHO, { vms: 1 });
    type(machine, 1);
    machine.run(1000);
    type(machine, 0);
    machine.run(END);
    expect(machine.board.consoles.map((console) => console.text)).toEqual([text, '', '']);
    expect(machine.inputs.map(({ console }) => console)).toEqual([...text].map(() => 1).concat([...text].map(() => 0)));
  });

  test('recorded, it happens again on another machine', () => {
    const first = boot(ECHO);
    first.run(1000);
    type(first);
    first.run(50_000);
    type(first);
    first.run(END);
    const second = boot(ECHO);
    second.feed(first.inputs);
    second.run(END);
    expect([second.hash(), second.inputs]).toEqual([first.hash(), first.inputs]);
    expect(second.board.consoles[0].text).toBe(text + text);
  });

  test('typing in the past takes the place of what was typed later', () => {
    const machine = boot(ECHO);
    machine.run(1000);
    const past = machine.save();
    machine.run(2000);
    machine.type(0, 0x61);
    machine.run(3000);
    machine.restore(past);
    machine.type(0, 0x62);
    machine.run(END);
    expect([machine.board.consoles[0].text, machine.inputs.length]).toEqual(['b', 1]);
  });
});

describe('time travel', () => {
  /** The hash at each of these steps, in one go. */
  function reference(steps: readonly number[]): string[] {
    const machine = boot(ECHO);
    machine.run(1500);
    for (const byte of [0x68, 0x69]) machine.type(0, byte);
    const { inputs } = machine;
    const again = boot(ECHO);
    again.feed(inputs);
    return steps.map((n) => {
      again.run(n);
      return again.hash();
    });
  }

  test('a checkpoint, and everything after it, again', () => {
    const steps = Array.from({ length: 40 }, (_, i) => i * 97);
    const hashes = reference(steps);
    const machine = boot(ECHO);
    machine.feed([0x68, 0x69].map((byte) => ({ n: 1500, console: 0, byte })));
    const checkpoints = steps.map((n) => {
      machine.run(n);
      return machine.save();
    });
    fc.assert(
      fc.property(fc.nat(steps.length - 1), fc.nat(steps.length - 1), fc.boolean(), fc.nat(300), (a, b, drop, slice) => {
        const [from, to] = a < b ? [a, b] : [b, a];
        machine.restore(checkpoints[from]);
        expect(machine.hash()).toBe(hashes[from]);
        if (drop) machine.dropDerived();
        for (let n = steps[from]; n < steps[to]; n = Math.min(steps[to], n + slice + 1)) machine.run(Math.min(steps[to], n + slice + 1));
        expect([machine.n, machine.hash()]).toEqual([steps[to], hashes[to]]);
      }),
      { numRuns: runs(60) },
    );
  });

  test('a checkpoint holds for another machine of the same kind', () => {
    const first = boot(ECHO);
    for (const byte of [0x68, 0x69]) first.type(0, byte);
    first.run(5000);
    const checkpoint = first.save();
    const second = new Machine({ memory: 2 * MIB });
    second.restore(checkpoint);
    first.run(END);
    second.run(END);
    expect([second.hash(), second.board.consoles[0].text]).toEqual([first.hash(), 'hi']);
  });

  test('code written over and restored is decoded anew', () => {
    const machine = boot(`
again:  mov eax, 1
        mov byte [again + 1], 2
        mov ebx, eax
        jmp again`);
    const start = machine.save();
    machine.run(3);
    expect(machine.cpu.s[at.ebx]).toBe(1);
    machine.run(7);
    expect(machine.cpu.s[at.ebx]).toBe(2);
    machine.restore(start);
    machine.run(3);
    expect(machine.cpu.s[at.ebx]).toBe(1);
  });

  test('the hash is blind to how the machine got there, and to lazy flags', () => {
    const [fast, slow] = [boot(ECHO), boot(ECHO)];
    fast.run(4000);
    for (let n = 1; n <= 4000; n++) slow.run(n);
    expect(slow.hash()).toBe(fast.hash());
    expect(boot('add eax, 1\nhlt').hash()).not.toBe(fast.hash());
  });
});

test("ticks arrive in the processor's time", () => {
  const machine = boot(ECHO);
  machine.run(END);
  const ticks = machine.ram.read32(0x110000);
  expect(ticks).toBe(Math.floor(machine.cycle / ((0x1000 * 64_000_000) / 1_193_182)));
  expect(ticks).toBeGreaterThan(1000);
});

describe('an error of the floating-point unit with CR0.NE = 0', () => {
  /** FLDCW unmasks an invalid operation, which FXRSTOR has put into the status word; what comes of it is counted at 110000h. */
  const source = (handler: string, masked = false): string => `${GDT_AND_IDT}${gate(0x2d, 'coprocessor')}
        mov al, 0FBh
        out 21h, al
        mov al, ${masked ? '0FFh' : '0DFh'}
        out 0A1h, al
        fninit
        fxrstor [image]
        sti
        fldcw [control]
        nop
        fwait
        mov byte [110001h], 1
        fwait
        cli
        hlt
coprocessor:
        inc byte [110000h]
        ${handler}
        mov al, 20h
        out 0A0h, al
        out 20h, al
        iret
        align 16
image:  dw 37Fh, 1
        times 508 db 0
control: dw 37Eh
`;
  const outcome = (handler: string, masked = false): (number | string)[] => {
    const machine = boot(source(handler, masked));
    machine.run(END);
    return [machine.ram.bytes[0x110000], machine.ram.bytes[0x110001], machine.end?.kind ?? 'runs'];
  };

  test('is IRQ 13, once; its handler withdraws the request and clears the error', () => {
    expect(outcome('mov al, 0\nout 0F0h, al\nfnclex')).toEqual([1, 1, 'halted']);
  });
  test('the handler may use the unit meanwhile: port F0h asserts IGNNE#', () => {
    expect(outcome('out 0F0h, al\nfwait\nfnop\nfnclex')).toEqual([1, 1, 'halted']);
  });
  test('an error that the handler leaves is ignored as long as IGNNE# is', () => {
    expect(outcome('out 0F0h, al')).toEqual([1, 1, 'halted']);
  });
  test('while the interrupt is masked the processor stays frozen', () => {
    expect(outcome('fnclex', true)).toEqual([0, 0, 'halted']);
  });
  test('a snapshot keeps the request and IGNNE#', () => {
    const machine = boot(source('out 0F0h, al\nfwait\nfnclex'));
    for (let k = 0; k < 200 && machine.end === null; k++) {
      const { board } = machine;
      board.load(board.save());
      machine.run(machine.n + 1);
    }
    expect([machine.ram.bytes[0x110000], machine.ram.bytes[0x110001]]).toEqual([1, 1]);
  });
});
