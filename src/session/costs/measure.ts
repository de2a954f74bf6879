/** One load under one technique: what the machine counts between two marks in the guest. */

import type { CostProfile } from '../../cpu/costs.ts';
import { type Account, account, each, markOf, NOTHING } from '../../lab/costs/account.ts';
import { wayIn } from '../../lab/costs/reading.ts';
import { runUntil } from '../../lab/costs/until.ts';
import { worded } from '../../lib/say.ts';
import { EventLog } from '../../trace/log.ts';
import { guestImage } from '../guests.ts';
import { diskFor, MINIM } from '../minim-disk.ts';
import { sourceUnder } from '../ports.ts';
import { powerOn } from '../power-on.ts';
import type { Way } from './techniques.ts';

/** Path in src/guest of the kernel that does one event again and again. */
export const NANO = 'bench/nano.asm';

/** What is done, in texts marked by `worded`, and which variable of the guest's kernel says how far it is. */
export interface Load {
  readonly id: string;
  readonly title: string;
  /** What is done once, in words. */
  readonly what: string;
  readonly source: string;
  readonly typed: string;
  readonly variable: string;
  /** Its values at the beginning, after some repetitions, and after `times` more than that again. */
  readonly marks: readonly [from: number, middle: number, to: number];
  readonly times: number;
}

const TIMES = 96;

const nano = (id: string, title: string, what: string): Load => ({
  id,
  title,
  what,
  source: NANO,
  typed: `${id} ${TIMES}\n`,
  variable: 'phase',
  marks: [2, 3, 4],
  times: TIMES,
});

/** The loop alone: it is subtracted from the others of its kernel. */
const EMPTY = nano('empty', worded('Empty loop'), worded('DEC and JNZ'));

const FORKS = 6;

export const LOADS: readonly Load[] = [
  nano('syscall', worded('System call'), worded('SYSENTER from ring 3, SYSEXIT back')),
  nano('in', worded('Port read'), worded('IN from port 80h, where nothing is')),
  nano('cr0wr', worded('Write to CR0'), worded('MOV to CR0: TS changes')),
  nano('cr3wr', worded('Write to CR3'), worded('MOV to CR3: the TLB forgets')),
  nano('callret', worded('Call and return'), worded('near CALL and RET in ring 0')),
  nano('pgfault', worded('Page fault'), worded('a #PF of the kernel’s own, and IRET')),
  nano('divzero', worded('Division by zero'), worded('a #DE of the kernel’s own, and IRET')),
  nano('ptemod', worded('Page-table write'), worded('one entry of a page table in use is changed')),
  nano('tlbmiss', worded('TLB misses'), worded('two loads whose translations the TLB does not have')),
  {
    id: 'forkwait',
    title: worded('Process creation'),
    what: worded('a process of minim makes another, which ends, and waits for it'),
    source: MINIM,
    typed: `forks ${3 * FORKS + 4}\n`,
    variable: 'last_number',
    marks: [4, 4 + FORKS, 4 + 3 * FORKS],
    times: FORKS,
  },
];

const MEMORY = 4;
/** Steps after which a load that has not come to its end has gone wrong. */
const MOST = 40_000_000;

/** What `times` repetitions took; null when the guest does not get to their end. */
function run(load: Load, way: Way, costs: CostProfile): Account | null {
  const source = sourceUnder(load.source, way.vmm);
  if (way.vmm === 'para' && source === load.source) return null;
  const assembled = guestImage(source);
  const { machine, images } = powerOn({
    program: { name: source, bytes: assembled.image, assembled },
    vmm: way.vmm,
    vms: 1,
    memory: MEMORY,
    ...(way.paging !== undefined && { paging: way.paging }),
    ...(way.traced === true && { traced: true }),
    ...diskFor(load.source),
    typed: load.typed,
    costs,
    frequency: costs.frequency,
  });
  const log = new EventLog(machine.cpu);
  machine.cpu.events = log;
  const vm = way.vmm === 'none' ? 0 : 1;
  const marks = [];
  for (const value of load.marks) {
    if (!runUntil(machine, log, () => images.kernelVariable(vm, load.variable) >= value, MOST)) return null;
    marks.push(markOf(machine));
  }
  const [from, middle, to] = marks;
  const reading = { compressed: images.compressed, nameOf: wayIn(machine.cpu.virt?.vendor ?? null) };
  return each(account(machine, log, middle, to, reading), account(machine, log, from, middle, reading));
}

/** One repetition of each load under one technique, by the load's id. */
export function measureWay(way: Way, costs: CostProfile, loads: readonly Load[] = LOADS): Readonly<Record<string, Account | null>> {
  const loop = loads.some(({ source }) => source === NANO) ? run(EMPTY, way, costs) : null;
  return Object.fromEntries(
    loads.map((load) => {
      const whole = run(load, way, costs);
      return [load.id, whole === null ? null : each(whole, load.source === NANO && loop !== null ? loop : NOTHING, load.times)];
    }),
  );
}
