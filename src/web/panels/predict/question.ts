/** Questions about the coming step, made from the view: the answer is what the machine will do. */
import type { Ring, StageView, StreamEvent, Who } from '../../../session/views.ts';

export interface Option {
  readonly id: string;
  readonly title: string;
  /** Why one may think so. */
  readonly why: string;
  /** The cell of the ring diagram; null for none. */
  readonly hot: { readonly vm: number; readonly ring: Ring } | null;
}

export interface Question {
  /** The step at which it is asked. */
  readonly n: number;
  readonly title: string;
  readonly options: readonly Option[];
  /** The id of the option that will turn out right. */
  readonly answer: string;
}

/** Instructions whose effect depends on the ring, or on who watches: worth asking about although they may just run. */
const SENSITIVE =
  /^(cli|sti|popf|pushf|iret|hlt|in|out|ins|outs|int|int3|into|lgdt|lidt|lldt|ltr|sgdt|sidt|sldt|str|smsw|lmsw|clts|invlpg|cpuid|rdtsc|rdmsr|wrmsr|sysenter|sysexit|vm\w+|invept|invvpid|invlpga|stgi|clgi)[bwd]?$/;

const touchesSystemRegister = (operands: string): boolean => /\b[cd]r[0-7]\b/.test(operands);

/** Whether the coming step is worth a question: somebody else will run, or one could think so. */
export function isWorthAsking({ stream, ended }: StageView): boolean {
  if (ended || !stream.current) return false;
  return coming(stream.future) !== null || SENSITIVE.test(stream.current.mnemonic) || touchesSystemRegister(stream.current.operands);
}

/** The event with which the very next step ends. */
function coming(future: StageView['stream']['future']): StreamEvent | null {
  let last: StreamEvent | null = null;
  for (const row of future) {
    if (row.kind !== 'event' || row.n !== future[0]?.n) break;
    last = row;
  }
  return last;
}

const samePlace = (a: Who, b: Who): boolean => a.vm === b.vm && a.ring === b.ring;

/** Who runs next? Null when nothing can be said for certain. */
export function question(view: StageView): Question | null {
  const { stream, rings, who } = view;
  if (view.ended || !stream.current) return null;
  const event = coming(stream.future);
  if (!event && stream.future.length === 0) return null;
  const answer = event ? afterEvent(event, who) : 'same';
  const all = options(view, event?.who.ring);
  const right = all.find(({ id }) => id === answer);
  if (!right) return null;
  const four = [right, ...all.filter((option) => option !== right).slice(0, 3)];
  return {
    n: view.n,
    title: 'Predict: who runs next?',
    options: all.filter((option) => four.includes(option)),
    answer: rings.active ? answer : 'nobody',
  };
}

/** A monitor that has no ring −1 to itself: the guests’ kernels are in ring 1, and it is in ring 0. */
const isMonitor = (who: Who): boolean => who.role === 'monitor' && who.vm === 0 && who.ring === '0';

function afterEvent({ who: next, text }: StreamEvent, now: Who): string {
  if (isMonitor(next)) return isMonitor(now) ? 'same' : 'monitor';
  if (/shut ?down|halts? for good/i.test(text)) return 'nobody';
  if (next.ring === 'm') return now.ring === 'm' ? 'same' : 'm';
  if (samePlace(now, next)) return next.ring === '0' && now.ring === '0' ? 'handler' : 'same';
  return now.vm !== next.vm && now.ring !== 'm' ? `vm${next.vm}` : `${next.vm}:${next.ring}`;
}

/** Rings 1 and 2, where no monitor has put its guests' kernels there. */
const isMiddle = (ring: Ring | undefined): boolean => ring === '1' || ring === '2';

/** All that one could think, the likeliest mistakes first: they come from what learners have been seen to believe. `next` is the ring that comes. */
function options(view: StageView, next: Ring | undefined): readonly Option[] {
  const { who, rings } = view;
  const { inner } = rings;
  const machine = who.vm > 0 ? `VM ${who.vm}’s ` : 'The ';
  const hypervisor = inner ? 'The outer hypervisor' : 'The hypervisor';
  const list: Option[] = [];
  const add = (id: string, title: string, why: string, hot: Option['hot']) => {
    if (!list.some((option) => option.id === id)) list.push({ id, title, why, hot });
  };
  const split = rings.kind === 'ring0';
  if (who.ring === 'm' || (split && isMonitor(who))) {
    const name = split ? 'The monitor' : hypervisor;
    add('same', `${name} goes on`, 'nobody has given the processor away', { vm: 0, ring: split ? '0' : 'm' });
    if (inner) add(`${inner.vm}:0`, 'The inner hypervisor', 'it wanted this, or has waited for it', { vm: inner.vm, ring: '0' });
    for (const vm of rings.vms.slice(0, 2)) {
      const kernel: Ring = split ? '1' : '0';
      add(`${vm.vm}:${kernel}`, `${vm.name}’s kernel`, `${name.toLowerCase()} enters the guest`, { vm: vm.vm, ring: kernel });
      add(`${vm.vm}:3`, `A program of ${vm.name}`, 'the guest resumes in ring 3', { vm: vm.vm, ring: '3' });
    }
    return list;
  }
  if (inner?.vm === who.vm) {
    add('same', 'The inner hypervisor goes on', 'it is in ring 0, so it may', { vm: who.vm, ring: '0' });
    add('m', hypervisor, 'ring −1', { vm: 0, ring: 'm' });
    for (const vm of rings.vms) add(`vm${vm.vm}`, `${vm.name}’s kernel`, 'the inner hypervisor enters its guest', { vm: vm.vm, ring: '0' });
    return list;
  }
  const middle = !split && (isMiddle(who.ring) || isMiddle(next));
  const program = who.name && who.role !== 'kernel' ? who.name : 'The program';
  if (who.ring === '3' || middle) {
    add('same', `${program} goes on`, 'nothing here needs anyone else', { vm: who.vm, ring: who.ring });
    if (middle)
      for (const ring of ['3', '1', '2'] as const)
        if (ring !== who.ring) add(`${who.vm}:${ring}`, `Somebody in ring ${ring}`, 'a transfer leads there', { vm: who.vm, ring });
    const kernel: Ring = split ? '1' : '0';
    add(`${who.vm}:${kernel}`, `${machine}kernel`, 'through a gate of its IDT', { vm: who.vm, ring: kernel });
  } else {
    add('same', `${machine}kernel goes on`, `it is in ring ${who.ring}, so it may`, { vm: who.vm, ring: who.ring });
    add('handler', `${machine}kernel, in its fault handler`, 'the processor refuses', { vm: who.vm, ring: who.ring });
    add(`${who.vm}:3`, 'A program', 'the kernel gives the processor back', { vm: who.vm, ring: '3' });
  }
  if (split) add('monitor', 'The monitor', 'in ring 0, where the processor’s gates lead', { vm: 0, ring: '0' });
  else if (rings.kind !== 'bare') add('m', hypervisor, 'ring −1', { vm: 0, ring: 'm' });
  if (inner) add(`vm${inner.vm}`, 'The inner hypervisor', 'it is this guest’s hypervisor', { vm: inner.vm, ring: '0' });
  for (const vm of rings.vms) if (vm.vm !== who.vm) add(`vm${vm.vm}`, vm.name, 'it is its turn', { vm: vm.vm, ring: vm.saved ?? '0' });
  add('nobody', 'Nobody', 'the processor stops', null);
  return list;
}

/** The view without what comes: what a question asks for must not be on the page. */
export function withoutFuture(view: StageView): StageView {
  return {
    ...view,
    sentence: 'What comes next is hidden until you step.',
    stream: { ...view.stream, future: [] },
    rings: { ...view.rings, future: [] },
    timeline: {
      ...view.timeline,
      segments: view.timeline.segments.filter((segment) => segment.fromCycle < view.cycle),
      ticks: view.timeline.ticks.filter((tick) => tick.cycle <= view.cycle),
    },
  };
}
