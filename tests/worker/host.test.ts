import { describe, expect, test } from 'vitest';
import { createHost, type Host } from '../../src/worker/host.ts';
import type { Answer, Request } from '../../src/worker/protocol.ts';

type Kind<T extends Answer['type']> = Extract<Answer, { type: T }>;
type Asked = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never;

/** A host in a world whose clock moves a millisecond with every look at it. */
class World {
  readonly answers: Answer[] = [];
  time = 0;
  private id = 0;
  private readonly host: Host;

  constructor() {
    this.host = createHost(
      (answer) => this.answers.push(structuredClone(answer)),
      () => this.time++,
    );
  }

  /** Sends a request; its number. */
  send(request: Asked): number {
    this.id++;
    this.host.receive({ ...request, id: this.id } as Request);
    return this.id;
  }

  slice(budget = 8): boolean {
    return this.host.slice(budget);
  }

  /** Works until nothing is due any more. */
  settle(): void {
    for (let k = 0; this.slice(); k++) if (k > 100_000) expect.unreachable('it never came to rest');
  }

  /** A request and all that it leads to: what was answered. */
  ask(request: Asked): readonly Answer[] {
    const before = this.answers.length;
    this.send(request);
    this.settle();
    return this.answers.slice(before);
  }

  /** A request that is answered by one frame. */
  frame(request: Asked): Kind<'frame'> {
    const frames = this.ask(request).filter((answer) => answer.type === 'frame');
    expect(frames).toHaveLength(1);
    return frames[0];
  }

  last<T extends Answer['type']>(type: T): Kind<T> {
    const found = this.answers.filter((answer): answer is Kind<T> => answer.type === type).at(-1);
    if (found === undefined) throw new Error(`no ${type}`);
    return found;
  }

  of<T extends Answer['type']>(type: T): readonly Kind<T>[] {
    return this.answers.filter((answer): answer is Kind<T> => answer.type === type);
  }
}

const FIRST_EXIT = { type: 'open', scenario: 'first-exit' } as const;

function atTheExit(): World {
  const world = new World();
  world.ask({ ...FIRST_EXIT, exit: 1 });
  return world;
}

describe('a host that was just made', () => {
  test('says what it can open, the usual scenario first', () => {
    const { scenarios } = new World().last('ready');
    expect(scenarios.map(({ id }) => id)).toEqual([
      'two-kernels',
      'one-system',
      'ring-minus-one-twice',
      'first-exit',
      'refused-entry',
      'forbidden',
      'two-ways',
      'ports',
      'rings',
      'peers',
      'tell-tales',
      'red-pill',
      'late-launch',
      'hostile',
      'triple-fault',
    ]);
    expect(scenarios[0].techniques.map(({ id }) => id)).toEqual(['none', 'trap', 'translate', 'vtx', 'svm']);
  });

  test('has nothing to do, and ignores what needs a machine', () => {
    const world = new World();
    for (const request of [{ type: 'step', count: 1 }, { type: 'pause' }, { type: 'run', speed: 10 }] as const) world.send(request);
    expect([world.slice(), world.answers.length]).toEqual([false, 1]);
  });
});

describe('open', () => {
  test('a scenario, where it begins', () => {
    const { view, running, scenario, vmm, vms } = new World().frame(FIRST_EXIT);
    expect({ running, scenario, vmm, vms, n: view.n }).toEqual({ running: false, scenario: 'first-exit', vmm: 'vtx', vms: 1, n: 608 });
  });

  test('says how far it is while it takes its time', () => {
    const world = new World();
    world.send({ type: 'open', scenario: 'two-kernels' });
    while (world.slice(1));
    expect(world.of('progress').length).toBeGreaterThan(3);
    expect(world.last('progress')).toMatchObject({ id: 1, text: 'Starting Two kernels, one processor' });
    expect(world.of('frame')).toHaveLength(1);
  });

  test.each([
    [{ step: 700 }, 700],
    [{ step: 5 }, 5],
    [{ step: 1_000_000 }, 1256],
    [{ exit: 2 }, 669],
    [{ exit: 99 }, 1256],
  ])('at %j', (where, n) => {
    expect(new World().frame({ ...FIRST_EXIT, ...where }).view.n).toBe(n);
  });

  test('with the hash only when it is asked for', () => {
    expect(new World().frame(FIRST_EXIT).view.hash).toBe('');
    expect(new World().frame({ ...FIRST_EXIT, hash: true }).view.hash).toMatch(/^[0-9a-f]{16}$/);
  });

  describe('under another technique, at the same place in the guest', () => {
    const RED_PILL = { type: 'open', scenario: 'red-pill' } as const;
    const at = (vmm: 'none' | 'vtx', step: number) => {
      const world = new World();
      world.ask({ ...RED_PILL, vmm, step });
      return world;
    };

    test('goes there and says so', () => {
      const world = at('none', 700);
      const { view, vmm } = world.frame({ ...RED_PILL, vmm: 'vtx', keep: true });
      expect(vmm).toBe('vtx');
      expect(view.sentence).toMatch(/^The same place, VM 1: arrival \d+ at 0010[0-9A-F]{4}; [\d,]+ steps here, 700 on bare metal\.$/);
      expect(view.stream.current?.address).toBe(world.of('frame')[0].view.stream.current?.address);
      expect(world.frame({ type: 'step', count: 1 }).view.sentence).not.toMatch(/^The same place/);
      expect(world.frame({ type: 'back', count: 1 }).view.sentence).toBe(view.sentence);
    });

    test('keeps the machine that there was when it is given up', () => {
      const world = at('vtx', 10_000);
      const before = world.of('frame')[0];
      world.send({ ...RED_PILL, vmm: 'translate', keep: true });
      expect([world.slice(1), world.slice(1)]).toEqual([true, true]);
      const after = world.frame({ type: 'pause' });
      expect([after.vmm, after.view.n, after.view.sentence]).toEqual(['vtx', 10_000, before.view.sentence]);
      expect(after.view.stream).toEqual(before.view.stream);
    });
  });

  test('stops: on, back, and a run ends at one', () => {
    const world = new World();
    world.ask({ ...FIRST_EXIT, step: 600 });
    const { view } = world.frame({ type: 'stop-at', n: 640 });
    expect(view.stops).toMatchObject([{ id: 1, kind: 'instruction' }]);
    expect(world.frame({ type: 'to-stop' }).view.n).toBe(640);
    expect(world.frame({ type: 'to-stop', back: true }).view.sentence).toBe('No stop lies behind this step.');
    world.ask({ type: 'seek', n: 600 });
    world.ask({ type: 'run', speed: Number.POSITIVE_INFINITY });
    expect(world.last('frame')).toMatchObject({ running: false, view: { n: 640, sentence: expect.stringMatching(/^Stopped before /) } });
    expect(world.frame({ type: 'remove-stop', stop: 1 }).view.stops).toEqual([]);
    expect(world.ask({ type: 'stop-write', address: 0x7fffffff, size: 4, physical: true })).toMatchObject([{ type: 'refused' }]);
  });

  test('a source of the reader’s', () => {
    const world = new World();
    const { view } = world.frame({ type: 'open', source: 'bits 32\norg 100000h\nmov eax, 5\nhlt\n' });
    expect(view.stream.current).toMatchObject({ mnemonic: 'mov', operands: 'eax, 5' });
  });

  test('the newest wins: an opening that is overtaken is never shown', () => {
    const world = new World();
    world.send({ type: 'open', scenario: 'two-kernels' });
    world.slice(1);
    const second = world.send(FIRST_EXIT);
    world.settle();
    expect(world.of('frame').map(({ id }) => id)).toEqual([second]);
  });
});

describe('what cannot be opened', () => {
  test('a source with errors says them, and the last good machine stays', () => {
    const world = atTheExit();
    const { n } = world.last('frame').view;
    const answers = world.ask({ type: 'open', source: 'bits 32\n mov eax, nowhere\n' });
    expect(answers).toHaveLength(1);
    expect(answers[0]).toMatchObject({
      type: 'source-error',
      errors: [{ file: 'program.asm', line: 2, column: 11, message: expect.stringContaining('nowhere') }],
    });
    expect(Object.keys(world.last('source-error').errors[0]).sort()).toEqual(['column', 'file', 'hint', 'line', 'message']);
    expect(world.frame({ type: 'step', count: 1 }).view.n).toBe(n + 1);
  });

  test('what does not exist is refused, and the last good machine stays', () => {
    const world = atTheExit();
    expect(world.ask({ type: 'open', scenario: 'nothing' })).toMatchObject([
      { type: 'refused', message: expect.stringContaining('nothing') },
    ]);
    expect(world.ask({ type: 'open', scenario: 'two-kernels', vms: 9 })).toMatchObject([{ type: 'refused' }]);
    expect(world.frame({ type: 'back', count: 1 }).scenario).toBe('first-exit');
  });

  test('a run goes on when another machine is refused', () => {
    const world = atTheExit();
    world.send({ type: 'run', speed: 100 });
    world.slice();
    world.send({ type: 'open', scenario: 'nothing' });
    expect(world.slice()).toBe(true);
    expect(world.last('frame').running).toBe(true);
  });
});

describe('moving', () => {
  test('step, back and seek', () => {
    const world = atTheExit();
    const at = (request: Asked) => world.frame(request).view.n;
    expect(at({ type: 'step', count: 1 })).toBe(614);
    expect(at({ type: 'step', count: 10 })).toBe(624);
    expect(at({ type: 'back', count: 3 })).toBe(621);
    expect(at({ type: 'seek', n: 100 })).toBe(100);
    expect(at({ type: 'back', count: 1000 })).toBe(0);
    expect(at({ type: 'back', count: 1 })).toBe(0);
    expect(at({ type: 'seek', n: 1e9 })).toBe(1256);
    expect(at({ type: 'step', count: 1 })).toBe(1256);
  });

  test('who comes back to a step that was asked about is asked again, until another place is gone to', () => {
    const world = atTheExit();
    const asked = (request: Asked) => world.frame(request).view.question?.kind;
    expect(asked({ type: 'seek', n: 612, asks: { kind: 'who', misconception: '' } })).toBe('who');
    expect(asked({ type: 'step', count: 1 })).toBeUndefined();
    expect(asked({ type: 'back', count: 1 })).toBe('who');
    expect(asked({ type: 'seek', n: 0 })).toBeUndefined();
    expect(asked({ type: 'seek', n: 612 })).toBe('who');
    expect(asked({ type: 'place', place: { event: 'start', name: '', count: 1, steps: 5 } })).toBeUndefined();
    expect(asked({ type: 'seek', n: 612 })).toBeUndefined();
  });

  test('to the next exit and to the one before', () => {
    const world = atTheExit();
    expect(world.frame({ type: 'exit' }).view.n).toBe(669);
    expect(world.frame({ type: 'exit', back: true }).view.n).toBe(613);
    expect(world.frame({ type: 'exit', back: true }).view.n).toBe(0);
  });

  test('a frame answers the request that asked for it', () => {
    const world = atTheExit();
    const ids = [world.send({ type: 'step', count: 1 }), world.send({ type: 'step', count: 1 }), world.send({ type: 'back', count: 1 })];
    expect(
      world
        .of('frame')
        .slice(-3)
        .map(({ id, view }) => [id, view.n]),
    ).toEqual(ids.map((id, k) => [id, [614, 615, 614][k]]));
  });

  test('a search that is broken off stands where it got to', () => {
    const world = new World();
    world.ask({ type: 'open', scenario: 'two-kernels', step: 0 });
    world.send({ type: 'exit' });
    expect(world.slice(1)).toBe(true);
    const { view, running } = world.frame({ type: 'pause' });
    expect([running, world.slice()]).toEqual([false, false]);
    expect(view.n).toBeLessThan(17_553);
  });
});

describe('run', () => {
  test('at a speed takes that many steps a second, and a frame at most every sixteen milliseconds', () => {
    const world = atTheExit();
    const { n } = world.last('frame').view;
    const before = world.answers.length;
    const start = world.time;
    const id = world.send({ type: 'run', speed: 500 });
    while (world.time < start + 1000) world.slice();
    const frames = world.answers.slice(before).filter((answer) => answer.type === 'frame');
    expect(frames.every((frame) => frame.id === id && frame.running)).toBe(true);
    expect(frames.length).toBeLessThanOrEqual(63);
    expect(frames.length).toBeGreaterThan(30);
    const reached = world.frame({ type: 'pause' }).view.n - n;
    expect(reached).toBeGreaterThan(470);
    expect(reached).toBeLessThan(530);
  });

  test('to the end, which is shown once, and not as running', () => {
    const world = atTheExit();
    world.send({ type: 'run', speed: Number.POSITIVE_INFINITY });
    world.settle();
    expect(world.last('frame')).toMatchObject({ running: false, view: { n: 1256, ended: true, end: 'halted' } });
    expect(world.last('frame').view.stream.past.length).toBeGreaterThan(10);
    expect(world.slice()).toBe(false);
  });

  test('a frame at full speed knows the steps it comes from', () => {
    const world = new World();
    world.ask({ type: 'open', scenario: 'two-kernels', vmm: 'none', step: 0 });
    world.send({ type: 'run', speed: Number.POSITIVE_INFINITY });
    world.slice(20);
    const { view, running } = world.last('frame');
    expect(running).toBe(true);
    expect(view.n).toBeGreaterThan(1000);
    expect(view.stream.past.length).toBeGreaterThan(10);
    expect(view.stream.future).toEqual([]);
  });

  test('stops for a step, and the step is one', () => {
    const world = atTheExit();
    world.send({ type: 'run', speed: 100 });
    world.slice();
    const { n } = world.last('frame').view;
    const { view, running } = world.frame({ type: 'step', count: 1 });
    expect([view.n, running, world.slice()]).toEqual([n + 1, false, false]);
  });

  test('after a long absence it does not make up for all of it at once', () => {
    const world = new World();
    world.ask({ type: 'open', scenario: 'two-kernels', vmm: 'none', step: 0 });
    world.send({ type: 'run', speed: 1_000_000 });
    world.slice();
    world.time += 600_000;
    const before = world.last('frame').view.n;
    world.slice();
    expect(world.last('frame').view.n - before).toBeLessThan(300_000);
  });

  test('at another speed goes on from here', () => {
    const world = atTheExit();
    world.send({ type: 'run', speed: 1000 });
    for (let k = 0; k < 10; k++) world.slice();
    const { n } = world.last('frame').view;
    const id = world.send({ type: 'run', speed: 10 });
    for (let k = 0; k < 10; k++) world.slice();
    expect(world.last('frame').id).toBe(id);
    expect(world.last('frame').view.n - n).toBeLessThan(60);
  });
});

describe('the window of the timeline', () => {
  test('is shown at once, and follows the cursor again when it is given up', () => {
    const world = atTheExit();
    expect(world.frame({ type: 'window', from: 100, to: 5000 }).view.timeline.window).toEqual({ from: 100, to: 5000 });
    expect(world.frame({ type: 'step', count: 1 }).view.timeline.window).toEqual({ from: 100, to: 5000 });
    expect(world.frame({ type: 'window', from: null, to: null }).view.timeline.window).not.toEqual({ from: 100, to: 5000 });
  });

  test('does not stop a run, nor a search', () => {
    const world = atTheExit();
    world.send({ type: 'run', speed: 100 });
    world.slice();
    world.send({ type: 'window', from: 0, to: 900 });
    expect(world.last('frame').running).toBe(true);
    world.frame({ type: 'pause' });
    world.send({ type: 'exit' });
    world.send({ type: 'window', from: 0, to: 800 });
    world.settle();
    expect(world.last('frame').view).toMatchObject({ timeline: { window: { from: 0, to: 800 } }, exits: { total: expect.any(Number) } });
  });
});

const ECHO = `bits 32
        org 100000h
        mov dx, 3FAh
        mov al, 7
        out dx, al
look:   mov dx, 3FDh
        in al, dx
        test al, 1
        jz look
        mov dx, 3F8h
        in al, dx
        out dx, al
        jmp look
`;
const letters = (text: string) => [...text].map((letter) => letter.charCodeAt(0));

describe('input', () => {
  const echoing = () => {
    const world = new World();
    world.ask({ type: 'open', source: ECHO, step: 100 });
    return world;
  };

  test('is answered by a frame, and arrives', () => {
    const world = echoing();
    expect(world.frame({ type: 'input', console: 0, bytes: letters('hi') }).view.n).toBe(100);
    expect(world.frame({ type: 'step', count: 60 }).view.consoles[0].text).toBe('hi');
  });

  test('does not stop a run', () => {
    const world = echoing();
    world.send({ type: 'run', speed: 1000 });
    world.slice();
    world.send({ type: 'input', console: 0, bytes: letters('on') });
    expect(world.last('frame').running).toBe(true);
    for (let k = 0; k < 30; k++) expect(world.slice()).toBe(true);
    expect(world.last('frame').view.consoles[0].text).toBe('on');
  });

  test('in the past makes another future', () => {
    const world = echoing();
    world.ask({ type: 'input', console: 0, bytes: letters('first') });
    expect(world.frame({ type: 'seek', n: 400 }).view.consoles[0].text).toBe('first');
    world.ask({ type: 'seek', n: 50 });
    const forked = world.frame({ type: 'input', console: 0, bytes: letters('second') });
    expect(forked.view.timeline.reached).toBe(50);
    expect(world.frame({ type: 'seek', n: 400 }).view.consoles[0].text).toBe('second');
  });
});

test('when the simulator itself fails it says so, at which step, and does not try again', () => {
  const world = new World();
  world.ask(FIRST_EXIT);
  const before = world.answers.length;
  world.send({ type: 'input', console: 7, bytes: [65] });
  expect(world.answers.slice(before)).toMatchObject([{ type: 'died', n: 608, message: expect.stringContaining('console 7') }]);
  expect(world.slice()).toBe(false);
});
