/** Every control that some profile offers: that it is known, and what it changes; every other one of ../shared/reference: that it is refused. */
import { describe, expect, test } from 'vitest';
import { at } from '../../../src/cpu/state.ts';
import { CONTROLS } from '../../../src/cpu/virt/vmx/controls.ts';
import { Guest, HANDLER } from './guest.ts';
import { ABSENT, allowed, CONTROL_KEYS, type ControlKey, referenceControls, referenceIsHere, table, VMX_PROFILES } from './reference.ts';
import { DIRECTORY, EVERYTHING, type Fields, GUEST_CODE, RootOperation } from './root-operation.ts';

/** With nothing on that may be off but the MSR bitmaps, which are empty. */
const OFF: Readonly<Record<ControlKey, number>> = {
  pinControls: 0x16,
  primaryControls: 0x04006172 | (1 << 28) | (1 << 31),
  secondaryControls: 0,
  exitControls: 0x36dfb,
  entryControls: 0x11fb,
};
const BITMAP = 0x138000;
const APIC_PAGE = 0x170000;
const VIRTUAL_APIC = 0x171000;
const INTERRUPTED = 0x80000000;

interface Effect {
  readonly source: string;
  readonly fields?: Fields;
  arrange?(guest: Guest): void;
  /** What is looked at; without it, why the guest was left. */
  see?(guest: Guest): unknown;
  readonly on: unknown;
  readonly off: unknown;
}

const VMCALL = 18;
const exit = (source: string, on: number, fields: Fields = {}, off = VMCALL): Effect => ({ source, fields, on, off });
const pin = (bits: number): Fields => ({ pinControls: OFF.pinControls | bits });
const primary = (bits: number): Fields => ({ primaryControls: OFF.primaryControls | bits });
const secondary = (bits: number): Fields => ({ secondaryControls: bits });
const interrupts = ({ cpu }: Guest): void => {
  (cpu.bus as { intr: boolean }).intr = true;
};

const EFFECTS: Readonly<Record<ControlKey, Readonly<Record<string, Effect>>>> = {
  pinControls: {
    'External-interrupt exiting': { source: 'nop', arrange: interrupts, on: 1, off: VMCALL },
    'NMI exiting': {
      source: 'nop',
      arrange: (guest) => {
        guest.tables().cpu.s[at.nmiPending] = 1;
      },
      see: ({ exit }) => [exit!.code, exit!.guestEip],
      on: [0, GUEST_CODE],
      off: [VMCALL, HANDLER],
    },
    'Virtual NMIs': {
      source: 'nop',
      fields: { ...pin(8), guestInterruptibility: 8 },
      arrange: ({ cpu }) => {
        cpu.s[at.nmiPending] = 1;
      },
      on: 0,
      off: VMCALL,
    },
    'Activate VMX-preemption timer': exit('nop', 52),
  },
  primaryControls: {
    'Interrupt-window exiting': exit('nop', 7, { guestEflags: 0x202 }),
    'Use TSC offsetting': {
      source: 'rdtsc',
      arrange: (guest) => guest.write('tscOffset', 5, 1),
      see: ({ cpu }) => cpu.s[at.edx],
      on: 5,
      off: 0,
    },
    'HLT exiting': exit('hlt', 12, { ...pin(1 << 6), preemptionTimer: 100 }, 52),
    'INVLPG exiting': exit('invlpg [0]', 14),
    'MWAIT exiting': exit('mwait', 36),
    'RDPMC exiting': exit('rdpmc', 15),
    'RDTSC exiting': exit('rdtsc', 16),
    'CR3-load exiting': exit(`mov eax, ${DIRECTORY}\nmov cr3, eax`, 28),
    'CR3-store exiting': exit('mov eax, cr3', 28),
    'Use TPR shadow': exit(`mov eax, [${APIC_PAGE + 0x80}]`, VMCALL, { ...secondary(1), apicAccessAddress: APIC_PAGE }, 44),
    'NMI-window exiting': exit('nop', 8, pin(0x28)),
    'MOV-DR exiting': exit('mov eax, dr0', 29),
    'Unconditional I/O exiting': exit('in al, 80h', 30),
    'Use I/O bitmaps': {
      source: 'in al, 80h',
      arrange: ({ cpu }) => {
        cpu.memory.bytes[BITMAP + 0x10] = 1;
      },
      fields: { ioBitmapA: BITMAP, ioBitmapB: BITMAP + 0x1000, msrBitmap: BITMAP + 0x2000 },
      on: 30,
      off: VMCALL,
    },
    'Monitor trap flag': exit('nop', 37),
    'Use MSR bitmaps': exit('mov ecx, 174h\nrdmsr', VMCALL, {}, 31),
    'MONITOR exiting': exit('monitor', 39),
    'PAUSE exiting': exit('pause', 40),
    'Activate secondary controls': exit('wbinvd', 54, secondary(0x40)),
  },
  secondaryControls: {
    'Virtualize APIC accesses': exit(`mov eax, [${APIC_PAGE}]`, 44, { apicAccessAddress: APIC_PAGE }),
    'Enable EPT': exit('nop', 48, { eptPointer: 0x20001e }),
    'Descriptor-table exiting': exit('sgdt [edi]', 46),
    'Enable RDTSCP': exit('rdtscp', VMCALL, {}, 0),
    'Virtualize x2APIC mode': {
      source: 'mov ecx, 808h\nmov eax, 30h\nxor edx, edx\nwrmsr\nrdmsr',
      fields: { ...primary(1 << 21), virtualApicAddress: VIRTUAL_APIC },
      see: ({ exit, cpu }) => [exit!.code, cpu.memory.bytes[VIRTUAL_APIC + 0x80], cpu.s[at.eax] === 0x30],
      on: [VMCALL, 0x30, true],
      off: [0, 0, true],
    },
    'Enable VPID': {
      source: 'mov eax, [400000h]',
      fields: { vpid: 7 },
      arrange: (guest) => {
        const { dwords } = guest.cpu.memory;
        dwords[(DIRECTORY >>> 2) + 1] = 0x87;
        guest.run();
        dwords[(DIRECTORY >>> 2) + 1] = 0;
        guest.set({ guestEip: GUEST_CODE });
      },
      on: VMCALL,
      off: 0,
    },
    'WBINVD exiting': exit('wbinvd', 54),
    'Unrestricted guest': {
      source: 'nop',
      fields: { eptPointer: 0x20001e, guestCr0: 0x31 },
      see: ({ outcome }) => [outcome.kind, outcome.number],
      on: ['entered', 0],
      off: ['failed', 33],
    },
    'PAUSE-loop exiting': exit('mov ecx, 300\nagain: pause\nloop again', 40, { pauseLoopGap: 50, pauseLoopWindow: 100 }),
  },
  exitControls: {
    'Save debug controls': {
      source: 'mov eax, 440h\nmov dr7, eax',
      see: (guest) => guest.read('guestDr7'),
      on: 0x440,
      off: 0x400,
    },
    'Acknowledge interrupt on exit': {
      source: 'nop',
      fields: pin(1),
      arrange: interrupts,
      see: ({ exit }) => (exit!.interruptionInfo & INTERRUPTED) !== 0,
      on: true,
      off: false,
    },
    'Save IA32_PAT': { source: 'nop', see: (guest) => guest.read('guestPat'), on: 0x00070406, off: 0 },
    'Load IA32_PAT': {
      source: 'nop',
      fields: { hostPat: 0x00010406 },
      see: ({ cpu }) => cpu.s[at.patLow],
      on: 0x00010406,
      off: 0x00070406,
    },
    'Save IA32_EFER': {
      source: 'nop',
      arrange: ({ cpu }) => {
        cpu.s[at.efer] = 0x800;
      },
      see: (guest) => guest.read('guestEfer'),
      on: 0x800,
      off: 0,
    },
    'Load IA32_EFER': { source: 'nop', fields: { hostEfer: 0x800 }, see: ({ cpu }) => cpu.s[at.efer], on: 0x800, off: 0 },
    'Save VMX-preemption timer value': {
      source: 'times 64 nop',
      fields: { ...pin(1 << 6), preemptionTimer: 1000 },
      see: (guest) => guest.read('preemptionTimer') < 1000,
      on: true,
      off: false,
    },
  },
  entryControls: {
    'Load debug controls': { source: 'mov eax, dr7', fields: { guestDr7: 0x455 }, see: ({ cpu }) => cpu.s[at.eax], on: 0x455, off: 0x400 },
    'Load IA32_PAT': {
      source: 'nop',
      fields: { guestPat: 0x00010406 },
      see: ({ cpu }) => cpu.s[at.patLow],
      on: 0x00010406,
      off: 0x00070406,
    },
    'Load IA32_EFER': { source: 'nop', fields: { guestEfer: 0x800 }, see: ({ cpu }) => cpu.s[at.efer], on: 0x800, off: 0 },
  },
};

/** What a control needs beside it. */
const COMPANIONS: Readonly<Record<string, Fields>> = {
  'Use TPR shadow': { virtualApicAddress: VIRTUAL_APIC },
  'Virtual NMIs': pin(0x28),
  'Save VMX-preemption timer value': pin(1 << 6),
  'Unrestricted guest': secondary(2),
};

function seen(key: ControlKey, name: string, mask: number, on: boolean): unknown {
  const { source, fields, arrange, see } = EFFECTS[key][name];
  const guest = new Guest(source, { ...OFF, exceptionBitmap: -1, msrBitmap: BITMAP + 0x2000, ...fields }, EVERYTHING).with('edi', 0x150000);
  if (name === 'Unrestricted guest') guest.set(COMPANIONS[name]);
  else if (on) guest.set(COMPANIONS[name] ?? {});
  if (on) guest.write(key, guest.read(key) | mask);
  else guest.write(key, guest.read(key) & ~mask);
  arrange?.(guest);
  if (name === 'Unrestricted guest') guest.enter();
  else if (guest.first) guest.run();
  else guest.run(false);
  return see === undefined ? guest.exit!.code : see(guest);
}

/** They may be 1 in SMM alone, where nothing here ever is: `entry-checks.test.ts`. */
const OF_SMM = ['Entry to SMM', 'Deactivate dual-monitor treatment'];

const KNOWN = CONTROL_KEYS.flatMap((key) =>
  CONTROLS[key]!.filter(
    ({ name, mask }) => !OF_SMM.includes(name) && VMX_PROFILES.some((profile) => (allowed(profile, key).may & mask) !== 0),
  ).map(({ name, mask }) => [key, name, mask] as const),
);

describe('controls', () => {
  test('of those that profiles offer each has a name and its effect here', () => {
    for (const profile of VMX_PROFILES)
      for (const key of CONTROL_KEYS) {
        const { must, may } = allowed(profile, key);
        const named = CONTROLS[key]!.reduce((mask, control) => mask | control.mask, 0);
        expect([profile.name, key, may & ~must & ~named]).toEqual([profile.name, key, 0]);
      }
    const here = CONTROL_KEYS.flatMap((key) => Object.keys(EFFECTS[key]).map((name) => `${key}: ${name}`));
    expect(here.sort()).toEqual(KNOWN.map(([key, name]) => `${key}: ${name}`).sort());
  });

  test.each(KNOWN)('%s: %s', (key, name, mask) => {
    const { on, off } = EFFECTS[key][name];
    expect([seen(key, name, mask, true), seen(key, name, mask, false)]).toEqual([on, off]);
  });
});

describe.skipIf(!referenceIsHere)(referenceIsHere ? 'controls of the reference' : ABSENT, () => {
  test.each(VMX_PROFILES)('$name knows each that it offers, and refuses each that it does not', (profile) => {
    const controls = referenceControls();
    for (const key of CONTROL_KEYS)
      for (const { bit, name } of controls[key]) {
        const mask = 1 << bit;
        if ((allowed(profile, key).may & mask) !== 0) {
          expect(CONTROLS[key]!.find((control) => control.mask === mask)?.name).toBe(name);
          continue;
        }
        if (key === 'secondaryControls' && allowed(profile, 'primaryControls').may >= 0) continue;
        const vm = new RootOperation(profile);
        if (key === 'secondaryControls') vm.set({ primaryControls: 0x0401e172 | (1 << 31) });
        vm.write(key, vm.read(key) | mask);
        expect([name, vm.enter()]).toEqual([name, expect.objectContaining({ kind: 'valid', number: 7 })]);
      }
  });

  test('bits that must be 1 are the same', () => {
    const { default1 } = table<{ default1: Record<string, string> }>('vmx-controls.json');
    const mask = (key: string): number => Number(/\((0x\w+)\)/.exec(default1[key])![1]);
    for (const profile of VMX_PROFILES)
      expect([0x481, 0x482, 0x483, 0x484].map((msr) => profile.constantMsrs.get(msr)![0])).toEqual(
        ['pin', 'proc', 'exit', 'entry'].map(mask),
      );
  });

  /** What needs Intel 64, dual-monitor treatment of SMM or IA32_PERF_GLOBAL_CTRL: CR8 exits; host size, PERF_GLOBAL_CTRL; IA-32e, SMM, both, that. */
  const LEFT_OUT: Readonly<Record<string, number>> = { 481: 0, 482: 0x180000, 483: 0x1200, 484: 0x2e00 };
  test.each([
    ['penryn', 'Penryn_T9600', 0],
    ['lynnfield', 'Lynnfield_i5_760', 0],
    ['westmere', 'SandyBridge_i7_2600K', 0],
    ['haswell', 'Haswell_i7_4770', 0x7800],
  ])('%s is the real processor, without what is left out', (name, dump, secondary) => {
    const { realCpuDumps } = table<{ realCpuDumps: Record<string, Record<string, string>> }>('vmx-controls.json');
    const real = realCpuDumps[dump];
    const { constantMsrs } = VMX_PROFILES.find((profile) => profile.name === name)!;
    const high = (value: string): number => Number(BigInt(value) >> 32n) | 0;
    for (const [msr, without] of [...Object.entries(LEFT_OUT), ['48b', secondary] as const])
      if (real[msr] !== undefined) expect([msr, constantMsrs.get(Number.parseInt(msr, 16))![1] | without]).toEqual([msr, high(real[msr])]);
    if (real['48c'] !== undefined) {
      const [low, top] = constantMsrs.get(0x48c)!;
      expect([low, top]).toEqual([Number(BigInt(real['48c']) & 0xffffffffn), high(real['48c'])]);
    }
  });
});
