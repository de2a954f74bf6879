/** Which bit decides, changes, or is told? */
import * as bit from '../../cpu/registers.ts';
import { at } from '../../cpu/state.ts';
import { PTE_A, PTE_D } from '../../cpu/walk/formats.ts';
import { say } from '../../lib/say.ts';
import { Kind } from '../../trace/log.ts';
import { fails } from '../why/outcomes.ts';
import { decided } from './because.ts';
import { type Choice, type Draft, options } from './draft.ts';
import { silence } from './exit.ts';
import { deliveryOf, exitOf, type Forecast } from './forecast.ts';
import type { MisconceptionId } from './misconceptions.ts';

export function bitQuestion(forecast: Forecast, wanted: string): Draft | null {
  return errorCode(forecast, wanted) ?? deciding(forecast, wanted) ?? changing(forecast, wanted);
}

/* Error code of a page fault, SDM vol 3, 4.7. */
const P = 1 << 0;
const WR = 1 << 1;
const US = 1 << 2;

function errorCode(forecast: Forecast, wanted: string): Draft | null {
  const fault = forecast.events.findLast(({ kind }) => kind === Kind.FAULT);
  if (fault === undefined || fault.values[0] !== bit.PFV) return null;
  const code = fault.values[1] & (P | WR | US);
  const choice = (value: number, belief: MisconceptionId): Choice => ({
    id: `e${value}`,
    title: say`U/S ${value & US ? 1 : 0}, W/R ${value & WR ? 1 : 0}, P ${value & P ? 1 : 0}`,
    note: inWords(value),
    badge: value.toString(2).padStart(3, '0'),
    belief,
  });
  const choices = [
    choice(code, 'p-means-missing'),
    choice(code ^ P, 'p-means-missing'),
    choice(code ^ WR, 'read-for-write'),
    choice(code ^ US, 'u-means-the-page'),
  ].sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
  const answer = `e${code}`;
  const four = options(choices, answer, wanted);
  return (
    four && {
      kind: 'bit',
      title: say`Predict: a page fault comes. Which bits of its error code are 1?`,
      options: four,
      answer,
      because: decided(forecast),
      telling: 8,
    }
  );
}

function inWords(value: number): string {
  const user = (value & US) !== 0;
  const present = (value & P) !== 0;
  if ((value & WR) !== 0)
    return user
      ? present
        ? say`a write from ring 3, to a page that forbids it`
        : say`a write from ring 3, to a page that is not there`
      : present
        ? say`a write from the kernel, to a page that forbids it`
        : say`a write from the kernel, to a page that is not there`;
  return user
    ? present
      ? say`a read from ring 3, of a page that forbids it`
      : say`a read from ring 3, of a page that is not there`
    : present
      ? say`a read from the kernel, of a page that forbids it`
      : say`a read from the kernel, of a page that is not there`;
}

/** What a general-protection fault can be about. */
function decidingChoices(): readonly (Choice & { readonly id: Decider })[] {
  return [
    { id: 'cpl', title: say`CPL must be 0`, note: say`bits 1:0 of CS`, badge: 'CPL', belief: 'cpl-0-always' },
    { id: 'iopl', title: say`IOPL must not be less than CPL`, note: say`bits 13:12 of EFLAGS`, badge: 'IOPL', belief: 'iopl-guards-all' },
    {
      id: 'dpl',
      title: say`DPL of the gate must not be less than CPL`,
      note: say`bits 14:13 of the gate’s second doubleword`,
      badge: 'DPL',
      belief: 'rpl-decides',
    },
    {
      id: 'map',
      title: say`The port’s bit must be 0`,
      note: say`in the I/O permission bitmap of the TSS`,
      badge: 'I/O',
      belief: 'cpl-0-always',
    },
    {
      id: 'rpl',
      title: say`RPL of the gate’s selector must be CPL`,
      note: say`bits 1:0 of the selector`,
      badge: 'RPL',
      belief: 'rpl-decides',
    },
    { id: 'if', title: say`IF must be 1`, note: say`bit 9 of EFLAGS`, badge: 'IF', belief: 'if-locks' },
    {
      id: 'us',
      title: say`U/S of the page must be 0`,
      note: say`bit 2 of the page’s entry`,
      badge: 'U/S',
      belief: 'pages-guard-instructions',
    },
  ];
}

type Decider = 'cpl' | 'iopl' | 'dpl' | 'map' | 'rpl' | 'if' | 'us';

/** By what decides: what is offered beside it. */
const BESIDE: Readonly<Record<'cpl' | 'iopl' | 'dpl' | 'map', readonly Decider[]>> = {
  cpl: ['iopl', 'if', 'us'],
  iopl: ['cpl', 'if', 'us'],
  dpl: ['cpl', 'rpl', 'us'],
  map: ['cpl', 'if', 'us'],
};

function deciderOf({ events, gates, idtGate, insn }: Forecast): keyof typeof BESIDE | null {
  const fault = events.find(({ kind }) => kind === Kind.FAULT);
  if (fault === undefined || fault.values[0] !== bit.GP || insn === null) return null;
  if (fault.values[1] === 0 && gates !== null && insn.row.gate?.length === 1 && fails(gates.rules)) {
    const [gate] = insn.row.gate;
    return gate === 'CPL0' ? 'cpl' : gate === 'IOPL' ? 'iopl' : gate === 'IO' ? 'map' : null;
  }
  const at = idtGate?.rules.findIndex(({ holds }) => !holds);
  return fault.values[1] !== 0 && at === GATE_DPL ? 'dpl' : null;
}

/** The comparison of CPL with the gate's DPL, in the order of the rules. */
const GATE_DPL = 2;

function deciding(forecast: Forecast, wanted: string): Draft | null {
  const answer = deciderOf(forecast);
  if (answer === null) return null;
  const offered = new Set<string>([answer, ...BESIDE[answer]]);
  const four = options(
    decidingChoices().filter(({ id }) => offered.has(id)),
    answer,
    wanted,
  );
  return (
    four && {
      kind: 'bit',
      title: say`Predict: ${forecast.text} is refused. Which condition does not hold?`,
      options: four,
      answer,
      because: decided(forecast),
      telling: 6,
    }
  );
}

/** Two bits of which a step may change one, both or neither. */
interface Pair {
  readonly title: string;
  readonly bits: readonly [Bit, Bit];
  /** What one believes who expects the first alone, the second alone, both, neither. */
  readonly beliefs: readonly [MisconceptionId, MisconceptionId, MisconceptionId, MisconceptionId];
  readonly telling: number;
}

interface Bit {
  readonly name: string;
  readonly note: string;
  readonly changes: boolean;
}

function changing(forecast: Forecast, wanted: string): Draft | null {
  const pair = pairOf(forecast);
  if (pair === null) return null;
  const [a, b] = pair.bits;
  const choices: readonly Choice[] = [
    { id: a.name, title: say`Only ${a.name}`, note: a.note, badge: a.name, belief: pair.beliefs[0] },
    { id: b.name, title: say`Only ${b.name}`, note: b.note, badge: b.name, belief: pair.beliefs[1] },
    { id: 'both', title: say`Both of them`, note: say`${a.name} and ${b.name}`, badge: `${a.name} ${b.name}`, belief: pair.beliefs[2] },
    { id: 'neither', title: say`Neither of them`, note: say`they stay as they are`, badge: '–', belief: pair.beliefs[3] },
  ];
  const answer = a.changes ? (b.changes ? 'both' : a.name) : b.changes ? b.name : 'neither';
  const four = options(choices, answer, wanted);
  return (
    four && {
      kind: 'bit',
      title: pair.title,
      options: four,
      answer,
      because: '',
      telling: pair.telling,
    }
  );
}

function differ(mask: number, slot: number, { here, after }: Forecast): boolean {
  return ((here.state[slot] ^ after.state[slot]) & mask) !== 0;
}

const interruptFlag = (forecast: Forecast): Bit => ({
  name: 'IF',
  note: say`bit 9 of EFLAGS: interrupts are taken`,
  changes: differ(bit.IF, at.eflags, forecast),
});
const ring = (forecast: Forecast): Bit => ({ name: 'CPL', note: say`the ring, bits 1:0 of CS`, changes: differ(3, at.cpl, forecast) });

/** There are no gates: every way through the vectors' table clears IF, and no ring changes. */
const isReal = ({ here }: Forecast): boolean => (here.state[at.cr0] & bit.CR0_PE) === 0;

function pairOf(forecast: Forecast): Pair | null {
  const { mnemonic, text, events, who, insn } = forecast;
  if (exitOf(forecast) !== null || forecast.stops || who.mode === 'root') return null;
  if (deliveryOf(forecast) !== null && isReal(forecast)) return null;
  if (deliveryOf(forecast) !== null)
    return {
      title: say`Predict: a gate of the IDT is taken. Does it change CPL, IF, both or neither?`,
      bits: [ring(forecast), interruptFlag(forecast)],
      beliefs: ['gate-changes-ring-alone', 'gate-clears-if-alone', 'gate-always-both', 'gate-like-a-call'],
      telling: 4,
    };
  if (insn === null || events.some(({ kind }) => kind === Kind.FAULT || (kind >= Kind.VMENTRY && kind <= Kind.VMFAIL))) return null;
  if (/^(popfd?|cli|sti)$/.test(mnemonic))
    return {
      title: say`Predict: which of IF and IOPL does ${text} change?`,
      bits: [
        interruptFlag(forecast),
        { name: 'IOPL', note: say`bits 13:12 of EFLAGS: who may use CLI, STI and ports`, changes: differ(bit.IOPL, at.eflags, forecast) },
      ],
      beliefs: ['popf-sets-if', 'popf-sets-iopl', 'popf-sets-all', 'popf-sets-none'],
      telling: mnemonic.startsWith('popf') ? (silence(forecast) === 'yes' ? 8 : 4) : 3,
    };
  if (/^(iretd?|sysenter|sysexit)$/.test(mnemonic))
    return {
      title: say`Predict: which of CPL and IF does ${text} change?`,
      bits: [ring(forecast), interruptFlag(forecast)],
      beliefs: ['return-changes-ring-alone', 'return-opens-if-alone', 'return-always-both', 'return-like-a-ret'],
      telling: 3,
    };
  if (mnemonic === 'lmsw' || mnemonic === 'clts' || /^mov cr0/.test(forecast.text)) return { ...controlBits(forecast), telling: 5 };
  return entryBits(forecast);
}

function controlBits(forecast: Forecast): Omit<Pair, 'telling'> {
  const of = (name: string, note: string, mask: number): Bit => ({ name, note, changes: differ(mask, at.cr0, forecast) });
  const paging = of('PG', say`bit 31 of CR0: paging`, bit.CR0_PG);
  const protection = of('PE', say`bit 0 of CR0: protected mode`, bit.CR0_PE);
  const writeProtect = of('WP', say`bit 16 of CR0: the kernel obeys R/W too`, bit.CR0_WP);
  const taskSwitched = of('TS', say`bit 3 of CR0: the next floating-point instruction raises #NM`, bit.CR0_TS);
  const isModes = paging.changes || protection.changes || !(writeProtect.changes || taskSwitched.changes);
  const bits = isModes ? ([protection, paging] as const) : ([writeProtect, taskSwitched] as const);
  return {
    title: say`Predict: which of ${bits[0].name} and ${bits[1].name} in CR0 does ${forecast.text} change?`,
    bits,
    beliefs: ['cr0-one-bit', 'cr0-one-bit', 'cr0-both-bits', 'cr0-no-bit'],
  };
}

/** The processor's own marks in the entry of the page that an instruction uses. */
function entryBits({ entry, text }: Forecast): Pair | null {
  if (entry === null || !entry.before.table.startsWith('page table')) return null;
  const differs = entry.before.value ^ entry.after.value;
  const accessed = { name: 'A', note: say`bit 5 of the page’s entry: it was used`, changes: (differs & PTE_A) !== 0 };
  const dirty = { name: 'D', note: say`bit 6 of the page’s entry: it was written`, changes: (differs & PTE_D) !== 0 };
  return {
    title: say`Predict: which of A and D does the processor set in the entry of the page that ${text} uses?`,
    bits: [accessed, dirty],
    beliefs: ['a-alone', 'd-alone', 'a-and-d-together', 'kernel-sets-a-and-d'],
    telling: accessed.changes || dirty.changes ? 5 : 0,
  };
}
