import { describe, expect, test } from 'vitest';
import { streamLines } from '../../src/figures/stream-lines.ts';
import { Session } from '../../src/session/session.ts';
import type { StreamRow } from '../../src/session/views.ts';
import { Kind } from '../../src/trace/log.ts';
import { PROGRAMS } from '../trace/support/programs.ts';

const open = (name: string) => new Session(PROGRAMS[name]());

/** Goes to right behind the first event of a kind. */
function behind(session: Session, kind: number): Session {
  session.run(Number.POSITIVE_INFINITY);
  let row = 0;
  while (session.log.kindOf(row) !== kind) row++;
  session.seek(session.log.stepOf(row));
  return session;
}

const texts = (rows: readonly StreamRow[]) =>
  rows.map((row) => (row.kind === 'instruction' ? `${row.mnemonic} ${row.operands}`.trim() : row.kind === 'event' ? `== ${row.text}` : ''));

describe('the stream', () => {
  test('counts the iterations of a REP in one row', () => {
    const session = open('string instructions under a timer');
    session.seek(71);
    const start = session.view().stream.past.findLast((row) => row.kind === 'instruction' && row.iteration > 0);
    expect(start).toMatchObject({ mnemonic: 'rep movsb' });
    const from = session.n;
    session.step(5);
    const { past, current } = session.view().stream;
    const last = past.at(-1);
    expect(last).toMatchObject({ mnemonic: 'rep movsb', n: from + 4, iteration: (start as { iteration: number }).iteration + 5 });
    expect(current).toMatchObject({ mnemonic: 'rep movsb', iteration: (last as { iteration: number }).iteration + 1 });
  });

  test('a REP says how much is left, wherever one looks from', () => {
    const session = open('string instructions under a timer');
    session.seek(71);
    while (session.view().stream.current?.mnemonic !== 'rep movsb') session.step(1);
    const left = () => session.view().registers.find(({ name }) => name === 'ECX')!.value;
    const shown = () => {
      return streamLines(session.view().stream, null, 20).flatMap((line) =>
        line.kind === 'instruction' && line.mnemonic.startsWith('rep') ? [line.comment] : [],
      );
    };
    const whole = left();
    expect(shown()).toContain(`${whole} to go`);
    session.step(3);
    expect(left()).toBe(whole - 3);
    expect(shown().slice(-3)).toEqual([`${whole - 3} to go`, `${whole - 3} to go`, expect.stringMatching(/to go$/)]);
    const before = session.n;
    session.seek(0);
    session.seek(before);
    expect(shown()).toContain(`${whole - 3} to go`);
  });

  test('a tick in the middle of a REP comes between two of its iterations', () => {
    const session = open('string instructions under a timer');
    session.run(Number.POSITIVE_INFINITY);
    const ticks = Array.from({ length: session.log.length }, (_, row) => row).filter((row) => session.log.kindOf(row) === Kind.INTERRUPT);
    const interrupted = ticks.filter((row) => {
      session.seek(session.log.stepOf(row));
      const [before] = session.view().stream.past.slice(-2);
      return before.kind === 'instruction' && before.mnemonic.startsWith('rep');
    });
    expect(interrupted.length).toBeGreaterThan(3);
  });

  test('a single-step trap comes between instructions: what follows has not run', () => {
    const session = open('interrupt shadows and single steps');
    session.run(Number.POSITIVE_INFINITY);
    const { log } = session;
    for (let row = 0; row < log.length; row++) {
      if (log.kindOf(row) !== Kind.EXCEPTION || log.valueOf(row, 0) !== 1) continue;
      session.seek(log.stepOf(row));
      const { past } = session.view().stream;
      const [before, trap] = past.slice(-2);
      expect(trap).toMatchObject({ kind: 'event', text: '#DB → code, ring 0', note: '' });
      expect(before.n).toBeLessThan(session.n - 1);
    }
  });

  test('an instruction that faults stands before its exception', () => {
    const session = behind(open('paging with stale translations'), Kind.EXCEPTION);
    const { past } = session.view().stream;
    expect(past.at(-2)).toMatchObject({ kind: 'instruction', n: session.n - 1, operands: expect.stringContaining('[110008h]') });
    expect(past.at(-1)).toMatchObject({ kind: 'event', n: session.n, note: 'error code 0h, address 00110008' });
  });

  test('code that has been written over is shown as it is, without the source it came from', () => {
    const session = open('code that rewrites itself');
    session.run(Number.POSITIVE_INFINITY);
    const rows: StreamRow[] = [];
    for (let n = 200; n < 400; n += 40) {
      session.seek(n);
      rows.push(...session.view().stream.past);
    }
    const changed = rows.find(
      (row) => row.kind === 'instruction' && row.mnemonic === 'mov' && row.operands.startsWith('bl,') && row.operands !== 'bl, 0',
    );
    expect(changed).toMatchObject({ source: '', comment: '' });
  });

  test('a refused entry says its error and the rule; the instruction before it is VMLAUNCH', () => {
    const view = behind(open('a VM entry refused by VMfail'), Kind.VMFAIL).view();
    expect(texts(view.stream.past.slice(-2))).toEqual(['vmlaunch', '== VMfailValid']);
    expect(view.stream.past.at(-1)).toMatchObject({ note: expect.stringMatching(/^error 8: Host TR/) });
    expect(view.sentence).toMatch(/^The instruction is refused with error 8\. The rule: Host TR/);
    expect(view.who).toMatchObject({ mode: 'root' });
  });

  test('a failed entry leads back into the hypervisor', () => {
    const view = behind(open('a VM entry that fails in the guest’s state'), Kind.ENTRY_FAILED).view();
    expect(texts(view.stream.past.slice(-2))).toEqual(['vmlaunch', '== VM entry failed: back in the hypervisor']);
    expect(view.stream.current).toMatchObject({ label: 'on_exit' });
    expect(view.sentence).toMatch(/Guest RFLAGS/);
  });

  test('a halted processor sleeps, and says so', () => {
    const session = behind(open('HLT woken by the timer'), Kind.HALTED);
    expect(session.view().sentence).toBe('The kernel halts: the processor sleeps until an interrupt.');
    expect(session.view().rings.vms[0]).toMatchObject({ status: 'halted in ring 0', running: false });
    session.step();
    expect(session.view().sentence).toBe('The kernel sleeps in HLT until an interrupt comes.');
    session.seek(Number.MAX_SAFE_INTEGER);
    expect(session.view().sentence).toBe('The kernel halts, and nothing will wake the processor.');
  });
});
