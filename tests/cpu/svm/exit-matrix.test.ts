/** Every row of the instruction table that may exit under SVM: with its intercept off and on, and flipped between two executions. */
import { expect, test } from 'vitest';
import { at } from '../../../src/cpu/state.ts';
import { decode } from '../../../src/isa/decode.ts';
import { Insn } from '../../../src/isa/insn.ts';
import type { Row } from '../../../src/isa/row.ts';
import { ROWS } from '../../../src/isa/table.ts';
import { CODE, code, GUEST_CODE } from './guest.ts';
import { CASES, Matrix } from './matrix.ts';

function rowOf(asm: string): Row {
  const image = code(asm, 0);
  const insn = new Insn();
  decode(insn, image, 0, image.length, true);
  return insn.row;
}

test('every row that may exit is here', () => {
  const here = new Set(CASES.map(({ asm }) => rowOf(asm)));
  const wanted = ROWS.filter((found) => found.exit?.svm !== undefined);
  expect(wanted.filter((found) => !here.has(found)).map(({ mnemonic, encoding }) => `${mnemonic} ${encoding}`)).toEqual([]);
});

test.each(CASES)('$asm: $exitCode', ({ asm, exitCode, length, info1, off }) => {
  const guest = new Matrix(asm);
  const { s, missing } = guest.cpu;
  expect(missing).toBeNull();
  const without = () => {
    guest.again(exitCode, off === 'always');
    if (off === 'always') return;
    if (off === 'missing') {
      expect(guest.enter().step()).toBe('missing');
      guest.cpu.missing = null;
      s[at.guest] = 0;
    } else if (off === 'halts') {
      guest.intercept(CODE.NMI).enter().step();
      expect(s[at.activity]).toBe(1);
      s[at.nmiPending] = 1;
      guest.step();
      expect(guest.exit).toMatchObject({ code: CODE.NMI, guestEip: GUEST_CODE + length });
      expect(s[at.nmiPending]).toBe(1);
    } else if (off === 'faults') {
      expect(guest.run().exit).toMatchObject({ guestEip: GUEST_CODE, instructionLength: 0 });
      expect([CODE.EXCEPTION + 6, CODE.EXCEPTION + 13]).toContain(guest.exit!.code);
    } else {
      const eip = off === 'runs' ? GUEST_CODE + length : off;
      expect(guest.run().exit).toMatchObject({ code: CODE.VMMCALL, guestEip: eip });
    }
  };
  const exits = { vendor: 'svm', code: exitCode, qualification: info1, instructionLength: length, guestEip: GUEST_CODE };
  const info2 = exitCode === CODE.IOIO ? GUEST_CODE + length : 0;
  without();
  expect(guest.again(exitCode, true).run().exit).toMatchObject(exits);
  expect([guest.read('exitCode'), guest.read('exitCode', 1), guest.read('exitInfo1'), guest.read('exitInfo2')]).toEqual([
    exitCode,
    0,
    info1,
    info2,
  ]);
  expect([guest.eip, guest.read('nRip'), guest.read('exitIntInfo'), s[at.gif]]).toEqual([0, 0, 0, 0]);
  without();
});
