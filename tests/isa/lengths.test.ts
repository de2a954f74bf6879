/** Which bytes are an instruction and how long it is, against another decoder over random bytes. */
import { Code, CpuidFeature, Decoder, DecoderOptions, Mnemonic } from 'iced-x86';
import { expect, test } from 'vitest';
import { decode, MAX_LENGTH } from '../../src/isa/decode.ts';
import { Insn } from '../../src/isa/insn.ts';

const STRINGS = 50_000;
const SEED = 0x52696e67;
const PREFIXES = [0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3];

/** What the table covers, in iced's names. An instruction of anything else is undefined here. */
const COVERED = new Set(
  'INTEL8086 INTEL186 INTEL286 INTEL386 INTEL486 CPUID MSR TSC CMOV SEP CX8 PAUSE MULTIBYTENOP FPU FPU287 FPU387 FXSR VMX SVM'.split(' '),
);
/** Of the instructions that those cover, the ones that the table does not have. */
const ABSENT = new Set('Ud0 Ud1 Reservednop Rsm Syscall Sysret'.split(' '));
/** Rows whose register may be one that there is not: here the instruction is found and raises #UD, there its bytes are invalid. */
const CHECKED_LATER = new Set(['movToSegment', 'movFromSegment', 'movFromCr', 'movToCr']);

let state = SEED;
function random(below: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % below;
}

/** Prefixes now and then, sometimes more than there is room for, and often the second opcode map. */
function fill(bytes: Uint8Array): void {
  for (let k = 0; k < bytes.length; k++) bytes[k] = random(256);
  let start = 0;
  const most = random(64) === 0 ? bytes.length : 4;
  while (start < most && random(most === 4 ? 4 : 20) !== 0) bytes[start++] = PREFIXES[random(PREFIXES.length)];
  if (start < bytes.length && random(4) === 0) bytes[start] = 0x0f;
}

const featureName = (feature: number): string => CpuidFeature[feature];

/** What the other decoder says: a length, 0 for no instruction, and whether the table leaves it out on purpose. */
function reference(bytes: Uint8Array, bits: 16 | 32): { length: number; name: string; absent: boolean } {
  const decoder = new Decoder(bits, bytes, DecoderOptions.None);
  const instruction = decoder.decode();
  const length = instruction.code === Code.INVALID ? 0 : instruction.length;
  const name = Mnemonic[instruction.mnemonic];
  const features = Array.from(instruction.cpuidFeatures(), featureName);
  instruction.free();
  decoder.free();
  const absent = ABSENT.has(name) || features.some((feature) => !COVERED.has(feature));
  return { length, name, absent };
}

test.each([16, 32] as const)('%i-bit code', (bits) => {
  state = SEED ^ bits;
  const differences = new Map<string, string>();
  const bytes = new Uint8Array(MAX_LENGTH + 1);
  let instructions = 0;
  for (let n = 0; n < STRINGS; n++) {
    fill(bytes);
    const insn = new Insn();
    expect(decode(insn, bytes, 0, bytes.length, bits === 32)).toBe(true);
    const ours = insn.row.encoding === '' ? 0 : insn.length;
    const theirs = reference(bytes, bits);
    if (ours > 0) instructions++;
    if (ours === theirs.length) continue;
    if (ours === 0 && theirs.absent) continue;
    if (theirs.length === 0 && CHECKED_LATER.has(insn.row.exec)) continue;
    const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    differences.set(`${insn.row.mnemonic} ${ours}, ${theirs.name} ${theirs.length}`, text);
  }
  expect([...differences]).toEqual([]);
  expect(instructions).toBeGreaterThan(STRINGS / 2);
});

test('every instruction that is cut short is said to be so', () => {
  state = SEED;
  const bytes = new Uint8Array(MAX_LENGTH + 1);
  for (let n = 0; n < STRINGS / 5; n++) {
    fill(bytes);
    const whole = new Insn();
    decode(whole, bytes, 0, bytes.length, true);
    if (whole.row.encoding === '') continue;
    expect(decode(new Insn(), bytes, 0, whole.length - 1, true)).toBe(false);
    expect(decode(new Insn(), bytes, 0, whole.length, true)).toBe(true);
  }
});
