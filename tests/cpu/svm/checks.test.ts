import { describe, expect, test } from 'vitest';
import { type Profile, processorProfile } from '../../../src/cpu/profiles.ts';
import { at } from '../../../src/cpu/state.ts';
import { SVM_LEAF } from '../../../src/cpu/virt/svm/capabilities.ts';
import { VMRUN_CHECKS } from '../../../src/cpu/virt/svm/checks.ts';
import { behindVmrun, CR0, type Fields, SvmGuest } from './guest.ts';

type Mutation = Fields | ((guest: SvmGuest) => void);

const PHENOM = processorProfile('phenom');
const NESTED: Profile = { ...PHENOM, cpuid: new Map([...PHENOM.cpuid, [SVM_LEAF, [1, 64, 0, 1]]]) };
const inject = (info: number): Fields => ({ eventInj: info | (1 << 31) });

/** One violation of each rule; nothing before it in the order of the checks is violated too. */
const mutations: Record<string, Mutation> = {
  'EFER.SVME is 1': { efer: 0 },
  'EFER.LME and LMA are 0 on a processor without long mode': { efer: 0x1100 },
  'Reserved bits of EFER are 0': (guest) => guest.setHigh('efer', 1),
  'CR0.NW is 0 if CD is 0': { cr0: CR0 | (1 << 29) },
  'CR0 bits 63:32 are 0': (guest) => guest.setHigh('cr0', 1),
  'CR3 bits 63:32 are 0': (guest) => guest.setHigh('cr3', 1),
  'Reserved bits of CR4 are 0': { cr4: 0x80000010 | 0 },
  'DR6 bits 63:32 are 0': (guest) => guest.setHigh('dr6', 1),
  'DR7 bits 63:32 are 0': (guest) => guest.setHigh('dr7', 1),
  'VMRUN is intercepted': { interceptMisc2: 2 },
  'The guest ASID is not 0': { guestAsid: 0 },
  'The I/O permission map lies within the physical-address width': { iopmBasePa: 0xffffe000 | 0 },
  'The MSR permission map lies within the physical-address width': { msrpmBasePa: 0xfffff000 | 0 },
  'Injected event: the type is 0, 2, 3 or 4': inject(0x120),
  'Injected exception: the vector is at most 31, and not 2': inject(0x302),
  'Nested paging: the host pages (CR0.PG = 1)': (guest) => {
    guest.set({ npControl: 1, gPat: 0x00070406 }).setHigh('gPat', 0x00070406);
    guest.cpu.s[at.cr0] &= 0x7fffffff;
  },
  'Nested paging: N_CR3 bits 63:32 are 0': (guest) => guest.set({ npControl: 1 }).setHigh('nCr3', 1),
  'Nested paging: each byte of G_PAT is a memory type': { npControl: 1, gPat: 0x02 },
};

describe('what VMRUN demands of a VMCB', () => {
  test('a VMCB in order is entered', () => {
    const guest = new SvmGuest().enter();
    expect([guest.rule, guest.cpu.s[at.guest], guest.cpu.s[at.gif]]).toEqual(['', 1, 1]);
  });

  test('no two rules are the same, and every rule has its violation here', () => {
    const rules = VMRUN_CHECKS.map(({ rule }) => rule);
    expect(new Set(rules).size).toBe(rules.length);
    expect(Object.keys(mutations).sort()).toEqual([...rules].sort());
  });

  test.each(VMRUN_CHECKS)('$rule', ({ rule }) => {
    const guest = new SvmGuest('', { exitInfo1: 77, exitIntInfo: 77, rax: 77 }, rule.startsWith('Nested') ? NESTED : PHENOM);
    const mutation = mutations[rule];
    if (typeof mutation === 'function') mutation(guest);
    else guest.set(mutation);
    const before = ['rip', 'rsp', 'rflags', 'cr0', 'rax'].map((key) => guest.read(key as 'rip'));
    guest.cpu.s[at.ebx] = 5;
    guest.enter();
    const { s } = guest.cpu;
    expect(guest.rule.split('; ')[0]).toBe(rule);
    expect([guest.read('exitCode'), guest.read('exitCode', 1), guest.read('exitInfo1'), guest.read('exitIntInfo')]).toEqual([-1, -1, 0, 0]);
    expect(['rip', 'rsp', 'rflags', 'cr0', 'rax'].map((key) => guest.read(key as 'rip'))).toEqual(before);
    expect([s[at.guest], s[at.gif], s[at.eip], s[at.esp], s[at.ebx]]).toEqual([0, 0, behindVmrun, 0x90000, 5]);
  });

  test('a type-1 event that is not valid is none', () => {
    expect(new SvmGuest('', { eventInj: 0x120 }).enter().rule).toBe('');
  });

  test('the value is shown behind the rule', () => {
    expect(new SvmGuest('', { guestAsid: 0 }).enter().rule).toBe('The guest ASID is not 0; Guest ASID = 00000000h');
    expect(new SvmGuest('', { efer: 0 }).enter().rule).toBe('EFER.SVME is 1; Guest EFER = 00000000_00000000h');
  });
});
