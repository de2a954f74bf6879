import { expect, test } from 'vitest';
import { COST_PROFILES, costProfile, DEFAULT_COSTS } from '../../src/cpu/costs.ts';
import { readMsr, readTsc, writeMsr } from '../../src/cpu/msrs.ts';
import { cpuid, PROFILES, processorProfile } from '../../src/cpu/profiles.ts';
import { at, counterAt } from '../../src/cpu/state.ts';
import { barePc } from './virt/bare-pc.ts';

const text = (...dwords: number[]): string =>
  String.fromCharCode(...dwords.flatMap((d) => [0, 8, 16, 24].map((shift) => (d >>> shift) & 0xff)));

test('the vendor and the brand read as text', () => {
  for (const profile of PROFILES) {
    const [, ebx, ecx, edx] = cpuid(profile, 0);
    expect(text(ebx, edx, ecx)).toBe('GenuineIntel');
  }
  const yonah = processorProfile('yonah');
  const brand = text(...cpuid(yonah, 0x80000002 | 0), ...cpuid(yonah, 0x80000003 | 0), ...cpuid(yonah, 0x80000004 | 0));
  expect(brand.replace(/\0+$/, '')).toBe('Genuine Intel(R) CPU           T2400  @ 1.83GHz');
  expect(brand).toHaveLength(48);
});

test('a leaf above the highest reads as the highest basic leaf', () => {
  const yonah = processorProfile('yonah');
  expect(cpuid(yonah, 0x100)).toEqual(cpuid(yonah, 2));
  expect(cpuid(yonah, 0x80000005 | 0)).toEqual([0, 0, 0, 0]);
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

test('every must-be-1 bit may be 1', () => {
  for (const msr of [0x481, 0x482, 0x483, 0x484]) {
    const [must, may] = processorProfile('yonah').constantMsrs.get(msr)!;
    expect(must & ~may).toBe(0);
  }
});

test('a processor still to come says so', () => {
  expect(() => processorProfile('haswell')).toThrow("processor 'haswell' is not implemented yet: there are katmai, yonah");
  expect(() => processorProfile('z80')).toThrow("no processor 'z80'");
});

test('MSRs: what is not there, read-only, locked, of limited values', () => {
  const { cpu } = barePc(new Uint8Array(0));
  expect(readMsr(cpu, 0x1b)).toBeUndefined();
  expect(readMsr(cpu, 0xc0000080 | 0)).toBeUndefined();
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
  expect(costProfile('p4-672-2005').costs.exit.status).toBe('reported');
  expect(() => costProfile('none')).toThrow('merom-2006, p4-672-2005');
});
