/** A flat binary as instructions. */
import { decode } from './decode.ts';
import { disassemble } from './disasm.ts';
import { Insn } from './insn.ts';

export interface DisassembledLine {
  readonly address: number;
  /** Two upper-case hexadecimal digits a byte. */
  readonly bytes: string;
  /** In NASM's syntax. */
  readonly text: string;
}

/** Every instruction of an image whose first byte lies at `org`; bytes that are none become `db`. */
export function disassembleImage(image: Uint8Array, org = 0, mode: 16 | 32 = 32): DisassembledLine[] {
  const lines: DisassembledLine[] = [];
  for (let at = 0; at < image.length; ) {
    const insn = new Insn();
    const whole = decode(insn, image, at, image.length, mode === 32);
    const known = whole && insn.row.encoding !== '' && at + insn.length <= image.length;
    const length = known ? insn.length : 1;
    const bytes = [...image.subarray(at, at + length)].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join('');
    const { mnemonic, operands } = known
      ? disassemble(insn, org + at, undefined, { bits: mode })
      : { mnemonic: 'db', operands: `0${bytes}h` };
    lines.push({ address: (org + at) >>> 0, bytes, text: operands === '' ? mnemonic : `${mnemonic} ${operands}` });
    at += length;
  }
  return lines;
}
