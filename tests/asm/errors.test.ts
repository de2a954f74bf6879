import { describe, expect, test } from 'vitest';
import { errors, warnings } from './support/assembling.ts';

/** Source lines after `bits 32`, so the first is line 2; what is reported. */
const CASES: readonly (readonly [string, string])[] = [
  [' mvo eax, ebx', '2:2 there is no instruction `mvo` (did you mean mov?)'],
  [' mov eax', '2:6 mov takes 2 operands, found 1 (it may be: mov register or memory, register)'],
  [
    ' mov eax, bx',
    '2:6 the operands of mov differ in size: eax (32-bit register), bx (16-bit register) (make both 32 bits, or use movzx or movsx)',
  ],
  [' mov [eax], [ebx]', '2:6 mov cannot take two memory operands (move one into a register first)'],
  [' mov 5, eax', '2:6 mov cannot take a number, eax (32-bit register) (a number cannot be the destination: write [ ] for memory)'],
  [' mov [eax], 5', '2:6 the size of the memory operand of mov is not stated (write byte, word or dword before it)'],
  [' mov cr0, 5', '2:6 mov cannot take cr0 (control register), a number (it may be: mov cr0, eax)'],
  [' lea eax, ebx', '2:6 lea cannot take eax (32-bit register), ebx (32-bit register) (it may be: lea register, [memory])'],
  [' imul', '2:2 imul takes 1 or 2 or 3 operands, found 0 (it may be: imul register or memory)'],
  ['foo: jmp fooo', '2:10 symbol `fooo` is not defined (did you mean foo?)'],
  [' mov eax, Foo\nfoo equ 5', '2:11 symbol `Foo` is not defined (write it as it is defined: foo)'],
  ['foo:\n.loop: jmp .lop', '3:12 symbol `.lop` is not defined (did you mean .loop?)'],
  ['foo:\n.loop: nop\nbar: jmp .loop', '4:10 symbol `.loop` is not defined (it belongs to another label: write foo.loop)'],
  ['foo: nop\nfoo: nop', '3:1 `foo` is defined twice: first at main.asm:2 (make one a local label with a dot before its name)'],
  [' nop nop', '2:6 symbol `nop` is not defined (an instruction stands on a line of its own)'],
  ["x: db 'abc", "2:7 expected an expression, found a string without its closing quote (close the string with ')"],
  [' mov eax, 1F', '2:11 `1F` is not a number (hexadecimal numbers end in h: 1Fh)'],
  [' mov eax, [ebx', '2:15 expected ] at the end of the address, found the end of the line (close the address with ])'],
  [' mov eax ebx', '2:10 expected a comma or the end of the line, found `ebx` (write a comma between operands)'],
  [' mov eax, [ebx+ecx+edx]', '2:11 an address has at most two registers (add the others up in a register first)'],
  [' mov eax, [ebx*7]', '2:11 an address cannot hold a register times 7 (only 1, 2, 3, 4, 5, 8 and 9 can be)'],
  [' mov eax, [bx+cx]', '2:11 a 16-bit address cannot be [bx+cx] (it may be bx or bp, si or di, or one of each)'],
  [' mov eax, dword ptr [ebx]', '2:17 `ptr` is not written in this syntax (leave ptr out: dword [x])'],
  [
    ' jmp short x\n times 200 nop\nx:',
    '2:6 the target is 198 bytes away; a short jump reaches -128 to 127 (leave out short, or put a jmp near by in between)',
  ],
  ['eax: nop', '2:1 `eax` is a register and cannot be a label (choose another name)'],
  [' mov eax, (5+', '2:14 expected an expression, found the end of the line'],
  [' equ 5', '2:2 equ needs a name before it (write: name equ value)'],
  [' dw 7%2', '2:6 `%2` is a parameter, and this is no macro (for a remainder write % 2)'],
  [' mov eax, 5/0', '2:12 / divides by zero'],
  ['%include "nope.inc"', '2:10 there is no file `nope.inc` to include'],
  ['%if 1\n nop', '2:1 this condition has no %endif (write %endif after its last line)'],
  ['%endif', '2:1 %endif without %if'],
  ['%defin x 5', '2:1 there is no directive %defin (did you mean %define?)'],
  ['%macro x 0', '2:1 %macro without %endmacro (write %endmacro after its last line)'],
  ['%macro m 2\n%endmacro\n m eax', '4:2 macro `m` does not take this number of parameters (it takes 2)'],
  [
    '%macro m 1\n mov eax, %1\n%endmacro\n m bx',
    '3:6 the operands of mov differ in size: eax (32-bit register), bx (16-bit register) (in macro `m`, used at main.asm:5) (make both 32 bits, or use movzx or movsx)',
  ],
  ['bits 64', '2:6 bits 64 is not possible here (write bits 16 or bits 32)'],
  [' times 10 nop\n times 5-($-$$) db 0', '3:8 times has a negative count: -5 (what stands before is 5 bytes too long)'],
  ['section .text algn=4', '2:15 a section has no attribute `algn` (did you mean align?)'],
  ['[sectoin .text]', '2:2 there is no directive [sectoin] (did you mean section?)'],
  [' extern foo', '2:9 a flat binary has no symbols from elsewhere: foo (include the file that defines it with %include)'],
  [' %error too large', '2:2 %error: too large'],
  [
    'struc s\n.a: resd 1\n db 5\nendstruc',
    '4:2 there is nowhere to store this: absolute space and structures have no bytes (use resb, or go back to a section)',
  ],
];

describe('an error says where, what was found, what is right', () => {
  test.each(CASES)('%j', (source, expected) => {
    expect(errors(`bits 32\n${source}\n`)).toEqual([expected]);
  });
});

test('all errors are reported, in the order of the source', () => {
  expect(errors('bits 32\n mvo eax, 1\n nop\n add al, ebx\n jmp nowhere\n').map((e) => e.split(' ')[0])).toEqual(['2:2', '4:6', '5:6']);
});

test('an error in an included file names that file', () => {
  expect(errors('bits 32\n%include "lib/a.inc"\n', { 'lib/a.inc': ' nop\n hlt eax\n' })).toEqual([
    'lib/a.inc:2:6 hlt takes no operands, found 1 (write hlt alone)',
  ]);
});

test('columns point into the line as it is written, where a macro took part', () => {
  expect(errors('bits 32\n%define OFFSET nothing+4\n mov eax, [ebx+OFFSET]\n')).toEqual([
    '3:16 symbol `nothing` is not defined (define it as a label or with equ)',
  ]);
});

describe('what is probably wrong is a warning', () => {
  test.each([
    [' mov al, 300', '2:10 300 does not fit a byte: only its low bits are kept (use a smaller number)'],
    [' lock mov [ebx], eax', '2:7 mov cannot be locked here: the processor raises #UD (leave out lock, or make the destination memory)'],
    [' hltt', '2:2 `hltt` alone on a line is taken as a label (write a colon after a label; or did you mean hlt?)'],
    [';@ role kernl\n nop', '2:1 there is no role `kernl` (did you mean kernel?)'],
    ['%warning look here', '2:1 %warning: look here'],
  ])('%j', (source, expected) => {
    expect(warnings(`bits 32\n${source}\n`)).toEqual([expected]);
  });
});
