/**
 * What happened since power-on: one row for each rare event, in typed columns. A step's events carry the step count behind it, so that going
 * to that count shows them just happened. Replaying what is logged already adds nothing.
 */
import type { Cpu } from '../cpu/cpu.ts';
import {
  type EventSink,
  type ExitReport,
  MODE_GUEST,
  MODE_ROOT,
  type Place,
  placeCpl,
  placeMode,
  type TransferKind,
} from '../cpu/events.ts';
import { peekTranslate } from '../cpu/peek.ts';
import { at, counterAt } from '../cpu/state.ts';
import type { Insn } from '../isa/insn.ts';

import { CONTROL_REGISTERS, Kind, TRANSFERS } from './kinds.ts';

export { CONTROL_REGISTERS, Kind, TRANSFERS };

/** The ATA disk's command register. */
const DISK_COMMAND = 0x1f7;

/**
 * Columns of a row: kind, place before and after, virtual machine, up to eight values by kind, and where in physical memory the ring 3 side
 * of it lies (-1: neither side, or unknown).
 */
const WIDTH = 13;
const FIRST_VALUE = 4;
const PHYSICAL = 12;

/** Rows lie in chunks, so that a log that grows never moves what it holds. */
const CHUNK_SHIFT = 12;
const CHUNK = 1 << CHUNK_SHIFT;

interface Chunk {
  readonly columns: Int32Array;
  /** Step count and cycle of each row. */
  readonly times: Float64Array;
}

/** One event, read out of the log. */
export interface LogEvent {
  readonly index: number;
  readonly kind: number;
  /** Step count right behind it. */
  readonly n: number;
  readonly cycle: number;
  readonly from: Place;
  readonly to: Place;
  /** 0 outside a virtual machine. */
  readonly vm: number;
  readonly values: Int32Array;
}

export class EventLog implements EventSink {
  /** Also port accesses, and the control registers written. */
  readonly detailed: boolean;
  length = 0;
  /** Every event up to this step count is here. */
  upTo = 0;
  /** Grows whenever rows are dropped: what was derived from them is to be found anew. */
  epoch = 0;
  /**
   * Where a linear address of the virtual machine that runs lies, if the processor's own tables do not say (yet): its monitor may know. -1 when
   * nobody does.
   */
  lookup: (vm: number, linear: number) => number = () => -1;
  /** The virtual machine that a monitor in ring 0 says it runs, where the processor knows of none; 0 when there is no such monitor. */
  deprivileged: () => number = () => 0;
  /** Number of the virtual machine that was entered first, where that is a monitor whose machines are all the others; 0: it is VM 1. */
  inner = 0;
  /** Which sector the disk's registers name, and for which virtual machine (0: for none) and by what number of its own; null without a disk. */
  disk: () => { readonly sector: number; readonly vm: number; readonly asked: number } | null = () => null;
  /** Rows that are VM exits, in order. */
  readonly exits: number[] = [];
  /** The instruction of each that was one's: decoded once and shared, so that the log holds no copies. */
  private readonly exitInsns: (Insn<Cpu> | null)[] = [];
  /** EXITINFO1, EXITINFO2 and EXITINTINFO of each, where the processor has AMD-V. */
  private readonly svmInfos: number[] = [];
  /** Rows that are VM exits and entries of each virtual machine. */
  private readonly crossings: number[][] = [];
  /** Pointers to VMCSs or VMCBs in the order in which they were first entered: VM 1, VM 2, ... */
  readonly vmcs: number[] = [];
  /** Rows in which they were. */
  private readonly firstEntries: number[] = [];
  private readonly cpu: Cpu;
  private readonly chunks: Chunk[] = [];
  private readonly strings: string[] = [];
  private readonly stringIds = new Map<string, number>();

  constructor(cpu: Cpu, detailed = false) {
    this.cpu = cpu;
    this.detailed = detailed;
  }

  /** Forgets everything behind step count `n`: the past was changed there. */
  truncate(n: number): void {
    if (n >= this.upTo) return;
    let length = this.length;
    while (length > 0 && this.stepOf(length - 1) > n) length--;
    this.upTo = n;
    this.epoch++;
    this.shorten(length);
  }

  /** The machine has come to step count `n`. What a step that could not be taken has left is dropped. */
  settle(n: number): void {
    if (n > this.upTo) this.upTo = n;
    const length = this.firstAt(this.upTo + 1);
    if (length < this.length) this.shorten(length);
  }

  /** Drops the rows from `length` on. */
  shorten(length: number): void {
    this.length = length;
    while (this.exits.length > 0 && this.exits[this.exits.length - 1] >= length) {
      this.exits.pop();
      this.exitInsns.pop();
    }
    if (this.svmInfos.length > 3 * this.exits.length) this.svmInfos.length = 3 * this.exits.length;
    for (const rows of this.crossings) while (rows.length > 0 && rows[rows.length - 1] >= length) rows.pop();
    while (this.vmcs.length > 0 && this.firstEntries[this.vmcs.length - 1] >= length) {
      this.vmcs.pop();
      this.firstEntries.pop();
    }
  }

  /** How many of `vmcs` had been entered by step count `n`. */
  vmcsUpTo(n: number): number {
    const later = this.firstEntries.findIndex((row) => this.stepOf(row) > n);
    return later < 0 ? this.firstEntries.length : later;
  }

  at(index: number): LogEvent {
    const row = (index & (CHUNK - 1)) * WIDTH;
    const { columns } = this.chunks[index >> CHUNK_SHIFT];
    return {
      index,
      kind: columns[row],
      n: this.stepOf(index),
      cycle: this.cycleOf(index),
      from: columns[row + 1],
      to: columns[row + 2],
      vm: columns[row + 3],
      values: columns.subarray(row + FIRST_VALUE, row + PHYSICAL),
    };
  }

  /** Step count and cycle of a row, without making an object. */
  stepOf(index: number): number {
    return this.chunks[index >> CHUNK_SHIFT].times[2 * (index & (CHUNK - 1))];
  }
  cycleOf(index: number): number {
    return this.chunks[index >> CHUNK_SHIFT].times[2 * (index & (CHUNK - 1)) + 1];
  }
  kindOf(index: number): number {
    return this.column(index, 0);
  }
  fromOf(index: number): Place {
    return this.column(index, 1);
  }
  toOf(index: number): Place {
    return this.column(index, 2);
  }
  vmOf(index: number): number {
    return this.column(index, 3);
  }
  valueOf(index: number, value: number): number {
    return this.column(index, FIRST_VALUE + value);
  }

  /** Physical address of the ring 3 code that an event left or reached, or -1. */
  physicalOf(index: number): number {
    const physical = this.column(index, PHYSICAL);
    return physical === -1 ? -1 : physical >>> 0;
  }

  /** First row whose step count is `n` or more. */
  firstAt(n: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.stepOf(middle) < n) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** How many VM exits happened up to and including step count `n`. */
  exitsUpTo(n: number): number {
    return countBelow(this.exits, this.firstAt(n + 1));
  }

  /** The last VM exit or entry of a virtual machine up to and including step count `n`, as a row; -1 when there is none. */
  lastCrossing(vm: number, n: number): number {
    const rows = this.crossings[vm] ?? [];
    return rows[countBelow(rows, this.firstAt(n + 1)) - 1] ?? -1;
  }

  /** The instruction that a VM exit row stopped; null when the row is an event's, or no exit. */
  instructionOf(row: number): Insn<Cpu> | null {
    const index = countBelow(this.exits, row);
    return this.exits[index] === row ? this.exitInsns[index] : null;
  }

  /** What else an exit of AMD-V tells; EXITINTINFO without its error code. */
  svmInfo(row: number): { readonly info1: number; readonly info2: number; readonly eventInfo: number } {
    const { svmInfos } = this;
    const first = 3 * countBelow(this.exits, row);
    return { info1: svmInfos[first] ?? 0, info2: svmInfos[first + 1] ?? 0, eventInfo: svmInfos[first + 2] ?? 0 };
  }

  text(id: number): string {
    return this.strings[id];
  }

  /** The virtual machine whose VMCS or VMCB is current, numbered by first entry; 0 when there is none. */
  currentVm(): number {
    const ordinal = this.vmcs.indexOf(this.cpu.s[at.vmcsPointer]) + 1;
    return this.inner === 0 || ordinal === 0 ? ordinal : ordinal === 1 ? this.inner : ordinal - 1;
  }

  /** The virtual machine whose code the processor runs; 0 for none. */
  runningVm(): number {
    const { s } = this.cpu;
    if (s[at.guest] !== 0) return this.currentVm();
    return placeCpl(this.cpu.place) === 0 ? 0 : this.deprivileged();
  }

  /** Physical address of the code at a linear address, now; -1 when it has none. */
  physicalAt(linear: number): number {
    const { cpu } = this;
    const physical = peekTranslate(cpu, linear, true);
    if (physical >= 0) return physical;
    const vm = this.runningVm();
    return vm === 0 ? physical : this.lookup(vm, linear);
  }

  exception(vector: number, errorCode: number, from: Place, to: Place, eip: number, cr2: number): void {
    this.add(Kind.EXCEPTION, from, to, this.guestVm(), vector, errorCode, eip, cr2);
  }
  interrupt(vector: number, external: boolean, from: Place, to: Place, eip: number): void {
    this.add(Kind.INTERRUPT, from, to, this.guestVm(), vector, external ? 1 : 0, eip);
  }
  transfer(kind: TransferKind, from: Place, to: Place, eip: number, vector = 0): void {
    if (from !== to || this.detailed || kind === 'int')
      this.add(Kind.TRANSFER, from, to, this.guestVm(), TRANSFERS.indexOf(kind), eip, vector);
  }
  control(register: string, old: number, value: number): void {
    if (this.detailed)
      this.add(Kind.CONTROL, this.cpu.place, this.cpu.place, this.guestVm(), CONTROL_REGISTERS.indexOf(register), old, value);
  }
  vmexit(report: ExitReport): void {
    const { code, qualification, guestEip, instructionLength, interruptionInfo, eax } = report;
    const from = MODE_GUEST * 4 + report.cpl;
    const row = this.length;
    this.add(
      Kind.VMEXIT,
      from,
      MODE_ROOT * 4,
      this.currentVm(),
      code,
      qualification,
      guestEip,
      instructionLength,
      interruptionInfo,
      eax,
      this.intern(report.name),
      this.intern(report.cause),
    );
    if (this.length === row) return;
    this.exits.push(row);
    if (report.vendor === 'svm') this.svmInfos.push(report.info1 ?? 0, report.info2 ?? 0, report.eventInfo ?? 0);
    this.exitInsns.push(instructionLength === 0 ? null : this.cpu.current);
    this.crosses(row);
  }
  vmentry(guestEip: number, launch: boolean, injected: number, cpl: number): void {
    const pointer = this.cpu.s[at.vmcsPointer];
    if (!this.vmcs.includes(pointer)) {
      this.vmcs.push(pointer);
      this.firstEntries.push(this.length);
    }
    const row = this.length;
    this.add(Kind.VMENTRY, MODE_ROOT * 4, MODE_GUEST * 4 + cpl, this.currentVm(), guestEip, launch ? 1 : 0, injected);
    if (this.length > row) this.crosses(row);
  }
  vmentryFailed(code: number, rule: string, qualification: number): void {
    this.add(Kind.ENTRY_FAILED, this.cpu.place, this.cpu.place, this.currentVm(), code, qualification, this.intern(rule));
  }
  vmfail(kind: 'valid' | 'invalid', error: number, rule: string): void {
    this.add(Kind.VMFAIL, this.cpu.place, this.cpu.place, 0, kind === 'valid' ? 1 : 0, error, this.intern(rule));
  }
  port(direction: 'in' | 'out', port: number, size: number, value: number): void {
    if (this.detailed) this.add(Kind.PORT, this.cpu.place, this.cpu.place, this.guestVm(), direction === 'in' ? 1 : 0, port, size, value);
    const request = direction === 'out' && port === DISK_COMMAND ? this.disk() : null;
    if (request !== null)
      this.add(Kind.DISK, this.cpu.place, this.cpu.place, this.guestVm(), value, request.sector, request.vm, request.asked);
  }
  halted(): void {
    this.add(Kind.HALTED, this.cpu.place, this.cpu.place, this.guestVm());
  }
  shutdown(why: string): void {
    this.add(Kind.SHUTDOWN, this.cpu.place, this.cpu.place, this.guestVm(), this.intern(why));
  }
  fault(vector: number, errorCode: number, eip: number): void {
    this.add(Kind.FAULT, this.cpu.place, this.cpu.place, this.guestVm(), vector, errorCode, eip);
  }

  private crosses(row: number): void {
    const vm = this.vmOf(row);
    while (this.crossings.length <= vm) this.crossings.push([]);
    this.crossings[vm].push(row);
  }

  private guestVm(): number {
    return this.cpu.s[at.guest] !== 0 ? this.currentVm() : this.deprivileged();
  }

  private intern(text: string): number {
    const known = this.stringIds.get(text);
    if (known !== undefined) return known;
    this.stringIds.set(text, this.strings.length);
    return this.strings.push(text) - 1;
  }

  private add(kind: number, from: Place, to: Place, vm: number, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0): void {
    const n = this.cpu.f[counterAt.steps] + 1;
    if (n <= this.upTo) return;
    const { columns, times } = this.chunkToFill();
    const inChunk = this.length & (CHUNK - 1);
    const row = inChunk * WIDTH;
    columns[row] = kind;
    columns[row + 1] = from;
    columns[row + 2] = to;
    columns[row + 3] = vm;
    columns[row + 4] = a;
    columns[row + 5] = b;
    columns[row + 6] = c;
    columns[row + 7] = d;
    columns[row + 8] = e;
    columns[row + 9] = f;
    columns[row + 10] = g;
    columns[row + 11] = h;
    columns[row + PHYSICAL] = this.userSide(kind, from, to, c);
    times[2 * inChunk] = n;
    times[2 * inChunk + 1] = this.cpu.f[counterAt.cycles];
    this.length++;
    if (vm > 0 && placeMode(from) === 0 && (placeCpl(from) === 0) !== (placeCpl(to) === 0)) this.crosses(this.length - 1);
  }

  private userSide(kind: number, from: Place, to: Place, exceptionEip: number): number {
    const { cpu } = this;
    const base = cpu.s[at.csBase];
    if (placeCpl(to) === 3) return this.physicalAt((base + cpu.s[at.eip]) | 0);
    if (placeCpl(from) !== 3 || kind === Kind.VMEXIT) return -1;
    const eip = kind === Kind.TRANSFER ? this.column(this.length, FIRST_VALUE + 1) : exceptionEip;
    return this.physicalAt((base + eip) | 0);
  }

  private column(index: number, column: number): number {
    return this.chunks[index >> CHUNK_SHIFT].columns[(index & (CHUNK - 1)) * WIDTH + column];
  }

  private chunkToFill(): Chunk {
    const number = this.length >> CHUNK_SHIFT;
    if (number === this.chunks.length) this.chunks.push({ columns: new Int32Array(WIDTH * CHUNK), times: new Float64Array(2 * CHUNK) });
    return this.chunks[number];
  }
}

/** How many of the ascending `rows` are less than `row`. */
function countBelow(rows: readonly number[], row: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle] < row) low = middle + 1;
    else high = middle;
  }
  return low;
}
