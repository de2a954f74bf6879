/** The data accesses of the step at hand, told by the processor itself as it takes the step; each with its way at that moment. */
import { type AccessWatch, watchAccesses } from '../../cpu/accesses.ts';
import type { Cpu } from '../../cpu/cpu.ts';
import { effectiveAddress } from '../../cpu/memory.ts';
import { PF_U, PF_W } from '../../cpu/paging.ts';
import { CR0_PE, RIGHTS_UNUSABLE } from '../../cpu/registers.ts';
import { at, BASE, segmentAt } from '../../cpu/state.ts';
import { disassemble } from '../../isa/disasm.ts';
import { ES, type Insn, SS } from '../../isa/insn.ts';
import { SEGMENT_REGISTERS } from '../../isa/registers.ts';
import { h, hex4 } from '../../lib/hex.ts';
import { say } from '../../lib/say.ts';
import type { Standpoint } from '../../trace/recent.ts';
import type { Stage } from '../stage.ts';
import type { WalkWish } from '../views.ts';
import { fails } from '../why/outcomes.ts';
import { pagingRules } from '../why/paging.ts';
import { decoded } from './stream.ts';
import { type Followed, type Sought, type Way, wayOf } from './walk.ts';

/** What is there to an instruction or event; of a table, the entry. */
interface Role {
  readonly part: 'operand' | 'source' | 'destination' | 'stack' | 'GDT' | 'LDT' | 'IDT' | 'TSS';
  /** Selector or vector. */
  readonly entry: number;
}

/** Bytes that belong together, in one page. */
interface Access {
  readonly role: Role;
  readonly segment: number;
  readonly offset: number;
  readonly base: number;
  readonly linear: number;
  readonly way: Way;
  reads: boolean;
  writes: boolean;
  allowed: boolean;
}

/** An address in a segment that is not checked yet. */
interface Formed {
  readonly role: Role;
  readonly segment: number;
  readonly offset: number;
  readonly base: number;
  readonly linear: number;
  readonly write: boolean;
}

/** The longest operand: FXSAVE's. */
const LONGEST = 512;
/** What the panel has room for. */
const MOST = 10;
const PAGE_SHIFT = 12;

const role = (part: Role['part'], entry = 0): Role => ({ part, entry });
const within = (linear: number, base: number, limit: number): boolean => (linear - base) >>> 0 <= limit >>> 0;

/** What the processor reads and writes without a segment: its tables, and the stack that a gate leads to. */
function ownRole({ s }: Cpu, linear: number): Role {
  const isProtected = (s[at.cr0] & CR0_PE) !== 0;
  const entryOf = (base: number, size: number) => Math.floor(((linear - base) >>> 0) / size);
  if (within(linear, s[at.idtrBase], s[at.idtrLimit])) return role('IDT', entryOf(s[at.idtrBase], isProtected ? 8 : 4));
  if (within(linear, s[at.gdtrBase], s[at.gdtrLimit])) return role('GDT', 8 * entryOf(s[at.gdtrBase], 8));
  const has = (rights: number) => (rights & RIGHTS_UNUSABLE) === 0;
  if (has(s[at.ldtrRights]) && within(linear, s[at.ldtrBase], s[at.ldtrLimit])) return role('LDT', 8 * entryOf(s[at.ldtrBase], 8) + 4);
  if (has(s[at.trRights]) && within(linear, s[at.trBase], s[at.trLimit])) return role('TSS');
  return role('stack');
}

const FROM_ESI = /^(MOVS|CMPS|LODS|OUTS)/;
const TO_EDI = /^(MOVS|CMPS|STOS|SCAS|INS)/;
const PUSHES = /^(PUSH|CALL)$/;
/* With an offset in a register they reach beyond their operand. */
const BIT_TESTS = /^BT[SRC]?$/;

/** An event goes through its gate, and no instruction's own work is done. */
const delivers = ({ vectoring }: Cpu): boolean => vectoring.info !== 0;

/** What an address in a segment is to the instruction or event under way. */
function segmentRole(cpu: Cpu, insn: Insn<Cpu> | null, segment: number, offset: number, write: boolean): Role {
  if (insn === null || delivers(cpu)) return role('stack');
  const { row, mem, mask } = insn;
  if (row.rep !== undefined) {
    const isDestination = TO_EDI.test(row.mnemonic) && segment === ES && offset === (cpu.s[at.edi] & mask) >>> 0;
    return role(isDestination && (write || !FROM_ESI.test(row.mnemonic) || insn.seg !== ES) ? 'destination' : 'source');
  }
  if (row.exec === 'xlat' && segment === insn.seg) return role('operand');
  if (mem === 0 || segment !== insn.seg) return role('stack');
  if (PUSHES.test(row.mnemonic)) return role(write ? 'stack' : 'operand');
  if (row.mnemonic === 'POP') return role(write ? 'operand' : 'stack');
  const isNear = ((offset - effectiveAddress(cpu, insn)) & mask) >>> 0 < LONGEST;
  return role(isNear || BIT_TESTS.test(row.mnemonic) ? 'operand' : 'stack');
}

/** The same for data, which the entries may allow to be read only, or not from ring 3. */
function dataWay(stage: Stage, vm: number, sought: Omit<Sought, 'code'>, write: boolean, user: boolean): Way {
  const way = wayOf(stage, vm, { ...sought, code: false });
  if (way.physical === null || way.tlbHit) return way;
  const refused = fails(pagingRules(stage.machine.cpu, sought.linear, (write ? PF_W : 0) | (user ? PF_U : 0)));
  return refused ? { ...way, physical: null, fault: say`protected: page fault` } : way;
}

class Accesses implements AccessWatch {
  readonly #stage: Stage;
  readonly #here: Standpoint;
  readonly #insn: Insn<Cpu> | null;
  #formed: Formed | null = null;
  #all: Access[] = [];
  #last: Access | null = null;

  constructor(stage: Stage, here: Standpoint) {
    this.#stage = stage;
    this.#here = here;
    this.#insn = decoded(here);
  }

  /** Listens to the first step that the machine takes meanwhile. */
  during<T>(run: () => T): T {
    const { cpu } = this.#stage.machine;
    watchAccesses(cpu, this);
    try {
      return run();
    } finally {
      watchAccesses(cpu, null);
    }
  }

  /** In the order in which the step makes them; asked for where the step began. */
  get followed(): readonly Followed[] {
    this.#refuse();
    const counts = new Map<string, number>();
    return this.#all.map((access) => {
      const { segment, offset, base, linear } = access;
      const { id, ...words } = wordsOf(access, this.#insn, this.#here);
      const count = (counts.get(id) ?? 0) + 1;
      counts.set(id, count);
      return { id: count === 1 ? id : `${id} ${count}`, ...words, segment: segmentName(segment), offset, base, linear, way: endOf(access) };
    });
  }

  addressed(segment: number, offset: number, write: boolean): void {
    if (!this.#isNow()) return;
    this.#refuse();
    const { cpu } = this.#stage.machine;
    const base = cpu.s[segmentAt(segment) + BASE] >>> 0;
    const own = segmentRole(cpu, this.#insn, segment, offset >>> 0, write);
    this.#formed = { role: own, segment, offset: offset >>> 0, base, linear: (base + offset) >>> 0, write };
  }

  translates(linear: number, write: boolean, user: boolean, hit: boolean): void {
    if (!this.#isNow()) return;
    const { cpu } = this.#stage.machine;
    if (this.#formed?.linear !== linear >>> 0) this.#refuse();
    const formed = this.#formed;
    this.#formed = null;
    const before = this.#last;
    const further = before === null ? 0 : (linear - before.linear) >>> 0;
    const system = ownRole(cpu, linear);
    const goesOn =
      formed === null && before !== null && before.segment >= 0 && further < LONGEST && system.part === 'stack' && !delivers(cpu);
    const segment = formed?.segment ?? (goesOn ? before.segment : -1);
    const offset = formed?.offset ?? (goesOn ? (before.offset + further) >>> 0 : linear >>> 0);
    const own = formed?.role ?? (goesOn ? before.role : system);
    this.#add(own, segment, offset, { linear: linear >>> 0, write, user, hit });
  }

  translated(): void {
    if (this.#last !== null) this.#last.allowed = true;
  }

  #isNow(): boolean {
    const { cpu } = this.#stage.machine;
    const isNow = cpu.steps === this.#here.n;
    if (!isNow) watchAccesses(cpu, null);
    return isNow;
  }

  #add(own: Role, segment: number, offset: number, sought: { linear: number; write: boolean; user: boolean; hit: boolean }): void {
    const { linear, write, user, hit } = sought;
    const same = this.#all.find(
      (one) => one.role.part === own.part && one.role.entry === own.entry && one.linear >>> PAGE_SHIFT === linear >>> PAGE_SHIFT,
    );
    if (same === undefined) {
      const { log, machine } = this.#stage;
      const base = segment < 0 ? 0 : machine.cpu.s[segmentAt(segment) + BASE] >>> 0;
      const way = dataWay(this.#stage, log.runningVm(), { linear, hit }, write, user);
      this.#last = { role: own, segment, offset, base, linear, way, reads: !write, writes: write, allowed: false };
      if (this.#all.length < MOST) this.#all.push(this.#last);
      return;
    }
    same.reads ||= !write;
    same.writes ||= write;
    same.allowed = false;
    this.#last = same;
  }

  /** An address that was formed and never translated: its segment does not allow it. */
  #refuse(): void {
    const formed = this.#formed;
    this.#formed = null;
    if (formed === null) return;
    const { role: own, segment, offset, base, linear, write } = formed;
    const fault = segment === SS ? say`the segment does not allow it: stack fault` : say`the segment does not allow it: general protection`;
    const way = { ...wayOf(this.#stage, this.#here.vm, { linear, code: false }), ...NOWHERE, fault };
    this.#all.push({ role: own, segment, offset, base, linear, way, reads: !write, writes: write, allowed: false });
  }
}

const NOWHERE = {
  guestPhysical: null,
  physical: null,
  entries: [],
  nestedEntries: [],
  guestEntries: [],
  references: 0,
  tlbHit: false,
} as const;

/** The way of an access, which ends before its page where it is not allowed. */
function endOf({ way, allowed }: Access): Way {
  if (allowed || way.fault !== '') return way;
  const fault = way.walked === 'nested' ? say`the nested tables do not allow it: it leaves the guest` : say`not allowed: page fault`;
  return { ...way, physical: null, fault };
}

function wordsOf(
  { role: { part, entry }, segment, reads, writes }: Access,
  insn: Insn<Cpu> | null,
  { state, eip }: Standpoint,
): Pick<Followed, 'id' | 'name' | 'what'> {
  const mnemonic = insn === null ? '' : disassemble(insn, eip).mnemonic;
  const wide = insn?.addressSize === 16 ? '' : 'E';
  switch (part) {
    case 'operand':
      if (!writes) return { id: part, name: say`reads`, what: say`what ${mnemonic} reads` };
      if (!reads) return { id: part, name: say`writes`, what: say`what ${mnemonic} writes` };
      return { id: part, name: say`reads, writes`, what: say`what ${mnemonic} reads and writes` };
    case 'source':
      return { id: part, name: `${segmentName(segment)}:${wide}SI`, what: say`the source of ${mnemonic}` };
    case 'destination':
      return { id: part, name: `ES:${wide}DI`, what: say`the destination of ${mnemonic}` };
    case 'stack':
      return { id: part, name: say`stack`, what: writes ? say`the stack that is written` : say`the stack that is read` };
    case 'IDT':
      if ((state[at.cr0] & CR0_PE) === 0)
        return { id: 'IVT', name: say`vector ${h(entry)}`, what: say`entry ${h(entry)} of the interrupt-vector table` };
      return { id: part, name: say`gate ${h(entry)}`, what: say`gate ${h(entry)} of the IDT` };
    case 'GDT':
    case 'LDT':
      return { id: `${part} ${hex4(entry)}`, name: `${part} ${hex4(entry)}`, what: say`descriptor ${hex4(entry)} of the ${part}` };
    case 'TSS':
      return { id: part, name: part, what: say`the task-state segment` };
  }
}

const segmentName = (segment: number): string => SEGMENT_REGISTERS[segment]?.toUpperCase() ?? '';

/** An address that was typed, as if data were read there now. */
function typed(stage: Stage, { vm }: Standpoint, segment: string, offset: number): Followed {
  const { s } = stage.machine.cpu;
  const number = SEGMENT_REGISTERS.findIndex((_, k) => segmentName(k) === segment);
  const base = number < 0 ? 0 : s[segmentAt(number) + BASE] >>> 0;
  const linear = (base + offset) >>> 0;
  const way = dataWay(stage, vm, { linear }, false, s[at.cpl] === 3);
  return { id: '', name: '', what: say`the address asked for`, segment, offset, base, linear, way };
}

const WORKED_ON = ['operand', 'source', 'destination'];

/**
 * What the step itself is about: memory that the instruction works on, then its stack, then the instruction. Where instructions lie changes little
 * from step to step; what they work on is what programs are about. Where the fetch fails nothing else is used, and where an event goes through a
 * gate its stack is not the instruction's.
 */
function telling([fetch, ...accesses]: Choices): Followed {
  if (fetch.way.fault !== '') return fetch;
  const isGated = accesses.some(({ id }) => /^I[DV]T/.test(id));
  const parts = isGated ? WORKED_ON : [...WORKED_ON, 'stack'];
  return parts.flatMap((part) => accesses.find(({ id }) => id === part) ?? [])[0] ?? fetch;
}

/** The instruction's address, and those of the step's data. */
type Choices = readonly [Followed, ...(readonly Followed[])];

/** The address that is followed. */
export function follow(stage: Stage, here: Standpoint, all: Choices, wish: WalkWish): Followed {
  if (wish !== null && 'offset' in wish) return typed(stage, here, wish.segment, wish.offset);
  return all.find(({ id }) => id === wish?.choice) ?? telling(all);
}

/** Lets the machine run, and says what memory its first step uses; in the order in which it does. */
export function withAccesses<T>(
  stage: Stage,
  here: Standpoint,
  run: () => T,
): { readonly result: T; readonly accesses: readonly Followed[] } {
  const accesses = new Accesses(stage, here);
  const result = accesses.during(run);
  return { result, accesses: accesses.followed };
}
