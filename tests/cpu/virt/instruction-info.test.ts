/** VM-exit instruction information and guest-linear address, with the bits as ../shared/reference names them (SDM vol 3, 27.2.4). */
import { expect, test } from 'vitest';
import { Guest } from './guest.ts';
import { ABSENT, referenceIsHere, table } from './reference.ts';
import { EVERYTHING, type Fields } from './root-operation.ts';

const DATA = 0x150000;
const BASE: Fields = { primaryControls: 0x04006172 | (1 << 31) | (1 << 28) | (1 << 24), secondaryControls: 4, exceptionBitmap: -1 };

type Bits = Readonly<Record<string, number>>;
const A32 = { '9:7': 1 };
const DS = { '17:15': 3 };
const NO_INDEX = { '22': 1 };
const EDI = { ...A32, ...DS, ...NO_INDEX, '26:23': 7 };

/** Instruction, what its information says, and the linear address where it is defined. */
const CASES: readonly (readonly [asm: string, bits: Bits, linear?: number])[] = [
  ['vmclear [edi + 8]', EDI],
  ['vmptrst [ss:ebx + ecx * 4 + 100h]', { '1:0': 2, ...A32, '17:15': 2, '21:18': 1, '26:23': 3 }],
  ['vmptrld [100h]', { ...A32, ...DS, ...NO_INDEX, '27': 1 }],
  ['a16 vmxon [bx + si]', { '9:7': 0, ...DS, '21:18': 6, '26:23': 3 }],
  ['vmread [edi + 8], edx', { ...EDI, '31:28': 2 }],
  ['vmread ebx, edx', { '6:3': 3, '10': 1, '31:28': 2 }],
  ['vmwrite eax, ebx', { '6:3': 3, '10': 1, '31:28': 0 }],
  ['invept ecx, [edi + 8]', { ...EDI, '31:28': 1 }],
  ['invvpid esi, [edi + 8]', { ...EDI, '31:28': 6 }],
  ['sgdt [edi]', { ...EDI, '11': 1, '29:28': 0 }],
  ['sidt [edi]', { ...EDI, '11': 1, '29:28': 1 }],
  ['o16 lgdt [edi]', { ...EDI, '11': 0, '29:28': 2 }],
  ['lidt [edi]', { ...EDI, '11': 1, '29:28': 3 }],
  ['sldt ebx', { '6:3': 3, '10': 1, '29:28': 0 }],
  ['str [edi]', { ...EDI, '29:28': 1 }],
  ['lldt si', { '6:3': 6, '10': 1, '29:28': 2 }],
  ['ltr [edi]', { ...EDI, '29:28': 3 }],
  ['insb', { ...A32 }, DATA],
  ['outsd', { ...A32, ...DS }, DATA + 0x100],
  ['fs outsb', { ...A32, '17:15': 4 }, DATA + 0x1100],
  ['a16 outsb', { '9:7': 0, ...DS }, 0x100],
];
/** Of INS the segment is always ES, and not said. */
const SEGMENT = 7 << 15;

const whole = (bits: Bits): number =>
  Object.entries(bits).reduce((sum, [range, value]) => (sum | (value << Number(range.split(':').at(-1)))) >>> 0, 0);

test.each(CASES.map(([asm, bits, linear]) => ({ asm, bits, linear })))('$asm', ({ asm, bits, linear }) => {
  const guest = new Guest(asm, { ...BASE, guestFsBase: 0x1000 }, EVERYTHING).with('edi', DATA).with('esi', DATA + 0x100);
  guest.run();
  expect(guest.exit!.code).not.toBe(0);
  const info = guest.read('exitInstructionInfo') & (asm === 'insb' ? ~SEGMENT : -1);
  expect((info >>> 0).toString(16)).toBe(whole(bits).toString(16));
  if (linear !== undefined) expect(guest.read('guestLinearAddress')).toBe(linear);
});

test('LMSW from memory says where', () => {
  const guest = new Guest('lmsw [edi + 4]', { ...BASE, cr0Mask: 0xf, cr0Shadow: 0xf }, EVERYTHING).with('edi', DATA).run();
  expect([guest.exit!.code, guest.read('guestLinearAddress')]).toEqual([28, DATA + 4]);
});

test.skipIf(!referenceIsHere)(referenceIsHere ? 'the bits are those of the reference' : ABSENT, () => {
  const { instructionInformation } = table<{ instructionInformation: { memOperand: Record<string, string> } }>(
    'vmx-exit-qualification.json',
  );
  const used = new Set(CASES.flatMap(([, bits]) => Object.keys(bits)));
  expect([...used].sort()).toEqual(Object.keys(instructionInformation.memOperand).sort());
});
