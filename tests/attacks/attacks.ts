/**
 * A hostile kernel in one virtual machine, a harmless one in the other, under each technique: what held and what broke, found by running. Nothing
 * here knows what a monitor does; it looks at memory, at consoles, and at how the machine ended.
 */
import { at } from '../../src/cpu/state.ts';
import { guestImage } from '../../src/session/guests.ts';
import { MONITORS } from '../../src/session/monitors.ts';
import { sourceUnder } from '../../src/session/ports.ts';
import { powerOn } from '../../src/session/power-on.ts';
import type { Paging, Vmm } from '../../src/session/views.ts';
import { changedIn, snapshot, type Watched, watched } from './watched.ts';

export const SOURCE = 'demo/hostile-attacks.asm';
const MEMORY = 4;
/** Steps until the attack has begun, at most, and those in which it is watched. */
const BEGINS = 2_000_000;
const WATCHED = 1_500_000;
/** The same at most, where one monitor runs another: that board is faster, and a tick takes more steps. A part ends when the other has printed. */
const WATCHED_TWICE = 72_000_000;
const STRIDE = 250_000;
const PARTS = 3;

export interface Technique {
  readonly title: string;
  readonly vmm: Vmm;
  readonly paging?: Paging;
}

export interface Attack {
  readonly key: string;
  readonly title: string;
  /** What its kernel says as it begins. */
  readonly says: string;
}

export interface Outcome {
  /** The other virtual machine has printed on to the end. */
  readonly otherGoesOn: boolean;
  /** Code and tables of the monitor that are not as they were. */
  readonly changed: readonly string[];
  /** How the whole machine ended; empty while it runs. */
  readonly end: string;
  /** The monitor's IDT is the processor's, whenever it is not in a virtual machine. */
  readonly monitorHasIdt: boolean;
  /** What the monitor said of the attacker. */
  readonly said: string;
}

const NAMES: Readonly<Record<string, string>> = {
  peer: 'peer',
  trap: 'trap',
  translate: 'translate',
  para: 'para, a port of the attacks',
  vtx: 'VT-x',
  svm: 'AMD-V',
  'vtx-vtx': 'VT-x in VT-x',
};
export const TECHNIQUES: readonly Technique[] = [
  { title: 'bare', vmm: 'none' },
  ...(Object.keys(MONITORS) as Exclude<Vmm, 'none'>[]).flatMap((vmm): Technique[] => {
    const title = NAMES[vmm] ?? vmm;
    if (MONITORS[vmm].kernels !== 'guest mode' || MONITORS[vmm].twice === true) return [{ title, vmm }];
    return (['shadow', 'nested'] as const).map((paging) => ({ title: `${title}, ${paging}`, vmm, paging }));
  }),
];

export const ATTACKS: readonly Attack[] = [
  { key: 's', title: 'interrupts off, and spin', says: 'interrupts off, for ever\n' },
  { key: 't', title: 'its own IDT and page tables', says: 'its own IDT and page tables\n' },
  { key: 'm', title: 'a write to every page of memory', says: 'every page of memory\n' },
  { key: 'p', title: 'a write to every port', says: 'every port\n' },
  { key: 'k', title: 'a reset by port 64h', says: 'a reset by port 64h\n' },
  { key: 'a', title: 'a reset by port 92h', says: 'a reset by port 92h\n' },
  { key: 'f', title: 'exit upon exit', says: 'exit upon exit\n' },
];

export function run({ vmm, paging }: Technique, { key, says }: Attack): Outcome {
  const source = sourceUnder(SOURCE, vmm);
  const assembled = guestImage(source);
  const monitored = vmm !== 'none';
  const vms = monitored && MONITORS[vmm].kernels !== 'ring 0' ? 2 : 1;
  const { machine, keyboard } = powerOn({
    program: { name: source, bytes: assembled.image, assembled },
    vmm,
    vms,
    memory: MEMORY,
    ...(paging !== undefined && { paging }),
  });
  const consoles = machine.board.consoles;
  const attacker = vms === 2 ? keyboard : 0;
  machine.type(attacker, key.charCodeAt(0));
  while (machine.end === null && !consoles[attacker].text.endsWith(says) && machine.n < BEGINS) machine.run(machine.n + 1_000);
  if (!consoles[attacker].text.includes(says)) throw new Error(`${vmm}: the attack “${says.trim()}” did not begin`);
  const parts: readonly Watched[] = monitored ? watched(vmm, machine, MEMORY) : [];
  const before = snapshot(parts, machine);
  const other = () => (vms === 2 ? consoles[attacker + 1].text.length : 0);
  const idt = monitored ? (guestImage(MONITORS[vmm].source).symbols.find(({ name }) => name === 'idt')?.value ?? 0) >>> 0 : -1;
  let monitorHasIdt = monitored;
  const twice = monitored && MONITORS[vmm].twice === true;
  const most = Math.ceil((twice ? WATCHED_TWICE : WATCHED) / PARTS);
  let printed = other();
  let goesOn = vms === 2;
  for (let part = 0; part < PARTS; part++) {
    const until = machine.n + most;
    do machine.run(Math.min(until, machine.n + STRIDE));
    while (machine.n < until && machine.end === null && !(twice && other() > printed));
    goesOn &&= other() > printed;
    printed = other();
    if (machine.cpu.s[at.guest] === 0 && machine.cpu.s[at.idtrBase] >>> 0 !== idt) monitorHasIdt = false;
  }
  return {
    otherGoesOn: goesOn,
    changed: changedIn(parts, before, machine),
    end: machine.end?.kind ?? '',
    monitorHasIdt,
    said: vms === 2 ? consoles[attacker - 1].text.trim() : '',
  };
}

const ENDS: Readonly<Record<string, string>> = {
  reset: 'the machine is reset',
  'debug-exit': 'the machine is switched off',
  shutdown: 'the machine shuts down',
  halted: 'the machine halts',
};

/** One cell of the table. */
export function verdict({ vmm }: Technique, { otherGoesOn, changed, end, monitorHasIdt, said }: Outcome): string {
  if (end !== '') return `broke: ${ENDS[end] ?? end}`;
  if (vmm === 'none') return 'the machine is its own';
  const overwritten = changed.length === 0 ? '' : `${changed.join(', ')} overwritten`;
  if (!monitorHasIdt) return `broke: the monitor never runs again${overwritten === '' ? '' : ', and is overwritten'}`;
  if (overwritten !== '') return `broke: ${overwritten}`;
  if (!otherGoesOn) return 'broke: the other stands still';
  return said === '' ? 'held' : `held; ${said.replace(/^vm1: /, 'it is ended: ').replace(/ at [0-9A-F]{8}$/, '')}`;
}

export interface Row {
  readonly attack: string;
  readonly cells: readonly string[];
}

export const table = (): readonly Row[] =>
  ATTACKS.map((attack) => ({ attack: attack.title, cells: TECHNIQUES.map((technique) => verdict(technique, run(technique, attack))) }));

/** The table turned, as Markdown: a line for each attack and technique would not fit across. */
export function markdown(rows: readonly Row[]): string {
  const head = `| | ${rows.map(({ attack }) => attack).join(' | ')} |\n|---|${'---|'.repeat(rows.length)}\n`;
  return head + TECHNIQUES.map(({ title }, k) => `| ${title} | ${rows.map(({ cells }) => cells[k]).join(' | ')} |`).join('\n');
}
