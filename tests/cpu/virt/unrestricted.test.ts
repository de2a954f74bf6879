/** Unrestricted guests: real-address mode, and protected mode without paging, in the guest itself. */
import { describe, expect, test } from 'vitest';
import { at } from '../../../src/cpu/state.ts';
import { REASON } from '../../../src/cpu/virt/vmx/reasons.ts';
import { Guest } from './guest.ts';
import { EVERYTHING, type Fields, GUEST_CODE } from './root-operation.ts';

const PML4 = 0x180000;
const EPT_POINTER = PML4 | 0x1e;
const REAL_CR0 = 0x30;

const segment = (name: string, base: number, rights: number): Record<string, number> => ({
  [`guest${name}Selector`]: base >>> 4,
  [`guest${name}Base`]: base,
  [`guest${name}Limit`]: 0xffff,
  [`guest${name}Rights`]: rights,
});

/** Its code in the first MiB. */
const REAL_CODE = 0x12000;

/** A guest in real-address mode whose CS lies at REAL_CODE. */
const REAL: Fields = {
  primaryControls: 0x0401e172 | (1 << 31),
  secondaryControls: 0x82,
  eptPointer: EPT_POINTER,
  guestCr0: REAL_CR0,
  guestEip: 0,
  guestEsp: 0x8000,
  ...segment('Cs', REAL_CODE, 0x9b),
  ...Object.assign({}, ...['Ds', 'Es', 'Ss', 'Fs', 'Gs'].map((name) => segment(name, 0, 0x93))),
  guestIdtrLimit: 0x3ff,
};

class RealGuest extends Guest {
  constructor(source: string, fields: Fields = {}, bits = 16) {
    super(source, { ...REAL, ...fields }, EVERYTHING, bits);
    const { bytes, dwords } = this.cpu.memory;
    bytes.copyWithin(REAL_CODE, GUEST_CODE, GUEST_CODE + 0x100);
    dwords[PML4 >>> 2] = 0x181007;
    dwords[0x181000 >>> 2] = 0x182007;
    for (let i = 0; i < 2; i++) dwords[(0x182000 >>> 2) + 2 * i] = (i << 21) | 0xb7;
  }
}

describe('real-address mode', () => {
  test('code runs, segments are bases, and the state is saved as it is', () => {
    const guest = new RealGuest('mov ax, 1500h\nmov ds, ax\nmov ax, [10h]\nmov bx, cs\nnop').run();
    expect(guest.exit).toMatchObject({ code: REASON.VMCALL });
    expect([guest.cpu.s[at.ebx] & 0xffff, guest.read('guestDsBase'), guest.read('guestDsSelector')]).toEqual([
      REAL_CODE >>> 4,
      0x15000,
      0x1500,
    ]);
    expect([guest.read('guestCr0') & 1, guest.read('guestCsRights')]).toEqual([0, 0x9b]);
  });

  test('events go through the interrupt vector table', () => {
    const guest = new RealGuest('int 60h');
    guest.cpu.memory.dwords[0x60] = (REAL_CODE << 12) | 0x40;
    guest.cpu.memory.bytes.set([0x0f, 0x01, 0xc1], REAL_CODE + 0x40);
    expect(guest.run().exit).toMatchObject({ code: REASON.VMCALL, guestEip: 0x40 });
    expect(guest.read('guestEsp')).toBe(0x7ffa);
  });

  test('an injected exception has no error code, and one may not be asked for', () => {
    const guest = new RealGuest('nop', { entryInterruptionInfo: 0x30d | (1 << 31) });
    guest.cpu.memory.dwords[13] = (REAL_CODE << 12) | 0x40;
    guest.cpu.memory.bytes.set([0x0f, 0x01, 0xc1], REAL_CODE + 0x40);
    expect(guest.run().read('guestEsp')).toBe(0x7ffa);
    expect(new RealGuest('nop', { entryInterruptionInfo: 0xb0d | (1 << 31) }).enter()).toMatchObject({ kind: 'valid', number: 7 });
  });

  test('a fault that exits has none either', () => {
    const guest = new RealGuest('mov bx, 0FFFFh\nmov eax, [bx]', { exceptionBitmap: -1 }).run();
    expect(guest.exit).toMatchObject({ code: 0, interruptionInfo: 0x8000030d });
  });

  test.each(['vmptrld [0]', 'vmlaunch', 'sldt ax', 'ltr ax'])('%s is #UD', (source) => {
    expect(new RealGuest(source, { exceptionBitmap: -1 }).run().exit).toMatchObject({ code: 0, interruptionInfo: 0x80000306 });
  });
});

describe('changes of mode', () => {
  test('PE set and cleared by the guest itself', () => {
    const guest = new RealGuest('mov eax, cr0\nor al, 1\nmov cr0, eax\nmov ebx, cr0\nand al, 0FEh\nmov cr0, eax\nmov ecx, cr0').run();
    expect(guest.exit?.code).toBe(REASON.VMCALL);
    expect([guest.cpu.s[at.ebx] & 1, guest.cpu.s[at.ecx] & 1]).toEqual([1, 0]);
  });

  test('NE stays fixed', () => {
    const guest = new RealGuest('mov eax, cr0\nand al, 0DFh\nmov cr0, eax', { exceptionBitmap: -1 }).run();
    expect(guest.exit).toMatchObject({ code: 0, interruptionInfo: 0x8000030d });
  });

  test('PG without PE is refused', () => {
    const guest = new RealGuest('mov eax, 80000030h\nmov cr0, eax', { exceptionBitmap: -1 }).run();
    expect(guest.exit).toMatchObject({ code: 0, interruptionInfo: 0x8000030d });
  });

  test('protected mode without paging, then with it', () => {
    const flat: Fields = {
      guestCr0: 0x31,
      guestCsSelector: 8,
      guestCsBase: 0,
      guestCsLimit: -1,
      guestCsRights: 0xc09b,
      guestEip: GUEST_CODE,
      guestCr3: 0x100000,
    };
    const guest = new RealGuest('mov eax, cr0\nmov ebx, eax\nor eax, 80000000h\nmov cr0, eax\nnop', flat, 32).run();
    expect(guest.exit?.code).toBe(REASON.VMCALL);
    expect([guest.cpu.s[at.ebx] >>> 31, guest.read('guestCr0') >>> 31]).toEqual([0, 1]);
    expect(guest.cpu.s[at.cr0] >>> 31).toBe(1);
  });

  test('without the control neither is admitted', () => {
    expect(new RealGuest('nop', { secondaryControls: 2 }).enter()).toMatchObject({ kind: 'failed', number: 33 });
  });
});

test('what the nested walk reports is written where the monitor reads it', () => {
  const guest = new Guest('nop\nmov [edi], eax', {}, EVERYTHING).with('edi', 0x170123);
  const { virt } = guest.cpu;
  guest.enter();
  guest.cpu.s[at.apicAccessPage] = 0x170001;
  if (virt === null) throw new Error('no VMX');
  virt.apicAccess = () => virt.nestedViolation?.(guest.cpu, 0x00345123, 2, 1, 0x170123, true) ?? 0;
  guest.step();
  guest.step();
  expect(guest.exit).toMatchObject({ code: REASON.EPT_VIOLATION, qualification: 0x18a, guestEip: GUEST_CODE + 1, instructionLength: 2 });
  expect([guest.read('guestPhysicalAddress'), guest.read('guestLinearAddress')]).toEqual([0x345123, 0x170123]);
  expect(guest.read('guestEflags') & 0x10000).toBe(0x10000);
});
