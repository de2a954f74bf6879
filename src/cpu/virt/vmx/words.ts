/** Exits in words: pure functions, for views. */

import { type BitLayout, bits, extract } from '../../../lib/bits.ts';
import { h, hex8 } from '../../../lib/hex.ts';
import { say, told, worded } from '../../../lib/say.ts';
import { EXCEPTION_NAMES } from '../../registers.ts';
import { CONTROLS } from './controls.ts';
import { type FieldKey, fieldOfEncoding } from './fields.ts';
import { EVENT_TYPES, HARDWARE_EXCEPTION, INFO_TYPE_SHIFT, NMI_TYPE } from './interruption.ts';
import { type ExitName, exitName, REASON } from './reasons.ts';

export { exitName, exitTitle } from './reasons.ts';

/** A field of an exit, for a row of a table: `31:16`, `3F8h`, `serial port`. */
export interface WordField {
  readonly bits: string;
  readonly value: string;
  readonly meaning: string;
}

const REGISTERS = ['EAX', 'ECX', 'EDX', 'EBX', 'ESP', 'EBP', 'ESI', 'EDI'];

const CR_QUALIFICATION = bits(`
  31:16 SOURCE   LMSW source
  11:8  REGISTER general register
  6     MEMORY   LMSW operand in memory
  5:4   TYPE     kind of access
  3:0   CR       control register
`);
const CR_TYPES = ['MOV to CR', 'MOV from CR', 'CLTS', 'LMSW'];

const DR_QUALIFICATION = bits(`
  11:8 REGISTER general register
  4    FROM     direction
  2:0  DR       debug register
`);

const IO_QUALIFICATION = bits(`
  31:16 PORT      port
  6     IMMEDIATE where the port number stands
  5     REP       repeat prefix
  4     STRING    string instruction
  3     IN        direction
  2:0   SIZE      size - 1
`);

const TASK_QUALIFICATION = bits(`
  31:30 SOURCE   what asked for it
  15:0  SELECTOR TSS selector
`);
const TASK_SOURCES = ['CALL', 'IRET', 'JMP', worded('task gate in the IDT')];

const APIC_QUALIFICATION = bits(`
  15:12 ACCESS kind of access
  11:0  OFFSET offset in the page
`);
const APIC_ACCESSES: Readonly<Record<number, string>> = {
  0: worded('read'),
  1: worded('write'),
  2: worded('instruction fetch'),
  3: worded('delivery of an event'),
  10: worded('delivery of an event, guest-physical'),
  15: worded('guest-physical'),
};

const APIC_REGISTERS: Readonly<Record<number, string>> = {
  32: worded('local APIC ID'),
  48: worded('version'),
  128: worded('task priority'),
  176: 'EOI',
  208: worded('logical destination'),
  224: worded('destination format'),
  240: worded('spurious-interrupt vector'),
  640: worded('error status'),
  768: worded('interrupt command'),
  784: worded('interrupt command, destination'),
  800: worded('LVT timer'),
  848: 'LVT LINT0',
  864: 'LVT LINT1',
  880: worded('LVT error'),
  896: worded('initial count of the timer'),
  912: worded('current count of the timer'),
  992: worded('divider of the timer'),
};

const EPT_QUALIFICATION = bits(`
  12 UNBLOCKED   NMIs unblocked by IRET
  8  TRANSLATION what was accessed
  7  LINEAR      guest-linear address
  5  MAY_FETCH   the EPT entries allow fetches
  4  MAY_WRITE   the EPT entries allow writes
  3  MAY_READ    the EPT entries allow reads
  2  FETCH       instruction fetch
  1  WRITE       write
  0  READ        read
`);

const DEBUG_QUALIFICATION = bits(`
  14  BS single step
  13  BD access to a debug register
  3:0 B  breakpoint conditions met
`);

/** Those whose meanings are shown. */
export const LAYOUTS: readonly BitLayout[] = [EPT_QUALIFICATION, DEBUG_QUALIFICATION];

const INFO = bits(`
  31   VALID     valid
  12   UNBLOCKED NMIs unblocked by IRET
  11   ERROR     error code
  10:8 TYPE      type
  7:0  VECTOR    vector
`);

/** First port, last port, what lies there in every PC. */
const PORTS: readonly (readonly [number, number, string])[] = [
  [0x20, 0x21, worded('interrupt controller')],
  [0x40, 0x43, worded('timer')],
  [0x60, 0x60, worded('keyboard data')],
  [0x61, 0x61, worded('speaker and timer 2')],
  [0x64, 0x64, worded('keyboard status')],
  [0x70, 0x71, worded('real-time clock')],
  [0x80, 0x80, worded('POST code')],
  [0x92, 0x92, worded('A20 and reset')],
  [0xa0, 0xa1, worded('second interrupt controller')],
  [0xe9, 0xe9, worded('debug console')],
  [0x1f0, 0x1f7, worded('disk')],
  [0x2f8, 0x2ff, worded('second serial port')],
  [0x3f6, 0x3f6, worded('disk')],
  [0x3f8, 0x3ff, worded('serial port')],
  [0xcf8, 0xcff, worded('PCI configuration')],
];

/** `serial port` of 3F8h; empty where nothing well-known lies. */
export const portName = (port: number): string => told(PORTS.find(([first, last]) => port >= first && port <= last)?.[2] ?? '');

function row(layout: BitLayout, name: string, text: string, meaning: string): WordField {
  const field = layout.field(name);
  return { bits: field.high === field.low ? `${field.low}` : `${field.high}:${field.low}`, value: text, meaning };
}

const get = (layout: BitLayout, name: string, value: number): number => extract(layout.field(name), value);

function crFields(value: number): WordField[] {
  const layout = CR_QUALIFICATION;
  const type = get(layout, 'TYPE', value);
  const cr = get(layout, 'CR', value);
  const register = get(layout, 'REGISTER', value);
  const fields = [row(layout, 'CR', `${cr}`, `CR${cr}`), row(layout, 'TYPE', `${type}`, CR_TYPES[type])];
  if (type < 2)
    fields.push(
      row(layout, 'REGISTER', `${register}`, type === 0 ? say`from ${REGISTERS[register & 7]}` : say`to ${REGISTERS[register & 7]}`),
    );
  if (type === 3) {
    const memory = get(layout, 'MEMORY', value);
    fields.push(row(layout, 'MEMORY', `${memory}`, memory !== 0 ? say`operand in memory` : say`operand in a register`));
    fields.push(row(layout, 'SOURCE', h(get(layout, 'SOURCE', value)), say`LMSW source`));
  }
  return fields;
}

function drFields(value: number): WordField[] {
  const layout = DR_QUALIFICATION;
  const from = get(layout, 'FROM', value);
  const register = get(layout, 'REGISTER', value);
  const dr = get(layout, 'DR', value);
  return [
    row(layout, 'DR', `${dr}`, `DR${dr}`),
    row(layout, 'FROM', `${from}`, from !== 0 ? 'MOV from DR' : 'MOV to DR'),
    row(layout, 'REGISTER', `${register}`, from !== 0 ? say`to ${REGISTERS[register & 7]}` : say`from ${REGISTERS[register & 7]}`),
  ];
}

function ioFields(value: number): WordField[] {
  const layout = IO_QUALIFICATION;
  const bit = (name: string, yes: string, no: string): WordField =>
    row(layout, name, `${get(layout, name, value)}`, get(layout, name, value) !== 0 ? yes : no);
  const size = get(layout, 'SIZE', value);
  const port = get(layout, 'PORT', value);
  return [
    row(layout, 'SIZE', `${size}`, size === 0 ? say`1 byte` : say`${size + 1} bytes`),
    bit('IN', 'IN', 'OUT'),
    bit('STRING', say`string instruction`, say`not a string instruction`),
    bit('REP', say`REP prefix`, say`no REP prefix`),
    bit('IMMEDIATE', say`port in the instruction`, say`port in DX`),
    row(layout, 'PORT', h(port), portName(port) || say`port`),
  ];
}

function taskFields(value: number): WordField[] {
  const source = get(TASK_QUALIFICATION, 'SOURCE', value);
  return [
    row(TASK_QUALIFICATION, 'SELECTOR', h(get(TASK_QUALIFICATION, 'SELECTOR', value)), say`selector of the new TSS`),
    row(TASK_QUALIFICATION, 'SOURCE', `${source}`, told(TASK_SOURCES[source])),
  ];
}

function debugFields(value: number): WordField[] {
  return DEBUG_QUALIFICATION.fields
    .map((field) => row(DEBUG_QUALIFICATION, field.name, h(extract(field, value)), told(field.meaning)))
    .reverse();
}

function apicFields(value: number): WordField[] {
  const access = get(APIC_QUALIFICATION, 'ACCESS', value);
  const offset = get(APIC_QUALIFICATION, 'OFFSET', value);
  return [
    row(APIC_QUALIFICATION, 'OFFSET', h(offset), told(APIC_REGISTERS[offset & 0xff0] ?? '') || say`offset in the page`),
    row(APIC_QUALIFICATION, 'ACCESS', `${access}`, told(APIC_ACCESSES[access] ?? '') || say`reserved`),
  ];
}

function eptFields(value: number): WordField[] {
  const linear = get(EPT_QUALIFICATION, 'LINEAR', value);
  const translation = get(EPT_QUALIFICATION, 'TRANSLATION', value);
  const flag = ({ name, meaning }: { name: string; meaning: string }): WordField => {
    const bit = get(EPT_QUALIFICATION, name, value);
    return row(EPT_QUALIFICATION, name, `${bit}`, bit !== 0 ? told(meaning) : say`not: ${told(meaning)}`);
  };
  const plain = EPT_QUALIFICATION.fields.filter(({ name }) => name !== 'LINEAR' && name !== 'TRANSLATION').reverse();
  const fields = plain.filter(({ name }) => name !== 'UNBLOCKED').map(flag);
  fields.push(
    row(EPT_QUALIFICATION, 'LINEAR', `${linear}`, linear !== 0 ? say`guest-linear address is valid` : say`no guest-linear address`),
  );
  if (linear !== 0)
    fields.push(
      row(
        EPT_QUALIFICATION,
        'TRANSLATION',
        `${translation}`,
        translation !== 0 ? say`the page itself` : say`one of the guest's paging structures`,
      ),
    );
  return fields;
}

const whole = (value: number, meaning: string): WordField[] => [{ bits: '31:0', value: `${hex8(value)}h`, meaning }];

/** The exit qualification cut into its fields. `interruptionInfo` tells #PF and #DB apart among the exceptions; empty when it says nothing. */
export function qualificationFields(reason: number, qualification: number, interruptionInfo = 0): readonly WordField[] {
  switch (reason & 0xffff) {
    case REASON.EXCEPTION_NMI: {
      if (((interruptionInfo >>> INFO_TYPE_SHIFT) & 7) !== HARDWARE_EXCEPTION) return [];
      if ((interruptionInfo & 0xff) === 14) return whole(qualification, say`linear address of the page fault`);
      return (interruptionInfo & 0xff) === 1 ? debugFields(qualification) : [];
    }
    case REASON.TASK_SWITCH:
      return taskFields(qualification);
    case REASON.INVLPG:
      return whole(qualification, say`linear address to invalidate`);
    case REASON.CR_ACCESS:
      return crFields(qualification);
    case REASON.MOV_DR:
      return drFields(qualification);
    case REASON.IO_INSTRUCTION:
      return ioFields(qualification);
    case REASON.VMCLEAR:
    case REASON.VMPTRLD:
    case REASON.VMPTRST:
    case REASON.VMREAD:
    case REASON.VMWRITE:
    case REASON.VMXON:
    case REASON.INVEPT:
    case REASON.INVVPID:
    case REASON.GDTR_OR_IDTR_ACCESS:
    case REASON.LDTR_OR_TR_ACCESS:
      return whole(qualification, say`displacement of the operand in memory`);
    case REASON.APIC_ACCESS:
      return apicFields(qualification);
    case REASON.EPT_VIOLATION:
      return eptFields(qualification);
    case REASON.MWAIT:
      return whole(qualification, qualification !== 0 ? say`a MONITOR watches` : say`nothing is watched`);
    case REASON.SIPI:
      return whole(qualification, say`vector: the code begins at 4096 times it`);
    case REASON.INVALID_GUEST_STATE:
      return qualification === 0
        ? []
        : whole(qualification, qualification === 4 ? 'VMCS link pointer' : qualification === 3 ? say`injected NMI` : 'PDPTE');
    case REASON.MSR_LOADING:
      return whole(qualification, say`entry of the MSR-load list, counted from 1`);
    default:
      return [];
  }
}

/** `#PF`, `NMI`, `interrupt 20h`, `INT 80h`; of interruption or IDT-vectoring information. */
export function eventName(info: number): string {
  const vector = info & 0xff;
  switch ((info >>> INFO_TYPE_SHIFT) & 7) {
    case 0:
      return say`interrupt ${h(vector)}`;
    case NMI_TYPE:
      return 'NMI';
    case 4:
      return `INT ${h(vector)}`;
    default:
      return EXCEPTION_NAMES[vector] ?? say`exception ${vector}`;
  }
}

/** Interruption information of VM entry or VM exit, or IDT-vectoring information, cut into its fields; empty when it is not valid. */
export function interruptionFields(info: number): readonly WordField[] {
  if (info >= 0 && info < 0x80000000) return [];
  const type = get(INFO, 'TYPE', info);
  const vector = get(INFO, 'VECTOR', info);
  const error = get(INFO, 'ERROR', info);
  return [
    row(INFO, 'VECTOR', h(vector), eventName(info)),
    row(INFO, 'TYPE', `${type}`, told(EVENT_TYPES[type])),
    row(INFO, 'ERROR', `${error}`, error !== 0 ? say`with an error code` : say`without an error code`),
    row(INFO, 'VALID', '1', say`valid`),
  ];
}

/** Names of the controls that are 1 in a control field, in the order of their bits. */
export const controlNames = (key: FieldKey, value: number): readonly string[] =>
  (CONTROLS[key] ?? []).filter(({ mask }) => (value & mask) !== 0).map(({ name }) => name);

const CR_CAUSES = ['cr-write', 'cr-read', 'clts', 'lmsw'];
const OTHER_CAUSES: Readonly<Partial<Record<ExitName, string>>> = { RDMSR: 'msr-read', WRMSR: 'msr-write' };
/** By exit reason, where the qualification says nothing more. */
const CAUSES: readonly string[] = Array.from({ length: 64 }, (_, reason) => {
  const name = exitName(reason);
  return OTHER_CAUSES[name as ExitName] ?? name.toLowerCase().replaceAll('_', '-');
});

/** The cause in words that both vendors share: `cr-write`, `port-in`, `page-fault`. */
export function causeOf(reason: number, qualification: number, interruptionInfo: number): string {
  switch (reason & 0xffff) {
    case REASON.EXCEPTION_NMI: {
      const type = (interruptionInfo >>> INFO_TYPE_SHIFT) & 7;
      if (type === NMI_TYPE) return 'nmi';
      return (interruptionInfo & 0xff) === 14 ? 'page-fault' : 'exception';
    }
    case REASON.CR_ACCESS:
      return CR_CAUSES[(qualification >>> 4) & 3];
    case REASON.MOV_DR:
      return get(DR_QUALIFICATION, 'FROM', qualification) !== 0 ? 'dr-read' : 'dr-write';
    case REASON.IO_INSTRUCTION:
      return get(IO_QUALIFICATION, 'IN', qualification) !== 0 ? 'port-in' : 'port-out';
    default:
      return CAUSES[reason & 0x3f];
  }
}

export const INSTRUCTION_ERRORS: Readonly<Record<number, string>> = {
  1: 'VMCALL executed in VMX root operation',
  2: 'VMCLEAR with invalid physical address',
  3: 'VMCLEAR with VMXON pointer',
  4: 'VMLAUNCH with non-clear VMCS',
  5: 'VMRESUME with non-launched VMCS',
  6: 'VMRESUME after VMXOFF',
  7: 'VM entry with invalid control field(s)',
  8: 'VM entry with invalid host-state field(s)',
  9: 'VMPTRLD with invalid physical address',
  10: 'VMPTRLD with VMXON pointer',
  11: 'VMPTRLD with incorrect VMCS revision identifier',
  12: 'VMREAD/VMWRITE from/to unsupported VMCS component',
  13: 'VMWRITE to read-only VMCS component',
  15: 'VMXON executed in VMX root operation',
  26: 'VM entry with events blocked by MOV SS',
  28: 'Invalid operand to INVEPT/INVVPID',
};

/** The manual's text of a VM-instruction error number (SDM vol 3, table 30-1). */
export const instructionError = (number: number): string => INSTRUCTION_ERRORS[number] ?? `VM-instruction error ${number}`;

/** The name of a field by its encoding; `, high half` for the upper doubleword; empty when there is none. */
export function fieldName(encoding: number): string {
  const field = fieldOfEncoding(encoding);
  return field === undefined ? '' : field.name + ((encoding & 1) !== 0 ? ', high half' : '');
}
