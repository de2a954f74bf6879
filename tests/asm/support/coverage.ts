/** What the instructions of an image cover: rows of the table, and forms of ModRM and SIB. */
import type { Assembled } from '../../../src/asm/index.ts';
import { decode } from '../../../src/isa/decode.ts';
import { Insn } from '../../../src/isa/insn.ts';
import type { Row } from '../../../src/isa/row.ts';

/** In an address, what a ModRM byte and a SIB byte can name: `32 base index scale displacement`. */
export interface Coverage {
  readonly rows: ReadonlySet<Row>;
  readonly addresses: ReadonlySet<string>;
}

const sizeOf = (displacement: number): string => (displacement === 0 ? '0' : displacement >= -128 && displacement < 128 ? '8' : 'full');

/** Of the instructions that were written, as the map of the image has them. */
export function covered({ image, map }: Assembled, bits: 16 | 32): Coverage {
  const rows = new Set<Row>();
  const addresses = new Set<string>();
  for (const { kind, offset, length } of map.sections.flatMap(({ spans }) => spans)) {
    if (kind !== 'instruction') continue;
    const insn = new Insn();
    if (!decode(insn, image, offset, offset + length, bits === 32) || insn.row.encoding === '') continue;
    rows.add(insn.row);
    if (insn.mem !== 0) addresses.add(`${insn.addressSize} ${insn.base} ${insn.index} ${insn.scale} ${sizeOf(insn.disp)}`);
  }
  return { rows, addresses };
}

const NONE = 16;
const ESP = 8;
const EBP = 10;

/** Addresses that ModRM and SIB can express and that are not there. An index without a base has a full displacement, or 0. */
export function missingAddresses(found: ReadonlySet<string>): string[] {
  const wanted: string[] = [];
  const registers = [0, 2, 4, 6, ESP, EBP, 12, 14];
  for (const base of [...registers, NONE])
    for (const index of [...registers.filter((r) => r !== ESP), NONE])
      for (const scale of index === NONE ? [0] : [0, 1, 2, 3])
        for (const displacement of ['0', '8', 'full']) wanted.push(`32 ${base} ${index} ${scale} ${displacement}`);
  for (const [base, index] of [
    [6, 12],
    [6, 14],
    [EBP, 12],
    [EBP, 14],
    [12, NONE],
    [14, NONE],
    [EBP, NONE],
    [6, NONE],
    [NONE, NONE],
  ])
    for (const displacement of ['0', '8', 'full']) wanted.push(`16 ${base} ${index} 0 ${displacement}`);
  return wanted.filter((address) => !found.has(address));
}

/** Rows that no line of the corpus can bring: second encodings, and what NASM takes in 64-bit code alone (SKINIT). */
const BEYOND = [
  /^\w+ 82 /,
  /^TEST (F6|F7) \/1$/,
  /^SHL .* \/6$/,
  /^FXCH D[DF] /,
  /^FSTPNCE /,
  /^FSTP DF /,
  /^FCOMP (DC|DE) D/,
  /^FCOM DC D0/,
  /^SKINIT /,
];

export const isBeyondCorpus = ({ mnemonic, encoding }: Row): boolean => BEYOND.some((pattern) => pattern.test(`${mnemonic} ${encoding}`));
