import { describe, expect, test, vi } from 'vitest';
import { connect, type RungStarter } from '../../src/web/app/client.ts';
import type { Answer, Request } from '../../src/worker/protocol.ts';

const ready: Answer = { type: 'ready', scenarios: [] };
const open: Request = { type: 'open', id: 1, scenario: 'a' };

interface Fake extends RungStarter {
  readonly sent: Request[];
  answer(answer: Answer): void;
  fail(reason: string): void;
  closed: boolean;
}

function fake(rung: RungStarter['rung'], onStart?: (events: Parameters<RungStarter['start']>[0]) => void): Fake {
  let events: Parameters<RungStarter['start']>[0] | undefined;
  const self: Fake = {
    rung,
    sent: [],
    closed: false,
    start(given) {
      events = given;
      onStart?.(given);
      return { send: (request) => self.sent.push(request), close: () => (self.closed = true) };
    },
    answer: (answer) => events?.answer(answer),
    fail: (reason) => events?.failed(reason),
  };
  return self;
}

function ladder(...rungs: Fake[]) {
  let expire: () => void = () => {};
  const client = connect(rungs, {
    setTimer: (callback) => {
      expire = callback;
      return () => {
        expire = () => {};
      };
    },
  });
  const answers: Answer[] = [];
  client.onAnswer((answer) => answers.push(answer));
  return { client, answers, expire: () => expire() };
}

describe('the ladder', () => {
  test('keeps answers until somebody listens', async () => {
    const first = fake('url-worker');
    const client = connect([first]);
    first.answer(ready);
    const heard: Answer[] = [];
    client.onAnswer((answer) => heard.push(answer));
    await Promise.resolve();
    client.onAnswer((answer) => heard.push(answer));
    await Promise.resolve();
    expect(heard).toEqual([ready]);
  });

  test('keeps requests until the first answer, in order', () => {
    const first = fake('url-worker');
    const { client, answers } = ladder(first);
    client.send(open);
    client.send({ type: 'step', id: 2, count: 1 });
    expect(first.sent).toEqual([]);
    first.answer(ready);
    expect(first.sent.map((r) => r.id)).toEqual([1, 2]);
    client.send({ type: 'step', id: 3, count: 1 });
    expect(first.sent.map((r) => r.id)).toEqual([1, 2, 3]);
    expect(answers).toEqual([ready]);
    expect(client.rung).toBe('url-worker');
  });

  test('goes on when a rung fails, throws or says nothing, and asks again there', () => {
    const first = fake('url-worker', () => {
      throw new Error('SecurityError');
    });
    const second = fake('blob-worker');
    const third = fake('main-thread');
    const { client, expire } = ladder(first, second, third);
    client.send(open);
    expect(client.rung).toBe('blob-worker');
    expire();
    expect(second.closed).toBe(true);
    expect(client.rung).toBe('main-thread');
    third.answer(ready);
    expect(third.sent).toEqual([open]);
  });

  test('an answer that comes at once is not lost', () => {
    const first = fake('main-thread', (events) => events.answer(ready));
    const client = connect([first]);
    const listener = vi.fn();
    client.onAnswer(listener);
    client.send(open);
    expect(first.sent).toEqual([open]);
  });

  test('answers of a rung that was given up are not heard', () => {
    const first = fake('url-worker');
    const second = fake('main-thread');
    const { answers } = ladder(first, second);
    first.fail('no');
    first.answer(ready);
    expect(answers).toEqual([]);
    second.answer(ready);
    expect(answers).toEqual([ready]);
  });

  test('a rung that fails after it has answered has died', () => {
    const first = fake('url-worker');
    const second = fake('main-thread');
    const { client, answers } = ladder(first, second);
    first.answer(ready);
    first.fail('out of memory');
    expect(answers.at(-1)).toMatchObject({ type: 'died', message: 'out of memory' });
    expect(client.rung).toBe('url-worker');
  });

  test('says so when no rung holds', () => {
    const first = fake('url-worker');
    const { answers } = ladder(first);
    first.fail('blocked');
    expect(answers[0]).toMatchObject({ type: 'died' });
    expect((answers[0] as { message: string }).message).toContain('url-worker: blocked');
  });
});
