/** Why something happened at a step: the comparisons that the processor made, with their values, in the manual's order. */

import type { Cpu } from '../../cpu/cpu.ts';
import { exceptionName } from '../../cpu/interrupts.ts';
import { pushesErrorCode } from '../../cpu/registers.ts';
import { at } from '../../cpu/state.ts';
import { CODE } from '../../cpu/virt/svm/exit-codes.ts';
import { disassemble } from '../../isa/disasm.ts';
import type { Insn } from '../../isa/insn.ts';
import { h, hex8 } from '../../lib/hex.ts';
import { say } from '../../lib/say.ts';
import { Kind } from '../../trace/log.ts';
import { standpoint } from '../../trace/recent.ts';
import type { Stage } from '../stage.ts';
import { vmcbRules } from '../view/checks-vmcb.ts';
import { vmcsRules } from '../view/checks-vmcs.ts';
import { decoded } from '../view/stream.ts';
import { ruleText } from '../view/words.ts';
import type { Why } from '../views.ts';
import { askable } from './askable.ts';
import { vmxExitRules } from './exits.ts';
import { svmExitRules, svmGateRules } from './exits-svm.ts';
import { type Asked, gateRules } from './gates.ts';
import { EXT, gateOfIdtRules, undeliverable } from './idt.ts';
import { limitRules } from './limits.ts';
import { division, singleStep } from './others.ts';
import { outcomes, type Rule } from './outcomes.ts';
import { pagingRules } from './paging.ts';
import { selectorRules } from './selectors.ts';

/** Where a fault can come from, in the order in which the first that knows of a check that failed is believed. */
const ASKED: readonly ((cpu: Cpu, insn: Insn<Cpu>, errorCode: number) => Asked | null)[] = [
  gateRules,
  (cpu, _, errorCode) => undeliverable(cpu, errorCode),
  gateOfIdtRules,
  limitRules,
  selectorRules,
  division,
  singleStep,
];

/** @param goBack takes the machine to the step before, and does something there */
export function why(stage: Stage, goBack: <T>(there: () => T) => T): Why | null {
  const row = askable(stage);
  if (row < 0) return null;
  switch (stage.log.kindOf(row)) {
    case Kind.FAULT:
      return whyFault(stage, row, goBack);
    case Kind.VMEXIT:
      return whyExit(stage, row, goBack);
    default:
      return whyRefused(stage, row, goBack);
  }
}

/** The instruction as text; where its bytes cannot be read, that is the matter. */
function textOf(insn: Insn<Cpu> | null, eip: number): string {
  if (insn === null) return say`fetching the next instruction`;
  const { mnemonic, operands } = disassemble(insn, eip);
  return `${mnemonic} ${operands}`.trim();
}

function whyFault(stage: Stage, row: number, goBack: <T>(there: () => T) => T): Why | null {
  const { log, machine } = stage;
  const vector = log.valueOf(row, 0);
  const errorCode = log.valueOf(row, 1);
  const cr2 = machine.cpu.s[at.cr2];
  const code = pushesErrorCode(vector) ? `(${errorCode === 0 ? 0 : h(errorCode)})` : '';
  const { n } = machine;
  return goBack(() => {
    const { cpu } = machine;
    const here = standpoint(machine, log);
    const insn = decoded(here);
    const title = say`${textOf(insn, here.eip)} raised ${exceptionName(vector) + code}`;
    const answering = (rules: readonly Rule[], source: string): Why | null => {
      const checks = outcomes(rules);
      const failed = checks.find(({ outcome }) => outcome === 'failed');
      return failed === undefined
        ? null
        : { n, title, checks, verdict: say`It is not so: the processor raises ${exceptionName(vector)}.`, source };
    };
    if (vector === 14) return answering([addressed(cr2), ...pagingRules(cpu, cr2, errorCode)], say`SDM vol 3, 4.6 and 4.7`);
    if (insn === null) return null;
    for (const ask of ASKED) {
      const asked = ask(cpu, insn, errorCode);
      const isIt = asked?.vector === vector && asked.errorCode === (errorCode & ~EXT);
      const answer = isIt ? answering(asked.rules, asked.source) : null;
      if (answer !== null) return answer;
    }
    return null;
  });
}

const addressed = (linear: number): Rule => ({
  rule: say`there is a linear address`,
  found: say`${hex8(linear)}h, kept in CR2`,
  holds: true,
});

function whyExit(stage: Stage, row: number, goBack: <T>(there: () => T) => T): Why | null {
  const { log, machine } = stage;
  const { cpu } = machine;
  const [code, qualification, info] = [log.valueOf(row, 0), log.valueOf(row, 1), log.valueOf(row, 4)];
  const isVmx = cpu.virt?.vendor === 'vmx';
  const rules = isVmx ? vmxExitRules(cpu, code & 0xffff, qualification, info) : svmRules(stage, row, code, goBack);
  if (rules === null) return null;
  const instruction = stage.instructionOfExit(row);
  const checks = outcomes(rules);
  const isRefused = checks.some(({ outcome }) => outcome === 'failed');
  return {
    n: machine.n,
    title: say`${instruction === '' ? say`an event` : instruction} left the guest`,
    checks,
    verdict: isRefused
      ? say`The nested tables do not allow it: the processor leaves the guest.`
      : say`The host asked for it: the processor leaves the guest instead of going on there.`,
    source: isVmx ? say`SDM vol 3, 25.1 to 25.3` : code === CODE.NPF ? say`APM vol 2, 15.25` : say`APM vol 2, 15.7 to 15.21`,
  };
}

function svmRules(stage: Stage, row: number, code: number, goBack: <T>(there: () => T) => T): readonly Rule[] | null {
  const { log, machine } = stage;
  const insn = log.instructionOf(row);
  const rules = svmExitRules(machine.cpu, { code, ...log.svmInfo(row), insn });
  if (rules === null || insn === null) return rules;
  return [...goBack(() => (machine.cpu.s[at.guest] === 0 ? [] : svmGateRules(machine.cpu, code, insn))), ...rules];
}

/** What a VMCB says is checked before the PDPTEs that its CR3 leads to are loaded: an entry that passed it all was refused for them, and its rule says so. */
const withPdptes = (listed: readonly Rule[], refusing: string): readonly Rule[] =>
  listed.some(({ holds }) => !holds) ? listed : [...listed, { rule: refusing, found: say`they have`, holds: false }];

function whyRefused(stage: Stage, row: number, goBack: <T>(there: () => T) => T): Why | null {
  const { log, machine } = stage;
  const { n } = machine;
  const rule = ruleText(log.text(log.valueOf(row, 2)));
  const isVmx = machine.cpu.virt?.vendor === 'vmx';
  const listed = goBack(() => (isVmx ? vmcsRules(machine.cpu) : vmcbRules(machine.cpu, machine.cpu.s[at.eax])));
  const all = isVmx ? listed : withPdptes(listed, rule);
  const place = all.findIndex(({ holds }) => !holds);
  if (rule === '' || place < 0 || !rule.startsWith(all[place]!.rule)) return null;
  return {
    n,
    title: say`the entry was refused`,
    checks: outcomes(all),
    verdict: say`${place} checks held, this one does not: the guest is not entered.`,
    source: isVmx ? say`SDM vol 3, 26.1 to 26.3` : 'APM vol 2, 15.5.1',
  };
}
