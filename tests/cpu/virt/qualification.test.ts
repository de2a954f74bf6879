/** Exit qualifications, with the bits as ../shared/reference names them: `5:4` and so on. */
import { describe, expect, test } from 'vitest';
import { at } from '../../../src/cpu/state.ts';
import { instructionError } from '../../../src/cpu/virt/vmx/words.ts';
import { Guest } from './guest.ts';
import { ABSENT, referenceIsHere, table } from './reference.ts';
import { EVERYTHING, type Fields, GUEST_TABLE } from './root-operation.ts';

const PRIMARY = 0x04006172 | (1 << 31) | (1 << 28);
const DATA = 0x150000;
const APIC_PAGE = 0x170000;
const EPT_ROOT = 0x200000;
/** The guest's entry for its first 4 MiB; without the flags the processor has to write them. */
const ACCESSED_AND_DIRTY = 0xe7;
/** Bits 23, 24: MOV-DR and unconditional I/O exiting; 15, 16: CR3. */
const EXITING = PRIMARY | (1 << 15) | (1 << 16) | (1 << 23) | (1 << 24);

type Layout = Readonly<Record<string, number>>;
interface Case {
  readonly layout: string;
  readonly source: string;
  readonly bits: Layout;
  readonly fields?: Fields;
  arrange?(guest: Guest): void;
}

const row = (layout: string, source: string, bits: Layout, fields?: Fields, arrange?: Case['arrange']): Case => ({
  layout,
  source,
  bits,
  fields,
  arrange,
});
const OWNS_CR0: Fields = { cr0Mask: 0xf, cr0Shadow: 0xf };
const APIC: Fields = { secondaryControls: 1, apicAccessAddress: APIC_PAGE };

/** One page of 2 MiB from 0 on, with these rights, and nothing at 2 MiB. */
const ept =
  (rights: number) =>
  ({ cpu }: Guest): void => {
    const { dwords } = cpu.memory;
    dwords[EPT_ROOT >>> 2] = (EPT_ROOT + 0x1000) | 7;
    dwords[(EPT_ROOT + 0x1000) >>> 2] = (EPT_ROOT + 0x2000) | 7;
    dwords[(EPT_ROOT + 0x2000) >>> 2] = 0xb0 | rights;
  };
const EPT: Fields = { secondaryControls: 2, eptPointer: EPT_ROOT | 0x1e, guestCr0: 0x80000031 | 0 };

const CASES: readonly Case[] = [
  row('crAccess', 'mov cr3, esi', { '3:0': 3, '5:4': 0, '11:8': 6 }),
  row('crAccess', 'mov ebx, cr3', { '3:0': 3, '5:4': 1, '11:8': 3 }),
  row('crAccess', 'mov cr0, ecx', { '3:0': 0, '11:8': 1 }, OWNS_CR0),
  row('crAccess', 'clts', { '5:4': 2 }, { cr0Mask: 8, cr0Shadow: 8 }),
  row('crAccess', 'mov eax, 1234h\nlmsw ax', { '5:4': 3, '31:16': 0x1234 }, OWNS_CR0),
  row('crAccess', 'mov word [edi], 4321h\nlmsw [edi]', { '5:4': 3, '6': 1, '31:16': 0x4321 }, OWNS_CR0),
  row('drAccess', 'mov edx, dr6', { '2:0': 6, '4': 1, '11:8': 2 }),
  row('drAccess', 'mov dr3, ebp', { '2:0': 3, '4': 0, '11:8': 5 }),
  row('io', 'in al, 60h', { '2:0': 0, '3': 1, '6': 1, '31:16': 0x60 }),
  row('io', 'out dx, eax', { '2:0': 3, '31:16': 0x80 }),
  row('io', 'rep outsw', { '2:0': 1, '4': 1, '5': 1, '31:16': 0x80 }),
  row('taskSwitch', 'call 20h:0', { '15:0': 0x20, '31:30': 0 }, { guestTrSelector: 0x28 }),
  row('taskSwitch', 'jmp 20h:0', { '15:0': 0x20, '31:30': 2 }, { guestTrSelector: 0x28 }),
  row('taskSwitch', 'int 60h', { '15:0': 0x20, '31:30': 3 }, { guestTrSelector: 0x28 }, (guest) => guest.gate(0x60, 0x20, 0, 0x85)),
  row('debugException', 'nop', { '14': 1 }, { guestEflags: 0x102 }),
  row('debugException', `mov al, [${DATA}]`, { '3:0': 4 }, { guestDr7: 0x03000420 }, ({ cpu }) => {
    cpu.s[at.dr2] = DATA;
  }),
  row('debugException', 'mov eax, dr0', { '13': 1 }, { guestDr7: 0x2400, primaryControls: PRIMARY }),
  row('apicAccess', `mov eax, [${APIC_PAGE + 0x20}]`, { '11:0': 0x20, '15:12': 0 }, APIC),
  row('apicAccess', `mov [${APIC_PAGE + 0x300}], eax`, { '11:0': 0x300, '15:12': 1 }, APIC),
  row('apicAccess', `jmp ${APIC_PAGE}`, { '11:0': 0, '15:12': 2 }, APIC),
  row('eptViolation', 'mov [edi], eax', { '1': 1, '5:3': 5, '7': 1, '8': 1 }, EPT, (guest) => {
    guest.cpu.memory.dwords[GUEST_TABLE >>> 2] = ACCESSED_AND_DIRTY;
    ept(5)(guest);
  }),
  row('eptViolation', 'mov [edi], eax', { '1': 1, '5:3': 5, '7': 1, '8': 0 }, EPT, ept(5)),
  row('eptViolation', 'mov eax, [200000h]', { '0': 1, '5:3': 0, '7': 1, '8': 1 }, EPT, ept(7)),
  row('eptViolation', 'nop', { '2': 1, '5:3': 3, '7': 1, '8': 1 }, EPT, ept(3)),
];

/** `31:16` and the value 5 make 50000h. */
const whole = (bits: Layout): number =>
  Object.entries(bits).reduce((sum, [range, value]) => (sum | (value << Number(range.split(':').at(-1)))) >>> 0, 0);

describe('exit qualifications', () => {
  test.each(CASES.map((found) => [`${found.layout}: ${found.source}`, found] as const))('%s', (_, { source, bits, fields, arrange }) => {
    const guest = new Guest(source, { primaryControls: EXITING, exceptionBitmap: 2, ...fields }, EVERYTHING).tables();
    guest.with('edi', DATA).with('edx', 0x80);
    arrange?.(guest);
    expect(guest.run().exit!.qualification).toBe(whole(bits));
  });

  test.skipIf(!referenceIsHere)(referenceIsHere ? 'have the bits of the reference' : ABSENT, () => {
    const layouts = table<Record<string, { bits: Record<string, string> }>>('vmx-exit-qualification.json');
    for (const { layout, bits } of CASES)
      expect(Object.keys(bits).filter((range) => layouts[layout].bits[range] === undefined)).toEqual([]);
    for (const name of new Set(CASES.map(({ layout }) => layout))) {
      const used = new Set(CASES.filter(({ layout }) => layout === name).flatMap(({ bits }) => Object.keys(bits)));
      const meant = Object.entries(layouts[name].bits).filter(([, meaning]) => !meaning.startsWith('0') || meaning.includes('='));
      const NMI_UNBLOCKING = name === 'eptViolation' ? ['12'] : [];
      expect(meant.map(([range]) => range).filter((range) => !used.has(range) && !NMI_UNBLOCKING.includes(range))).toEqual([]);
    }
  });

  test.skipIf(!referenceIsHere)(referenceIsHere ? 'error numbers are those of the reference' : ABSENT, () => {
    const { vmInstructionErrors } = table<{ vmInstructionErrors: readonly { number: number }[] }>('vmx-exit-qualification.json');
    /** Of dual-monitor treatment. */
    const SMM = [16, 17, 18, 19, 20, 22, 23, 24, 25];
    const without = vmInstructionErrors
      .map(({ number }) => number)
      .filter((number) => /^VM-instruction error/.test(instructionError(number)));
    expect(without).toEqual(SMM);
  });
});
