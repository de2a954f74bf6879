/**
 * Instructions a second on three loops: arithmetic in registers, loads and stores, and system calls from ring 3 to ring 0 and back. The ratios
 * are to the first, in the same run: machines differ, and are noisy. Seconds are those of the processor, so that other work counts less.
 */
import { assemble } from '../../src/asm/index.ts';
import { loadMultiboot } from '../../src/machine/loaders/multiboot.ts';
import { Machine } from '../../src/machine/machine.ts';

const HEADER = `
        bits 32
        org 100000h
header: dd 1BADB002h, 10000h, -(1BADB002h + 10000h)
        dd header, header, end, end, start
`;

const LOOPS: Readonly<Record<string, string>> = {
  compute: `
start:  mov ecx, 3000000
        mov ebx, 2463534242
.next:  mov eax, ebx
        shl eax, 13
        xor ebx, eax
        mov eax, ebx
        shr eax, 17
        xor ebx, eax
        dec ecx
        jnz .next
        cli
        hlt
end:`,
  memory: `
start:  mov ebp, 100
.pass:  mov esi, 200000h
        mov edi, 300000h
        mov ecx, 40000
.next:  mov eax, [esi + ecx*4 - 4]
        add eax, ebp
        mov [edi + ecx*4 - 4], eax
        dec ecx
        jnz .next
        dec ebp
        jnz .pass
        cli
        hlt
end:`,
  'system call': `
start:  mov esp, 90000h
        lgdt [gdtr]
        lidt [idtr]
        mov ax, 28h
        ltr ax
        mov dword [tss + 4], 90000h
        mov dword [tss + 8], 10h
        push dword 20h + 3
        push dword 80000h
        push dword 2
        push dword 18h + 3
        push dword user
        iret
user:   mov ecx, 400000
.next:  mov eax, 1
        int 80h
        dec ecx
        jnz .next
        xor eax, eax
        int 80h
call:   test eax, eax
        jz .end
        iret
.end:   cli
        hlt
        align 8
gdt:    dq 0, 00CF9B000000FFFFh, 00CF93000000FFFFh, 00CFFB000000FFFFh, 00CFF3000000FFFFh
        dw 67h, tss - 100000h
        db 10h, 89h, 0, 0
gdtr:   dw $ - gdt - 1
        dd gdt
idt:    times 80h dq 0
        dw call - 100000h, 8, 0EE00h, 10h
idtr:   dw $ - idt - 1
        dd idt
tss:    times 26 dd 0
end:`,
};

const ROUNDS = 5;

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Steps of one loop from start to halt, and the best of a few times in seconds. */
function timed(name: string): { steps: number; seconds: number } {
  const result = assemble({ text: () => HEADER + LOOPS[name] }, 'loop.asm');
  if (!result.ok) throw new Error(result.errors.map(({ line, message }) => `${name}:${line}: ${message}`).join('\n'));
  let seconds = Number.POSITIVE_INFINITY;
  let steps = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const machine = new Machine({ memory: 8 << 20 });
    machine.enter(loadMultiboot(machine.ram, { name, bytes: result.image }).entry);
    const start = processorSeconds();
    while (machine.end === null) machine.run(machine.n + 1_000_000);
    seconds = Math.min(seconds, processorSeconds() - start);
    steps = machine.n;
    if (machine.end?.kind !== 'halted') throw new Error(`${name} ended with ${JSON.stringify(machine.end)}`);
  }
  return { steps, seconds };
}

let first = 0;
for (const name of Object.keys(LOOPS)) {
  const { steps, seconds } = timed(name);
  const speed = steps / seconds;
  first ||= speed;
  console.log(
    `${name.padEnd(14)}${(speed / 1e6).toFixed(1).padStart(8)} million instructions a second${(speed / first).toFixed(2).padStart(8)} of the first`,
  );
}
