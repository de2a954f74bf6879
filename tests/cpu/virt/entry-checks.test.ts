import { describe, expect, test } from 'vitest';
import { BLOCKED_BY_MOV_SS, CR0_PE, VM } from '../../../src/cpu/registers.ts';
import { at } from '../../../src/cpu/state.ts';
import { ENTRY_CHECKS } from '../../../src/cpu/virt/vmx/checks/all.ts';
import type { Check } from '../../../src/cpu/virt/vmx/checks/check.ts';
import { type FieldKey, LAUNCH_LAUNCHED, LAUNCH_SLOT } from '../../../src/cpu/virt/vmx/fields.ts';
import { EVERYTHING, type Fields, RootOperation, V86, VMCS_REGION } from './root-operation.ts';

/** Of the controls of later processors, on one that has them all. */
interface Modern {
  readonly modern: Fields | ((vm: RootOperation) => void);
}
type Mutation = Fields | ((vm: RootOperation) => void) | Modern;

const modern = (fields: Modern['modern']): Modern => ({ modern: fields });
const isModern = (mutation: Mutation): mutation is Modern => 'modern' in mutation;

const TPR_SHADOW = 0x0401e172 | (1 << 21);
const SECONDARY = 0x0401e172 | (1 << 31);
const secondary = (controls: number, more: Fields = {}): Modern =>
  modern({ primaryControls: SECONDARY, secondaryControls: controls, ...more });
const EPT_POINTER = 0x200000 | 0x1e;
const unrestricted = (more: Fields): Modern => secondary(0x82, { eptPointer: EPT_POINTER, ...more });
const far = (key: FieldKey, fields: Fields): Modern =>
  modern((vm) => {
    vm.set(fields);
    vm.write(key, 1, 1);
  });

const high = (key: 'ioBitmapA' | 'ioBitmapB' | 'msrBitmap') => (vm: RootOperation) => {
  vm.set({ primaryControls: 0x0401e172 | (1 << 25) | (1 << 28) });
  vm.write(key, 1, 1);
};
const bitmaps = { primaryControls: 0x0401e172 | (1 << 25) | (1 << 28) };
const inject = (info: number, more: Fields = {}): Fields => ({ entryInterruptionInfo: info | (1 << 31), ...more });
const wideList = (
  count: 'exitMsrStoreCount' | 'exitMsrLoadCount' | 'entryMsrLoadCount',
  address: 'exitMsrStoreAddress' | 'exitMsrLoadAddress' | 'entryMsrLoadAddress',
) => ({ [count]: 2, [address]: 0xfffffff0 | 0 }) as Fields;

/** One violation for each rule; nothing before it in the order of the checks is violated too. */
const mutations: Record<string, Mutation> = {
  'The processor is in VMX operation': (vm) => {
    vm.cpu.s[at.vmxOn] = 0;
  },
  'The processor is in protected mode (CR0.PE = 1)': (vm) => {
    vm.cpu.s[at.cr0] &= ~CR0_PE;
  },
  'The processor is not in virtual-8086 mode (RFLAGS.VM = 0)': (vm) => {
    vm.cpu.s[at.eflags] |= VM;
  },
  'CPL is 0': (vm) => {
    vm.cpu.s[at.cpl] = 3;
  },
  'There is a current VMCS': (vm) => {
    vm.cpu.s[at.vmcsPointer] = -1;
  },
  'No events are blocked by MOV SS': (vm) => {
    vm.cpu.s[at.interruptibility] = BLOCKED_BY_MOV_SS;
  },
  'VMLAUNCH: the launch state of the VMCS is clear': (vm) => {
    vm.cpu.memory.dwords[(VMCS_REGION >>> 2) + LAUNCH_SLOT] = LAUNCH_LAUNCHED;
  },
  'VMRESUME: the launch state of the VMCS is launched': {},
  'Pin-based VM-execution controls: reserved bits are set as the capability MSR demands': { pinControls: 0 },
  'Primary processor-based VM-execution controls: reserved bits are set as the capability MSR demands': { primaryControls: -1 },
  'CR3-target count is not above what the processor has': { cr3TargetCount: 5 },
  '"Use I/O bitmaps": Address of I/O bitmap A is 4-KiB aligned': { ...bitmaps, ioBitmapA: 0x800 },
  '"Use I/O bitmaps": Address of I/O bitmap A is within the physical-address width': high('ioBitmapA'),
  '"Use I/O bitmaps": Address of I/O bitmap B is 4-KiB aligned': { ...bitmaps, ioBitmapB: 0x800 },
  '"Use I/O bitmaps": Address of I/O bitmap B is within the physical-address width': high('ioBitmapB'),
  '"Use MSR bitmaps": Address of MSR bitmaps is 4-KiB aligned': { ...bitmaps, msrBitmap: 0x800 },
  '"Use MSR bitmaps": Address of MSR bitmaps is within the physical-address width': high('msrBitmap'),
  'Secondary processor-based VM-execution controls: reserved bits are set as the capability MSR demands': secondary(1 << 8),
  '"Use TPR shadow": Virtual-APIC address is 4-KiB aligned': modern({ primaryControls: TPR_SHADOW, virtualApicAddress: 0x800 }),
  '"Use TPR shadow": Virtual-APIC address is within the physical-address width': far('virtualApicAddress', { primaryControls: TPR_SHADOW }),
  '"Use TPR shadow": bits 31:4 of the TPR threshold are 0': modern({ primaryControls: TPR_SHADOW, tprThreshold: 0x10 }),
  '"Use TPR shadow" without "Virtualize APIC accesses": the TPR threshold is not above bits 7:4 of the virtual TPR': modern({
    primaryControls: TPR_SHADOW,
    virtualApicAddress: 0x140000,
    tprThreshold: 1,
  }),
  '"Virtual NMIs" needs "NMI exiting"': modern({ pinControls: 0x16 | (1 << 5) }),
  '"NMI-window exiting" needs "Virtual NMIs"': modern({ primaryControls: 0x0401e172 | (1 << 22) }),
  '"Virtualize x2APIC mode" needs "Use TPR shadow"': secondary(1 << 4),
  '"Virtualize x2APIC mode" and "Virtualize APIC accesses" are not both 1': secondary(0x11, { primaryControls: SECONDARY | TPR_SHADOW }),
  '"Virtualize APIC accesses": APIC-access address is 4-KiB aligned': secondary(1, { apicAccessAddress: 0x800 }),
  '"Virtualize APIC accesses": APIC-access address is within the physical-address width': far('apicAccessAddress', {
    primaryControls: SECONDARY,
    secondaryControls: 1,
  }),
  '"Enable VPID": the VPID is not 0': secondary(1 << 5),
  '"Enable EPT": the EPT pointer has a memory type and a walk length that the processor supports, and no reserved bits': secondary(2),
  '"Unrestricted guest" needs "Enable EPT"': secondary(0x80),
  '"Save VMX-preemption timer value" needs "Activate VMX-preemption timer"': modern({ exitControls: 0x36dff | (1 << 22) }),
  'VM-exit controls: reserved bits are set as the capability MSR demands': { exitControls: 0x36dff | (1 << 9) },
  'VM-exit MSR-store address is 16-byte aligned if the count is not 0': { exitMsrStoreCount: 1, exitMsrStoreAddress: 8 },
  'VM-exit MSR-store address: the list lies within the physical-address width': wideList('exitMsrStoreCount', 'exitMsrStoreAddress'),
  'VM-exit MSR-load address is 16-byte aligned if the count is not 0': { exitMsrLoadCount: 1, exitMsrLoadAddress: 8 },
  'VM-exit MSR-load address: the list lies within the physical-address width': wideList('exitMsrLoadCount', 'exitMsrLoadAddress'),
  'VM-entry controls: reserved bits are set as the capability MSR demands': { entryControls: 0x11ff | (1 << 9) },
  'Injected event: the type is not reserved (1, and 7 without a monitor trap flag)': inject(1 << 8),
  'Injected NMI: the vector is 2': inject(0x203),
  'Injected hardware exception: the vector is at most 31': inject(0x320),
  'Injected other event: the vector is 0': modern(inject(0x701)),
  'Injected event: deliver-error-code is 1 exactly for the hardware exceptions that push one (8, 10 to 14, 17)': inject(0x30d),
  'Injected event: bits 30:12 are 0': inject(0x1306),
  'Injected error code: bits 31:15 are 0': inject(0xb0d, { entryErrorCode: 0x8000 }),
  'Injected software interrupt or exception: the instruction length is 1 to 15': inject(0x480),
  'VM-entry MSR-load address is 16-byte aligned if the count is not 0': { entryMsrLoadCount: 1, entryMsrLoadAddress: 8 },
  'VM-entry MSR-load address: the list lies within the physical-address width': wideList('entryMsrLoadCount', 'entryMsrLoadAddress'),
  'Outside SMM, "Entry to SMM" is 0': { entryControls: 0x11ff | (1 << 10) },
  'Outside SMM, "Deactivate dual-monitor treatment" is 0': { entryControls: 0x11ff | (1 << 11) },

  'Host CR0 has the bits that VMX operation fixes': { hostCr0: 0x31 },
  'Host CR4 has the bits that VMX operation fixes': { hostCr4: 0x10 },
  '"Load IA32_PAT" at VM exit: each byte of host IA32_PAT is a memory type': modern({ exitControls: 0x36dff | (1 << 19), hostPat: 2 }),
  '"Load IA32_EFER" at VM exit: reserved bits, LME and LMA of host IA32_EFER are 0': modern({
    exitControls: 0x36dff | (1 << 21),
    hostEfer: 1 << 8,
  }),
  'Host CS selector is not 0': { hostCsSelector: 0 },
  'Host TR selector is not 0': { hostTrSelector: 0 },
  'Host SS selector is not 0': { hostSsSelector: 0 },

  'Guest CR0 has the bits that VMX operation fixes': { guestCr0: 0x11 },
  'Guest CR0: PG = 1 needs PE = 1': unrestricted({ guestCr0: 0x80000030 | 0 }),
  'Guest CR4 has the bits that VMX operation fixes': { guestCr4: 0x2000 | (1 << 31) },
  '"Load debug controls": reserved bits of guest IA32_DEBUGCTL are 0': { guestDebugctl: 0x10000 },
  '"Load IA32_PAT" at VM entry: each byte of guest IA32_PAT is a memory type': modern({ entryControls: 0x11ff | (1 << 14), guestPat: 2 }),
  '"Load IA32_EFER" at VM entry: reserved bits, LME and LMA of guest IA32_EFER are 0': modern({
    entryControls: 0x11ff | (1 << 15),
    guestEfer: 1 << 10,
  }),
  'Guest TR: the selector refers to the GDT (TI = 0)': { guestTrSelector: 0x2c },
  'Guest LDTR, if usable: the selector refers to the GDT (TI = 0)': { guestLdtrSelector: 0x3c, guestLdtrRights: 0x82 },
  'Outside virtual-8086 mode and unrestricted guests, RPL of guest SS is RPL of guest CS': { guestSsSelector: 0x13 },
  'Guest CS: it is an accessed code segment (type 9, 11, 13 or 15), or of an unrestricted guest a writable accessed data segment (type 3)':
    {
      guestCsRights: 0xc093,
    },
  'Guest CS: DPL of a data segment is 0': unrestricted({ guestCsRights: 0xc0f3 }),
  'Outside virtual-8086 mode, DPL of guest SS is 0 if CS is a data segment or in real-address mode': unrestricted({
    guestCsRights: 0xc093,
    guestSsRights: 0xc0f3,
  }),
  'Guest SS, if usable: it is a writable accessed data segment (type 3 or 7)': { guestSsRights: 0xc091 },
  'Guest CS: DPL of a non-conforming code segment is DPL of SS': { guestCsRights: 0xc0fb },
  'Guest CS: DPL of a conforming code segment is not above DPL of SS': { guestCsRights: 0xc0ff },
  'Outside virtual-8086 mode and unrestricted guests, DPL of guest SS is its RPL': { guestSsSelector: 0x13, guestCsSelector: 0x0b },
  'Guest TR is usable': { guestTrRights: 0x1008b },
  'Guest TR: it is a busy TSS (type 3 or 11)': { guestTrRights: 0x89 },
  'Guest LDTR, if usable: it is an LDT (type 2)': { guestLdtrRights: 0x8b },
  'Guest GDTR limit: bits 31:16 are 0': { guestGdtrLimit: 0x10000 },
  'Guest IDTR limit: bits 31:16 are 0': { guestIdtrLimit: 0x10000 },
  'Guest RFLAGS: bits 31:22, 15, 5 and 3 are 0': { guestEflags: 0x8002 },
  'Guest RFLAGS: bit 1 is 1': { guestEflags: 0 },
  'Guest RFLAGS: VM = 1 needs CR0.PE = 1': unrestricted({ ...V86, guestCr0: 0x30 }),
  'Guest RFLAGS: IF is 1 if an external interrupt is injected': inject(0x20),

  'Activity state is one that the processor supports': { guestActivity: 7 },
  'Activity state HLT needs DPL 0 of guest SS': {
    guestActivity: 1,
    guestCsSelector: 0x1b,
    guestCsRights: 0xc0fb,
    guestSsSelector: 0x23,
    guestSsRights: 0xc0f3,
  },
  'Blocking by STI or MOV SS needs the active state': { guestActivity: 1, guestInterruptibility: 2 },
  'The injected event can wake the guest from its activity state': inject(0x306, { guestActivity: 1 }),
  'Interruptibility: bits 31:4 are 0': { guestInterruptibility: 0x20 },
  'Interruptibility: not blocked by STI and by MOV SS at once': { guestInterruptibility: 3, guestEflags: 0x202 },
  'Interruptibility: blocking by STI needs RFLAGS.IF = 1': { guestInterruptibility: 1 },
  'Interruptibility: no blocking by STI or MOV SS if an external interrupt is injected': inject(0x20, {
    guestInterruptibility: 1,
    guestEflags: 0x202,
  }),
  'Interruptibility: no blocking by MOV SS if an NMI is injected': inject(0x202, { guestInterruptibility: 2 }),
  'Interruptibility: with "Virtual NMIs", NMIs are not blocked if an NMI is injected': modern({
    ...inject(0x202),
    pinControls: 0x16 | (1 << 3) | (1 << 5),
    guestInterruptibility: 8,
  }),
  'Interruptibility: outside SMM, no blocking by SMI': { guestInterruptibility: 4 },
  'Pending debug exceptions: bits 11:4, 13 and 31:15 are 0': { guestPendingDebug: 0x10000 },
  'Pending debug exceptions: BS is 1 if blocked or halted with TF = 1 and BTF = 0': { guestActivity: 1, guestEflags: 0x102 },
  'Pending debug exceptions: BS is 0 if blocked or halted with TF = 0 or BTF = 1': { guestActivity: 1, guestPendingDebug: 0x4000 },
  'VMCS link pointer, if not FFFFFFFF_FFFFFFFFh, is 4-KiB aligned': { linkPointer: 8 },
  'VMCS link pointer, if not FFFFFFFF_FFFFFFFFh, is within the physical-address width': (vm) => {
    vm.set({ linkPointer: 0x1000 });
    vm.write('linkPointer', 1, 1);
  },
  "VMCS link pointer, if not FFFFFFFF_FFFFFFFFh, refers to a region with this processor's revision identifier": { linkPointer: 0x1000 },
  'PAE paging with "Enable EPT": present guest PDPTE fields have no reserved bits': secondary(2, {
    eptPointer: EPT_POINTER,
    guestCr4: 0x2030,
    guestPdpte3: 0x100003,
  }),
  'PAE paging without "Enable EPT": present entries of the table at guest CR3 have no reserved bits': modern({ guestCr4: 0x2030 }),
  'VMCS link pointer does not refer to the current VMCS': { linkPointer: VMCS_REGION },
};

for (const name of ['CS', 'SS', 'DS', 'ES', 'FS', 'GS', 'TR'])
  mutations[`Host ${name} selector: RPL and TI are 0`] = { [`host${name[0]}${name[1].toLowerCase()}Selector`]: 0x14 };

for (const name of ['Cs', 'Ss', 'Ds', 'Es', 'Fs', 'Gs']) {
  const upper = name.toUpperCase();
  const prefix = `Guest ${upper}${name === 'Cs' ? '' : ', if usable'}:`;
  const rights = name === 'Cs' ? 0xc09b : 0xc093;
  const own = (key: string, value: number): Fields => ({ [`guest${name}${key}`]: value });
  mutations[`Virtual-8086 mode: guest ${upper} base is 16 times the selector`] = { ...V86, ...own('Base', 0) };
  mutations[`Virtual-8086 mode: guest ${upper} limit is FFFFh`] = { ...V86, ...own('Limit', 0xfffff) };
  mutations[`Virtual-8086 mode: guest ${upper} access rights are F3h`] = { ...V86, ...own('Rights', 0x93) };
  mutations[`${prefix} it is a code or data segment (S = 1)`] = own('Rights', rights & ~0x10);
  mutations[`${prefix} it is present (P = 1)`] = own('Rights', rights & ~0x80);
  mutations[`${prefix} bits 11:8 and 31:17 of the access rights are 0`] = own('Rights', rights | 0x100);
  mutations[`${prefix} G = 1 only if limit bits 11:0 are all 1, G = 0 only if limit bits 31:20 are all 0`] = own(
    'Rights',
    rights & ~0x8000,
  );
  if (name === 'Cs' || name === 'Ss') continue;
  mutations[`${prefix} it is marked accessed`] = own('Rights', 0xc092);
  mutations[`${prefix} a code segment is readable`] = own('Rights', 0xc099);
  mutations[`${prefix} DPL is not below RPL, except of a conforming code segment or in an unrestricted guest`] = own('Selector', 0x13);
}

for (const [name, prefix, rights] of [
  ['Tr', 'Guest TR:', 0x8b],
  ['Ldtr', 'Guest LDTR, if usable:', 0x82],
] as const) {
  const own = (value: number, limit = 0x67): Fields => ({ [`guest${name}Rights`]: value, [`guest${name}Limit`]: limit });
  mutations[`${prefix} it is a system segment (S = 0)`] = own(rights | 0x10);
  mutations[`${prefix} it is present (P = 1)`] = own(rights & ~0x80);
  mutations[`${prefix} bits 11:8 and 31:17 of the access rights are 0`] = own(rights | 0x100);
  mutations[`${prefix} G = 1 only if limit bits 11:0 are all 1, G = 0 only if limit bits 31:20 are all 0`] = own(rights | 0x8000);
}

function expected({ failure }: Check): object {
  switch (failure.kind) {
    case 'fault':
      return { kind: 'fault', number: failure.vector };
    case 'invalid':
      return { kind: 'invalid', number: 0 };
    case 'valid':
      return { kind: 'valid', number: failure.error };
    default:
      return { kind: 'failed', number: failure.reason, qualification: failure.qualification };
  }
}

describe('VM-entry checks', () => {
  test('a VMCS in order is entered', () => {
    const vm = new RootOperation();
    expect(vm.enter().kind).toBe('entered');
    expect(vm.cpu.s[at.guest]).toBe(1);
  });

  test('so is one for virtual-8086 mode', () => {
    expect(new RootOperation().set(V86).enter().kind).toBe('entered');
  });

  test('no two rules are the same, and every rule has its violation here', () => {
    const rules = ENTRY_CHECKS.map(({ rule }) => rule);
    expect(new Set(rules).size).toBe(rules.length);
    expect(Object.keys(mutations).sort()).toEqual([...rules].sort());
  });

  test.each(ENTRY_CHECKS.map((check) => [`${check.stage}: ${check.rule}`, check] as const))('%s', (_, check) => {
    const found = mutations[check.rule];
    const vm = isModern(found) ? new RootOperation(EVERYTHING) : new RootOperation();
    const mutation = isModern(found) ? found.modern : found;
    if (typeof mutation === 'function') mutation(vm);
    else vm.set(mutation);
    const outcome = vm.enter(!check.rule.startsWith('VMRESUME'));
    expect(outcome).toMatchObject(expected(check));
    if (check.failure.kind !== 'fault') expect(outcome.rule.split('; ')[0]).toBe(check.rule);
  });
});
