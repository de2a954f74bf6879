/** Every row of the instruction table that may exit under VT-x: with its control off and on, and with the control flipped between two executions. */
import { expect, test } from 'vitest';
import { assemble } from '../../../src/asm/index.ts';
import { at } from '../../../src/cpu/state.ts';
import { REASON } from '../../../src/cpu/virt/vmx/reasons.ts';
import { decode } from '../../../src/isa/decode.ts';
import { Insn } from '../../../src/isa/insn.ts';
import type { Row } from '../../../src/isa/row.ts';
import { ROWS } from '../../../src/isa/table.ts';
import { Guest } from './guest.ts';
import { EVERYTHING, type Fields, GUEST_CODE, GUEST_TABLE } from './root-operation.ts';

/** What must be 1, and the secondary controls in use. */
const PRIMARY = 0x04006172 | 0x80000000;
const MSR_BITMAP = 0x138000;
const DATA = 0x150000;
/** Control bits in the primary and secondary controls. */
const primary = (bit: number): Fields => ({ primaryControls: PRIMARY | (1 << bit) });
const secondary = (bit: number): Fields => ({ secondaryControls: 1 << bit });
const OFF: Fields = { primaryControls: PRIMARY | (1 << 28), msrBitmap: MSR_BITMAP, secondaryControls: 0, cr0Mask: 0, cr0Shadow: 0 };

interface Case {
  /** NASM source of one instruction. */
  readonly asm: string;
  readonly reason: keyof typeof REASON;
  readonly qualification: number;
  readonly length: number;
  /** Absent: it exits always. */
  readonly on?: Fields;
  /** What ends the guest with the control off: VMCALL behind it, or the fault that it raises. */
  readonly off?: 'runs' | 'faults' | 'halts';
}

const row = (asm: string, reason: Case['reason'], qualification: number, length: number, on?: Fields, off: Case['off'] = 'runs'): Case => ({
  asm,
  reason,
  qualification,
  length,
  on,
  off,
});

const IO = primary(24);
const TABLES = secondary(2);
const HOST_OWNS_TS: Fields = { cr0Mask: 8, cr0Shadow: 8 };

const CASES: readonly Case[] = [
  row('in al, 60h', 'IO_INSTRUCTION', 0x00600048, 2, IO),
  row('in eax, 60h', 'IO_INSTRUCTION', 0x0060004b, 2, IO),
  row('in al, dx', 'IO_INSTRUCTION', 0x00800008, 1, IO),
  row('in ax, dx', 'IO_INSTRUCTION', 0x00800009, 2, IO),
  row('out 80h, al', 'IO_INSTRUCTION', 0x00800040, 2, IO),
  row('out 80h, ax', 'IO_INSTRUCTION', 0x00800041, 3, IO),
  row('out dx, al', 'IO_INSTRUCTION', 0x00800000, 1, IO),
  row('out dx, eax', 'IO_INSTRUCTION', 0x00800003, 1, IO),
  row('insb', 'IO_INSTRUCTION', 0x00800018, 1, IO),
  row('insw', 'IO_INSTRUCTION', 0x00800019, 2, IO),
  row('insd', 'IO_INSTRUCTION', 0x0080001b, 1, IO),
  row('outsb', 'IO_INSTRUCTION', 0x00800010, 1, IO),
  row('rep outsw', 'IO_INSTRUCTION', 0x00800031, 3, IO),
  row('outsd', 'IO_INSTRUCTION', 0x00800013, 1, IO),
  row('hlt', 'HLT', 0, 1, primary(7), 'halts'),
  row('cpuid', 'CPUID', 0, 2),
  row('rdtsc', 'RDTSC', 0, 2, primary(12)),
  row('rdtscp', 'RDTSCP', 0, 3, { ...primary(12), ...secondary(3) }, 'faults'),
  row('rdpmc', 'RDPMC', 0, 2, primary(11), 'faults'),
  row('monitor', 'MONITOR', 0, 3, primary(29), 'faults'),
  row('mwait', 'MWAIT', 0, 3, primary(10), 'faults'),
  row('rdmsr', 'RDMSR', 0, 2, { primaryControls: PRIMARY }),
  row('wrmsr', 'WRMSR', 0, 2, { primaryControls: PRIMARY }),
  row('mov ebx, cr3', 'CR_ACCESS', 0x313, 3, primary(16)),
  row('mov cr3, esi', 'CR_ACCESS', 0x603, 3, primary(15)),
  row('mov edx, dr6', 'MOV_DR', 0x216, 3, primary(23)),
  row('mov dr0, ecx', 'MOV_DR', 0x100, 3, primary(23)),
  row('clts', 'CR_ACCESS', 0x20, 2, HOST_OWNS_TS),
  row('lmsw ax', 'CR_ACCESS', 0x30 | (0x80 << 16), 3, HOST_OWNS_TS),
  row('invd', 'INVD', 0, 2),
  row('wbinvd', 'WBINVD', 0, 2, secondary(6)),
  row('invlpg [edi + 10h]', 'INVLPG', DATA + 0x10, 4, primary(9)),
  row('sgdt [edi]', 'GDTR_OR_IDTR_ACCESS', 0, 3, TABLES),
  row('sidt [edi + 20h]', 'GDTR_OR_IDTR_ACCESS', 0x20, 4, TABLES),
  row('lgdt [edi - 10h]', 'GDTR_OR_IDTR_ACCESS', -0x10, 4, TABLES),
  row('lidt [edi - 10h]', 'GDTR_OR_IDTR_ACCESS', -0x10, 4, TABLES),
  row('sldt ebx', 'LDTR_OR_TR_ACCESS', 0, 3, TABLES),
  row('str [edi + 4]', 'LDTR_OR_TR_ACCESS', 4, 4, TABLES),
  row('lldt bx', 'LDTR_OR_TR_ACCESS', 0, 3, TABLES),
  row('ltr bx', 'LDTR_OR_TR_ACCESS', 0, 3, TABLES, 'faults'),
  row('pause', 'PAUSE', 0, 2, primary(30)),
  row('vmcall', 'VMCALL', 0, 3),
  row('vmlaunch', 'VMLAUNCH', 0, 3),
  row('vmresume', 'VMRESUME', 0, 3),
  row('vmxoff', 'VMXOFF', 0, 3),
  row('vmxon [edi + 8]', 'VMXON', 8, 5),
  row('vmclear [edi + 8]', 'VMCLEAR', 8, 5),
  row('vmptrld [edi + 8]', 'VMPTRLD', 8, 4),
  row('vmptrst [edi + 8]', 'VMPTRST', 8, 4),
  row('vmread [edi + 8], eax', 'VMREAD', 8, 4),
  row('invept ecx, [edi + 8]', 'INVEPT', 8, 6),
  row('invvpid ecx, [edi + 8]', 'INVVPID', 8, 6),
  row('vmwrite eax, ebx', 'VMWRITE', 0, 3),
];

function rowOf(asm: string): Row {
  const assembled = assemble({ text: (path) => (path === 'a.asm' ? `bits 32\n${asm}\n` : undefined) }, 'a.asm');
  if (!assembled.ok) throw new Error(`${asm}: ${assembled.errors.map(({ message }) => message).join(', ')}`);
  const insn = new Insn();
  decode(insn, assembled.image, 0, assembled.image.length, true);
  return insn.row;
}

test('every row that may exit is here', () => {
  const here = new Set(CASES.map(({ asm }) => rowOf(asm)));
  const wanted = ROWS.filter((found) => found.exit?.vmx !== undefined);
  expect(wanted.filter((found) => !here.has(found)).map(({ mnemonic, encoding }) => `${mnemonic} ${encoding}`)).toEqual([]);
});

class Matrix extends Guest {
  /** Runs the instruction afresh, in the code that is already decoded if it has run before. */
  again(controls: Fields, launch: boolean): this {
    const { s } = this.cpu;
    this.set({ ...OFF, guestEip: GUEST_CODE, guestEsp: 0x80000, guestActivity: 0, guestGdtrBase: 0, ...controls });
    for (const [name, value] of [
      ['eax', 0x80],
      ['ebx', 0],
      ['ecx', 0x174],
      ['edx', 0x80],
      ['esi', GUEST_TABLE],
      ['edi', DATA],
    ] as const)
      s[at[name]] = value;
    if (s[at.activity] !== 0) throw new Error('the processor is not active');
    return this.run(launch);
  }
}

const FAULT_EXIT = { code: REASON.EXCEPTION_NMI, instructionLength: 0 };

test.each(CASES)('$asm', ({ asm, reason, qualification, length, on, off }) => {
  const guest = new Matrix(asm, { exceptionBitmap: -1, guestEflags: 2 }, EVERYTHING);
  const exits = { code: REASON[reason], qualification: qualification >>> 0, instructionLength: length, guestEip: GUEST_CODE };
  if (on === undefined) {
    expect(guest.again({}, true).exit).toMatchObject(exits);
    return;
  }
  const without = () => {
    const window: Fields = off === 'halts' ? { primaryControls: PRIMARY | (1 << 28), pinControls: 0x56, preemptionTimer: 100 } : {};
    guest.again(window, guest.first);
    guest.set({ pinControls: 0x16 });
    if (off === 'halts') expect(guest.exit).toMatchObject({ code: REASON.PREEMPTION_TIMER, guestEip: GUEST_CODE + 1 });
    else if (off === 'faults') expect(guest.exit).toMatchObject({ ...FAULT_EXIT, guestEip: GUEST_CODE });
    else expect(guest.exit).toMatchObject({ code: REASON.VMCALL, guestEip: GUEST_CODE + length });
  };
  without();
  expect(guest.again(on, false).exit).toMatchObject(exits);
  without();
});
