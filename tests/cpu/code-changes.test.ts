/** Code that is written while it runs, and code across two pages. */
import { describe, expect, test } from 'vitest';
import { CR0_PG } from '../../src/cpu/registers.ts';
import { at } from '../../src/cpu/state.ts';
import { flushTlb } from '../../src/cpu/tlb.ts';
import { CODE, DATA, HANDLERS, Program } from './program.ts';

const NEXT_PAGE = CODE + 0x1000;

describe('code that is written', () => {
  test('the next instruction, in the same block, is the new one', () => {
    const program = new Program('mov byte [.next], 40h + 3\n.next: inc eax\nhlt');
    expect([program.toHalt().register('eax'), program.register('ebx')]).toEqual([0, 1]);
  });

  test('every iteration of a loop sees what the last has written', () => {
    const program = new Program('mov ecx, 5\n.next: inc byte [.add + 2]\n.add: add eax, byte 0\nloop .next\nhlt');
    expect(program.toHalt().register('eax')).toBe(15);
  });

  test('by a string instruction over itself', () => {
    const program = new Program(`mov edi, .here\nmov eax, 90909090h\nmov ecx, 2\n.here: rep stosb\nmov bl, 7\nhlt`);
    program.toHalt();
    expect([program.register('ebx'), program.register('ecx')]).toEqual([7, 1]);
  });

  test('by a push, a call’s return address, a locked exchange', () => {
    const pushed = new Program('mov esp, .next + 4\npush dword 90909043h\n.next: inc eax\ntimes 3 inc eax\nhlt');
    expect([pushed.toHalt().register('ebx'), pushed.register('eax')]).toEqual([1, 0]);
    const exchanged = new Program('mov cl, 43h\nlock xchg [.next], cl\n.next: inc eax\nhlt');
    expect([exchanged.toHalt().register('ebx'), exchanged.register('ecx')]).toEqual([1, 0x40]);
  });

  test('through another linear address of the same page', () => {
    const program = new Program(`mov byte [${DATA} + .next - ${CODE}], 43h\n.next: inc eax\nhlt`);
    const { ram, cpu } = program;
    ram.write32(0x80000, 0x81000 | 3);
    for (let page = 0; page < 256; page++) ram.write32(0x81000 + 4 * page, (page << 12) | 3);
    ram.write32(0x81000 + 4 * (DATA >>> 12), CODE | 3);
    cpu.s[at.cr0] |= CR0_PG;
    cpu.s[at.cr3] = 0x80000;
    flushTlb(cpu, false);
    expect([program.toHalt().register('ebx'), program.register('eax')]).toEqual([1, 0]);
  });

  test('data beside code does not matter to what runs', () => {
    const program = new Program('mov ecx, 100\n.next: inc dword [.count]\nloop .next\nmov eax, [.count]\nhlt\nalign 4\n.count: dd 0');
    expect(program.toHalt().register('eax')).toBe(100);
  });
});

describe('across two pages', () => {
  const across = (more = ''): Program =>
    new Program(`jmp near .go\ntimes ${NEXT_PAGE - CODE - 5 - 2} nop\n.go: mov eax, 12345678h\n${more}hlt`);

  test('an instruction runs, and again when its second half has changed', () => {
    const program = across();
    expect(program.toHalt().register('eax')).toBe(0x12345678);
    const changed = across(`cmp dword [${NEXT_PAGE}], 0\nmov dword [${NEXT_PAGE} - 1], 0AABBCCDDh\nxor ebx, 1\njnz ${NEXT_PAGE - 2}\n`);
    expect(changed.toHalt().register('eax')).toBe(0xaabbccdd);
  });

  test('the second page is not touched before its instruction', () => {
    const program = across();
    const { ram, cpu } = program;
    ram.write32(0x80000, 0x81000 | 3);
    for (let page = 0; page < 256; page++) ram.write32(0x81000 + 4 * page, (page << 12) | 3);
    ram.write32(0x81000 + 4 * (NEXT_PAGE >>> 12), NEXT_PAGE | 2);
    cpu.s[at.cr0] |= CR0_PG;
    cpu.s[at.cr3] = 0x80000;
    flushTlb(cpu, false);
    program.step();
    expect(program.faults).toEqual([]);
    expect(program.eip).toBe(NEXT_PAGE - 2);
    program.step();
    expect(program.faults).toEqual([{ vector: 14, errorCode: 0, eip: NEXT_PAGE - 2 }]);
    expect([cpu.s[at.cr2], program.eip]).toEqual([NEXT_PAGE, HANDLERS + 14]);
    expect(ram.read32(0x81000 + 4 * (NEXT_PAGE >>> 12)) & 0x20).toBe(0);
  });

  test('the last byte within CS, the next one beyond', () => {
    const program = new Program('inc eax\nmov ebx, 1');
    program.cpu.s[at.csLimit] = CODE + 4;
    program.step(2);
    expect(program.faults).toEqual([{ vector: 13, errorCode: 0, eip: CODE + 1 }]);
    expect(program.register('eax')).toBe(1);
  });
});
