/** The catalogue: what can be opened by name. */
import { told, worded } from '../lib/say.ts';
import type { EventPlace, ScenarioView, Technique, Vmm } from './views.ts';

export type { Vmm } from './views.ts';

/** Where a scenario opens: so many steps before VM 1's `count`-th event of a name. */
export interface Opening {
  readonly before: Pick<EventPlace, 'event' | 'name' | 'count'> | 'start';
  readonly lead: number;
}

export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** Path in src/guest of the image's source. */
  readonly source: string;
  /** The image is a monitor and its guest in one, so it opens only this way. */
  readonly includesMonitor?: true;
  readonly vmms: readonly Vmm[];
  /** The one it opens with. */
  readonly vmm: Vmm;
  readonly vms: number;
  /** MiB that each image sees. */
  readonly memory: number;
  /** Typed at the console of each image as it is switched on. */
  readonly typed?: string;
  /** By monitor; `nested` for any of them with nested paging. */
  readonly opening: Readonly<Partial<Record<Vmm | 'nested', Opening>>>;
}

const START: Opening = { before: 'start', lead: 0 };

export const SCENARIOS: readonly Scenario[] = [
  {
    id: 'two-kernels',
    title: worded('Two kernels, one processor'),
    summary: worded(
      'Two virtual machines of one small operating system under a monitor; each kernel thinks it has the computer to itself.',
    ),
    source: 'duet/duet.asm',
    vmms: ['none', 'trap', 'translate', 'vtx', 'svm'],
    vmm: 'vtx',
    vms: 2,
    memory: 4,
    opening: {
      none: START,
      trap: START,
      translate: START,
      vtx: { before: { event: 'exit', name: 'cr-write', count: 11 }, lead: 4 },
      svm: { before: { event: 'exit', name: 'cr-write', count: 11 }, lead: 4 },
      nested: { before: { event: 'exit', name: 'external-interrupt', count: 6 }, lead: 4 },
    },
  },
  {
    id: 'one-system',
    title: worded('One operating system, unmodified'),
    summary: worded(
      'minim at its shell: files on a disk, memory that comes when it is touched, processes that come and go. Type at its console.',
    ),
    source: 'minim/minim.asm',
    vmms: ['none', 'trap', 'translate', 'para', 'vtx', 'svm', 'vtx-vtx'],
    vmm: 'none',
    vms: 2,
    memory: 4,
    typed: 'ls\ncount 3\nwrite note I was here\ncat note\nforks 3\ncrash kernel\n',
    opening: { none: START, trap: START, translate: START, para: START, vtx: START, svm: START, 'vtx-vtx': START, nested: START },
  },
  {
    id: 'ring-minus-one-twice',
    title: worded('Ring −1, twice'),
    summary: worded(
      'A hypervisor runs itself, and that its virtual machines. The processor knows one of them only: an exit arrives at the outer one, which passes it on.',
    ),
    source: 'duet/duet.asm',
    vmms: ['vtx-vtx'],
    vmm: 'vtx-vtx',
    vms: 2,
    memory: 4,
    opening: { 'vtx-vtx': { before: { event: 'exit', name: 'cr-write', count: 1 }, lead: 0 } },
  },
  {
    id: 'first-exit',
    title: worded('One VM exit, whole'),
    summary: worded('The smallest monitor and the smallest guest: a kernel loads CR3, leaves the guest, and comes back.'),
    source: 'first-exit/first-exit.asm',
    includesMonitor: true,
    vmms: ['vtx'],
    vmm: 'vtx',
    vms: 1,
    memory: 4,
    opening: { vtx: { before: { event: 'exit', name: 'cr-write', count: 1 }, lead: 4 } },
  },
  {
    id: 'refused-entry',
    title: worded('A VM entry, refused'),
    summary: worded(
      'The smallest monitor with one line forgotten: the processor checks the guest before it enters it, and names the rule.',
    ),
    source: 'first-exit/refused.asm',
    includesMonitor: true,
    vmms: ['vtx'],
    vmm: 'vtx',
    vms: 1,
    memory: 4,
    opening: { vtx: START },
  },
  {
    id: 'forbidden',
    title: worded('What a program must not'),
    summary: worded(
      'Programs that try to halt the processor, to read a port, and to write into the kernel; the kernel ends each, and lives.',
    ),
    source: 'minim/minim.asm',
    vmms: ['none'],
    vmm: 'none',
    vms: 1,
    memory: 4,
    typed: 'crash halt\ncrash port\ncrash kernel\n',
    opening: { none: START },
  },
  {
    id: 'two-ways',
    title: worded('Two ways into the kernel'),
    summary: worded(
      'A program asks its kernel the same by INT 80h and by SYSENTER: a gate and five words on a stack, or three registers and none.',
    ),
    source: 'minim/minim.asm',
    vmms: ['none'],
    vmm: 'none',
    vms: 1,
    memory: 4,
    typed: 'calls 1\n',
    opening: { none: START },
  },
  {
    id: 'ports',
    title: worded('A port of one’s own'),
    summary: worded('A program in ring 3 has one port, by one bit of the TSS; what else it tries is refused, until IOPL is 3.'),
    source: 'demo/ports.asm',
    vmms: ['none'],
    vmm: 'none',
    vms: 1,
    memory: 4,
    opening: { none: START },
  },
  {
    id: 'rings',
    title: worded('The rings nobody uses'),
    summary: worded(
      'A driver in ring 1 behind a call gate, a library that runs in its caller’s ring, and a way round the gate that is refused.',
    ),
    source: 'demo/rings.asm',
    vmms: ['none'],
    vmm: 'none',
    vms: 1,
    memory: 4,
    opening: { none: START },
  },
  {
    id: 'peers',
    title: worded('Two kernels in ring 0'),
    summary: worded(
      'A monitor leaves its guest’s kernel in ring 0 beside itself. LGDT, CR3, LIDT: the guest takes the machine over, and the monitor never runs again.',
    ),
    source: 'duet/duet.asm',
    vmms: ['peer'],
    vmm: 'peer',
    vms: 1,
    memory: 4,
    opening: { peer: START },
  },
  {
    id: 'tell-tales',
    title: worded('Instructions that tell'),
    summary: worded(
      'A kernel runs eleven sensitive instructions that no privilege check stops. In ring 1 nine of them say so, and nothing traps; translated, none does.',
    ),
    source: 'demo/sensitive.asm',
    vmms: ['none', 'trap', 'translate', 'vtx', 'svm'],
    vmm: 'trap',
    vms: 1,
    memory: 4,
    opening: { none: START, trap: START, translate: START, vtx: START, svm: START, nested: START },
  },
  {
    id: 'red-pill',
    title: worded('The red pill'),
    summary: worded(
      'A program in ring 3 asks where the IDT is, and no monitor is asked. Translated, the answer gives the monitor away; under VT-x and AMD-V it does not.',
    ),
    source: 'demo/red-pill.asm',
    vmms: ['none', 'trap', 'translate', 'vtx', 'svm'],
    vmm: 'translate',
    vms: 1,
    memory: 4,
    opening: { none: START, trap: START, translate: START, vtx: START, svm: START, nested: START },
  },
  {
    id: 'late-launch',
    title: worded('A monitor that slips below'),
    summary: worded(
      'insmod loads a module, and the running kernel goes on in a virtual machine. Every instruction answers as before; only the time that CPUID takes tells.',
    ),
    source: 'minim/minim.asm',
    vmms: ['none'],
    vmm: 'none',
    vms: 1,
    memory: 4,
    typed: 'pill\ninsmod launch\npill\n',
    opening: { none: { before: { event: 'entry', name: '', count: 1 }, lead: 4 } },
  },
  {
    id: 'hostile',
    title: worded('A kernel that means no good'),
    summary: worded(
      'It writes where the monitor would be, to every port, and then keeps the processor for itself, twice over. What holds, and what does not.',
    ),
    source: 'demo/hostile.asm',
    vmms: ['none', 'trap', 'translate', 'para', 'vtx', 'svm'],
    vmm: 'translate',
    vms: 2,
    memory: 4,
    opening: { none: START, trap: START, translate: START, para: START, vtx: START, svm: START, nested: START },
  },
  {
    id: 'triple-fault',
    title: worded('A triple fault'),
    summary: worded('An exception without a handler, and another while delivering it, and another: the processor shuts down.'),
    source: 'demo/triple-fault.asm',
    vmms: ['none'],
    vmm: 'none',
    vms: 1,
    memory: 4,
    opening: { none: START },
  },
];

/** A source of the reader's in the place of a scenario. */
export const OWN_PROGRAM: Scenario = {
  id: 'program',
  title: worded('Your program'),
  summary: worded('A program in assembly that came with the link.'),
  source: 'program.asm',
  vmms: ['none', 'trap', 'translate', 'vtx', 'svm'],
  vmm: 'none',
  vms: 1,
  memory: 4,
  opening: {},
};

export const DEFAULT_SCENARIO = SCENARIOS[0];

export const TECHNIQUES: Readonly<Record<Vmm, Technique>> = {
  none: { id: 'none', title: worded('Bare metal'), pagings: [] },
  peer: { id: 'peer', title: worded('Peers'), pagings: [] },
  trap: { id: 'trap', title: worded('Trap and emulate'), pagings: [] },
  translate: { id: 'translate', title: worded('Translation'), pagings: [] },
  para: { id: 'para', title: worded('Paravirtual'), pagings: [] },
  vtx: { id: 'vtx', title: 'VT-x', pagings: ['shadow', 'nested'] },
  'vtx-vtx': { id: 'vtx-vtx', title: worded('VT-x in VT-x'), pagings: [] },
  svm: { id: 'svm', title: 'AMD-V', pagings: ['shadow', 'nested'] },
};

const techniqueView = (vmm: Vmm): Technique => ({ ...TECHNIQUES[vmm], title: told(TECHNIQUES[vmm].title) });

export const scenarioView = ({ id, title, summary, vmms, includesMonitor, vmm, vms }: Scenario): ScenarioView => ({
  id,
  title: told(title),
  summary: told(summary),
  techniques: vmms.map((each) => ({ ...techniqueView(each), ...(includesMonitor === true && { pagings: [] }) })),
  vmm,
  vms,
});

export const findScenario = (id: string): Scenario | undefined => SCENARIOS.find((scenario) => scenario.id === id);
