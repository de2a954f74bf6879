/** Who runs next? */
import { say } from '../../lib/say.ts';
import { Kind, type LogEvent } from '../../trace/log.ts';
import type { Ring, RingsView, Who } from '../views.ts';
import { decided } from './because.ts';
import { type Choice, type Draft, options } from './draft.ts';
import { type Forecast, isDelivery, isSensitive } from './forecast.ts';

/** A monitor that has no ring −1 to itself: the guests’ kernels are in ring 1, and it is in ring 0. */
const isMonitor = (who: Who): boolean => who.role === 'monitor' && who.vm === 0 && who.ring === '0';

const samePlace = (a: Who, b: Who): boolean => a.vm === b.vm && a.ring === b.ring;

/** Rings 1 and 2, where no monitor has put its guests' kernels there. */
const isMiddle = (ring: Ring): boolean => ring === '1' || ring === '2';

const isCrossing = ({ kind }: LogEvent): boolean => kind <= Kind.VMFAIL || kind === Kind.SHUTDOWN;

export function whoQuestion(forecast: Forecast, rings: RingsView, wanted: string): Draft | null {
  const crosses = forecast.events.some(isCrossing);
  const answer = answerOf(forecast, crosses);
  const four = options(choices(forecast, rings, crosses), answer, wanted);
  if (four === null) return null;
  return {
    kind: 'who',
    title: say`Predict: who runs next?`,
    options: four,
    answer,
    because: decided(forecast),
    telling: answer !== 'same' ? 6 : crosses || (forecast.who.ring !== 'm' && isSensitive(forecast)) ? 2 : 0,
  };
}

function answerOf({ who: now, next, events, stops }: Forecast, crosses: boolean): string {
  if (stops || events.some(({ kind }) => kind === Kind.SHUTDOWN)) return 'nobody';
  if (!crosses && samePlace(now, next)) return 'same';
  if (isMonitor(next)) return isMonitor(now) ? 'same' : 'monitor';
  if (next.ring === 'm') return now.ring === 'm' ? 'same' : 'm';
  if (samePlace(now, next)) return next.ring === '0' && events.some(isDelivery) ? 'handler' : 'same';
  return now.vm !== next.vm && now.ring !== 'm' && !isMonitor(now) ? `vm${next.vm}` : `${next.vm}:${next.ring}`;
}

/** All that one could think, the likeliest mistakes first. */
function choices({ who, next }: Forecast, rings: RingsView, crosses: boolean): readonly Choice[] {
  const { inner } = rings;
  const list: Choice[] = [];
  const add = (choice: Choice) => {
    if (!list.some(({ id }) => id === choice.id)) list.push(choice);
  };
  const split = rings.kind === 'ring0';
  const nobody: Choice = { id: 'nobody', title: say`Nobody`, note: say`the processor sleeps or stops`, belief: 'processor-stops' };
  if (who.ring === 'm' || (split && isMonitor(who))) {
    add({
      id: 'same',
      title: split ? say`The monitor goes on` : inner ? say`The outer hypervisor goes on` : say`The hypervisor goes on`,
      note: say`nobody has given the processor away`,
      hot: { vm: 0, ring: split ? '0' : 'm' },
      belief: 'goes-on',
    });
    if (inner)
      add({
        id: `${inner.vm}:0`,
        title: say`The inner hypervisor`,
        note: say`it wanted this, or has waited for it`,
        hot: { vm: inner.vm, ring: '0' },
        belief: 'inner-hypervisor-acts',
      });
    const vms = rings.vms.length > 0 ? rings.vms.slice(0, 2) : [{ vm: 1, name: say`the guest` }];
    for (const { vm, name } of vms) {
      const kernel: Ring = split ? '1' : '0';
      add({
        id: `${vm}:${kernel}`,
        title: say`The kernel of ${name}`,
        note: split ? say`the monitor resumes the guest` : say`the hypervisor enters the guest`,
        hot: { vm, ring: kernel },
        belief: 'entry-to-kernel',
      });
      add({
        id: `${vm}:3`,
        title: say`A program of ${name}`,
        note: say`the guest resumes in ring 3`,
        hot: { vm, ring: '3' },
        belief: 'back-to-program',
      });
    }
    if (crosses && isMiddle(next.ring) && !split)
      add({
        id: `${next.vm}:${next.ring}`,
        title: say`Somebody in ring ${next.ring}`,
        note: say`the guest resumes there`,
        belief: 'another-ring',
      });
    add(nobody);
    return list;
  }
  const hypervisor: Choice = {
    id: 'm',
    title: inner ? say`The outer hypervisor` : say`The hypervisor`,
    note: say`ring −1`,
    hot: { vm: 0, ring: 'm' },
    belief: 'hypervisor-watches',
  };
  if (inner?.vm === who.vm && who.ring === '0') {
    const hot = { vm: who.vm, ring: '0' } as const;
    add({ id: 'same', title: say`The inner hypervisor goes on`, note: say`it is in ring 0, so it may`, hot, belief: 'goes-on' });
    add(hypervisor);
    for (const { vm, name } of rings.vms)
      add({
        id: `vm${vm}`,
        title: say`The kernel of ${name}`,
        note: say`the inner hypervisor enters its guest`,
        hot: { vm, ring: '0' },
        belief: 'every-crossing-switches',
      });
    add({
      id: 'handler',
      title: say`The inner hypervisor, in its handler`,
      note: say`the processor refuses`,
      hot,
      belief: 'handler-decides',
    });
    add(nobody);
    return list;
  }
  const middle = !split && (isMiddle(who.ring) || (crosses && isMiddle(next.ring)));
  const vm = who.vm;
  if (who.ring === '3' || middle) {
    const named = who.name !== '' && who.role !== 'kernel';
    add({
      id: 'same',
      title: named ? say`${who.name} goes on` : say`The program goes on`,
      note: say`nothing here needs anyone else`,
      hot: { vm, ring: who.ring },
      belief: 'goes-on',
    });
    if (middle)
      for (const ring of ['3', '1', '2'] as const)
        if (ring !== who.ring)
          add({
            id: `${vm}:${ring}`,
            title: say`Somebody in ring ${ring}`,
            note: say`a transfer leads there`,
            hot: { vm, ring },
            belief: 'another-ring',
          });
    const kernel: Ring = split ? '1' : '0';
    add({
      id: `${vm}:${kernel}`,
      title: vm > 0 ? say`VM ${vm}’s kernel` : say`The kernel`,
      note: say`through a gate of its IDT`,
      hot: { vm, ring: kernel },
      belief: 'own-kernel-first',
    });
  } else {
    const hot = { vm, ring: who.ring };
    const kernel = vm > 0 ? say`VM ${vm}’s kernel` : say`The kernel`;
    add({ id: 'same', title: say`${kernel} goes on`, note: say`it is in ring ${who.ring}, so it may`, hot, belief: 'goes-on' });
    add({ id: 'handler', title: say`${kernel}, in its handler`, note: say`through a gate of its IDT`, hot, belief: 'handler-decides' });
    add({
      id: `${vm}:3`,
      title: say`A program`,
      note: say`the kernel gives the processor back`,
      hot: { vm, ring: '3' },
      belief: 'back-to-program',
    });
  }
  if (split)
    add({
      id: 'monitor',
      title: say`The monitor`,
      note: say`in ring 0, where the processor’s gates lead`,
      hot: { vm: 0, ring: '0' },
      belief: 'monitor-watches',
    });
  else if (rings.kind !== 'bare') add(hypervisor);
  if (inner)
    add({
      id: `vm${inner.vm}`,
      title: say`The inner hypervisor`,
      note: say`it is this guest’s hypervisor`,
      hot: { vm: inner.vm, ring: '0' },
      belief: 'inner-hypervisor-acts',
    });
  for (const other of rings.vms)
    if (other.vm !== vm && vm > 0)
      add({
        id: `vm${other.vm}`,
        title: other.name,
        note: say`it is its turn`,
        hot: { vm: other.vm, ring: other.saved ?? '0' },
        belief: 'every-crossing-switches',
      });
  add(nobody);
  if (rings.kind === 'bare') add({ ...hypervisor, hot: null, note: say`ring −1, below the kernel` });
  return list;
}
