/** What comes first: faults against exits (SDM vol 3, 25.1.1), and events at an instruction boundary (6.9 and 26.6). */
import { describe, expect, test } from 'vitest';
import { at } from '../../../src/cpu/state.ts';
import { REASON } from '../../../src/cpu/virt/vmx/reasons.ts';
import { Guest, HANDLER, TABLES } from './guest.ts';
import { EVERYTHING, type Fields, GUEST_CODE, V86 } from './root-operation.ts';

const PRIMARY = 0x0401e172 | (1 << 31);
const VALID = 1 << 31;
const RING_3: Fields = {
  guestCsSelector: 0x1b,
  guestCsRights: 0xc0fb,
  guestSsSelector: 0x23,
  guestSsRights: 0xc0f3,
  guestDsSelector: 0x23,
  guestDsRights: 0xc0f3,
};
const ALL = { primaryControls: PRIMARY | 0x60801e80 | (1 << 24), secondaryControls: 0x44 };
const FAULTS: Fields = { exceptionBitmap: -1 };

/** The TSS at 0 has no I/O permission bitmap. */
function leave(source: string, fields: Fields): Guest {
  const guest = new Guest(source, { ...ALL, ...FAULTS, ...fields }, EVERYTHING);
  guest.cpu.memory.words[0x66 >>> 1] = 0x68;
  return guest.run();
}
const gp = (guest: Guest): object => {
  expect(guest.exit).toMatchObject({ code: 0, interruptionInfo: 0x80000b0d, guestEip: GUEST_CODE });
  return guest;
};

describe('faults before exits', () => {
  test.each([
    'hlt',
    'invd',
    'wbinvd',
    'invlpg [eax]',
    'rdmsr',
    'wrmsr',
    'mov eax, cr3',
    'mov cr3, eax',
    'clts',
    'lmsw ax',
    'rdpmc',
    'lgdt [eax]',
    'lidt [eax]',
    'lldt ax',
    'ltr ax',
    'in al, 60h',
    'outsb',
  ])('%s at CPL 3 is #GP(0)', (source) => {
    gp(leave(source, RING_3));
  });

  test('RDTSC at CPL 3 with CR4.TSD is #GP(0)', () => {
    gp(leave('rdtsc', { ...RING_3, guestCr4: 0x2014 }));
  });

  test('SLDT, STR, LLDT and LTR in virtual-8086 mode are #UD', () => {
    const guest = new Guest('sldt ax', { ...ALL, ...V86, exceptionBitmap: -1 }, EVERYTHING, 16);
    guest.cpu.memory.bytes.set([0x0f, 0x00, 0xc0], 0x30000);
    expect(guest.set({ guestEip: 0 }).run().exit).toMatchObject({ code: 0, interruptionInfo: 0x80000306 });
  });

  test('LMSW of an operand that faults is the fault', () => {
    const guest = leave('lmsw [40000000h]', { cr0Mask: 0xf, cr0Shadow: 0xf });
    expect(guest.exit).toMatchObject({ code: 0, qualification: 0x40000000, interruptionInfo: 0x80000b0e });
  });
});

test.each([
  ['RDTSCP, unless a control says otherwise,', [0x0f, 0x01, 0xf9]],
  ['XSETBV', [0x0f, 0x01, 0xd1]],
  ['VMFUNC', [0x0f, 0x01, 0xd4]],
  ['GETSEC', [0x0f, 0x37]],
  ['RDRAND', [0x0f, 0xc7, 0xf0]],
  ['INVPCID', [0x66, 0x0f, 0x38, 0x82, 0x00]],
  ['VMMCALL', [0x0f, 0x01, 0xd9]],
  ['VMXON of a register', [0xf3, 0x0f, 0xc7, 0xf0]],
])('%s does not exist: #UD, not an exit', (_, bytes) => {
  const guest = new Guest(`db ${bytes.join(', ')}`, { ...ALL, ...FAULTS }, EVERYTHING).run();
  expect(guest.exit).toMatchObject({ code: 0, interruptionInfo: 0x80000306, guestEip: GUEST_CODE });
});

test('INVEPT and INVVPID of a processor without EPT are #UD in a guest too', () => {
  const guest = new Guest('invept eax, [edi]', { exceptionBitmap: -1 }).run();
  expect(guest.exit).toMatchObject({ code: 0, interruptionInfo: 0x80000306 });
});

describe('exits before faults', () => {
  test.each([
    ['cpuid', REASON.CPUID],
    ['rdtsc', REASON.RDTSC],
    ['pause', REASON.PAUSE],
    ['mov eax, dr0', REASON.MOV_DR],
    ['mov dr4, eax', REASON.MOV_DR],
    ['sgdt [40000000h]', REASON.GDTR_OR_IDTR_ACCESS],
    ['str [40000000h]', REASON.LDTR_OR_TR_ACCESS],
    ['vmcall', REASON.VMCALL],
    ['vmptrld [40000000h]', REASON.VMPTRLD],
    ['vmread [40000000h], eax', REASON.VMREAD],
    ['vmxoff', REASON.VMXOFF],
  ])('%s at CPL 3', (source, code) => {
    expect(leave(source, RING_3).exit).toMatchObject({ code, cpl: 3, guestEip: GUEST_CODE });
  });

  test.each([
    ['mov ecx, 99999h\nrdmsr', REASON.RDMSR],
    ['lgdt [40000000h]', REASON.GDTR_OR_IDTR_ACCESS],
    ['lldt [40000000h]', REASON.LDTR_OR_TR_ACCESS],
    ['mov edi, 40000000h\ninsb', REASON.IO_INSTRUCTION],
    ['mov esi, 40000000h\noutsd', REASON.IO_INSTRUCTION],
    ['vmxon [40000000h]', REASON.VMXON],
  ])('%s', (source, code) => {
    expect(leave(source, {}).exit?.code).toBe(code);
  });

  test('a string instruction beyond the segment limit', () => {
    expect(leave('insb', { guestEsRights: 0x4093, guestEsLimit: 0 }).exit?.code).toBe(REASON.IO_INSTRUCTION);
  });
});

/** Every event there is, the most urgent first, and what holds each of them up. */
const EVENTS: readonly { name: string; fields: Fields; code: number; arrange?: (guest: Guest) => void }[] = [
  { name: 'TPR below threshold', fields: { tprThreshold: 1 }, code: REASON.TPR_BELOW_THRESHOLD },
  {
    name: 'INIT',
    fields: {},
    code: REASON.INIT,
    arrange: (guest) => {
      guest.cpu.s[at.signals] = 1;
    },
  },
  { name: 'monitor trap flag', fields: { entryInterruptionInfo: 0x700 | VALID }, code: REASON.MONITOR_TRAP_FLAG },
  { name: 'debug trap', fields: { guestPendingDebug: 0x4000 }, code: REASON.EXCEPTION_NMI },
  { name: 'preemption timer', fields: { preemptionTimer: 0 }, code: REASON.PREEMPTION_TIMER },
  { name: 'NMI window', fields: { guestInterruptibility: 0 }, code: REASON.NMI_WINDOW },
  {
    name: 'NMI',
    fields: {},
    code: REASON.EXCEPTION_NMI,
    arrange: (guest) => {
      guest.cpu.s[at.nmiPending] = 1;
    },
  },
  { name: 'interrupt window', fields: { guestEflags: 0x202 }, code: REASON.INTERRUPT_WINDOW },
  {
    name: 'external interrupt',
    fields: {},
    code: REASON.EXTERNAL_INTERRUPT,
    arrange: (guest) => {
      (guest.cpu.bus as { intr: boolean }).intr = true;
    },
  },
];

const APIC: Fields = {
  secondaryControls: 1,
  apicAccessAddress: 0x170000,
  virtualApicAddress: 0x171000,
};

test.each(EVENTS.map(({ name }, i) => [name, i] as const))('%s comes before everything less urgent', (_, first) => {
  const present = EVENTS.slice(first);
  const names = new Set(present.map(({ name }) => name));
  const controls: Fields = {
    ...APIC,
    primaryControls: PRIMARY | (1 << 21) | (names.has('NMI window') ? 1 << 22 : 0) | (names.has('interrupt window') ? 1 << 2 : 0),
    pinControls: 0x16 | 0x29 | (names.has('preemption timer') ? 1 << 6 : 0),
    exceptionBitmap: 2,
    guestEflags: 0x202,
  };
  const guest = new Guest('nop', Object.assign({}, controls, ...present.map(({ fields }) => fields)), EVERYTHING);
  for (const { arrange } of present) arrange?.(guest);
  expect(guest.run().exit).toMatchObject({ code: present[0].code, guestEip: GUEST_CODE });
  if (present[0].name === 'debug trap') expect(guest.exit?.interruptionInfo).toBe(0x80000301);
  if (present[0].name === 'NMI') expect(guest.exit?.interruptionInfo).toBe(0x80000202);
});

test.each([
  ['HLT', 1, [REASON.PREEMPTION_TIMER, REASON.NMI_WINDOW, REASON.EXCEPTION_NMI, REASON.INTERRUPT_WINDOW, REASON.EXTERNAL_INTERRUPT]],
  ['shutdown', 2, [REASON.PREEMPTION_TIMER, REASON.NMI_WINDOW, REASON.EXCEPTION_NMI, -1, -1]],
] as const)('what a guest in the %s state is left for', (_, guestActivity, codes) => {
  const found = EVENTS.slice(4).map(({ name, fields, arrange }) => {
    const guest = new Guest(
      'nop',
      {
        ...fields,
        guestActivity,
        primaryControls: PRIMARY | (name === 'NMI window' ? 1 << 22 : 0) | (name === 'interrupt window' ? 1 << 2 : 0),
        pinControls: 0x16 | 0x29 | (name === 'preemption timer' ? 1 << 6 : 0),
      },
      EVERYTHING,
    );
    arrange?.(guest);
    guest.enter();
    guest.step();
    return guest.exit?.code ?? -1;
  });
  expect(found).toEqual(codes);
});

test('a guest that waits for a start-up IPI is left for that, and for nothing else', () => {
  const guest = new Guest('nop', { guestActivity: 3, pinControls: 0x16 | 9 }, EVERYTHING);
  guest.enter();
  guest.cpu.s[at.signals] = 1;
  guest.cpu.s[at.nmiPending] = 1;
  (guest.cpu.bus as { intr: boolean }).intr = true;
  guest.step();
  expect(guest.exit).toBe(null);
  guest.cpu.s[at.signals] = 2 | (0x9a << 8);
  guest.step();
  expect(guest.exit).toMatchObject({ code: REASON.SIPI, qualification: 0x9a });
  expect(guest.read('guestActivity')).toBe(3);
});

describe('an exit while an event is delivered says which', () => {
  /** The gate leads to a segment that is not present. */
  const NOT_PRESENT = 0x18;
  const kinds: readonly (readonly [string, string, number, Fields, number])[] = [
    ['INT n', 'int 60h', 0x60, {}, 0x80000460],
    ['INT3', 'int3', 3, {}, 0x80000603],
    ['INTO', 'into', 4, { guestEflags: 0x802 }, 0x80000604],
    ['INT1', 'int1', 1, {}, 0x80000501],
    ['a fault without an error code', 'ud2', 6, {}, 0x80000306],
    ['a fault with an error code', 'mov ax, 40h\nmov ds, ax', 13, {}, 0x80000b0d],
    ['an external interrupt', 'nop', 0x20, { entryInterruptionInfo: 0x20 | VALID, guestEflags: 0x202 }, 0x80000020],
    ['an NMI', 'nop', 2, { entryInterruptionInfo: 0x202 | VALID }, 0x80000202],
    ['an injected INT n', 'nop', 0x60, { entryInterruptionInfo: 0x460 | VALID, entryInstructionLength: 2 }, 0x80000460],
    ['an injected #PF', 'nop', 14, { entryInterruptionInfo: 0xb0e | VALID, entryErrorCode: 2 }, 0x80000b0e],
  ];

  test.each(kinds)('%s: a fault on the way', (_, source, vector, fields, info) => {
    const guest = new Guest(source, { ...fields, exceptionBitmap: 1 << 11 }, EVERYTHING).tables().gate(vector, NOT_PRESENT, HANDLER, 0x8e);
    guest.run();
    expect(guest.exit).toMatchObject({ code: 0, interruptionInfo: 0x80000b0b });
    expect(guest.read('vectoringInfo') >>> 0).toBe(info);
    if ((info & 0x800) !== 0) expect(guest.read('vectoringErrorCode')).toBe(vector === 14 ? 2 : 0x40);
    const software = (info & 0x400) !== 0;
    if (software) expect(guest.exit?.instructionLength).toBe(source === 'int 60h' || source === 'nop' ? 2 : 1);
  });

  test.each(kinds)('%s: a task gate', (_, source, vector, fields, info) => {
    const guest = new Guest(source, fields, EVERYTHING).tables().gate(vector, 0x20, 0, 0x85);
    guest.run();
    expect(guest.exit).toMatchObject({ code: REASON.TASK_SWITCH, qualification: 0xc0000020 });
    expect(guest.read('vectoringInfo') >>> 0).toBe(info);
    expect(guest.eip).toBe(source.startsWith('mov ax') ? 4 : 0);
  });

  test('a second fault that becomes #DF and exits is alone', () => {
    const guest = new Guest('mov ax, 40h\nmov ds, ax', { exceptionBitmap: 1 << 8 }, EVERYTHING)
      .tables()
      .gate(13, NOT_PRESENT, HANDLER, 0x8e);
    expect(guest.run().exit).toMatchObject({ code: 0, interruptionInfo: 0x80000b08 });
    expect(guest.read('vectoringInfo')).toBe(0);
  });

  test('a triple fault is alone', () => {
    const guest = new Guest('ud2', { ...TABLES, guestIdtrLimit: 0 }, EVERYTHING).run();
    expect(guest.exit).toMatchObject({ code: REASON.TRIPLE_FAULT });
    expect(guest.read('vectoringInfo')).toBe(0);
  });
});

describe('task switches', () => {
  const taskOf = (source: string, more: Fields = {}): Guest =>
    new Guest(source, { guestTrSelector: 0x28, exceptionBitmap: -1, ...more }, EVERYTHING).tables().run();

  test.each([
    ['call 20h:0', 0x00000020, 7],
    ['jmp 20h:0', 0x80000020, 7],
  ])('%s exits before anything has changed', (source, qualification, length) => {
    const guest = taskOf(source);
    expect(guest.exit).toMatchObject({ code: REASON.TASK_SWITCH, qualification, instructionLength: length, guestEip: GUEST_CODE });
    expect(guest.read('vectoringInfo')).toBe(0);
    expect(guest.read('guestTrSelector')).toBe(0x28);
  });

  test('IRET with NT set goes back to the task that the TSS names', () => {
    const guest = new Guest('iret', { guestEflags: 0x4002, exceptionBitmap: -1 }, EVERYTHING).tables();
    guest.cpu.memory.dwords[0x162000 >>> 2] = 0x28;
    expect(guest.run().exit).toMatchObject({ code: REASON.TASK_SWITCH, qualification: 0x40000028, instructionLength: 1 });
  });

  test('a busy task, or none, is a fault first', () => {
    expect(taskOf('jmp 28h:0').exit).toMatchObject({ code: 0, interruptionInfo: 0x80000b0d, interruptionErrorCode: 0x28 });
    expect(taskOf('iret', { guestEflags: 0x4002 }).exit).toMatchObject({ code: 0, interruptionInfo: 0x80000b0a });
  });
});
