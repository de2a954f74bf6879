/**
 * ../shared/reference/vmx-entry-checks.md, sentence by sentence, against the list of VM-entry checks. Each sentence of its stages A to C6 is listed by its
 * beginning, with the rules that carry it, or with why there is none; `entry-checks.test.ts` provokes each rule.
 */
import { describe, expect, test } from 'vitest';
import { ENTRY_CHECKS } from '../../../src/cpu/virt/vmx/checks/all.ts';
import type { Failure } from '../../../src/cpu/virt/vmx/checks/check.ts';
import { ABSENT, referenceIsHere, text } from './reference.ts';

/** Says what the sentences around it mean, or what a check does not look at. */
const REMARK = 'a remark';
const NOT_OFFERED = 'of a control that no processor here offers';

type Line = readonly [beginning: string, rules: RegExp | string];

const invalid: Failure = { kind: 'invalid' };
const valid = (error: number): Failure => ({ kind: 'valid', error });
const fault = (vector: number): Failure => ({ kind: 'fault', vector });
const guest = (qualification: number): Failure => ({ kind: 'entry', reason: 33, qualification });

const A: readonly (readonly [...Line, failure?: Failure])[] = [
  ['Basic checks', REMARK],
  ['CPU in virtual-8086 mode', /^The processor is (not in virtual|in protected|in VMX)/, fault(6)],
  ['In non-root operation', 'an exit: `exit-priority.test.ts`'],
  ['It comes **before**', 'an exit: `exit-priority.test.ts`'],
  ['#UD still wins', 'an exit: `exit-priority.test.ts`'],
  ['CPL > 0', /^CPL is 0$/, fault(13)],
  ['No current VMCS', /^There is a current VMCS$/, invalid],
  ['Current VMCS is a shadow', 'there are no shadow VMCSs: VMPTRLD refuses them'],
  ['MOV-SS blocking', /^No events are blocked by MOV SS$/, valid(26)],
  ['VMLAUNCH and', /^VMLAUNCH:/, valid(4)],
  ['VMRESUME and', /^VMRESUME:/, valid(5)],
  ['TF=1 gives', 'a single step: `debug.test.ts`'],
  ['never after', 'a single step: `debug.test.ts`'],
  ['"Within width"', REMARK],
  ['The width is', REMARK],
  ['without that leaf', REMARK],
];

const B: readonly Line[] = [
  ['VM-execution controls', REMARK],
  ['Pin controls', /^Pin-based .* as the capability MSR/],
  ['**With VMX_BASIC[55]', /^(Pin|Primary|VM-e)\S* .* as the capability MSR/],
  ['BASIC[55] = 0', /^(Pin|Primary|VM-e)\S* .* as the capability MSR/],
  ['Primary controls', /^Primary .* as the capability MSR/],
  ['Secondary (only', /^Secondary .* as the capability MSR/],
  ['If bit 31 = 0', REMARK],
  ['CR3-target count', /^CR3-target count/],
  ['Use I/O bitmaps', /^"Use I\/O bitmaps"/],
  ['Use MSR bitmaps', /^"Use MSR bitmaps"/],
  ['Use TPR shadow', /^"Use TPR shadow": Virtual-APIC/],
  ['without virtual-interrupt', /^"Use TPR shadow": bits 31:4/],
  ['and with neither', /^"Use TPR shadow" without/],
  ['Virtual NMIs', /^"Virtual NMIs" needs/],
  ['NMI-window', /^"NMI-window exiting" needs/],
  ['Virtualize APIC', /^"Virtualize APIC accesses":/],
  ['TPR shadow 0:', /^"Virtualize x2APIC mode" needs/],
  ['x2APIC virtualization and', /^"Virtualize x2APIC mode" and/],
  ['VID needs', NOT_OFFERED],
  ['(Posted', NOT_OFFERED],
  ['Enable VPID', /^"Enable VPID":/],
  ['Enable EPT', /^"Enable EPT": the EPT pointer/],
  ['Unrestricted guest', /^"Unrestricted guest" needs/],
  ['(PML', NOT_OFFERED],
  ['VM-exit controls', REMARK],
  ['Capability masks', /^VM-exit controls:/],
  ['"Save preemption', /^"Save VMX-preemption/],
  ['MSR-store and', /^VM-exit MSR-(store|load) address/],
  ['VM-entry controls', REMARK],
  ['Capability masks', /^VM-entry controls:/],
  ['If interruption-info', /^Injected event: the type/],
  ['NMI -> vector', /^Injected NMI:/],
  ['hardware exception', /^Injected hardware exception:/],
  ['type 7 ->', /^Injected other event:/],
  ['deliver-error-code', /^Injected event: deliver-error-code/],
  ['bits 30:12', /^Injected event: bits 30:12/],
  ['if deliver-error-code', /^Injected error code:/],
  ['types 4, 5, 6', /^Injected software interrupt/],
  ['MSR-load list', /^VM-entry MSR-load address/],
  ['Outside SMM', /^Outside SMM/],
  ['(The deliver', REMARK],
];

const HOST: readonly Line[] = [
  ['Host state', REMARK],
  ['CR0 obeys', /^Host CR0/],
  ['CR4 obeys', /^Host CR4/],
  ['CR3 within', 'of Intel 64'],
  ['If load PERF', NOT_OFFERED],
  ['If load IA32_PAT', /^"Load IA32_PAT" at VM exit/],
  ['If load IA32_EFER', /^"Load IA32_EFER" at VM exit/],
  ['Selectors', /^Host .. selector: RPL/],
  ['CS != 0', /^Host .. selector is not 0/],
  ['IA-32: "IA-32e', 'the capability MSRs do not allow them: error 7'],
  ['Not checked', REMARK],
];

const GUEST: readonly (readonly [...Line, qualification?: number])[] = [
  ['Guest state', REMARK],
  ['**C1', /^Guest CR0 has/],
  ['PG=1', /^Guest CR0: PG/],
  ['CR4 obeys', /^Guest CR4/],
  ['If load debug', /^"Load debug controls"/],
  ['If load PAT', /^"Load IA32_(PAT|EFER)" at VM entry/],
  ['EFER.LMA', /^"Load IA32_EFER" at VM entry/],
  ['DR7, CR3', REMARK],
  ['**C2', REMARK],
  ['"usable"', REMARK],
  ['UG =', REMARK],
  ['register', REMARK],
  ['checks', REMARK],
  ['selectors', REMARK],
  ['TR.TI', /^Guest TR: the selector/],
  ['usable LDTR', /^Guest LDTR, if usable: the selector/],
  ['not v86 and not UG', /RPL of guest SS is RPL of guest CS$/],
  ['CS SS DS', /^Virtual-8086 mode: guest/],
  ['CS type', /^Guest CS: it is an accessed code/],
  ['with UG', /^Guest CS: it is an accessed code/],
  ['CS DPL', REMARK],
  ['type 3: 0', /^Guest CS: DPL of a data/],
  ['9/11', /^Guest CS: DPL of a non-conforming/],
  ['13/15', /^Guest CS: DPL of a conforming/],
  ['SS', REMARK],
  ['if usable type', /^Guest SS, if usable: it is a writable/],
  ['not UG: DPL', /DPL of guest SS is its RPL$/],
  ['DPL = 0 if', /DPL of guest SS is 0 if/],
  ['DS ES FS', REMARK],
  ['accessed', /it is marked accessed$/],
  ['code must', /a code segment is readable$/],
  ['not UG and', /DPL is not below RPL/],
  ['all of CS', REMARK],
  ['S = 1', /^Guest [C-GS]S.*(S = 1|P = 1|bits 11:8)/],
  ['G bit', REMARK],
  ['any of limit[11:0]', /G = 1 only if/],
  ['any of limit[31:20]', /G = 1 only if/],
  ['TR', REMARK],
  ['type 3 (busy', /^Guest TR/],
  ['LDTR usable', REMARK],
  ['type 2', /^Guest LDTR/],
  ['Note:', REMARK],
  ['SS.DPL is', REMARK],
  ['Limits are', REMARK],
  ['The D/B', REMARK],
  ['an unusable', REMARK],
  ['Injecting with', REMARK],
  ['**C3**', /^Guest [GI]DTR limit/],
  ['**C4**', /^Guest RFLAGS: bit/],
  ['VM = 0', /^Guest RFLAGS: VM/],
  ['IF = 1', /^Guest RFLAGS: IF/],
  ['**C5', REMARK],
  ['- Activity', /^Activity state is one/],
  ['HLT needs', /^Activity state HLT needs/],
  ['STI or MOV-SS', /^Blocking by STI or MOV SS needs/],
  ['With injection', /^The injected event can wake/],
  ['shutdown', /^The injected event can wake/],
  ['wait-for-SIPI', /^The injected event can wake/],
  ['- Interruptibility', /^Interruptibility: bits 31:4/],
  ['STI and MOV-SS', /^Interruptibility: not blocked/],
  ['STI needs', /^Interruptibility: blocking by STI needs/],
  ['injecting external', /^Interruptibility: no blocking by STI or MOV SS if/],
  ['injecting NMI', /^Interruptibility: no blocking by MOV SS if/],
  ['SMI bit', /^Interruptibility: outside SMM/],
  ['with virtual NMIs', /^Interruptibility: with "Virtual NMIs"/],
  ['- Pending debug', /^Pending debug exceptions: bits/],
  ['if STI/MOV-SS', /^Pending debug exceptions: BS/],
  ['- VMCS link', /^VMCS link pointer/, 4],
  ['**C6', /^PAE paging without/, 2],
  ['reading always', REMARK],
  ['EPT on', /^PAE paging with/, 2],
  ['a present', /^PAE paging/, 2],
];

const LINES: readonly (readonly [beginning: string, rules: RegExp | string, failure: Failure])[] = [
  ...A.map(([beginning, rules, failure]) => [beginning, rules, failure ?? invalid] as const),
  ...B.map(([beginning, rules]) => [beginning, rules, valid(7)] as const),
  ...HOST.map(([beginning, rules]) => [beginning, rules, valid(8)] as const),
  ...GUEST.map(([beginning, rules, qualification]) => [beginning, rules, guest(qualification ?? 0)] as const),
];

/** Sentences, items and cells of stages A to C6, in order. */
function sentences(): string[] {
  const page = text('vmx-entry-checks.md');
  const part = page.slice(page.indexOf('## A. Basic checks'), page.indexOf("## C'. What loading does"));
  return part
    .split('\n')
    .filter((line) => !/^\|[-| ]+$/.test(line))
    .flatMap((line) => line.split(/(?<=[.;])\s+|\s*\|\s*/))
    .map((piece) => piece.trim())
    .filter((piece) => /[A-Za-z]{2}/.test(piece));
}

describe('VM-entry checks of the reference', () => {
  test.each(LINES.filter((line): line is readonly [string, RegExp, Failure] => typeof line[1] !== 'string'))(
    '%s: %s',
    (_, rules, failure) => {
      const found = ENTRY_CHECKS.filter(({ rule }) => rules.test(rule));
      expect(found.length).toBeGreaterThan(0);
      for (const check of found) expect([check.rule, check.failure]).toEqual([check.rule, failure]);
    },
  );

  test('no check is without a sentence', () => {
    const carried = (rule: string): boolean => LINES.some(([, rules]) => typeof rules !== 'string' && rules.test(rule));
    expect(ENTRY_CHECKS.map(({ rule }) => rule).filter((rule) => !carried(rule))).toEqual([]);
  });

  test.skipIf(!referenceIsHere)(referenceIsHere ? 'no sentence is without its line here' : ABSENT, () => {
    const wanted = sentences();
    expect(wanted.map((sentence, k) => (sentence.startsWith(LINES[k]?.[0] ?? '\0') ? '' : `${k}: ${sentence}`)).filter(Boolean)).toEqual(
      [],
    );
    expect(LINES.length).toBe(wanted.length);
  });
});
