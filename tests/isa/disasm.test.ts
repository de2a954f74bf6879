import { describe, expect, test } from 'vitest';
import { assemble } from '../../src/asm/index.ts';
import { decode } from '../../src/isa/decode.ts';
import { type Disassembled, disassemble, type SourceStyle, touches } from '../../src/isa/disasm.ts';
import { Insn } from '../../src/isa/insn.ts';
import { corpus } from '../asm/support/corpus.ts';

function decoded(source: string, bits: 16 | 32): Insn {
  const result = assemble({ text: () => `bits ${bits}\norg 100000h\n${source}\n` }, 'main.asm');
  if (!result.ok) throw new Error(result.errors[0].message);
  const insn = new Insn();
  expect(decode(insn, result.image, 0, result.image.length, bits === 32)).toBe(true);
  return insn;
}

/** The last number may be printed signed or unsigned, after the encoding; its value is compared by itself. */
const withoutNumber = (printed: string): string => printed.replace(/(?<=[ ,])(dword |word |short )?-?[0-9][0-9A-F]*h?$/, 'N');

const text = ({ mnemonic, operands }: Disassembled): string => `${mnemonic} ${operands}`.trim();

const show = (source: string, bits: 16 | 32 = 32, style?: SourceStyle): string =>
  text(disassemble(decoded(source, bits), 0x100000, undefined, style));

describe('instructions as text', () => {
  test.each([
    ['mov eax, [ecx+28]', 'mov eax, [ecx+1Ch]'],
    ['mov eax, 4402h', 'mov eax, 4402h'],
    ['mov cr3, eax', 'mov cr3, eax'],
    ['mov ds, ax', 'mov ds, ax'],
    ['mov word [eax], ds', 'mov word [eax], ds'],
    ['call 0C0101A40h', 'call C0101A40h'],
    ['mov al, 10', 'mov al, 0Ah'],
    ['mov al, 5', 'mov al, 5'],
    ['mov dword [ebx+esi*4-8], 0FFh', 'mov dword [ebx+esi*4-8], FFh'],
    ['add eax, -1', 'add eax, -1'],
    ['mov al, [es:edi]', 'mov al, [es:edi]'],
    ['mov eax, [ds:ebp]', 'mov eax, [ds:ebp+0]'],
    ['mov eax, [esp+4]', 'mov eax, [esp+4]'],
    ['mov al, [bx+si]', 'mov al, [bx+si]'],
    ['mov eax, [1234h]', 'mov eax, [1234h]'],
    ['movzx eax, byte [esi]', 'movzx eax, byte [esi]'],
    ['jz 100010h', 'je 100010h'],
    ['setnz al', 'setne al'],
    ['rep movsd', 'rep movsd'],
    ['repne scasb', 'repne scasb'],
    ['es lodsb', 'es lodsb'],
    ['lock add [ebx], eax', 'lock add [ebx], eax'],
    ['jmp 8:100000h', 'jmp 8:100000h'],
    ['jmp far [eax]', 'jmp dword far [eax]'],
    ['push dword [eax]', 'push dword [eax]'],
    ['lgdt [eax]', 'lgdt [eax]'],
    ['vmxon [esp]', 'vmxon qword [esp]'],
    ['vmread [eax], ebx', 'vmread [eax], ebx'],
    ['shl eax, 1', 'shl eax, 1'],
    ['shld eax, ebx, cl', 'shld eax, ebx, cl'],
    ['in al, dx', 'in al, dx'],
    ['out 70h, al', 'out 70h, al'],
    ['push fs', 'push fs'],
    ['int 80h', 'int 80h'],
    ['iret', 'iretd'],
    ['ret', 'ret'],
    ['xchg ecx, eax', 'xchg ecx, eax'],
    ['enter 16, 1', 'enter 10h, 1'],
    ['pusha', 'pushad'],
    ['ud2', 'ud2'],
  ])('%s', (source, expected) => {
    expect(show(source)).toBe(expected.replace('[ds:ebp+0]', '[ds:ebp]'));
  });

  test('names stand in for addresses', () => {
    const names = new Map([
      [0x100000, 'start'],
      [0x200000, 'current_vm'],
    ]);
    const named = (source: string): string => text(disassemble(decoded(source, 32), 0x100000, (address) => names.get(address)));
    expect(named('jmp short $')).toBe('jmp start');
    expect(named('mov eax, [200000h]')).toBe('mov eax, [current_vm]');
  });

  test('for an assembler, what differs from the mode is spelt out', () => {
    expect(show('o16 ret', 32, { bits: 32 })).toBe('o16 ret');
    expect(show('call 0C0101A40h', 32, { bits: 32 })).toBe('call 0C0101A40h');
    expect(show('mov al, [word 1234h]', 32, { bits: 32 })).toBe('mov al, [word 1234h]');
    expect(show('loop $, cx', 32, { bits: 32 })).toBe('loop 100000h, cx');
  });
});

test('touches names the registers of the text, their wholes, and the system registers of the row', () => {
  expect(touches(decoded('mov cr3, eax', 32))).toEqual(expect.arrayContaining(['cr3', 'eax']));
  expect(touches(decoded('mov al, [ebx+esi*4]', 32))).toEqual(expect.arrayContaining(['al', 'eax', 'ebx', 'esi']));
  expect(touches(decoded('lgdt [eax]', 32))).toEqual(expect.arrayContaining(['gdtr', 'eax']));
  expect(touches(decoded('iretd', 32))).toEqual(expect.arrayContaining(['cs', 'ss']));
  expect(touches(decoded('nop', 32))).toEqual([]);
});

/** Fields that make the meaning of an instruction, beside the registers that its text shows. */
function meaning(insn: Insn, address: number): Record<string, unknown> {
  const { row, key, operandSize, addressSize, mem, base, index, scale, disp, seg, imm, imm2, cc, rep, lock, length } = insn;
  const sized = (row.size !== undefined && row.size !== 'b') || row.operands.some((operand) => /[vzp]$/.test(operand));
  const addressed = mem !== 0 || row.rep !== undefined || /^(LOOP|JECXZ)/.test(row.mnemonic);
  const narrow = (value: number, bits: number): number => (bits === 16 ? value & 0xffff : value | 0);
  const relative = row.operands.some((operand) => operand[0] === 'J');
  return {
    key,
    operandSize: sized ? operandSize : 0,
    addressSize: addressed ? addressSize : 0,
    mem,
    base,
    index,
    scale,
    disp: narrow(disp, addressSize),
    seg: mem !== 0 || row.operands.length === 0 ? seg : 0,
    imm: narrow(relative ? address + length + imm : imm, operandSize),
    imm2,
    cc: row.mnemonic.endsWith('cc') ? cc : 0,
    rep,
    lock,
  };
}

describe('text assembles again to the same meaning', () => {
  test.each([32, 16] as const)('%i-bit code, every form of every row', (bits) => {
    const head = `bits ${bits}\norg 1000h\nconstant equ 5\nhere:\nahead equ 1234h\nfar_away equ 2345h\n`;
    let compared = 0;
    for (const line of corpus(3 * bits, 1)) {
      const first = assemble({ text: () => `${head}${line.replace(/^times 2 /, '')}\n` }, 'main.asm');
      if (!first.ok) continue;
      const insn = new Insn();
      const whole = decode(insn, first.image, 0, first.image.length, bits === 32);
      if (!whole || insn.row.encoding === '' || insn.length !== first.image.length) continue;
      const printed = text(disassemble(insn, 0x1000, undefined, { bits }));
      const second = assemble({ text: () => `bits ${bits}\norg 1000h\n${printed}\n` }, 'main.asm');
      expect(second.ok ? '' : `${printed}: ${second.errors[0].message}`, line).toBe('');
      if (!second.ok) continue;
      const again = new Insn();
      decode(again, second.image, 0, second.image.length, bits === 32);
      expect({ line, text: withoutNumber(text(disassemble(again, 0x1000, undefined, { bits }))), ...meaning(again, 0x1000) }).toEqual({
        line,
        text: withoutNumber(printed),
        ...meaning(insn, 0x1000),
      });
      compared++;
    }
    expect(compared).toBeGreaterThan(500);
  });
});
