/** Where a run stops: before an instruction, behind a write; forward and back, the same steps from wherever one comes. */
import { describe, expect, test } from 'vitest';
import { Refused } from '../../src/session/refused.ts';
import { Session } from '../../src/session/session.ts';

const finish = (steps: Generator<number, void>): void => {
  for (const _ of steps);
};

const SOURCE = `bits 32
        org 100000h
        mov edi, 120000h
        mov ecx, 5
next:   mov eax, ecx
        add eax, 30h
        mov [edi], eax
        mov byte [edi+2000h], 7
        dec ecx
        jnz next
        mov ecx, 4
        mov edi, 11FFFEh
        cld
        rep stosb
        cli
        hlt
`;
/** Step count before the first and before each next MOV [EDI], EAX. */
const STORES = [4, 10, 16, 22, 28];

const open = () => Session.open({ source: SOURCE });

describe('before an instruction', () => {
  test('on to each arrival, the end, and back to each', () => {
    const session = open();
    session.stops.addInstruction(STORES[0]);
    expect(session.view().stops).toEqual([{ id: 1, kind: 'instruction', vm: 0, address: 0x10000f, size: 0, text: 'mov [edi], eax' }]);
    const met: number[] = [];
    for (let k = 0; k < 5; k++) {
      finish(session.stops.forward());
      met.push(session.n);
    }
    expect(met).toEqual(STORES);
    expect(session.view().sentence).toBe('Stopped before mov [edi], eax at 0010000F.');
    finish(session.stops.forward());
    expect(session.ended).toBe(true);
    expect(session.view().sentence).toMatch(/^No stop came in the \d+ steps to the end of the run\.$/);
    const back: number[] = [];
    for (let k = 0; k < 5; k++) {
      finish(session.stops.back());
      back.push(session.n);
    }
    expect(back).toEqual([...STORES].reverse());
    finish(session.stops.back());
    expect([session.n, session.view().sentence]).toEqual([STORES[0], 'No stop lies behind this step.']);
  });

  test('once, without keeping it', () => {
    const session = open();
    finish(session.stops.toInstruction(STORES[2]));
    expect([session.n, session.view().stops]).toEqual([STORES[0], []]);
  });

  test('a stop that is there already is not doubled, and one can be taken away', () => {
    const session = open();
    session.stops.addInstruction(STORES[0]);
    session.stops.addInstruction(STORES[3]);
    expect(session.stops.views).toHaveLength(1);
    session.stops.remove(1);
    expect(session.stops.views).toEqual([]);
  });
});

describe('behind a write', () => {
  test('on and back, and says who wrote what', () => {
    const session = open();
    session.stops.addWrite(0x120000, 4, true);
    const met: [number, string][] = [];
    for (let k = 0; k < 7; k++) {
      finish(session.stops.forward());
      met.push([session.n, session.view().sentence]);
    }
    expect(met.slice(0, 2)).toEqual([
      [5, 'The kernel wrote to 00120000 with mov [edi], eax at 0010000F: 00000000 became 00000035.'],
      [11, 'The kernel wrote to 00120000 with mov [edi], eax at 0010000F: 00000035 became 00000034.'],
    ]);
    expect(met.map(([n]) => n)).toEqual([5, 11, 17, 23, 29, 38, 39]);
    expect(met[5][1]).toMatch(/with rep stosb at [0-9A-F]{8}: 00000031 became 00000031\.$/);
    const back: number[] = [];
    for (let k = 0; k < 6; k++) {
      finish(session.stops.back());
      back.push(session.n);
    }
    expect(back).toEqual([38, 29, 23, 17, 11, 5]);
  });

  test('memory beside it may be written, and nothing of the run changes', () => {
    const session = open();
    session.stops.addWrite(0x122004, 4, true);
    session.stops.addInstruction(0);
    finish(session.stops.forward());
    const plain = open();
    plain.run(Number.POSITIVE_INFINITY);
    expect([session.n, session.machine.hash()]).toEqual([plain.n, plain.machine.hash()]);
  });

  test.each([
    [0x120000, 0, '0 bytes cannot be watched: there can be 1 to 4096.'],
    [0x7ffffff0, 4, '7FFFFFF0 does not lie in RAM, which ends at 00400000.'],
  ])('%i, %i bytes: refused', (address, size, message) => {
    expect(() => open().stops.addWrite(address, size, true)).toThrow(new Refused(message));
  });
});

describe('at a line of a source', () => {
  test('of the guest, in whichever virtual machine; the next line that has an instruction', () => {
    const session = Session.open({ scenario: 'red-pill', vmm: 'vtx' });
    const line =
      session
        .sources()[0]
        .text.split('\n')
        .findIndex((text) => /^[^;]*\bsidt\b/.test(text)) + 1;
    const { path } = session.sources()[0];
    finish(session.stops.toLine(path, line));
    expect(session.view().stream.current).toMatchObject({ mnemonic: 'sidt', who: { vm: 1 } });
    session.seek(0);
    session.stops.addLine(path, line);
    finish(session.stops.forward());
    expect(session.view()).toMatchObject({
      stream: { current: { mnemonic: 'sidt' } },
      stops: [{ vm: -1, text: expect.stringMatching(/:\d+$/) }],
    });
    expect(() => session.stops.addLine(path, 99_999)).toThrow(Refused);
  });
});
