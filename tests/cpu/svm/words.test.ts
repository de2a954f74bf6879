import { expect, test } from 'vitest';
import { CODE, exitName } from '../../../src/cpu/virt/svm/exit-codes.ts';
import { causeOf, eventFields, eventName, exitTitle, info1Fields, info2Fields, interceptNames } from '../../../src/cpu/virt/svm/words.ts';
import { causeOf as vmxCauseOf } from '../../../src/cpu/virt/vmx/words.ts';

const brief = (fields: readonly { bits: string; value: string; meaning: string }[]): string[] =>
  fields.map(({ bits, value, meaning }) => `${bits} ${value} ${meaning}`);

test.each([
  [0x00, 'READ_CR0', 'Read of CR0', 'cr-read'],
  [0x13, 'WRITE_CR3', 'Write of CR3', 'cr-write'],
  [0x26, 'READ_DR6', 'Read of DR6', 'dr-read'],
  [0x37, 'WRITE_DR7', 'Write of DR7', 'dr-write'],
  [0x4e, 'EXCP_14', '#PF', 'page-fault'],
  [0x4d, 'EXCP_13', '#GP', 'exception'],
  [0x60, 'INTR', 'Physical interrupt', 'external-interrupt'],
  [0x65, 'CR0_SEL_WRITE', 'Selective write of CR0', 'cr-write'],
  [0x67, 'GDTR_READ', 'Read of GDTR', 'gdtr-or-idtr-access'],
  [0x72, 'CPUID', 'CPUID', 'cpuid'],
  [0x7f, 'SHUTDOWN', 'Shutdown', 'triple-fault'],
  [0x81, 'VMMCALL', 'VMMCALL', 'vmcall'],
  [0x400, 'NPF', 'Nested page fault', 'nested-page-fault'],
  [-1, 'INVALID', 'Invalid guest state in the VMCB', 'invalid-guest-state'],
  [0x99, 'EXITCODE_99h', 'EXITCODE_99h', 'exitcode-99h'],
])('EXITCODE %i', (code, name, title, cause) => {
  expect([exitName(code), exitTitle(code), causeOf(code, 0)]).toEqual([name, title, cause]);
});

test('causes are those of the other vendor', () => {
  const shared: readonly (readonly [number, number, number, number, number])[] = [
    [0x72, 0, 10, 0, 0],
    [0x78, 0, 12, 0, 0],
    [0x79, 0, 14, 0, 0],
    [0x6e, 0, 16, 0, 0],
    [0x77, 0, 40, 0, 0],
    [0x60, 0, 1, 0, 0],
    [0x64, 0, 7, 0, 0],
    [0x7d, 0, 9, 0, 0],
    [0x7f, 0, 2, 0, 0],
    [0x81, 0, 18, 0, 0],
    [0x61, 0, 0, 0, 0x80000202],
    [0x4e, 0, 0, 0, 0x80000b0e],
    [0x46, 0, 0, 0, 0x80000306],
    [0x13, 0, 28, 3, 0],
    [0x03, 0, 28, 0x13, 0],
    [0x37, 0, 29, 7, 0],
    [0x26, 0, 29, 0x16, 0],
    [0x7b, 1, 30, 8, 0],
    [0x7b, 0, 30, 0, 0],
    [0x7c, 0, 31, 0, 0],
    [0x7c, 1, 32, 0, 0],
    [0x66, 0, 46, 0, 0],
    [0x6d, 0, 47, 0, 0],
    [0x76, 0, 13, 0, 0],
    [0x89, 0, 54, 0, 0],
  ];
  for (const [code, info1, reason, qualification, info] of shared)
    expect([code, causeOf(code, info1)]).toEqual([code, vmxCauseOf(reason, qualification, info | 0)]);
});

test('EXITINFO of an I/O instruction', () => {
  expect(brief(info1Fields(CODE.IOIO, 0x03f80111))).toEqual(['0 1 IN', '4 1 1 byte', '8 1 32-bit address', '31:16 3F8h serial port']);
  expect(brief(info1Fields(CODE.IOIO, 0x0060012c))).toEqual([
    '0 0 OUT',
    '2 1 string instruction',
    '3 1 REP prefix',
    '5 1 2 bytes',
    '8 1 32-bit address',
    '31:16 60h keyboard data',
  ]);
  expect(brief(info2Fields(CODE.IOIO, 0x11788))).toEqual(['31:0 00011788h EIP behind the instruction']);
});

test('EXITINFO of page faults', () => {
  expect(brief(info1Fields(0x4e, 2))).toEqual(['0 0 a missing page', '1 1 write', '2 0 supervisor access']);
  expect(brief(info1Fields(0x4e, 0x1d))).toEqual([
    '0 1 protection violation, not a missing page',
    '1 0 read',
    '2 1 user access',
    '3 1 reserved bit set in an entry',
    '4 1 instruction fetch',
  ]);
  expect(brief(info2Fields(0x4e, 0xc0000000))).toEqual(['31:0 C0000000h linear address of the page fault']);
  expect(brief(info1Fields(CODE.NPF, 2 ** 32 + 6)).slice(-1)).toEqual(["32 1 at the guest's final address"]);
  expect(brief(info1Fields(CODE.NPF, 2 ** 33 + 4)).slice(-1)).toEqual(["33 1 in the guest's page walk"]);
  expect(brief(info2Fields(CODE.NPF, 0x1000))).toEqual(['31:0 00001000h guest-physical address']);
});

test('EXITINFO of a task switch, of an MSR, of an error code, and of what says nothing', () => {
  expect(brief(info1Fields(CODE.TASK_SWITCH, 0x30))).toEqual(['15:0 30h selector of the new TSS']);
  expect(brief(info2Fields(CODE.TASK_SWITCH, 2 ** 44 + 0x10))).toEqual(['31:0 00000010h error code', '44 1 with an error code']);
  expect(brief(info2Fields(CODE.TASK_SWITCH, 2 ** 38))).toEqual(['38 1 by far JMP']);
  expect(brief(info1Fields(CODE.MSR, 1))).toEqual(['0 1 WRMSR']);
  expect(brief(info1Fields(0x4d, 0x102))).toEqual(['31:0 00000102h error code']);
  expect([info1Fields(CODE.CPUID, 0), info2Fields(CODE.CPUID, 0), info1Fields(0x46, 0)]).toEqual([[], [], []]);
});

test('events in words', () => {
  expect(['20', '80000202', '80000451', '80000b0d', '80000320'].map((info) => eventName(Number.parseInt(info, 16)))).toEqual([
    'interrupt 20h',
    'NMI',
    'INT 51h',
    '#GP',
    'exception 32',
  ]);
  expect(eventFields(0x20)).toEqual([]);
  expect(brief(eventFields(0x80000b0d | 0))).toEqual(['7:0 Dh #GP', '10:8 3 exception', '11 1 with an error code', '31 1 valid']);
});

test('intercepts by name', () => {
  expect(interceptNames('interceptMisc1', (1 << 0) | (1 << 24) | (1 << 31))).toEqual(['INTR', 'HLT', 'shutdown']);
  expect(interceptNames('interceptMisc2', 3)).toEqual(['VMRUN', 'VMMCALL']);
  expect(interceptNames('interceptCrWrite', 1 << 3)).toEqual(['writes of CR3']);
  expect(interceptNames('interceptException', 1 << 14)).toEqual(['#PF']);
});
