import type {
  ConsoleView,
  ExitRecord,
  FlagView,
  RegisterView,
  Ring,
  StageView,
  StreamRow,
  TimelineSegment,
  TimelineTick,
  TimelineView,
  WalkView,
} from '../../../src/session/views.ts';
import { exitTitles, machines, pastExit, type ScriptStep, script, willText } from './script.ts';

export interface Scene {
  readonly vmm: 'none' | 'vtx';
  readonly vms: number;
  readonly steps: readonly ScriptStep[];
  readonly trace: ReturnType<typeof trace>;
}

/** A run to look at: under VT-x with some machines, or bare. */
export function scene(vmm: 'none' | 'vtx', vms: number): Scene {
  const steps = script(vmm === 'vtx' ? 1 : 0);
  return { vmm, vms: vmm === 'vtx' ? vms : 0, steps, trace: trace(vmm, vms, steps) };
}

const COUNTS: readonly (readonly [code: number, count: number])[] = [
  [30, 168],
  [28, 94],
  [0, 71],
  [1, 52],
  [12, 22],
  [10, 5],
];

/** The view after `i` steps of the scene. */
export function viewAt(s: Scene, i: number): StageView {
  const step = s.steps[i]!;
  const done = s.steps.slice(0, i);
  const past: StreamRow[] = [];
  for (const p of done) {
    past.push(p.row);
    if (p.event) past.push(p.event);
    if (p.fold) past.push(p.fold);
  }
  const ahead = s.steps.slice(i, i + 26);
  const future: StreamRow[] = [];
  ahead.forEach((p, k) => {
    if (k > 0) future.push(p.row);
    if (p.event) future.push({ ...p.event, text: willText(s.vmm === 'vtx' ? 1 : 0, p.event) });
    if (p.fold) future.push(p.fold);
  });
  const crossings = (list: readonly ScriptStep[]) => list.flatMap((p) => p.crossing ?? []);
  const pastCrossings = crossings(done).slice(-4);
  const { ring, vm } = step.row.who;
  const bare = s.vmm === 'none';
  const exits = exitsAt(s, done, step);
  return {
    n: step.n,
    cycle: step.cycle,
    linear: step.row.address,
    ended: false,
    end: '',
    who: step.row.who,
    vendor: 'vmx',
    paging: bare ? null : 'shadow',
    sentence: lastSentence(s.steps.slice(0, i + 1)),
    rings: {
      kind: bare ? 'bare' : 'vmx',
      hostMode: 'VMX root operation',
      vms: bare
        ? [
            {
              vm: 0,
              name: 'This machine',
              status: 'running',
              running: true,
              processes: [
                { name: 'count', current: !pastCrossings.some((c) => c.kind === 'return') },
                { name: 'hello', current: pastCrossings.some((c) => c.kind === 'return') },
              ],
              kernel: 'kernel',
              saved: null,
            },
          ]
        : machines(s.vms, ring, pastCrossings),
      active: { vm, ring },
      past: pastCrossings,
      future: crossings(ahead).slice(0, 4),
    },
    stream: {
      past: past.slice(-24),
      current: step.row,
      future: future.slice(0, 18),
      files: ['switch.asm', 'exits.asm'].slice(0, bare ? 1 : 2),
    },
    exits,
    registers: registers(step, i),
    flags: flags(i),
    walk: walk(step, bare),
    consoles: consoles(s, ring),
    timeline: timelineAt(s, step),
    failure: null,
    block: null,
    stops: [],
    translates: false,
    translation: null,
    part: null,
    askable: false,
    question: null,
    hash: '',
  };
}

/** The view of a machine that has shut down. */
export function failureView(s: Scene): StageView {
  const view = viewAt(
    s,
    s.steps.findIndex((p) => p.row.mnemonic === 'mov' && p.row.operands.startsWith('cr3')),
  );
  return {
    ...view,
    ended: true,
    end: 'shutdown',
    sentence:
      'VM 1 shuts down: its kernel faulted, and both the fault handler and the double-fault handler lay on pages that are not present.',
    rings: {
      ...view.rings,
      active: null,
      vms: view.rings.vms.map((vm, i) => (i === 0 ? { ...vm, running: false, status: 'shut down: triple fault', saved: null } : vm)),
      future: [],
    },
    stream: { ...view.stream, past: [...view.stream.past, view.stream.current!], current: null, future: [] },
    failure: {
      kind: 'triple fault',
      title: 'VM 1 shut down',
      chain: [
        '#PF(0) at C0101A58: linear C0101A58 is not present in the new tables',
        '#PF(0) while delivering #PF: the IDT at C0104000 is not present',
        '#DF(0): gate 8 at C0104040 is not present, so the processor shuts down',
      ],
    },
  };
}

function lastSentence(steps: readonly ScriptStep[]): string {
  return steps.findLast((p) => p.sentence !== '')?.sentence ?? '*count* runs in ring 3: it counts, and asks nothing of anyone.';
}

function exitsAt(s: Scene, done: readonly ScriptStep[], step: ScriptStep): StageView['exits'] {
  if (s.vmm === 'none') {
    return {
      kind: 'interrupts',
      codeIs: 'vector',
      total: 61,
      counts: [
        { code: 128, codeText: '128', name: 'INT 80h', title: 'System call (INT 80h)', count: 41 },
        { code: 32, codeText: '32', name: 'IRQ 0', title: 'Timer (IRQ 0)', count: 17 },
        { code: 14, codeText: '14', name: '#PF', title: 'Page fault (#PF)', count: 3 },
      ],
      latest: [],
      chosen: null,
    };
  }
  const out = done.find((p) => p.crossing?.kind === 'exit');
  const entered = done.some((p) => p.crossing?.kind === 'entry');
  const older = (
    [
      [10, 2],
      [30, 1],
      [1, 1],
      [0, 2],
      [12, 2],
      [30, 1],
    ] as const
  ).map(([code, vm], i) => pastExit(407 + i, code, vm));
  const added: ExitRecord[] = out
    ? [
        {
          ...pastExit(413, 28, 1),
          n: out.n + 1,
          cycle: out.cycle,
          guestEip: 0xc0101a55,
          instructionLength: 3,
          instruction: 'mov cr3, eax',
          infos: [
            {
              name: 'Exit qualification',
              value: '00000003h',
              fields: [
                { bits: '11:8', value: '0', meaning: 'from EAX' },
                { bits: '5:4', value: '0', meaning: 'move to CR' },
                { bits: '3:0', value: '3', meaning: 'CR3' },
              ],
            },
          ],
          cycles: { exit: 1186, handler: Math.max(0, step.cycle - out.cycle - 1210), entry: entered ? 937 : 0 },
          done: entered,
        },
      ]
    : [];
  return {
    kind: 'exits',
    codeIs: 'exit reason',
    total: 412 + added.length,
    counts: COUNTS.map(([code, count]) => ({
      code,
      codeText: String(code),
      name: exitTitles[code]![0],
      title: exitTitles[code]![1],
      count: count + (code === 28 ? added.length : 0),
    })),
    latest: [...older, ...added].slice(-6),
    chosen: null,
  };
}

function registers(step: ScriptStep, i: number): readonly RegisterView[] {
  const used = new Set(step.row.touches);
  const root = step.row.who.ring === 'm';
  const values: readonly (readonly [string, number])[] = root
    ? [
        ['eax', 0x6802],
        ['ebx', 3],
        ['ecx', 0xc010a080],
        ['edx', 0x03f02000],
        ['esi', 0],
        ['edi', 0xff810000],
        ['ebp', 0xff8fffdc],
        ['esp', 0xff8fffdc],
        ['eip', step.row.address],
        ['eflags', 0x46],
        ['cr0', 0x80010031],
        ['cr2', 0],
        ['cr3', 0x8000],
        ['cr4', 0x2010],
        ['cs', 8],
        ['ss', 16],
        ['ds', 16],
        ['es', 16],
      ]
    : [
        ['eax', 0x184000],
        ['ebx', 2],
        ['ecx', 0xc010a080],
        ['edx', 0],
        ['esi', 0x0804a000],
        ['edi', 0],
        ['ebp', 0xc0113ff0],
        ['esp', 0xc0113fd8],
        ['eip', step.row.address],
        ['eflags', 0x202],
        ['cr0', 0x80010031],
        ['cr2', 0],
        ['cr3', 0x180000],
        ['cr4', 0x10],
        ['cs', 8],
        ['ss', 16],
        ['ds', 16],
        ['es', 16],
      ];
  return values.map(([name, value], k) => ({
    name,
    value,
    previous: value ^ 0x1000,
    changed: k === (i * 3) % 8 && name !== 'eip',
    used: used.has(name),
    bits: '',
    other: null,
  }));
}

function flags(i: number): readonly FlagView[] {
  return ['cf', 'pf', 'af', 'zf', 'sf', 'tf', 'if', 'df', 'of'].map((name, k) => ({
    name,
    set: name === 'if' || (i + k) % 4 === 0,
    changed: (i + k) % 9 === 0,
  }));
}

function walk(step: ScriptStep, bare: boolean): WalkView {
  const linear = step.row.address;
  const guest = step.row.who.ring === 'm' ? 0x00800000 + (linear & 0xfffff) : (linear & 0x0fffffff) % 0x02000000;
  return {
    what: 'the next instruction',
    segment: '',
    offset: linear,
    base: 0,
    linear,
    choices: [{ id: 'fetch', name: 'instruction' }],
    chosen: 'fetch',
    guestPhysical: bare ? null : guest,
    physical: bare ? guest : 0x02000000 + guest,
    walked: bare ? 'own' : 'shadow',
    nestedEntries: [],
    references: 2,
    entries: [
      {
        table: 'page directory',
        short: 'PD',
        index: linear >>> 22,
        address: 0x8c00,
        value: 0x0010a027,
        flags: 'present, writable, supervisor, accessed',
        nested: [],
      },
      {
        table: 'page table',
        short: 'PT',
        index: (linear >>> 12) & 1023,
        address: 0x10a404,
        value: 0x02101027,
        flags: 'present, writable, supervisor, accessed',
        nested: [],
      },
    ],
    guestEntries: bare
      ? []
      : [
          {
            table: 'page directory',
            short: 'PD',
            index: linear >>> 22,
            address: 0x184c00,
            value: 0x00185027,
            flags: 'present, writable, supervisor, accessed',
            nested: [],
          },
        ],
    fault: '',
    tlbHit: false,
    guestSize: 0x02000000,
    ramSize: bare ? 0x02000000 : 0x08000000,
    parts: bare
      ? []
      : [
          { vm: 0, base: 0, size: 0x00800000 },
          { vm: 1, base: 0x02000000, size: 0x02000000 },
          { vm: 2, base: 0x04000000, size: 0x02000000 },
        ],
  };
}

function consoles(s: Scene, ring: Ring): readonly ConsoleView[] {
  const first = 'minim 1.0\n$ count\ncount 1\ncount 2';
  const image = { name: 'minim', digest: '6f1c'.padEnd(64, '0') };
  if (s.vmm === 'none') return [{ title: 'Console', vm: 0, text: first, active: true, image }];
  const list: ConsoleView[] = [{ title: 'VM 1 console', vm: 1, text: first, active: ring !== 'm', image }];
  if (s.vms > 1) list.push({ title: 'VM 2 console', vm: 2, text: 'minim 1.0\n$ clock\n407 ticks\n$ ', active: false, image });
  list.push({
    title: 'Monitor console',
    vm: 0,
    text: 'vtx: VMX switched on\nvm1: started\n',
    active: ring === 'm',
    image: { name: 'vtx', digest: '2b90'.padEnd(64, '0') },
  });
  return list;
}

function trace(vmm: 'none' | 'vtx', vms: number, steps: readonly ScriptStep[]) {
  const segments: TimelineSegment[] = [];
  const ticks: TimelineTick[] = [];
  let cycle = 1_196_000;
  let n = 19_800;
  const put = (vm: number, ring: Ring, cycles: number, crossing = false) => {
    const steps = crossing ? 0 : Math.max(1, Math.round(cycles / 24));
    segments.push({ vm, ring, from: n, to: n + steps, fromCycle: cycle, toCycle: cycle + cycles, crossing });
    n += steps;
    cycle += cycles;
  };
  const exit = (vm: number, code: number, handler: number) => {
    ticks.push({ n, cycle, code, codeText: String(code), vm });
    put(0, 'm', 1186, true);
    put(0, 'm', handler);
    put(0, 'm', 937, true);
  };
  const b = vms > 1 ? 2 : 1;
  if (vmm === 'vtx') {
    put(1, '3', 1500);
    put(1, '0', 380);
    exit(1, 30, 420);
    put(1, '0', 260);
    put(1, '3', 1700);
    exit(1, 1, 1250);
    put(b, '0', 620);
    put(b, '3', 2100);
    put(b, '0', 180);
    exit(b, 0, 960);
    put(b, '0', 140);
    put(b, '3', 1650);
    put(b, '0', 520);
    exit(b, 12, 700);
    put(1, '0', 240);
    put(1, '3', 1400);
    put(1, '0', 300);
    exit(1, 30, 420);
    put(1, '0', 210);
  } else {
    for (let i = 0; i < 9; i++) {
      put(0, '3', 1300 + (i % 3) * 500);
      const code = i % 3 === 2 ? 32 : 128;
      ticks.push({ n, cycle, code, codeText: String(code), vm: 0 });
      put(0, '0', 90, true);
      put(0, '0', 400 + (i % 4) * 240);
    }
  }
  put(vmm === 'vtx' ? 1 : 0, '3', Math.max(200, steps[0]!.cycle - cycle));
  return { segments, ticks };
}

function timelineAt(s: Scene, step: ScriptStep): TimelineView {
  const bare = s.vmm === 'none';
  const segments = [...s.trace.segments];
  const ticks = [...s.trace.ticks];
  for (const p of s.steps.filter((q) => q.cycle < step.cycle)) {
    const next = s.steps[s.steps.indexOf(p) + 1]!;
    const { vm, ring } = p.row.who;
    const own = p.cycle + 24;
    segments.push({ vm, ring, from: p.n, to: p.n + 1, fromCycle: p.cycle, toCycle: p.crossing ? own : next.cycle, crossing: false });
    if (p.crossing) {
      const at = p.crossing.kind === 'entry' ? { vm: 0, ring: 'm' as const } : next.row.who;
      segments.push({ vm: at.vm, ring: at.ring, from: p.n + 1, to: p.n + 1, fromCycle: own, toCycle: next.cycle, crossing: true });
      if (p.crossing.kind === 'exit' || (bare && p.crossing.kind === 'call'))
        ticks.push({ n: p.n + 1, cycle: own, code: bare ? 128 : 28, codeText: bare ? '128' : '28', vm });
    }
  }
  const lanes = bare
    ? [
        { vm: 0, ring: '3' as const, label: 'program' },
        { vm: 0, ring: '0' as const, label: 'kernel' },
      ]
    : [
        ...Array.from({ length: s.vms }, (_, i) => [
          { vm: i + 1, ring: '3' as const, label: `VM ${i + 1}` },
          { vm: i + 1, ring: '0' as const, label: `VM ${i + 1}` },
        ]).flat(),
        { vm: 0, ring: 'm' as const, label: 'hypervisor' },
      ];
  return {
    lanes,
    window: { from: 1_196_000, to: 1_232_600 },
    segments,
    ticks,
    overview: overview(bare),
    reached: step.n,
    reachedCycle: step.cycle,
  };
}

function overview(bare: boolean): TimelineView['overview'] {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  return Array.from({ length: 240 }, (_, i) => {
    const root = bare ? 0 : i < 12 ? 0.95 : 0.3 + Math.sin(i / 17) * 0.12 + (random() - 0.5) * 0.14;
    const user = (i < 26 ? 0.1 : 0.45 + Math.sin(i / 9) * 0.12 + (random() - 0.5) * 0.16) * (1 - root);
    return [user, Math.max(0, 1 - root - user), root] as const;
  });
}
