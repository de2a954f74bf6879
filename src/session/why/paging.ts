/** What a page fault was about: each entry on the way, in the order in which the processor reads them. */

import type { Cpu } from '../../cpu/cpu.ts';
import { PF_U, PF_W } from '../../cpu/paging.ts';
import { type PeekedEntry, peekLinear } from '../../cpu/peek.ts';
import { CR0_WP } from '../../cpu/registers.ts';
import { at } from '../../cpu/state.ts';
import { PTE_P, PTE_RW, PTE_US } from '../../cpu/walk/formats.ts';
import { hex8 } from '../../lib/hex.ts';
import { say, told } from '../../lib/say.ts';
import type { Rule } from './outcomes.ts';

/** @param errorCode of the page fault: what was tried, from where (SDM vol 3, 4.7) */
export function pagingRules(cpu: Cpu, linear: number, errorCode: number): readonly Rule[] {
  const { entries } = peekLinear(cpu, linear);
  return [
    ...presentRules(entries),
    ...((errorCode & PF_U) === 0 ? [] : userRules(entries)),
    ...((errorCode & PF_W) === 0 ? [] : writeRules(cpu, entries, (errorCode & PF_U) !== 0)),
  ];
}

/** Each entry is there; each of them lets ring 3 in. */
export const presentRules = (entries: readonly PeekedEntry[]): readonly Rule[] =>
  entries.map((entry): Rule => ({ rule: say`the entry of the ${told(entry.table)} is present`, ...bit(entry, PTE_P, 'P') }));
export const userRules = (entries: readonly PeekedEntry[]): readonly Rule[] =>
  entries.map((entry): Rule => ({ rule: say`ring 3 may use it: ${told(entry.table)}`, ...bit(entry, PTE_US, 'U/S') }));
/** Each entry lets be written that has a say in it. */
export const writableRules = (entries: readonly PeekedEntry[]): readonly Rule[] =>
  entries
    .filter(({ table }) => !table.includes('pointer'))
    .map((entry): Rule => ({ rule: say`it may be written: ${told(entry.table)}`, ...bit(entry, PTE_RW, 'R/W') }));

const bit = ({ value }: PeekedEntry, mask: number, name: string): Pick<Rule, 'found' | 'holds'> => {
  const holds = (value & mask) !== 0;
  return { found: say`${hex8(value)}h, ${name} is ${holds ? 1 : 0}`, holds };
};

function writeRules({ s }: Cpu, entries: readonly PeekedEntry[], user: boolean): readonly Rule[] {
  const protects = (s[at.cr0] & CR0_WP) !== 0;
  const free: Rule = {
    rule: say`a supervisor writes, and CR0.WP is 0`,
    found: say`CR0.WP is ${protects ? 1 : 0}`,
    holds: !protects,
    suffices: true,
  };
  const rules = writableRules(entries);
  return user ? rules : [free, ...rules];
}
