/** An experiment as a program that a reader can open: the ground, the state of a witness, and its trials, one machine after the other. */
import { assemble } from '../asm/index.ts';
import type { Row } from '../isa/row.ts';
import { hex0x } from '../lib/hex.ts';
import { blankGround, groundWith } from './ground.ts';
import { type Evidence, textOf } from './report.ts';
import { type State, stateOf } from './states.ts';
import { sentence } from './text.ts';

const DWORDS_IN_LINE = 5;

/** Bytes as doublewords, and how many zeros follow. */
function image(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = Array.from({ length: bytes.length / 4 }, (_, k) => view.getUint32(4 * k, true));
  let end = words.length;
  while (end > 0 && words[end - 1] === 0) end--;
  const lines: string[] = [];
  for (let k = 0; k < end; k += DWORDS_IN_LINE)
    lines.push(
      `        dd      ${words
        .slice(k, Math.min(end, k + DWORDS_IN_LINE))
        .map(hex0x)
        .join(', ')}`,
    );
  if (end < words.length) lines.push(`        times   ${words.length - end} dd 0`);
  return lines.join('\n');
}

const REGISTERS = ['EAX', 'ECX', 'EDX', 'EBX', 'EBP', 'ESI', 'EDI', 'EFLAGS'];

function tail(instruction: string, says: string, state: State, evidence: Evidence): string {
  const { places } = evidence.witness;
  // The machine that traps comes first: the other, such as one that halts, may not come back.
  const trials = (evidence.shows === 'trap' ? places.toReversed() : places)
    .map(({ ring, vary, settings }) => `        dd      ${ring}, ${vary}, ${settings}`)
    .join('\n');
  const registers = [...state.registers, state.eflags].map(
    (value, k) => `        dd      ${hex0x(value >>> 0)}${' '.repeat(6)}; ${REGISTERS[k]}`,
  );
  return `
; ${says}
        align   4096
;@ role program trial
experiment:
        ${instruction}
        int     VECTOR_BACK             ; the trial is over

;@ role kernel
        align   4
state:
${registers.join('\n')}
operand_image:                          ; what lies from operand on
${image(state.operand)}
stack_image:                            ; and from ESP on
${image(state.stack)}
trials:
${trials}
trials_end: dd  trials_end
`;
}

/** The program of one piece of evidence. */
export function programOf(row: Row, evidence: Evidence): string {
  const { symbol } = blankGround();
  const { form, state: number, bytes } = evidence.witness;
  const state = stateOf(row, form, symbol, number);
  const address = symbol('experiment');
  const text = textOf(bytes, address);
  const says = sentence({ ...evidence, differences: evidence.differences.slice(0, 2) });
  const written = groundWith(tail(text, says, state, evidence));
  if (hasAt(written, address, bytes)) return written;
  const plain = bytes.map((byte) => hex0x(byte)).join(', ');
  return groundWith(tail(`db      ${plain}   ; ${text}`, says, state, evidence));
}

/** Whether a source assembles to these bytes at an address. */
function hasAt(source: string, address: number, bytes: readonly number[]): boolean {
  const assembled = assemble({ text: () => source }, 'ground.asm');
  return assembled.ok && bytes.every((byte, k) => assembled.image[address - assembled.org + k] === byte);
}
