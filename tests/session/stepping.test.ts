import { describe, expect, test } from 'vitest';
import { Session } from '../../src/session/session.ts';

const done = (steps: Generator<number, void>): void => {
  for (const _ of steps);
};
const next = (session: Session) => session.view().stream.current!;

/** The first step of a run at which this instruction is next. */
function at(session: Session, mnemonic: string, from = 0): Session {
  session.seek(from);
  for (let k = 0; k < 3000 && next(session).mnemonic !== mnemonic; k++) session.step();
  expect(next(session).mnemonic).toBe(mnemonic);
  return session;
}

describe('over', () => {
  test('a call: to behind it, as deep as before', () => {
    const session = at(Session.open({ scenario: 'first-exit' }), 'call', 560);
    const call = next(session);
    const esp = session.view().registers.find(({ name }) => name.toLowerCase() === 'esp')!.value;
    const { n } = session;
    done(session.stops.stepping('over'));
    expect(session.n).toBeGreaterThan(n + 1);
    expect(next(session).address).toBe(call.address + (call.bytes.length + 1) / 3);
    expect(session.view().registers.find(({ name }) => name.toLowerCase() === 'esp')!.value).toBe(esp);
  });

  test('an instruction that calls nothing is one step, a jump and a push too', () => {
    const session = Session.open({ scenario: 'first-exit' });
    for (let k = 0; k < 17; k++) {
      const { n } = session;
      done(session.stops.stepping('over'));
      expect(session.n).toBe(n + 1);
    }
  });

  test('a call that switches VMX on', () => {
    const session = Session.open({ scenario: 'first-exit' });
    session.seek(17);
    const call = next(session);
    done(session.stops.stepping('over'));
    expect(session.n).toBeLessThan(60);
    expect(next(session)).toMatchObject({ address: call.address + 5, who: { ring: 'm' } });
  });

  test('an exit: the guest goes on, and the monitor was one step', () => {
    const session = Session.open({ scenario: 'first-exit' });
    session.seek(612);
    const { who } = next(session);
    done(session.stops.stepping('over'));
    expect(next(session).who).toMatchObject({ vm: who.vm, ring: who.ring });
    expect(session.log.exits.length).toBe(1);
  });
});

describe('out', () => {
  test('of the monitor, into the guest', () => {
    const session = Session.open({ scenario: 'first-exit' });
    session.seek(620);
    expect(next(session).who.ring).toBe('m');
    done(session.stops.stepping('out'));
    expect(next(session).who.ring).toBe('0');
    expect(session.view().stream.past.at(-1)).toMatchObject({ kind: 'event' });
  });

  test('of a call, to behind it', () => {
    const session = at(Session.open({ scenario: 'first-exit' }), 'call', 560);
    const call = next(session);
    session.step(2);
    done(session.stops.stepping('out'));
    expect(next(session).address).toBe(call.address + (call.bytes.length + 1) / 3);
  });
});
