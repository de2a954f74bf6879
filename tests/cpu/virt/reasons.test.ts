/** Every exit reason of ../shared/reference: provoked here, or one that no processor of our profiles can have, with why. */
import { describe, expect, test } from 'vitest';
import { at } from '../../../src/cpu/state.ts';
import { REASON } from '../../../src/cpu/virt/vmx/reasons.ts';
import { Guest, LIST, TABLES } from './guest.ts';
import { ABSENT, allowed, type ControlKey, referenceIsHere, table, VMX_PROFILES } from './reference.ts';
import { EVERYTHING, type Fields, RootOperation } from './root-operation.ts';

const PRIMARY = 0x04006172 | (1 << 31);
const PIN = 0x16;
const VALID = 1 << 31;
const APIC_PAGE = 0x170000;
const EPT: Fields = { secondaryControls: 2, eptPointer: 0x20001e };

const guestOf = (source: string, fields: Fields = {}): Guest =>
  new Guest(source, { primaryControls: PRIMARY | (1 << 28), exceptionBitmap: -1, ...fields }, EVERYTHING);
const primary = (bit: number): Fields => ({ primaryControls: PRIMARY | (1 << 28) | (1 << bit) });

const reasonOf = (guest: Guest): number => guest.run().exit!.code;
const exits =
  (source: string, fields: Fields = {}) =>
  (): number =>
    reasonOf(guestOf(source, fields).with('edi', 0x150000));
const event = (fields: Fields, arrange: (guest: Guest) => void) => (): number => {
  const guest = guestOf('nop', fields);
  arrange(guest);
  return reasonOf(guest);
};
const fails =
  (fields: Fields, arrange: (vm: RootOperation) => void = () => {}) =>
  (): number => {
    const vm = new RootOperation(EVERYTHING).set(fields);
    arrange(vm);
    return vm.enter().number;
  };

const PROVOKED: Readonly<Record<number, () => number>> = {
  0: exits('ud2'),
  1: event({ pinControls: PIN | 1 }, ({ cpu }) => {
    (cpu.bus as { intr: boolean }).intr = true;
  }),
  2: exits('ud2', { ...TABLES, exceptionBitmap: 0, guestIdtrLimit: 0 }),
  3: event({}, ({ cpu }) => {
    cpu.s[at.signals] = 1;
  }),
  4: () => {
    const guest = guestOf('nop', { guestActivity: 3 });
    guest.enter();
    guest.cpu.s[at.signals] = 2;
    guest.step();
    return guest.exit!.code;
  },
  7: exits('nop', { ...primary(2), guestEflags: 0x202 }),
  8: exits('nop', { ...primary(22), pinControls: PIN | 0x28 }),
  9: () => reasonOf(guestOf('call 20h:0', { guestTrSelector: 0x28 }).tables()),
  10: exits('cpuid'),
  12: exits('hlt', primary(7)),
  13: exits('invd'),
  14: exits('invlpg [edi]', primary(9)),
  15: exits('rdpmc', primary(11)),
  16: exits('rdtsc', primary(12)),
  18: exits('vmcall'),
  19: exits('vmclear [edi]'),
  20: exits('vmlaunch'),
  21: exits('vmptrld [edi]'),
  22: exits('vmptrst [edi]'),
  23: exits('vmread eax, ebx'),
  24: exits('vmresume'),
  25: exits('vmwrite eax, ebx'),
  26: exits('vmxoff'),
  27: exits('vmxon [edi]'),
  28: exits('clts', { cr0Mask: 8, cr0Shadow: 8 }),
  29: exits('mov eax, dr0', primary(23)),
  30: exits('in al, 60h', primary(24)),
  31: exits('rdmsr', { primaryControls: PRIMARY }),
  32: exits('wrmsr', { primaryControls: PRIMARY }),
  33: fails({ guestEflags: 0 }),
  34: fails({ entryMsrLoadCount: 1, entryMsrLoadAddress: LIST }, ({ cpu }) => {
    cpu.memory.dwords.set([0x99999, 0, 0, 0], LIST >>> 2);
  }),
  36: exits('mwait', primary(10)),
  37: exits('nop', primary(27)),
  39: exits('monitor', primary(29)),
  40: exits('pause', primary(30)),
  43: exits('nop', {
    primaryControls: PRIMARY | (1 << 21),
    secondaryControls: 1,
    apicAccessAddress: APIC_PAGE,
    virtualApicAddress: APIC_PAGE + 0x1000,
    tprThreshold: 1,
  }),
  44: exits(`mov eax, [${APIC_PAGE}]`, { secondaryControls: 1, apicAccessAddress: APIC_PAGE }),
  46: exits('sgdt [edi]', { secondaryControls: 4 }),
  47: exits('sldt ax', { secondaryControls: 4 }),
  48: exits('nop', EPT),
  49: event(EPT, ({ cpu }) => {
    cpu.memory.dwords[0x200000 >>> 2] = 2;
  }),
  50: exits('invept eax, [edi]'),
  51: exits('rdtscp', { ...primary(12), secondaryControls: 8 }),
  52: exits('nop', { pinControls: PIN | 0x40 }),
  53: exits('invvpid eax, [edi]'),
  54: exits('wbinvd', { secondaryControls: 0x40 }),
};

/** Why no processor here has it, and the control without which it cannot be. */
const ABSENT_REASONS: Readonly<Record<number, readonly [why: string, key?: ControlKey, bit?: number]>> = {
  5: ['no dual-monitor treatment of SMM'],
  6: ['no dual-monitor treatment of SMM'],
  11: ['no SMX: GETSEC is #UD'],
  17: ['no SMM: RSM is #UD'],
  41: ['no machine check ever happens'],
  45: ['not before the servers of 2013', 'secondaryControls', 9],
  55: ['no XSAVE: XSETBV is #UD'],
  56: ['not before the servers of 2013', 'secondaryControls', 8],
  57: ['RDRAND is not built: CPUID does not show it', 'secondaryControls', 11],
  58: ['INVPCID is not built: PCIDs need Intel 64', 'secondaryControls', 12],
  59: ['VM functions are not built', 'secondaryControls', 13],
  60: ['SGX came with Skylake', 'secondaryControls', 15],
  61: ['RDSEED came with Broadwell', 'secondaryControls', 16],
  62: ['the page-modification log came with Broadwell', 'secondaryControls', 17],
  63: ['XSAVES came with Skylake', 'secondaryControls', 20],
  64: ['XSAVES came with Skylake', 'secondaryControls', 20],
};
const DUAL_MONITOR = 1 << 17;

describe('exit reasons', () => {
  test('each that the simulator names is provoked below', () => {
    expect(Object.values(REASON).sort((a, b) => a - b)).toEqual(Object.keys(PROVOKED).map(Number));
  });

  test.each(Object.entries(PROVOKED))('%s', (number, provoke) => {
    expect(provoke()).toBe(Number(number));
  });

  test.each(Object.entries(ABSENT_REASONS))('%s is none that a processor here can have', (_, [, key, bit]) => {
    for (const profile of VMX_PROFILES) {
      expect(profile.constantMsrs.get(0x480)![1] & DUAL_MONITOR).toBe(0);
      if (key !== undefined) expect([profile.name, (allowed(profile, key).may >>> bit!) & 1]).toEqual([profile.name, 0]);
    }
  });

  test.each([
    ['GETSEC', '0x0f, 0x37'],
    ['RSM', '0x0f, 0xaa'],
    ['XSETBV', '0x0f, 0x01, 0xd1'],
    ['RDRAND', '0x0f, 0xc7, 0xf0'],
    ['INVPCID', '0x66, 0x0f, 0x38, 0x82, 0x00'],
    ['VMFUNC', '0x0f, 0x01, 0xd4'],
    ['ENCLS', '0x0f, 0x01, 0xcf'],
    ['RDSEED', '0x0f, 0xc7, 0xf8'],
    ['XSAVES', '0x0f, 0xc7, 0x2f'],
    ['XRSTORS', '0x0f, 0xc7, 0x1f'],
  ])('%s is #UD instead', (_, bytes) => {
    expect(guestOf(`db ${bytes}`).run().exit).toMatchObject({ code: 0, interruptionInfo: (VALID | 0x306) >>> 0 });
  });

  test.skipIf(!referenceIsHere)(referenceIsHere ? 'are those of the reference' : ABSENT, () => {
    const { reasons } = table<{ reasons: readonly { readonly number: number }[] }>('vmx-exit-reasons.json');
    const ours = [...Object.keys(PROVOKED), ...Object.keys(ABSENT_REASONS)].map(Number).sort((a, b) => a - b);
    expect(ours).toEqual(reasons.map(({ number }) => number).sort((a, b) => a - b));
  });
});
