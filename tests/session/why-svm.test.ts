/** Why a guest of AMD-V was left: each EXITCODE that a processor of ours gives has a list, whose last check reads the bit that decided. */
import { describe, expect, test } from 'vitest';
import type { Cpu } from '../../src/cpu/cpu.ts';
import type { ExitReport } from '../../src/cpu/events.ts';
import { CODE, exitName } from '../../src/cpu/virt/svm/exit-codes.ts';
import { decode } from '../../src/isa/decode.ts';
import { Insn } from '../../src/isa/insn.ts';
import { Session } from '../../src/session/session.ts';
import { svmExitRules, svmGateRules } from '../../src/session/why/exits-svm.ts';
import { outcomes, type Rule } from '../../src/session/why/outcomes.ts';
import { Kind } from '../../src/trace/log.ts';
import { code, DATA, SvmGuest } from '../cpu/svm/guest.ts';
import { CASES, Matrix } from '../cpu/svm/matrix.ts';
import { PROVOKED, RAISING } from '../cpu/svm/provoked.ts';

function decoded(asm: string): Insn<Cpu> {
  const image = code(asm, 0);
  const insn = new Insn<Cpu>();
  decode(insn, image, 0, image.length, true);
  return insn;
}

function rulesOf({ cpu, exit }: SvmGuest, insn: Insn<Cpu> | null = null): readonly Rule[] {
  const { code: exitCode, info1, info2 } = exit as Extract<ExitReport, { vendor: 'svm' }>;
  const rules = svmExitRules(cpu, { code: exitCode, info1, info2, insn });
  expect(rules, exitName(exitCode)).not.toBe(null);
  return rules!;
}

const failedIn = (rules: readonly Rule[]): readonly string[] =>
  outcomes(rules)
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ rule }) => rule);

/** With the intercept taken away the list says so. */
function isDecidedByIntercept(guest: SvmGuest, exitCode: number, insn: Insn<Cpu> | null): void {
  guest.intercept(exitCode, false);
  expect(failedIn(rulesOf(guest, insn))).toEqual([expect.stringMatching(/^the VMCB intercepts: |^the monitor is armed/)]);
  guest.intercept(exitCode);
}

test.each(CASES)('$asm: $exitCode', ({ asm, exitCode }) => {
  const insn = decoded(asm);
  const guest = new Matrix(asm).again(exitCode, true).enter();
  expect(failedIn(svmGateRules(guest.cpu, exitCode, insn))).toEqual([]);
  while (guest.exit === null) guest.step();
  expect(guest.exit.code).toBe(exitCode);
  expect(failedIn(rulesOf(guest, insn))).toEqual([]);
  isDecidedByIntercept(guest, exitCode, insn);
});

const OTHERS = [...PROVOKED].filter(([exitCode]) => exitCode !== CODE.NPF);

test.each(OTHERS.map(([exitCode, provoke]) => [exitName(exitCode), exitCode, provoke] as const))('%s', (_, exitCode, provoke) => {
  const guest = provoke();
  const rules = rulesOf(guest);
  expect(failedIn(rules)).toEqual([]);
  expect(new Set(rules.map(({ rule }) => rule)).size).toBe(rules.length);
  isDecidedByIntercept(guest, exitCode, null);
});

test.each(RAISING)('exception %d', (vector, source) => {
  const guest = new SvmGuest(source)
    .exceptions(1 << vector)
    .with({ edi: DATA })
    .run();
  expect(failedIn(rulesOf(guest))).toEqual([]);
  isDecidedByIntercept(guest, CODE.EXCEPTION + vector, null);
});

describe('nested page faults: the entry that did not allow it', () => {
  const [NESTED, NESTED_TABLE] = [0x180000, 0x181000];
  const guestWith = (source: string, entry: number): SvmGuest => {
    const guest = new SvmGuest(source, { npControl: 1, nCr3: NESTED, gPat: 0x00070406 }).with({ edi: DATA });
    const { dwords } = guest.cpu.memory;
    dwords[NESTED >>> 2] = NESTED_TABLE | 7;
    for (let i = 0; i < 512; i++) dwords[(NESTED_TABLE >>> 2) + i] = (i << 12) | 7;
    dwords[(NESTED_TABLE >>> 2) + (DATA >>> 12)] = entry;
    return guest.run();
  };
  test.each([
    ['mov eax, [edi]', 0, 'the entry of the nested page table is present'],
    ['mov [edi], eax', 0, 'the entry of the nested page table is present'],
    ['mov [edi], eax', DATA | 5, 'it may be written: nested page table'],
    ['mov eax, [edi]', DATA | 3, 'ring 3 may use it: nested page table'],
    ['jmp edi', 0, 'the entry of the nested page table is present'],
    ['mov eax, [40000000h]', 0, ''],
  ])('%s, entry %i', (source, entry, failed) => {
    const guest = guestWith(source, entry);
    if (failed === '') {
      expect(guest.exit?.code).not.toBe(CODE.NPF);
      return;
    }
    expect(guest.exit?.code).toBe(CODE.NPF);
    const rules = rulesOf(guest);
    expect(failedIn(rules)).toEqual([failed]);
    expect(rules[1]!.found).toBe('guest-physical 00150000h');
  });

  test('a table of the guest’s own that is not there', () => {
    const rules = rulesOf(PROVOKED.get(CODE.NPF)!());
    expect(rules[1]!.rule).toBe('the guest’s walk needs an entry of its tables');
    expect(failedIn(rules)).toEqual(['the entry of the nested page directory is present']);
  });
});

test('what is compared, in the order of the manual: an OUT that the I/O permission map leaves to the host', () => {
  const session = Session.open({ scenario: 'two-kernels', vmm: 'svm' });
  session.run(200_000);
  const { log } = session;
  const row = log.exits.find((each) => log.valueOf(each, 0) === CODE.IOIO)!;
  session.seek(log.stepOf(row));
  expect(session.why()!.checks).toEqual([
    { rule: 'CPL is not greater than IOPL', found: 'CPL 0, IOPL 0', outcome: 'passed' },
    {
      rule: 'the VMCB intercepts: IN and OUT by the I/O permission map',
      found: expect.stringMatching(/^offset Ch: .*h, bit 27 is 1$/),
      outcome: 'passed',
    },
    {
      rule: expect.stringMatching(/^the I\/O permission map has a 1 for a byte of port/),
      found: expect.stringContaining('bit'),
      outcome: 'passed',
    },
  ]);
});

test.each(['shadow', 'nested'] as const)('every exit of a run under AMD-V, %s paging', (paging) => {
  const session = Session.open({ scenario: 'one-system', vmm: 'svm', paging });
  session.run(400_000);
  const { log } = session;
  const codes = new Map<number, number[]>();
  for (const row of log.exits) codes.set(log.valueOf(row, 0), [...(codes.get(log.valueOf(row, 0)) ?? []), row]);
  expect(codes.size).toBeGreaterThan(paging === 'nested' ? 2 : 3);
  for (const rows of codes.values())
    for (const row of rows.slice(0, 4)) {
      session.seek(log.stepOf(row));
      const checks = session.why()?.checks ?? [];
      expect(checks.length, exitName(log.valueOf(row, 0))).toBeGreaterThan(0);
      const failed = checks.filter(({ outcome }) => outcome === 'failed').length;
      expect(failed).toBe(log.valueOf(row, 0) === CODE.NPF ? 1 : 0);
    }
  expect(log.exits.every((row) => log.kindOf(row) === Kind.VMEXIT)).toBe(true);
});
