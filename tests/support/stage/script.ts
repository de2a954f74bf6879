import type { Crossing, ExitRecord, Ring, StreamRow, VmView, Who } from '../../../src/session/views.ts';

/** A hand-made stretch of a run, instruction by instruction: two processes switch under VT-x, as in the drawings. */
export interface ScriptStep {
  readonly n: number;
  readonly cycle: number;
  readonly row: StreamRow & { readonly kind: 'instruction' };
  /** What happens when it has executed. */
  readonly event: (StreamRow & { readonly kind: 'event' }) | null;
  readonly crossing: Crossing | null;
  /** Instructions left out after it. */
  readonly fold: (StreamRow & { readonly kind: 'fold' }) | null;
  readonly sentence: string;
}

export const who = (vm: number, ring: Ring, name = ''): Who => ({
  mode: ring === 'm' ? 'root' : vm > 0 ? 'guest' : 'none',
  cpl: ring === 'm' ? 0 : Number(ring),
  ring,
  vm: ring === 'm' ? 0 : vm,
  role: ring === '3' ? 'program' : ring === 'm' ? 'monitor' : 'kernel',
  name: name || (ring === '3' ? 'count' : ring === 'm' ? 'hypervisor' : 'kernel'),
});

type Line = readonly [address: number, bytes: string, text: string, comment?: string, label?: string, touches?: readonly string[]];
interface Block {
  readonly who: Who;
  readonly file: string;
  readonly lines: readonly Line[];
  readonly fold?: readonly [count: number, text: string];
  readonly out?: {
    readonly kind: Crossing['kind'];
    readonly label: string;
    readonly text: string;
    readonly will: string;
    readonly note: string;
    readonly cycles: number;
    readonly process: number;
  };
  readonly sentences?: Readonly<Record<number, string>>;
}

function blocks(vm: number): readonly Block[] {
  const vmm = vm > 0;
  const kernel = who(vm, '0');
  const monitor = who(0, 'm');
  const name = vm > 0 ? `VM ${vm}` : '';
  const of = vm > 0 ? `${name}’s kernel` : 'The kernel';
  const kernelText = `${vm > 0 ? `${name} · ` : ''}kernel, ring 0`;
  return [
    {
      who: who(vm, '3', 'count'),
      file: 'count.asm',
      lines: [
        [0x0804810d, '83 C3 01', 'add ebx, 1', 'one more'],
        [0x08048112, 'B8 04 00 00 00', 'mov eax, 4', 'SYS_yield'],
        [0x08048117, 'CD 80', 'int 80h', 'ask the kernel'],
      ],
      out: {
        kind: 'call',
        label: 'int 80h',
        text: `int 80h → ${kernelText}`,
        will: `Will enter → ${kernelText}`,
        note: vmm ? 'the guest’s own gate, no exit' : 'through gate 80h',
        cycles: 90,
        process: 0,
      },
      sentences: { 2: '*count* asks its kernel to yield: INT 80h goes through gate 80h of the IDT into ring 0.' },
    },
    {
      who: kernel,
      file: 'switch.asm',
      lines: [
        [0xc0100b20, '60', 'pusha', 'save user registers'],
        [0xc0100b21, 'FF 14 85 40 70 10 C0', 'call [syscalls+eax*4]', '', undefined, ['eax']],
      ],
      fold: [31, '31 more in sys_yield and pick_next'],
    },
    {
      who: kernel,
      file: 'switch.asm',
      lines: [
        [0xc0101a40, '8B 4C 24 04', 'mov ecx, [esp+4]', 'the next task', 'switch_to', ['ecx', 'esp']],
        [0xc0101a44, 'A1 00 80 10 C0', 'mov eax, [current]', 'the current task', undefined, ['eax']],
        [0xc0101a49, '89 60 18', 'mov [eax+TASK.esp], esp', 'park its stack', undefined, ['eax', 'esp']],
        [0xc0101a4c, '89 0D 00 80 10 C0', 'mov [current], ecx', '', undefined, ['ecx']],
        [0xc0101a52, '8B 41 1C', 'mov eax, [ecx+TASK.cr3]', 'its page directory', undefined, ['eax', 'ecx']],
        [0xc0101a55, '0F 22 D8', 'mov cr3, eax', 'new page tables', undefined, ['cr3', 'eax']],
      ],
      out: vmm
        ? {
            kind: 'exit',
            label: 'VM exit 28',
            text: 'VM exit → hypervisor, ring −1',
            will: 'Will exit → hypervisor, ring −1',
            note: 'reason 28, control-register access',
            cycles: 1186,
            process: -1,
          }
        : undefined,
      sentences: {
        5: vmm
          ? `${of} is about to load CR3, to switch from *count* to *hello*; under VT-x that instruction leaves the guest and wakes the hypervisor.`
          : `${of} is about to load CR3, to switch from *count* to *hello*: the tables of the next process take effect with this instruction.`,
      },
    },
    ...(vmm
      ? ([
          {
            who: monitor,
            file: 'exits.asm',
            lines: [
              [0xff800400, '60', 'pusha', 'save guest registers'],
              [0xff800401, 'B8 02 44 00 00', 'mov eax, 4402h', 'VMCS: exit reason', undefined, ['eax']],
              [0xff800406, '0F 78 C3', 'vmread ebx, eax', '28: CR access', undefined, ['ebx', 'eax']],
              [0xff800409, 'FF 24 9D 00 10 80 FF', 'jmp [exits+ebx*4]', '', undefined, ['ebx']],
              [0xff8006a0, 'B8 00 64 00 00', 'mov eax, 6400h', 'VMCS: qualification', 'exit_cr', ['eax']],
              [0xff8006a5, '0F 78 C3', 'vmread ebx, eax', '3: CR3, from EAX', undefined, ['ebx', 'eax']],
              [0xff8006a8, '8B 54 24 1C', 'mov edx, [esp+28]', 'the guest’s EAX', undefined, ['edx', 'esp']],
              [0xff8006ac, 'E8 4F 02 00 00', 'call shadow_root', '→ its shadow tables'],
            ],
            fold: [41, '41 more in shadow_root: found, not rebuilt'],
            sentences: { 0: `The hypervisor is awake: it saves the registers of ${name} that the processor did not.` },
          },
          {
            who: monitor,
            file: 'exits.asm',
            lines: [
              [0xff8006b1, 'B8 02 68 00 00', 'mov eax, 6802h', 'VMCS: guest CR3', undefined, ['eax']],
              [0xff8006b6, '0F 79 C2', 'vmwrite eax, edx', 'guest runs on these', undefined, ['eax', 'edx']],
              [0xff8006b9, 'E8 C2 FD FF FF', 'call skip_insn', 'guest EIP += 3'],
              [0xff8006be, '61', 'popa', 'restore registers'],
              [0xff8006bf, '0F 01 C3', 'vmresume', `back into ${name}`],
            ],
            out: {
              kind: 'entry',
              label: 'VM entry',
              text: `VM entry → ${kernelText}`,
              will: `Will enter → ${kernelText}`,
              note: 'at C0101A58',
              cycles: 937,
              process: -1,
            },
            sentences: {
              1: `The hypervisor loads CR3 for ${name}, but with its own shadow of the tables the guest asked for: no guest can map another’s memory.`,
            },
          },
        ] as Block[])
      : []),
    {
      who: kernel,
      file: 'switch.asm',
      lines: [
        [0xc0101a58, '8B 61 18', 'mov esp, [ecx+TASK.esp]', 'take the next stack', undefined, ['esp', 'ecx']],
        [0xc0101a5b, 'C3', 'ret', 'return as hello'],
      ],
      fold: [9, '9 more in leave_kernel'],
    },
    {
      who: kernel,
      file: 'switch.asm',
      lines: [
        [0xc0100b40, '61', 'popa', 'its registers'],
        [0xc0100b41, 'CF', 'iret', 'to ring 3'],
      ],
      out: {
        kind: 'return',
        label: 'iret',
        text: `iret → ${vm > 0 ? `${name} · ` : ''}hello, ring 3`,
        will: `Will return → ${vm > 0 ? `${name} · ` : ''}hello, ring 3`,
        note: 'five words from the stack',
        cycles: 80,
        process: 1,
      },
    },
    {
      who: who(vm, '3', 'hello'),
      file: 'hello.asm',
      lines: [
        [0x08048130, 'B8 01 00 00 00', 'mov eax, 1', 'SYS_write'],
        [0x08048135, 'BB 00 A0 04 08', 'mov ebx, greeting', ''],
        [0x0804813a, 'B9 0D 00 00 00', 'mov ecx, 13', 'its length'],
        [0x0804813f, '40', 'inc eax', ''],
        [0x08048140, '90', 'nop', ''],
      ],
    },
  ];
}

/** The whole stretch for one virtual machine, or for the bare machine with 0. */
export function script(vm: number, firstStep = 20436, firstCycle = 1_221_700): readonly ScriptStep[] {
  const steps: ScriptStep[] = [];
  let n = firstStep;
  let cycle = firstCycle;
  let line = 40;
  for (const block of blocks(vm)) {
    block.lines.forEach(([address, bytes, text, comment, label, touches], i) => {
      const last = i === block.lines.length - 1;
      const [mnemonic, ...operands] = text.split(' ');
      const out = last ? block.out : undefined;
      const next = nextWho(vm, block, out?.kind);
      steps.push({
        n,
        cycle,
        row: {
          kind: 'instruction',
          n,
          who: block.who,
          address,
          bytes,
          mnemonic: mnemonic!,
          operands: operands.join(' '),
          comment: comment ?? '',
          source: `${block.file}:${line++}`,
          label: label ?? '',
          goal: '',
          touches: touches ?? [],
          iteration: 0,
          toGo: 0,
          original: null,
        },
        event: out ? { kind: 'event', n, who: next, text: out.text, note: out.note } : null,
        crossing: out
          ? { n: n + 1, kind: out.kind, label: out.label, vm, from: block.who.ring, to: next.ring, process: out.process }
          : null,
        fold: last && block.fold ? foldRow(n + 1, block.who, ...block.fold) : null,
        sentence: block.sentences?.[i] ?? '',
      });
      n += 1 + (last && block.fold ? block.fold[0] : 0);
      cycle += 24 + (out?.cycles ?? 0) + (last && block.fold ? block.fold[0] * 9 : 0);
    });
  }
  return steps;
}

const foldRow = (n: number, by: Who, count: number, text: string) =>
  ({ kind: 'fold', n, who: by, count, text, goal: '', id: String(n), isOpen: false }) as const;

/** The future's words for an event. */
export function willText(vm: number, event: StreamRow & { readonly kind: 'event' }): string {
  const out = blocks(vm).find((b) => b.out?.text === event.text)?.out;
  return out?.will ?? event.text;
}

function nextWho(vm: number, block: Block, kind: Crossing['kind'] | undefined): Who {
  if (kind === 'exit') return who(0, 'm');
  if (kind === 'return') return who(vm, '3', 'hello');
  if (kind === 'call' || kind === 'entry') return who(vm, '0');
  return block.who;
}

export const exitTitles: Readonly<Record<number, readonly [name: string, title: string]>> = {
  0: ['EXCEPTION_OR_NMI', 'Exception (#PF)'],
  1: ['EXTERNAL_INTERRUPT', 'External interrupt'],
  10: ['CPUID', 'CPUID'],
  12: ['HLT', 'HLT'],
  28: ['CR_ACCESS', 'Control-register access'],
  30: ['IO_INSTRUCTION', 'I/O instruction'],
};

/** A finished exit of the past. */
export function pastExit(index: number, code: number, vm: number): ExitRecord {
  const [name, title] = exitTitles[code]!;
  const io = code === 30;
  return {
    index,
    n: 20000 + index,
    cycle: 1_200_000 + index,
    vm,
    owner: `VM ${vm}`,
    vendor: 'vmx',
    code,
    codeText: String(code),
    name,
    title,
    guestEip: io ? 0xc0102c1e : 0xc0101a00,
    instructionLength: 1,
    interruptionInfo: 0,
    cause: title,
    cpl: 0,
    instruction: io ? 'out dx, al' : '',
    infos: io
      ? [
          {
            name: 'Exit qualification',
            value: '03F80000h',
            fields: [
              { bits: '31:16', value: '3F8h', meaning: 'serial port' },
              { bits: '4', value: '0', meaning: 'not string' },
              { bits: '3', value: '0', meaning: 'OUT' },
              { bits: '2:0', value: '0', meaning: '1 byte' },
            ],
          },
        ]
      : [],
    cycles: { exit: 1186, handler: 420, entry: 937 },
    done: true,
  };
}

/** The virtual machines of the drawing; the first one is the script's. */
export function machines(count: number, activeRing: Ring, past: readonly Crossing[]): readonly VmView[] {
  const names = [
    ['count', 'hello'],
    ['clock', 'shell'],
    ['primes', 'echo'],
    ['sort', 'idle'],
  ];
  return Array.from({ length: count }, (_, i) => {
    const first = i === 0;
    const hello = past.some((c) => c.kind === 'return');
    return {
      vm: i + 1,
      name: `VM ${i + 1}`,
      status: first ? (activeRing === 'm' ? 'exited, waiting' : 'running') : 'halted in ring 0',
      running: first,
      processes: (names[i] ?? ['user']).map((name, j) => ({ name, current: first ? (hello ? j === 1 : j === 0) : false })),
      kernel: 'kernel',
      saved: first ? (activeRing === 'm' ? '0' : null) : '0',
    };
  });
}
