/** What the options of a question say, read off the log and the registers around a step: nothing of it comes from what made the question. */
import { placeCpl, placeMode } from '../../src/cpu/events.ts';
import { flags } from '../../src/cpu/flags.ts';
import { effectiveAddress } from '../../src/cpu/memory.ts';
import { peekBytes, peekLinear, peekTranslate } from '../../src/cpu/peek.ts';
import { at } from '../../src/cpu/state.ts';
import { decode } from '../../src/isa/decode.ts';
import { Insn } from '../../src/isa/insn.ts';
import type { Session } from '../../src/session/session.ts';
import { Kind } from '../../src/trace/log.ts';

interface Snapshot {
  readonly mode: number;
  readonly cpl: number;
  readonly vm: number;
  readonly asleep: boolean;
  readonly ended: boolean;
  readonly flags: number;
  readonly cr0: number;
  /** The entry that leads to the operand in memory; 0 without one. */
  readonly entry: number;
}

interface Row {
  readonly kind: number;
  readonly values: readonly number[];
}

const EVENTS_OF_GATES: readonly number[] = [Kind.EXCEPTION, Kind.INTERRUPT];
const INT = 0;

/** Bits by the names that questions use. */
const BITS: Readonly<Record<string, (of: Snapshot) => number>> = {
  CPL: ({ cpl }) => cpl,
  IF: ({ flags }) => (flags >> 9) & 1,
  IOPL: ({ flags }) => (flags >> 12) & 3,
  PE: ({ cr0 }) => cr0 & 1,
  TS: ({ cr0 }) => (cr0 >> 3) & 1,
  WP: ({ cr0 }) => (cr0 >> 16) & 1,
  PG: ({ cr0 }) => (cr0 >> 31) & 1,
  A: ({ entry }) => (entry >> 5) & 1,
  D: ({ entry }) => (entry >> 6) & 1,
};

/** Takes the step, and gives what is true of it: whether what an option of a kind says, by its id, has happened. */
export function takeStep(session: Session): (kind: string, id: string, ids: readonly string[]) => boolean {
  const { machine, log } = session;
  const { cpu } = machine;
  const bytes = peekBytes(cpu, (cpu.s[at.csBase] + cpu.s[at.eip]) >>> 0, 15, (address) => log.physicalAt(address));
  const top = [0, 8].map((offset) => dword(session, cpu.s[at.ssBase] + cpu.s[at.esp] + offset));
  const operand = operandOf(session, bytes);
  const before = snapshot(session, operand);
  const n = session.n;
  session.step();
  const after = snapshot(session, operand);
  const rows: Row[] = [];
  for (let row = log.firstAt(n + 1); row < log.length && log.stepOf(row) === n + 1; row++) {
    rows.push({ kind: log.kindOf(row), values: [0, 1, 2, 3, 4].map((k) => log.valueOf(row, k)) });
  }
  const exit = rows.find(({ kind }) => kind === Kind.VMEXIT);
  const vmx = cpu.virt?.vendor === 'vmx';
  const code = exit === undefined ? null : vmx ? exit.values[0]! & 0xffff : exit.values[0]!;
  const gate = exit
    ? undefined
    : rows.findLast(({ kind, values }) => EVENTS_OF_GATES.includes(kind) || (kind === Kind.TRANSFER && values[0] === INT));
  const vector = gate === undefined ? null : (gate.kind === Kind.TRANSFER ? gate.values[2]! : gate.values[0]!) & 0xff;
  const faulted = gate?.kind === Kind.EXCEPTION;
  const opcode = [...bytes].find((byte) => ![0x66, 0x67, 0x2e, 0x36, 0x3e, 0x26, 0x64, 0x65, 0xf2, 0xf3].includes(byte)) ?? 0;
  const image = opcode === 0x9d ? top[0]! : opcode === 0xcf ? top[1]! : null;
  const left = !exit && !faulted && image !== null && ((image ^ after.flags) & 0x3200) !== 0;
  const changed = (name: string) => BITS[name]!(before) !== BITS[name]!(after);

  const samePlace = before.mode === after.mode && (before.mode === 1 || before.cpl === after.cpl) && before.vm === after.vm;
  const stops = after.ended || (after.asleep && !before.asleep);
  const isMonitor = (of: Snapshot) => session.compressed && of.cpl === 0;
  const who = (id: string): boolean => {
    if (id === 'nobody') return stops;
    if (stops) return false;
    if (id === 'same') return samePlace && !(gate && after.cpl === 0 && after.mode !== 1 && !isMonitor(after));
    if (id === 'handler') return samePlace && gate !== undefined && after.cpl === 0;
    if (id === 'm') return after.mode === 1 && before.mode !== 1;
    if (id === 'monitor') return isMonitor(after) && !isMonitor(before);
    if (samePlace || after.mode === 1 || isMonitor(after)) return false;
    if (id.startsWith('vm')) return Number(id.slice(2)) === after.vm && before.vm !== after.vm;
    const [vm, ring] = id.split(':');
    return Number(vm) === after.vm && Number(ring) === after.cpl;
  };
  const what = (id: string): boolean => {
    const [, name, number] = /^([a-z]+)(.*)$/.exec(id)!;
    if (name === 'exit') return code === Number(number);
    if (name === 'fault') return faulted && vector === Number(number);
    return !exit && !faulted && (name === 'silent') === left;
  };
  const bit = (id: string, ids: readonly string[]): boolean => {
    const pair = ids.filter((one) => one in BITS);
    if (pair.length === 2) {
      const expected = id === 'both' ? pair : id === 'neither' ? [] : [id];
      return pair.every((name) => changed(name) === expected.includes(name));
    }
    const fault = rows.findLast(({ kind }) => kind === Kind.FAULT);
    if (/^e\d$/.test(id)) {
      // Delivered, the error code lies on top of the stack.
      const told = faulted ? dword(session, cpu.s[at.ssBase] + cpu.s[at.esp]) : fault!.values[1]!;
      return fault?.values[0] === 14 && (told & 7) === Number(id.slice(1));
    }
    if (fault?.values[0] !== 13) return false;
    if (id === 'iopl') return opcode === 0xfa || opcode === 0xfb;
    if (id === 'map') return (opcode >= 0xe4 && opcode <= 0xe7) || (opcode >= 0xec && opcode <= 0xef) || (opcode >= 0x6c && opcode <= 0x6f);
    if (id === 'dpl') return opcode === 0xcd && before.cpl > 0;
    return id === 'cpl' && (opcode === 0xf4 || opcode === 0x0f) && before.cpl > 0;
  };
  return (kind, id, ids) => {
    switch (kind) {
      case 'who':
        return who(id);
      case 'exit':
        return what(id);
      case 'vector':
        return vector === Number(id.slice(1));
      case 'reason':
        return code === Number(id.slice(1));
      default:
        return bit(id, ids);
    }
  };
}

function snapshot({ machine, log, compressed }: Session, operand: number): Snapshot {
  const { cpu } = machine;
  const { s, place } = cpu;
  const [mode, cpl] = [placeMode(place), placeCpl(place)];
  const guest = mode === 2 || (compressed && cpl !== 0);
  const cr0 = s[at.guest] !== 0 && cpu.virt ? cpu.virt.visibleCr(cpu, 0, s[at.cr0]) : s[at.cr0];
  return {
    mode,
    cpl,
    vm: guest ? log.runningVm() : 0,
    asleep: s[at.activity] !== 0,
    ended: machine.end !== null,
    flags: flags(cpu),
    cr0,
    entry: operand < 0 ? 0 : (peekLinear(cpu, operand).entries.at(-1)?.value ?? 0),
  };
}

function operandOf({ machine: { cpu } }: Session, bytes: Uint8Array): number {
  const insn = new Insn<typeof cpu>();
  const is32 = (cpu.s[at.csRights] & 0x4000) !== 0;
  if (bytes.length === 0 || !decode(insn, bytes, 0, bytes.length, is32) || insn.mem === 0) return -1;
  const bases = [at.esBase, at.csBase, at.ssBase, at.dsBase, at.fsBase, at.gsBase];
  return (cpu.s[bases[insn.seg]!] + effectiveAddress(cpu, insn)) >>> 0;
}

function dword({ machine: { cpu } }: Session, linear: number): number {
  const physical = peekTranslate(cpu, linear >>> 0, false);
  return physical < 0 ? -1 : new DataView(cpu.memory.bytes.buffer, cpu.memory.bytes.byteOffset).getInt32(physical, true);
}
