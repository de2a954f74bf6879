import { describe, expect, test } from 'vitest';
import { COST_PROFILES, costProfile, DEFAULT_COSTS } from '../../src/cpu/costs.ts';
import { readMsr, readTsc, writeMsr } from '../../src/cpu/msrs.ts';
import { cpuid, PROFILES, type Profile, processorProfile } from '../../src/cpu/profiles.ts';
import { at, counterAt } from '../../src/cpu/state.ts';
import { createVirtExtension } from '../../src/cpu/virt/create.ts';
import { capabilities } from '../../src/cpu/virt/vmx/capabilities.ts';
import { FIELDS } from '../../src/cpu/virt/vmx/fields.ts';
import type { Feature } from '../../src/isa/row.ts';
import { Program } from './program.ts';
import { barePc } from './virt/bare-pc.ts';

const text = (...dwords: number[]): string =>
  String.fromCharCode(...dwords.flatMap((d) => [0, 8, 16, 24].map((shift) => (d >>> shift) & 0xff)));

test('the vendor and the brand read as text', () => {
  for (const profile of PROFILES) {
    const [, ebx, ecx, edx] = cpuid(profile, 0);
    expect(text(ebx, edx, ecx)).toBe(profile.vendor === 'amd' ? 'AuthenticAMD' : 'GenuineIntel');
  }
  const yonah = processorProfile('yonah');
  const brand = text(...cpuid(yonah, 0x80000002 | 0), ...cpuid(yonah, 0x80000003 | 0), ...cpuid(yonah, 0x80000004 | 0));
  expect(brand.replace(/\0+$/, '')).toBe('Genuine Intel(R) CPU           T2400  @ 1.83GHz');
  expect(brand).toHaveLength(48);
});

test('a leaf above the highest reads as the highest basic leaf', () => {
  const yonah = processorProfile('yonah');
  expect(cpuid(yonah, 0x100)).toEqual(cpuid(yonah, 5));
  expect(cpuid(yonah, 0x80000005 | 0)).toEqual([0, 0, 0, 0]);
});

test('SVM and its leaf go together, and never with VMX', () => {
  for (const profile of PROFILES) {
    const svm = profile.features.has('svm');
    expect(svm).toBe(profile.vendor === 'amd');
    expect((cpuid(profile, 0x80000001 | 0)[2] & 4) !== 0).toBe(svm);
    expect(profile.cpuid.has(0x8000000a)).toBe(svm);
    expect(svm && profile.features.has('vmx')).toBe(false);
  }
});

test('VMX, its MSRs and CR4.VMXE go together', () => {
  for (const profile of PROFILES) {
    const vmx = profile.features.has('vmx');
    expect((cpuid(profile, 1)[2] & (1 << 5)) !== 0).toBe(vmx);
    expect((profile.cr4 & (1 << 13)) !== 0).toBe(vmx);
    expect(profile.constantMsrs.has(0x480)).toBe(vmx);
    if (vmx) expect(profile.constantMsrs.get(0x489)?.[0]).toBe(profile.cr4);
  }
});

const VMX_PROFILES = PROFILES.filter(({ features }) => features.has('vmx'));

test.each(VMX_PROFILES)('capability MSRs of $name agree with each other', (profile) => {
  const msr = (n: number) => profile.constantMsrs.get(n);
  for (const n of [0x481, 0x482, 0x483, 0x484]) {
    const [must, may] = msr(n)!;
    expect(must & ~may).toBe(0);
    const exact = msr(n + 12);
    expect(exact !== undefined).toBe((msr(0x480)![1] & (1 << 23)) !== 0);
    if (exact !== undefined) expect([exact[0] & ~must, exact[1]]).toEqual([0, may]);
  }
  expect(msr(0x48b) !== undefined).toBe(msr(0x482)![1] < 0);
  const nested = ((msr(0x48b)?.[1] ?? 0) & 0x22) !== 0;
  expect(msr(0x48c) !== undefined).toBe(nested);
  expect(msr(0x491)).toBeUndefined();
});

test.each(VMX_PROFILES)('IA32_VMX_VMCS_ENUM of $name is the highest index of a field', (profile) => {
  const { exists } = capabilities(profile);
  const highest = Math.max(...FIELDS.filter(exists).map(({ encoding }) => encoding & 0x3fe));
  expect(profile.constantMsrs.get(0x48a)).toEqual([highest, 0]);
});

test('what the generations of VT-x brought', () => {
  const primary = (name: string) => processorProfile(name).constantMsrs.get(0x482)![1];
  const secondary = (name: string) => processorProfile(name).constantMsrs.get(0x48b)?.[1] ?? 0;
  const pin = (name: string) => processorProfile(name).constantMsrs.get(0x481)![1];
  expect(['yonah', 'penryn', 'lynnfield'].map((name) => pin(name) & 0x60)).toEqual([0, 0x20, 0x60]);
  expect(['yonah', 'penryn', 'lynnfield'].map((name) => (primary(name) >>> 21) & 0x41)).toEqual([0, 1, 0x41]);
  expect(['penryn', 'lynnfield', 'westmere', 'haswell'].map((name) => secondary(name) & 0x445)).toEqual([0x41, 0x45, 0x45, 0x445]);
});

test('PAE, its NX bit and PSE-36: CPUID shows what CR4 and EFER accept', () => {
  for (const profile of PROFILES) {
    expect((cpuid(profile, 1)[3] & (1 << 6)) !== 0).toBe((profile.cr4 & (1 << 5)) !== 0);
    expect((cpuid(profile, 0x80000001 | 0)[3] & (1 << 20)) !== 0).toBe(profile.nx);
  }
  expect(processorProfile('katmai')).toMatchObject({ nx: false, physicalBits: 36 });
});

test('a processor that does not exist', () => {
  expect(() => processorProfile('z80')).toThrow("no processor 'z80': there are katmai, yonah");
});

test('MSRs: what is not there, read-only, locked, of limited values', () => {
  const { cpu } = barePc(new Uint8Array(0));
  expect(readMsr(cpu, 0x1b)).toBeUndefined();
  expect(readMsr(barePc(new Uint8Array(0), processorProfile('katmai')).cpu, 0xc0000080 | 0)).toBeUndefined();
  expect(readMsr(cpu, 0x3a)).toEqual([5, 0]);
  expect(writeMsr(cpu, 0x3a, 1, 0)).toBe(false);
  expect(writeMsr(cpu, 0x480, 0, 0)).toBe(false);
  expect(writeMsr(cpu, 0x277, 0x02, 0)).toBe(false);
  expect(writeMsr(cpu, 0x277, 0x07040600, 0x01050406)).toBe(true);
  expect(readMsr(cpu, 0x277)).toEqual([0x07040600, 0x01050406]);
  expect(writeMsr(cpu, 0x175, 0x9000, 0)).toBe(true);
  expect(cpu.s[at.sysenterEsp]).toBe(0x9000);
});

test('WRMSR of the time-stamp counter moves it', () => {
  const { cpu } = barePc(new Uint8Array(0));
  const pair = new Int32Array(2);
  cpu.f[counterAt.cycles] = 0x1_8000_0000;
  readTsc(cpu, pair);
  expect([pair[0] >>> 0, pair[1]]).toEqual([0x80000000, 1]);
  writeMsr(cpu, 0x10, 5, 0);
  cpu.f[counterAt.cycles] += 0x1_0000_0001;
  readTsc(cpu, pair);
  expect([pair[0], pair[1]]).toEqual([6, 1]);
});

test('costs: whole cycles, each with its source', () => {
  for (const profile of COST_PROFILES)
    for (const [key, { cycles, source }] of Object.entries(profile.costs))
      expect([profile.name, key, Number.isInteger(cycles) && cycles > 0 && source !== '']).toEqual([profile.name, key, true]);
  expect(DEFAULT_COSTS.events.entry + DEFAULT_COSTS.events.exit).toBe(1681);
  for (const [name, cycles] of [
    ['nehalem-2009', 933],
    ['haswell-2013', 530],
  ] as const)
    expect(costProfile(name).events.entry + costProfile(name).events.exit).toBe(cycles);
  expect(costProfile('p4-672-2005').costs.exit.status).toBe('reported');
  expect(() => costProfile('none')).toThrow('p4-672-2005, merom-2006');
});

describe('what a profile does not have raises what such a processor raises', () => {
  const UD = 6;
  const GP = 13;
  /** Instruction, and the feature that it came with. */
  const INSTRUCTIONS: readonly (readonly [string, Feature])[] = [
    ['vmxon [ebx]', 'vmx'],
    ['vmread eax, ebx', 'vmx'],
    ['vmcall', 'vmx'],
    ['invept eax, [ebx]', 'ept'],
    ['invvpid eax, [ebx]', 'ept'],
    ['vmrun', 'svm'],
    ['vmload', 'svm'],
    ['vmmcall', 'svm'],
    ['stgi', 'svm'],
    ['skinit', 'svm'],
    ['invlpga', 'svm'],
    ['monitor', 'monitor'],
    ['mwait', 'monitor'],
    ['rdtscp', 'rdtscp'],
  ];
  /** MSR, and the profiles that have it. */
  const MSRS: readonly (readonly [string, number, (profile: Profile) => boolean])[] = [
    ['IA32_FEATURE_CONTROL', 0x3a, ({ features }) => features.has('vmx')],
    ['IA32_MISC_ENABLE', 0x1a0, ({ vendor, year }) => vendor === 'intel' && year > 1999],
    ['IA32_VMX_BASIC', 0x480, ({ features }) => features.has('vmx')],
    ['IA32_VMX_PROCBASED_CTLS2', 0x48b, ({ name }) => ['penryn', 'lynnfield', 'westmere', 'haswell'].includes(name)],
    ['IA32_VMX_EPT_VPID_CAP', 0x48c, ({ features }) => features.has('ept')],
    ['IA32_VMX_TRUE_ENTRY_CTLS', 0x490, ({ features }) => features.has('ept')],
    ['IA32_EFER', 0xc0000080, ({ name }) => name !== 'katmai'],
    ['IA32_TSC_AUX', 0xc0000103, ({ features }) => features.has('rdtscp')],
    ['VM_CR', 0xc0010114, ({ vendor }) => vendor === 'amd'],
    ['VM_HSAVE_PA', 0xc0010117, ({ vendor }) => vendor === 'amd'],
    ['IA32_SMBASE', 0x9e, () => false],
    ['IA32_SPEC_CTRL', 0x48, () => false],
  ];
  const vector = (source: string, profile: Profile): number | undefined => {
    const program = new Program(source, {}, profile, createVirtExtension(profile));
    program.step(source.split('\n').length);
    return program.faults[0]?.vector;
  };

  test.each(PROFILES)('$name', (profile) => {
    for (const [source, feature] of INSTRUCTIONS)
      if (!profile.features.has(feature)) expect([source, vector(source, profile)]).toEqual([source, UD]);
    for (const [name, msr, exists] of MSRS)
      expect([name, vector(`mov ecx, ${msr}\nrdmsr`, profile)]).toEqual([name, exists(profile) ? undefined : GP]);
    for (let bit = 0; bit < 32; bit++)
      if (((profile.cr4 >>> bit) & 1) === 0)
        expect([bit, vector(`mov eax, ${(1 << bit) >>> 0}\nmov cr4, eax`, profile)]).toEqual([bit, GP]);
  });

  test('RSM outside SMM is #UD on all of them', () => {
    for (const profile of PROFILES) expect(vector('db 0x0f, 0xaa', profile)).toBe(UD);
  });

  test('a processor of which there is no dump says so', () => {
    expect(PROFILES.filter(({ title }) => title.includes('derived')).map(({ name }) => name)).toEqual(['orleans']);
  });

  test('SKINIT is left out, and the machine says so', () => {
    const profile = processorProfile('phenom');
    const program = new Program('mov ecx, 0C0000080h\nrdmsr\nor eax, 1000h\nwrmsr\nskinit', {}, profile, createVirtExtension(profile));
    expect(program.step(5)).toBe('missing');
    expect(program.cpu.missing?.what).toBe('secure initialization (SKINIT)');
  });
});
