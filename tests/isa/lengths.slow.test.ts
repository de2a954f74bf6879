/** Which bytes are an instruction, how long it is and what it is called, against another decoder over a million random byte strings. */
import { Code, CpuidFeature, Decoder, DecoderOptions, Instruction as IcedInstruction, type Instruction, Mnemonic } from 'iced-x86';
import { expect, test } from 'vitest';
import { CONDITIONS } from '../../src/isa/conditions.ts';
import { decode, MAX_LENGTH } from '../../src/isa/decode.ts';
import { Insn } from '../../src/isa/insn.ts';
import { Random } from '../support/random.ts';
import { randomInstruction } from '../support/random-code.ts';

/** In each code size, of each generator. */
const STRINGS = 125_000;
const BATCH = 5_000;
const SEED = 0x52696e67;
const PREFIXES = [0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3];
/** Room for the longest instruction, so that strings do not run into each other. */
const WIDTH = 16;

/** What the table covers, in iced's names. An instruction of anything else is undefined here. */
const COVERED = new Set(
  'INTEL8086 INTEL186 INTEL286 INTEL386 INTEL486 CPUID MSR TSC CMOV SEP CX8 PAUSE MULTIBYTENOP FPU FPU287 FPU387 FXSR MONITOR RDTSCP VMX SVM'.split(
    ' ',
  ),
);
/** Of the instructions that those cover, the ones that the table does not have. */
const ABSENT = new Set('Ud0 Ud1 Reservednop Rsm Syscall Sysret Vmfunc'.split(' '));
/** Rows whose register may be one that there is not: here the instruction is found and raises #UD, there its bytes are invalid. */
const CHECKED_LATER = new Set(['movToSegment', 'movFromSegment', 'movFromCr', 'movToCr']);

/** Names that differ, ours first: we say the operand size, and what NASM says. */
const NAMES: Readonly<Record<string, string>> = {
  PUSHAW: 'PUSHA',
  POPAW: 'POPA',
  PUSHFW: 'PUSHF',
  POPFW: 'POPF',
  IRETW: 'IRET',
  FWAIT: 'WAIT',
  FSETPM: 'FNSETPM',
  /* /6, which the manual leaves open. */
  SHL: 'SAL',
  /* Behind F2 or F3, on later processors. */
  VMMCALL: 'VMGEXIT',
};

/** As processors were that knew neither LZCNT nor TZCNT nor WBNOINVD: they ignored the prefix. */
const OPTIONS = DecoderOptions.NoMPFX_0FBC | DecoderOptions.NoMPFX_0FBD | DecoderOptions.NoWbnoinvd;

type Fill = (random: Random, bytes: Uint8Array, bits: 16 | 32) => void;

function fillRandom(random: Random, bytes: Uint8Array): void {
  for (let k = 0; k < bytes.length; k++) bytes[k] = random.below(256);
}

const GENERATORS: Readonly<Record<string, Fill>> = {
  /** Prefixes now and then, sometimes more than there is room for, and often the second opcode map. */
  'any bytes': (random, bytes) => {
    fillRandom(random, bytes);
    let start = 0;
    const most = random.oneIn(64) ? bytes.length : 4;
    while (start < most && !random.oneIn(most === 4 ? 4 : 20)) bytes[start++] = random.pick(PREFIXES);
    if (start < bytes.length && random.oneIn(4)) bytes[start] = 0x0f;
  },
  /** Each row of the table, with what may follow it. */
  rows: (random, bytes, bits) => {
    fillRandom(random, bytes);
    randomInstruction(random, bits, bytes);
  },
  /** 0F and 0F 38, and of these often the opcodes that VMX and SVM share with others, behind prefixes that tell them apart. */
  'the second and third map': (random, bytes) => {
    fillRandom(random, bytes);
    let at = 0;
    for (let k = random.below(4); k > 0; k--) bytes[at++] = random.pick([0x66, 0xf2, 0xf3, 0x67, 0x2e, 0xf0]);
    bytes[at++] = 0x0f;
    if (random.oneIn(2)) bytes[at] = random.pick([0x00, 0x01, 0xc7, 0x78, 0x79, 0x38, 0x1f, 0xae, 0xba, 0xa4, 0xac]);
    if (bytes[at] === 0x38 && random.oneIn(2)) bytes[at + 1] = random.pick([0x80, 0x81, 0x82]);
  },
  /** One opcode after the other with every ModRM byte, and every SIB byte where one follows. */
  'every ModRM and SIB': (() => {
    let next = 0;
    return (random: Random, bytes: Uint8Array) => {
      fillRandom(random, bytes);
      let at = 0;
      if (random.oneIn(3)) bytes[at++] = random.pick([0x66, 0x67]);
      if (random.oneIn(2)) bytes[at++] = 0x0f;
      bytes[at] = random.below(256);
      bytes[at + 1] = next & 0xff;
      bytes[at + 2] = (next >>> 8) & 0xff;
      next++;
    };
  })(),
};

function nameOf({ row, cc, addressSize, operandSize }: Insn): string {
  const { mnemonic } = row;
  if (mnemonic.endsWith('cc')) return mnemonic.slice(0, -2) + CONDITIONS[cc][0].toUpperCase();
  if (mnemonic === 'JECXZ' && addressSize === 16) return 'JCXZ';
  return row.size === 'v' && operandSize === 0 ? '' : mnemonic;
}

/** Whether the table leaves an instruction of the other decoder's out on purpose. */
function isAbsent(instruction: Instruction): boolean {
  return (
    ABSENT.has(Mnemonic[instruction.mnemonic]) ||
    Array.from(instruction.cpuidFeatures(), (feature) => CpuidFeature[feature]).some((feature) => !COVERED.has(feature))
  );
}

const text = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');

test.each(Object.keys(GENERATORS).flatMap((name) => ([16, 32] as const).map((bits) => [name, bits] as const)))(
  '%s in %i-bit code',
  { timeout: 120_000 },
  (name, bits) => {
    const random = new Random(SEED, bits);
    const differences = new Map<string, string>();
    const names = new Map<string, string>();
    const all = new Uint8Array(BATCH * WIDTH);
    const theirs = new IcedInstruction();
    let instructions = 0;
    for (let done = 0; done < STRINGS; done += BATCH) {
      for (let k = 0; k < BATCH; k++) GENERATORS[name](random, all.subarray(k * WIDTH, (k + 1) * WIDTH), bits);
      const decoder = new Decoder(bits, all, OPTIONS);
      for (let k = 0; k < BATCH; k++) {
        const bytes = all.subarray(k * WIDTH, (k + 1) * WIDTH);
        const insn = new Insn();
        expect(decode(insn, bytes, 0, WIDTH, bits === 32)).toBe(true);
        decoder.position = k * WIDTH;
        decoder.decodeOut(theirs);
        const ours = insn.row.encoding === '' ? 0 : insn.length;
        const length = theirs.code === Code.INVALID ? 0 : theirs.length;
        if (ours > 0) instructions++;
        if (ours === length) {
          const pair = ours === 0 ? '' : `${nameOf(insn)} ${Mnemonic[theirs.mnemonic].toUpperCase()}`;
          const [mine, other] = pair.split(' ');
          if (mine !== other && NAMES[mine] !== other) names.set(pair, text(bytes));
          continue;
        }
        if (ours === 0 && isAbsent(theirs)) continue;
        if (length === 0 && CHECKED_LATER.has(insn.row.exec)) continue;
        differences.set(`${insn.row.mnemonic} ${ours}, ${Mnemonic[theirs.mnemonic]} ${length}`, text(bytes));
      }
      decoder.free();
    }
    theirs.free();
    expect([...differences, ...names]).toEqual([]);
    expect(instructions).toBeGreaterThan(STRINGS / 3);
  },
);

test('every instruction that is cut short is said to be so', () => {
  const random = new Random(SEED);
  const bytes = new Uint8Array(MAX_LENGTH + 1);
  for (let n = 0; n < 10_000; n++) {
    GENERATORS['any bytes'](random, bytes, 32);
    const whole = new Insn();
    decode(whole, bytes, 0, bytes.length, true);
    if (whole.row.encoding === '') continue;
    expect(decode(new Insn(), bytes, 0, whole.length - 1, true)).toBe(false);
    expect(decode(new Insn(), bytes, 0, whole.length, true)).toBe(true);
  }
});
