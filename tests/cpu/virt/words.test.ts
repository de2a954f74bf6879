import { expect, test } from 'vitest';
import { CONTROLS } from '../../../src/cpu/virt/vmx/controls.ts';
import { REASON } from '../../../src/cpu/virt/vmx/reasons.ts';
import {
  causeOf,
  controlNames,
  eventName,
  exitName,
  exitTitle,
  fieldName,
  instructionError,
  interruptionFields,
  portName,
  qualificationFields,
} from '../../../src/cpu/virt/vmx/words.ts';
import { ROWS } from '../../../src/isa/table.ts';

const inWords = (reason: number, qualification: number, info = 0): string[] =>
  qualificationFields(reason, qualification, info).map(({ bits, value, meaning }) => `${bits} ${value} ${meaning}`);

test('exit names and titles', () => {
  expect([exitName(28), exitTitle(28), exitName(0x80000021)]).toEqual(['CR_ACCESS', 'Control-register access', 'INVALID_GUEST_STATE']);
  expect([exitName(200), exitTitle(200)]).toEqual(['REASON_200', 'Exit reason 200']);
});

test('every exit that a row of the instruction table names has a number', () => {
  const names = new Set(ROWS.flatMap((row) => row.exit?.vmx ?? []));
  for (const name of names) expect(REASON).toHaveProperty(name);
});

test('the qualification of a CR access', () => {
  expect(inWords(28, 0x313)).toEqual(['3:0 3 CR3', '5:4 1 MOV from CR', '11:8 3 to EBX']);
  expect(inWords(28, 0x003)).toEqual(['3:0 3 CR3', '5:4 0 MOV to CR', '11:8 0 from EAX']);
  expect(inWords(28, 0x07ff0070)).toEqual(['3:0 0 CR0', '5:4 3 LMSW', '6 1 operand in memory', '31:16 7FFh LMSW source']);
});

test('the qualification of MWAIT', () => {
  expect([0, 1].map((armed) => inWords(REASON.MWAIT, armed))).toEqual([
    ['31:0 00000000h nothing is watched'],
    ['31:0 00000001h a MONITOR watches'],
  ]);
});

test('the qualification of an I/O instruction', () => {
  expect(inWords(30, 0x03f80040)).toEqual([
    '2:0 0 1 byte',
    '3 0 OUT',
    '4 0 not a string instruction',
    '5 0 no REP prefix',
    '6 1 port in the instruction',
    '31:16 3F8h serial port',
  ]);
  expect(portName(0x1234)).toBe('');
});

test('of MOV DR, task switches, page faults and debug exceptions', () => {
  expect(inWords(29, 0x216)).toEqual(['2:0 6 DR6', '4 1 MOV from DR', '11:8 2 to EDX']);
  expect(inWords(9, 0xc0000030 | 0)).toEqual(['15:0 30h selector of the new TSS', '31:30 3 task gate in the IDT']);
  expect(inWords(0, 0x40000123, 0x80000b0e | 0)).toEqual(['31:0 40000123h linear address of the page fault']);
  expect(inWords(0, 0x4000, 0x80000301)).toContain('14 1h single step');
  expect(inWords(10, 0)).toEqual([]);
});

test('of APIC accesses, EPT violations and start-up IPIs', () => {
  expect(inWords(44, 0x1300)).toEqual(['11:0 300h interrupt command', '15:12 1 write']);
  expect(inWords(48, 0x182)).toEqual([
    '0 0 not: read',
    '1 1 write',
    '2 0 not: instruction fetch',
    '3 0 not: the EPT entries allow reads',
    '4 0 not: the EPT entries allow writes',
    '5 0 not: the EPT entries allow fetches',
    '7 1 guest-linear address is valid',
    '8 1 the page itself',
  ]);
  expect(inWords(4, 0x9a)).toEqual(['31:0 0000009Ah vector: the code begins at 4096 times it']);
});

test('events', () => {
  expect([0x80000b0e, 0x80000020, 0x80000202, 0x80000480].map(eventName)).toEqual(['#PF', 'interrupt 20h', 'NMI', 'INT 80h']);
  expect(interruptionFields(0x80000b0d | 0).map(({ meaning }) => meaning)).toEqual([
    '#GP',
    'hardware exception',
    'with an error code',
    'valid',
  ]);
  expect(interruptionFields(0x30d)).toEqual([]);
});

test('causes in the words both vendors share', () => {
  expect([causeOf(28, 3, 0), causeOf(28, 0x313, 0), causeOf(30, 8, 0), causeOf(30, 0, 0), causeOf(29, 0x10, 0)]).toEqual([
    'cr-write',
    'cr-read',
    'port-in',
    'port-out',
    'dr-read',
  ]);
  expect([causeOf(1, 0, 0), causeOf(0, 0, 0x80000202), causeOf(0, 0, 0x80000b0e), causeOf(12, 0, 0), causeOf(32, 0, 0)]).toEqual([
    'external-interrupt',
    'nmi',
    'page-fault',
    'hlt',
    'msr-write',
  ]);
});

test('controls, errors, fields', () => {
  expect(controlNames('primaryControls', 0x0401e172 | (1 << 7))).toEqual(['HLT exiting', 'CR3-load exiting', 'CR3-store exiting']);
  expect(CONTROLS.pinControls?.length).toBe(4);
  expect(instructionError(7)).toBe('VM entry with invalid control field(s)');
  expect([fieldName(0x681e), fieldName(0x2801), fieldName(0x5555)]).toEqual(['Guest RIP', 'VMCS link pointer, high half', '']);
});
