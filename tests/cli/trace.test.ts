import { describe, expect, test } from 'vitest';
import { flat, records, rm1Run } from './support/world.ts';

const named = (event: string) => (record: Record<string, unknown>) => record.event === event;

describe('the trace of one VM exit', () => {
  const traced = (more = '') => rm1Run(`first-exit --trace trace${more}`).then((ran) => records(ran));

  test('a vmexit carries its reason, qualification, place and length', async () => {
    const [exit] = (await traced()).filter(named('vmexit'));
    expect(exit).toEqual({
      n: 613,
      cpu: 0,
      cycle: expect.any(Number),
      event: 'vmexit',
      vm: 1,
      vendor: 'vmx',
      code: 28,
      name: 'CR_ACCESS',
      qualification: 3,
      guestEip: '0x00101064',
      instructionLength: 3,
      interruptionInfo: 0,
      cause: 'cr-write',
    });
  });

  test('entries and exits take turns, and the last exit is the end', async () => {
    const all = await traced();
    const crossings = all.filter((record) => /^vm(exit|entry)$/.test(String(record.event))).map(({ event }) => event);
    expect(crossings).toEqual(crossings.map((_, k) => (k % 2 === 0 ? 'vmentry' : 'vmexit')));
    expect(all.find(named('vmentry'))).toMatchObject({ vm: 1, guestEip: '0x00101000', launch: true, injected: null });
    expect(all.filter(named('vmentry'))[1]).toMatchObject({ launch: false });
    expect(all.at(-1)).toMatchObject({ event: 'halted' });
    expect(all.at(-1)).not.toHaveProperty('vm');
  });

  test('rings are crossed by transfers, with both places', async () => {
    const [iret, int] = (await traced()).filter(named('transfer'));
    expect(iret).toMatchObject({ kind: 'iret', vm: 1, from: { mode: 'guest', cpl: 0 }, to: { mode: 'guest', cpl: 3 }, eip: '0x00102000' });
    expect(int).toMatchObject({ kind: 'int', from: { mode: 'guest', cpl: 3 }, to: { mode: 'guest', cpl: 0 }, eip: '0x0010200c' });
  });

  test('ports and control registers', async () => {
    const all = await traced();
    expect(all.filter(named('out')).slice(0, 2)).toMatchObject([
      { port: 0xe9, size: 1, value: 0x31, vm: 1 },
      { port: 0xe9, size: 1, value: 0x68, vm: 1 },
    ]);
    expect(all.filter(named('control'))).toMatchObject([
      { register: 'CR4', old: '0x00000000', new: '0x00000010' },
      { register: 'CR3', new: '0x00108000' },
      { register: 'CR0' },
      { register: 'CR4' },
    ]);
  });

  test('steps never go back, and cycles neither', async () => {
    const all = await traced();
    for (const [k, { n, cycle }] of all.entries()) {
      if (k === 0) continue;
      expect(n).toBeGreaterThanOrEqual(all[k - 1].n as number);
      expect(cycle).toBeGreaterThanOrEqual(all[k - 1].cycle as number);
    }
  });

  test('--events narrows it', async () => {
    expect(new Set((await traced(' --events vmexit,halted')).map(({ event }) => event))).toEqual(new Set(['vmexit', 'halted']));
  });

  test('--sentences says it in words', async () => {
    const all = await traced(' --sentences');
    expect(all.find(named('vmexit'))?.sentence).toBe(
      'VM 1’s kernel leaves the guest at mov cr3, eax, VM exit 28: the hypervisor keeps the real control register to itself.',
    );
    expect(all.find(named('vmentry'))?.sentence).toMatch(/^The hypervisor enters VM 1 at 00101000, ring 0/);
  });

  test('--every adds each instruction, at its step, before what it brought about', async () => {
    const all = await traced(' --every');
    const instructions = all.filter(named('instruction'));
    expect(instructions[0]).toMatchObject({
      n: 1,
      mode: 'none',
      cpl: 0,
      eip: '0x00100020',
      bytes: '0F 01 15 F0 04 10 00',
      text: 'lgdt [gdtr]',
    });
    expect(instructions.map(({ n }) => n)).toEqual(Array.from({ length: 1256 }, (_, k) => k + 1));
    const exit = all.findIndex(named('vmexit'));
    expect(all[exit - 1]).toMatchObject({ event: 'instruction', n: 613, vm: 1, mode: 'guest', text: 'mov cr3, eax' });
    expect(all.filter((record) => record.event !== 'instruction')).toEqual(await traced());
  });
});

describe('other traces', () => {
  test('steps that are no instruction’s have no record of one', async () => {
    const source = `
        lgdt [gdtr]
        lidt [idtr]
        jmp 8:go
gdt:    dq 0, 00CF9B000000FFFFh, 00CF93000000FFFFh
gdtr:   dw $ - gdt - 1
        dd gdt
idtr:   dw 8 * 48 - 1
        dd 108000h
go:     mov esp, 110000h
        mov dword [108100h], (8 << 16) | ((tick - $$ + 100000h) & 0FFFFh)
        mov dword [108104h], 00108E00h
        mov al, 11h
        out 20h, al
        mov al, 20h
        out 21h, al
        mov al, 4
        out 21h, al
        mov al, 1
        out 21h, al
        mov al, 0FEh
        out 21h, al
        mov al, 34h
        out 43h, al
        mov al, 100
        out 40h, al
        mov al, 0
        out 40h, al
        sti
        hlt
        cli
        hlt
tick:   iret`;
    const ran = await rm1Run('x.asm --trace trace --every', flat(source));
    const all = records(ran);
    const tick = all.find(named('interrupt'));
    expect(tick).toMatchObject({ vector: 32, external: true, from: { mode: 'none', cpl: 0 }, to: { mode: 'none', cpl: 0 } });
    expect(all.some((record) => record.event === 'instruction' && record.n === tick?.n)).toBe(false);
    const hlt = all.find(named('halted'));
    expect(tick?.n).toBeGreaterThan((hlt?.n as number) + 1);
    expect(all.filter(named('instruction')).map(({ text }) => text)).toEqual(expect.arrayContaining(['sti', 'hlt', 'iretd', 'cli']));
  });

  test('exceptions, with the error code and the address of a page fault', async () => {
    const ran = await rm1Run(
      'duet --vmm vtx --memory 4M --max-instructions 300000 --trace trace --events vmexit,vmentry,exception,interrupt',
    );
    const all = records(ran);
    const fault = all.find((record) => record.event === 'vmexit' && record.code === 0);
    expect(fault).toMatchObject({ cause: 'page-fault', interruptionInfo: 0x80000b0e, instructionLength: 0 });
    const injected = all.filter((record) => record.event === 'vmentry' && record.injected !== null);
    expect(injected[0]).toMatchObject({ injected: 0x80000020 });
    const entries = new Set(injected.map(({ n }) => n));
    const ticks = all.filter((record) => record.event === 'interrupt' && record.vm === 1);
    expect(ticks.length).toBeGreaterThan(3);
    expect(ticks.every((tick) => tick.vector === 32 && entries.has(tick.n as number))).toBe(true);
  });

  test('an end by the debug exit, and by a triple fault', async () => {
    const exit = await rm1Run('x.asm --trace trace', flat('mov dx, 501h\nmov al, 3\nout dx, al'));
    expect(records(exit).at(-1)).toMatchObject({ n: 3, event: 'debug-exit', value: 3 });
    const fault = await rm1Run('triple-fault --trace trace');
    expect(records(fault).at(-1)).toMatchObject({ event: 'shutdown' });
  });

  test('a run without events leaves an empty file', async () => {
    const ran = await rm1Run('x.asm --trace trace --max-instructions 10', flat('jmp $'));
    expect(records(ran)).toEqual([]);
    expect(ran.files.has('trace')).toBe(true);
  });
});
