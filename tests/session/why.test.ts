/** What the page says when it is asked why: held against what the processor then did. */
import { expect, test } from 'vitest';
import type { Cpu } from '../../src/cpu/cpu.ts';
import { decode } from '../../src/isa/decode.ts';
import { Insn } from '../../src/isa/insn.ts';
import { Session } from '../../src/session/session.ts';
import type { Why } from '../../src/session/views.ts';
import { gateRules } from '../../src/session/why/gates.ts';
import { fails } from '../../src/session/why/outcomes.ts';
import { Kind } from '../../src/trace/log.ts';
import { standpoint } from '../../src/trace/recent.ts';

/** The answers at the first steps at which something was compared. */
function answers(session: Session, kinds: readonly number[], most: number, until: number): (Why | null)[] {
  session.run(until);
  const { log } = session;
  const steps = new Set<number>();
  for (let row = 0; row < log.length && steps.size < most; row++) if (kinds.includes(log.kindOf(row))) steps.add(log.stepOf(row));
  return [...steps].map((n) => {
    session.seek(n);
    expect(session.view().askable).toBe(true);
    const answer = session.why();
    expect(session.n).toBe(n);
    expect(new Set(answer?.checks.map(({ rule }) => rule)).size).toBe(answer?.checks.length ?? 0);
    return answer;
  });
}

const failed = (answer: Why | null): string => answer?.checks.find(({ outcome }) => outcome === 'failed')?.rule ?? '';

test('faults of a program: which comparison failed', () => {
  const ports = answers(Session.open({ scenario: 'ports' }), [Kind.FAULT], 9, 10_000);
  expect(ports.map(failed)).toEqual(['the bit of port E8h is 0', 'the bit of port EAh is 0', 'CPL is 0']);
  expect(ports[0]).toMatchObject({ title: 'out E8h, al raised #GP(0)', source: 'SDM vol 1, 18.5' });
  expect(ports[0]?.checks[0]).toEqual({ rule: 'CPL is not greater than IOPL', found: 'CPL 3, IOPL 0', outcome: 'leads on' });

  const faults = answers(Session.open({ scenario: 'forbidden' }), [Kind.FAULT], 12, 50_000);
  const told = faults.map(failed);
  expect(told).not.toContain('');
  expect(told).toContain('CPL is 0');
  expect(told).toContain('the entry of the page table is present');
  expect(told).toContain('ring 3 may use it: page directory');
});

test('a gate that programs may not use', () => {
  const source =
    '%include "demo/multiboot.inc"\n%include "demo/kernel.inc"\n%include "demo/ring-3.inc"\nmain: mov eax, program\nmov ebx, 2\njmp to_program\nprogram: int 20h\n';
  const [answer] = answers(Session.open({ source, vmm: 'none' }), [Kind.FAULT], 1, 1000);
  expect(answer).toMatchObject({ title: 'int 20h raised #GP(102h)', verdict: 'It is not so: the processor raises #GP.' });
  expect(answer?.checks.map(({ outcome }) => outcome)).toEqual(['passed', 'passed', 'failed', 'open']);
});

test.each([
  ['two-kernels', 'vtx', 'shadow'],
  ['two-kernels', 'vtx', 'nested'],
  ['two-kernels', 'svm', 'shadow'],
  ['one-system', 'svm', 'nested'],
] as const)('exits of %s under %s, %s paging: what asked for them', (scenario, vmm, paging) => {
  const exits = answers(Session.open({ scenario, vmm, paging }), [Kind.VMEXIT], 120, 120_000);
  expect(exits.length).toBeGreaterThan(60);
  for (const answer of exits) {
    if (answer === null) continue;
    const isNested = answer.source === 'APM vol 2, 15.25';
    expect(answer.checks.filter(({ outcome }) => outcome === 'failed').length).toBe(isNested ? 1 : 0);
    if (!isNested) expect(answer.checks.filter(({ outcome }) => outcome === 'open')).toEqual([]);
  }
  const untold = exits.filter((answer) => answer === null).length;
  expect(untold / exits.length).toBeLessThanOrEqual(vmm === 'svm' ? 0 : 0.01);
});

test('an entry that is refused: the whole list, and the one that did not hold', () => {
  const session = Session.open({ scenario: 'refused-entry' });
  const [answer] = answers(session, [Kind.ENTRY_FAILED], 1, 5000);
  expect(answer?.checks.length).toBeGreaterThan(80);
  expect(failed(answer ?? null)).toContain('link pointer');
  const at = answer!.checks.findIndex(({ outcome }) => outcome === 'failed');
  expect(answer!.checks.slice(0, at).every(({ outcome }) => outcome === 'passed')).toBe(true);
  expect(answer!.checks.slice(at + 1).every(({ outcome }) => outcome === 'open')).toBe(true);
});

test.each(['ports', 'rings', 'two-ways', 'forbidden'])('%s: the gates say #GP or #UD exactly where the processor does', (scenario) => {
  const session = Session.open({ scenario });
  const { machine, log } = session;
  let gated = 0;
  session.seek(scenario === 'forbidden' || scenario === 'two-ways' ? 21_500 : 0);
  for (let left = 1500; left > 0 && !session.ended; left--) {
    const here = standpoint(machine, log);
    const insn = new Insn<Cpu>();
    const rules =
      !here.halted && here.bytes.length > 0 && decode(insn, here.bytes, 0, here.bytes.length, here.is32)
        ? gateRules(machine.cpu, insn)
        : null;
    session.step();
    if (rules === null) continue;
    const row = log.firstAt(session.n);
    const interrupted = row < log.length && log.kindOf(row) === Kind.INTERRUPT;
    if (interrupted) continue;
    gated++;
    const refused = row < log.length && log.kindOf(row) === Kind.FAULT && log.valueOf(row, 0) === rules.vector && log.valueOf(row, 1) === 0;
    expect(fails(rules.rules), `step ${session.n}: ${insn.row.mnemonic}`).toBe(refused);
  }
  expect(gated).toBeGreaterThan(5);
});

test('what a far jump leads to, and an exception that finds no gate', () => {
  const rules = (answer: Why | null) => answer?.checks.map(({ rule, found, outcome }) => `${outcome}: ${rule}: ${found}`) ?? [];
  const jump = answers(Session.open({ scenario: 'rings' }), [Kind.FAULT], 1, 10_000).map(rules)[0]!;
  expect(jump[1]).toBe('passed: selector 31h lies within the GDT: bytes 30h to 37h, limit 4Fh');
  expect(jump[3]).toBe('failed: RPL is not greater than CPL, and DPL is CPL: RPL 1, DPL 1, CPL 3');
  const shutdown = answers(Session.open({ scenario: 'triple-fault' }), [Kind.FAULT], 1, 10_000).map(rules)[0]!;
  expect(shutdown[1]).toBe('failed: it is a gate: type 0h');
});

test.each([
  ['mov ax, 10h\nmov ss, ax', 'the stack’s RPL is that of the code that uses it', 'RPL 0, code in ring 3'],
  ['mov ax, 10h\nmov es, ax', 'neither RPL nor CPL is greater than its DPL', 'RPL 0, CPL 3, DPL 0'],
  ['push 2\npush 8\npush program\niretd', 'nobody returns inwards: RPL is not less than CPL', 'RPL 0, CPL 3'],
  ['xor ecx, ecx\ndiv ecx', 'the divisor is not 0', '00000000h'],
  ['pushfd\nor byte [esp+1], 1\npopfd\nnop', 'TF was 0 when the instruction began', 'TF is 1'],
])('in ring 3: %s', (program, rule, found) => {
  const source = `%include "demo/multiboot.inc"
%include "demo/kernel.inc"
%include "demo/ring-3.inc"
main: mov eax, program
mov ebx, 2
jmp to_program
program: ${program}
`;
  const [answer] = answers(Session.open({ source, vmm: 'none' }), [Kind.FAULT], 1, 1000);
  expect(answer?.checks.find(({ outcome }) => outcome === 'failed')).toMatchObject({ rule, found });
});
