import { describe, expect, test } from 'vitest';
import { Session } from '../../src/session/session.ts';
import { stageText } from './support/print.ts';
import { opened } from './support/sessions.ts';

const source = (text: string) => `bits 32\norg 100000h\n${text}`;

describe('a triple fault', () => {
  const atTheEnd = () => {
    const session = opened({ scenario: 'triple-fault' });
    for (const _ of session.nextEvent());
    for (const _ of session.nextEvent());
    return session;
  };

  test('is a result, with the chain of faults that led there', async () => {
    const view = atTheEnd().view();
    expect([view.ended, view.end]).toEqual([true, 'shutdown']);
    expect(view.failure?.kind).toBe('triple fault');
    expect(view.failure?.chain.map((fault) => fault.split(' ')[0])).toEqual(['#DE', '#GP(3h)', '#DF(0h)', '#GP(43h)', 'shutdown']);
    expect(view.stream.current).toBe(null);
    expect(view.stream.past.at(-1)).toMatchObject({ kind: 'event', text: 'Shutdown: the processor stops' });
    expect(view.stream.future).toEqual([]);
    expect(view.rings.active).toBe(null);
    expect(view.walk).toBe(null);
    await expect(stageText(view)).toMatchFileSnapshot('../golden/triple-fault-stage.txt');
  });

  test('Back leads out of it, and Step into it again', () => {
    const session = atTheEnd();
    const { n } = session;
    session.back();
    const before = session.view();
    expect([before.n, before.ended, before.failure]).toEqual([n - 1, false, null]);
    expect(before.stream.current).toMatchObject({ mnemonic: 'div', operands: 'ecx' });
    expect(before.stream.future[0]).toMatchObject({ kind: 'event', text: 'Shutdown: the processor stops' });
    session.step();
    expect(session.view()).toMatchObject({ n, ended: true, failure: { kind: 'triple fault' } });
    session.step(10);
    expect(session.n).toBe(n);
  });
});

describe('other ends', () => {
  test.each([
    ['halted for good', 'cli\nhlt', 'halted'],
    ['a reset by the guest', 'mov al, 0FEh\nout 64h, al', 'reset'],
    ['an end the guest asked for', 'mov dx, 501h\nmov al, 1\nout dx, al\nhlt', 'debug-exit'],
  ])('%s', (_, text, end) => {
    const session = Session.open({ source: source(text) });
    session.seek(1000);
    expect(session.view()).toMatchObject({
      ended: true,
      end,
      failure: end === 'reset' ? { kind: 'reset' } : null,
      stream: { current: null, future: [] },
    });
    const { n } = session;
    session.back();
    expect(session.view()).toMatchObject({ n: n - 1, ended: false });
    session.step();
    expect(session.view()).toMatchObject({ n, ended: true, end });
  });

  test('what the simulator does not have is said, and Back works there too', () => {
    const session = Session.open({ source: source('mov eax, 2\nmov dr7, eax\nhlt') });
    session.seek(1000);
    if (session.view().end !== 'not-implemented') return;
    expect(session.view().failure).toMatchObject({ kind: 'not implemented', title: expect.stringContaining('debug registers') });
    expect(session.n).toBe(1);
    for (let k = 0; k < 3; k++) {
      session.back();
      session.step();
      session.step();
    }
    expect([session.n, session.log.length]).toEqual([1, 0]);
  });
});
