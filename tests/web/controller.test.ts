import { beforeEach, describe, expect, test } from 'vitest';
import { findLesson } from '../../src/lessons/catalog.ts';
import { exercises } from '../../src/lessons/exercises.ts';
import type { Exercise } from '../../src/lessons/lesson.ts';
import type { SourceFile } from '../../src/session/views.ts';
import { NOTHING, parseLink } from '../../src/web/app/link.ts';
import { createController } from '../../src/web/store/controller.ts';
import { selectionOf } from '../../src/web/store/selecting.ts';
import { share } from '../../src/web/store/share.ts';
import { createStageStore, keepOrder, sortedOrder } from '../../src/web/store/store.ts';
import type { Answer, Client, Request } from '../../src/worker/protocol.ts';
import { PLAIN, scenarios } from '../support/stage/client.ts';
import { scene, viewAt } from '../support/stage/views.ts';

const two = scene('vtx', 2);

function setup() {
  const sent: Request[] = [];
  let listener: (answer: Answer) => void = () => {};
  let time = 1000;
  const client: Client = {
    rung: 'main-thread',
    send: (request) => sent.push(request),
    onAnswer(given) {
      listener = given;
      return () => {};
    },
    close() {},
  };
  const store = createStageStore();
  const controller = createController(
    store,
    () => client,
    () => time,
  );
  const answer = (a: Answer) => listener(a);
  const frame = (id: number, i: number, running = false) =>
    answer({ type: 'frame', id, view: viewAt(two, i), running, scenario: 'two-kernels', vmm: 'vtx', vms: 2, setup: PLAIN });
  const start = (hash: string) => {
    const parsed = parseLink(hash);
    if (!parsed.ok) throw new Error(parsed.error.message);
    controller.start(parsed.link);
    answer({ type: 'ready', scenarios });
  };
  return { sent, store, controller, answer, frame, start, wait: (ms: number) => (time += ms) };
}

let s: ReturnType<typeof setup>;
beforeEach(() => {
  s = setup();
});

describe('opening', () => {
  test('an empty address opens the first scenario', () => {
    s.start('');
    expect(s.sent).toEqual([{ type: 'open', id: 1, scenario: 'two-kernels' }]);
  });

  test('a link is followed exactly', () => {
    s.start('#scenario=two-kernels&vmm=vtx&vms=3&step=20481&hash=1');
    expect(s.sent).toEqual([{ type: 'open', id: 1, scenario: 'two-kernels', vmm: 'vtx', vms: 3, step: 20481, hash: true }]);
  });

  test('a link to a scenario that is not here opens nothing', () => {
    s.start('#scenario=other&step=5');
    expect(s.sent).toEqual([]);
    expect(s.store.getState().linkError?.message).toContain('other');
  });

  test('a technique that the scenario does not have opens nothing, and offers the scenario', () => {
    s.start('#scenario=first-exit&vmm=none');
    expect(s.sent).toEqual([]);
    expect(s.store.getState().linkError).toMatchObject({ scenario: 'first-exit' });
  });

  test('a step that the run does not have is said', () => {
    s.start('#scenario=two-kernels&step=99999');
    s.frame(1, 3);
    expect(s.store.getState().notice).toContain('99999');
  });

  test('answers to what was asked before the last opening are not shown', () => {
    s.start('');
    s.controller.open({ scenario: 'first-exit' });
    s.frame(1, 3);
    expect(s.store.getState().frame).toBeNull();
    s.frame(2, 3);
    expect(s.store.getState().frame).not.toBeNull();
  });
});

describe('another technique', () => {
  beforeEach(() => {
    s.start('');
    s.frame(1, 10);
    s.sent.length = 0;
  });

  test('asks for the same place in the guest, with the changes and the number of machines there are', () => {
    s.controller.switchTo({ vmm: 'svm', paging: 'nested' });
    const open = { type: 'open', id: 2, scenario: 'two-kernels', vmm: 'svm', paging: 'nested', edits: [], changes: {}, keep: true };
    expect(s.sent).toEqual([open]);
  });

  test('is given up by Stop, and the machine that there was is the one that counts', () => {
    s.controller.switchTo({ vmm: 'svm' });
    s.answer({ type: 'progress', id: 2, text: 'Looking', done: 5, total: 0 });
    s.controller.stop();
    expect(s.sent.at(-1)).toEqual({ type: 'pause', id: 3 });
    s.frame(3, 10);
    expect(s.store.getState()).toMatchObject({ phase: 'ready', progress: null, frame: { vmm: 'vtx', chosenVms: null } });
  });

  test('of a scenario that is still to come opens where that one does', () => {
    s.controller.open({ scenario: 'red-pill' });
    s.controller.switchTo({ vmm: 'vtx' });
    expect(s.sent.at(-1)).toEqual({ type: 'open', id: 3, scenario: 'red-pill', vmm: 'vtx' });
  });
});

describe('what is written', () => {
  const lesson = findLesson('two-kernels')!;
  const asks = lesson.pages.findIndex(({ place, predict, change }) => place !== null && predict !== null && !change);
  const { place, predict } = lesson.pages[asks]!;
  const files = [{ path: 'duet/task.inc', image: 'duet', text: '\tnop\n', original: '\tnop\n' }] as unknown as readonly SourceFile[];

  beforeEach(() => {
    s.start('');
    s.frame(1, 10);
    s.controller.openLesson(lesson, asks);
    s.frame(s.sent.at(-1)!.id, 10);
    s.answer({ type: 'sources', id: 99, files });
    s.controller.draft('duet/task.inc', '\tcli\n');
    s.sent.length = 0;
  });

  test('in a lesson is assembled for where its page stands, with its question', () => {
    s.controller.assemble();
    expect(s.sent[0]).toMatchObject({ type: 'open', changes: { 'duet/task.inc': '\tcli\n' }, place, asks: predict });
  });

  test('is undone there too', () => {
    s.controller.revert();
    expect(s.sent[0]).toMatchObject({ type: 'open', scenario: lesson.scenario, place, asks: predict });
    expect(s.sent[0]).not.toHaveProperty('changes');
    expect(s.store.getState().drafts).toEqual({});
  });

  test('outside of lessons starts where the scenario does', () => {
    s.controller.closeLesson();
    s.controller.assemble();
    expect(s.sent[0]).toMatchObject({ type: 'open', changes: { 'duet/task.inc': '\tcli\n' } });
    expect(s.sent[0]).not.toHaveProperty('place');
  });
});

describe('exercises', () => {
  const own = exercises().filter(({ path }) => path === null);
  const begin = (exercise: Exercise) => {
    s.controller.beginExercise(exercise);
    const opened = s.sent.findLast(({ type }) => type === 'open')!;
    s.frame(opened.id, 10);
  };

  test('what was written in one is there when it is begun again, and is not mixed with another of the same path', () => {
    s.start('');
    s.frame(1, 10);
    const [one, two] = own as [Exercise, Exercise];
    begin(one);
    s.controller.draft('program.asm', 'half an answer');
    begin(two);
    expect(s.store.getState().drafts['program.asm']).toBeUndefined();
    begin(one);
    expect(s.store.getState().drafts['program.asm']).toBe('half an answer');
    expect(s.sent.findLast(({ type }) => type === 'open')).toMatchObject({ source: one.source });
    s.controller.revert();
    expect(s.store.getState().drafts['program.asm']).toBeUndefined();
  });

  test('what is written in a program that is opened after one is no answer to it', () => {
    s.start('');
    s.frame(1, 10);
    const [one] = own as [Exercise];
    begin(one);
    s.controller.draft('program.asm', 'half an answer');
    s.controller.openFile({ source: 'hlt', step: 0 });
    s.frame(s.sent.findLast(({ type }) => type === 'open')!.id, 0);
    s.controller.draft('program.asm', 'cli');
    begin(one);
    expect(s.store.getState().drafts['program.asm']).toBe('half an answer');
  });
});

describe('moving', () => {
  beforeEach(() => {
    s.start('');
    s.frame(1, 10);
    s.sent.length = 0;
  });

  test('one movement is under way at a time; what is asked meanwhile is gathered', () => {
    s.controller.step();
    s.controller.step();
    s.controller.step();
    expect(s.sent).toEqual([{ type: 'step', id: 2, count: 1 }]);
    s.frame(2, 11);
    expect(s.sent.at(-1)).toEqual({ type: 'step', id: 3, count: 2 });
    s.frame(3, 13);
    expect(s.sent).toHaveLength(2);
  });

  test('of several places to go to, the last one counts', () => {
    s.controller.seek(1);
    s.controller.seek(2);
    s.controller.seek(3);
    s.frame(2, 1);
    expect(s.sent.at(-1)).toEqual({ type: 'seek', id: 3, n: 3 });
  });

  test('a slow step moves, a held key hurries, a jump does not move at all', () => {
    s.wait(1000);
    s.controller.step();
    s.frame(2, 11);
    expect(s.store.getState().pace).toBe('step');
    s.wait(50);
    s.controller.step();
    s.frame(3, 12);
    expect(s.store.getState().pace).toBe('held');
    s.controller.seek(0);
    s.frame(4, 0);
    expect(s.store.getState().pace).toBe('leap');
  });

  test('a step while running pauses first', () => {
    s.controller.toggleRun();
    s.frame(2, 11, true);
    s.controller.step();
    expect(s.sent.map((r) => r.type)).toEqual(['run', 'pause', 'step']);
  });

  test('back at step 0 asks nothing', () => {
    s.controller.seek(0);
    s.answer({
      type: 'frame',
      id: 2,
      view: { ...viewAt(two, 0), n: 0 },
      running: false,
      scenario: 'two-kernels',
      vmm: 'vtx',
      vms: 2,
      setup: PLAIN,
    });
    s.sent.length = 0;
    s.controller.back();
    expect(s.sent).toEqual([]);
  });

  test('a search for an exit can be broken off, by a step or by Pause', () => {
    s.controller.exit();
    s.controller.step();
    expect(s.sent.map((r) => r.type)).toEqual(['exit', 'step']);
    s.frame(3, 11);
    s.controller.exit();
    s.controller.toggleRun();
    expect(s.sent.map((r) => r.type)).toEqual(['exit', 'step', 'exit', 'pause']);
    s.frame(5, 12);
    s.controller.step();
    expect(s.sent).toHaveLength(5);
  });

  test('a refusal lets the next movement through', () => {
    s.controller.step();
    s.answer({ type: 'refused', id: 2, message: 'no' });
    expect(s.store.getState().refused).toBe('no');
    s.controller.step();
    expect(s.sent).toHaveLength(2);
  });
});

test('an answer that comes before the question returns is heard all the same', () => {
  const store = createStageStore();
  let listener: (answer: Answer) => void = () => {};
  let at = 3;
  const client: Client = {
    rung: 'main-thread',
    send(request) {
      if (request.type === 'step') at += request.count;
      listener({
        type: 'frame',
        id: request.id,
        view: viewAt(two, at),
        running: false,
        scenario: 'two-kernels',
        vmm: 'vtx',
        vms: 2,
        setup: PLAIN,
      });
    },
    onAnswer(given) {
      listener = given;
      return () => {};
    },
    close() {},
  };
  const controller = createController(store, () => client);
  controller.start(NOTHING);
  listener({ type: 'ready', scenarios });
  controller.step();
  controller.step();
  expect(at).toBe(5);
});

test('a dead machine is opened again at the step where it died', () => {
  s.start('#scenario=two-kernels&vmm=vtx');
  s.frame(1, 10);
  s.answer({ type: 'died', message: 'boom', n: 0 });
  const { n } = s.store.getState().frame!.view;
  expect(s.store.getState().died).toEqual({ message: 'boom', n });
  s.controller.revive();
  expect(s.sent.at(-1)).toMatchObject({ type: 'open', scenario: 'two-kernels', vmm: 'vtx', step: n });
});

test('errors in the source leave the last machine on the stage', () => {
  s.start('');
  s.frame(1, 10);
  s.answer({ type: 'source-error', id: 2, errors: [{ file: 'a.asm', line: 1, column: 2, message: 'm', hint: '' }] });
  expect(s.store.getState()).toMatchObject({ sourceErrors: [{ line: 1 }], phase: 'ready' });
  expect(s.store.getState().frame).not.toBeNull();
});

test('what did not change keeps its identity', () => {
  const before = viewAt(two, 10);
  const after = share(before, structuredClone(before));
  expect(after).toBe(before);
  const next = share(before, structuredClone({ ...before, n: before.n + 1 }));
  expect(next).not.toBe(before);
  expect(next.timeline).toBe(before.timeline);
  expect(share([1, 2], [1, 2, 3])).toEqual([1, 2, 3]);
  expect(share({ a: 1, b: 2 }, { a: 1 })).toEqual({ a: 1 });
});

test('rows keep their places while counts grow', () => {
  const row = (code: number, count: number) => ({ code, codeText: String(code), count, name: '', title: '' });
  expect(sortedOrder([row(1, 5), row(2, 9)])).toEqual([2, 1]);
  expect(keepOrder([2, 1], [row(1, 50), row(2, 9), row(3, 1)])).toEqual([2, 1, 3]);
});

describe('the selection', () => {
  const opened = (i: number) => {
    s.start('');
    s.frame(1, i);
    return s.store.getState().frame!.view;
  };
  const details = () => s.sent.flatMap((request) => (request.type === 'detail' ? [request.n] : []));

  test('what is pointed at stands in the place of what is selected, as long as it is', () => {
    const [one, other] = opened(20)
      .exits.latest.slice(-2)
      .map(({ n }) => n);
    s.controller.select(one!);
    expect(selectionOf(s.store.getState())).toBe(one);
    s.controller.hover(other!);
    expect(selectionOf(s.store.getState())).toBe(other);
    s.controller.hover(null);
    expect(selectionOf(s.store.getState())).toBe(one);
    s.controller.select(one!);
    expect(selectionOf(s.store.getState())).toBe(null);
    expect(details()).toEqual([]);
    expect(s.store.getState().frame!.view.n).toBe(opened(20).n);
  });

  test('an exit that is none of the latest is asked for, once, and no longer when another is selected', () => {
    const view = opened(20);
    const old = { n: 30, cycle: 40, code: 28, codeText: '28', vm: 1 };
    const ticked = { ...view, timeline: { ...view.timeline, ticks: [old, ...view.timeline.ticks] } };
    s.answer({ type: 'frame', id: 1, view: ticked, running: false, scenario: 'two-kernels', vmm: 'vtx', vms: 2, setup: PLAIN });
    s.controller.hover(30);
    s.controller.select(30);
    expect(details()).toEqual([30]);
    s.controller.select(view.exits.latest.at(-1)!.n);
    expect(details()).toEqual([30, null]);
  });

  test('it ends when the machine has gone where it is not to be seen, and when another is opened', () => {
    const last = opened(20).exits.latest.at(-1)!.n;
    s.controller.select(last);
    s.frame(1, 21);
    expect(s.store.getState().selected).toBe(last);
    s.controller.hover(last);
    const far = viewAt(two, 0);
    const empty = { ...far, exits: { ...far.exits, latest: [] }, rings: { ...far.rings, past: [], future: [] } };
    s.answer({ type: 'frame', id: 1, view: empty, running: false, scenario: 'two-kernels', vmm: 'vtx', vms: 2, setup: PLAIN });
    expect(s.store.getState()).toMatchObject({ selected: null, hovered: null });
    s.frame(1, 20);
    s.controller.select(last);
    s.controller.open({ scenario: 'first-exit' });
    expect(s.store.getState().selected).toBe(null);
  });
});
