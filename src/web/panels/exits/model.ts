import { barDomain, costParts } from '../../../figures/exits.ts';
import { count, hex } from '../../../figures/words.ts';
import { say } from '../../../lib/say.ts';
import type { ExitRecord, ExitsView } from '../../../session/views.ts';
import { sortedOrder } from '../../store/store.ts';

export interface CountRow {
  readonly code: string;
  readonly title: string;
  readonly count: number;
  readonly selected: boolean;
  /** The step behind the newest exit of this reason that can be shown in detail. */
  readonly latest: number | null;
}

export interface ExitDetail {
  readonly index: number;
  readonly vm: number;
  readonly heading: string;
  readonly place: string;
  readonly address: string;
  readonly instruction: string;
  readonly infos: ExitRecord['infos'];
  readonly parts: ReturnType<typeof costParts>;
  readonly cycles: string;
}

export interface ExitsModel {
  readonly title: string;
  readonly summary: string;
  readonly empty: string;
  readonly rows: readonly CountRow[];
  readonly domain: number;
  readonly stale: boolean;
  readonly latest: readonly {
    readonly index: number;
    readonly n: number;
    readonly vm: number;
    readonly owner: string;
    readonly code: string;
    readonly name: string;
    readonly selected: boolean;
  }[];
  readonly detail: ExitDetail | null;
}

const SHOWN = 7;

/**
 * What the panel of exits shows: rows in the order the reader knows, the newest six, one in detail.
 * @param selection the step behind the event that is selected
 * @param vector its code, where exits are not what is counted
 */
export function exitsModel(view: ExitsView, order: readonly number[], selection: number | null, vector: number | null = null): ExitsModel {
  const interrupts = view.kind === 'interrupts';
  const byCode = new Map(view.counts.map((c) => [c.code, c]));
  const chosen = view.chosen?.n === selection ? view.chosen : view.latest.find((e) => e.n === selection);
  const selected = chosen ?? view.latest.at(-1) ?? null;
  const listed = order.flatMap((code) => byCode.get(code) ?? []);
  const best = sortedOrder(view.counts);
  return {
    title: interrupts ? say`Interrupts and faults` : say`VM exits`,
    summary: say`${count(view.total)} since power-on`,
    empty: interrupts ? say`None yet. Run to next exit (E) stops at the first.` : say`No exits yet. Run to next exit (E).`,
    rows: listed.slice(0, SHOWN).map((c) => ({
      code: c.codeText,
      title: c.title || c.name,
      count: c.count,
      selected: c.code === (interrupts ? vector : selected?.code),
      latest: view.latest.findLast((e) => e.code === c.code)?.n ?? null,
    })),
    domain: barDomain(view.counts.map((c) => c.count)),
    stale: listed.some((c, i) => i > 0 && c.count > listed[i - 1]!.count) && best.length > 1,
    latest: view.latest.map((e) => ({
      index: e.index,
      n: e.n,
      vm: e.vm,
      owner: e.owner,
      code: e.codeText,
      name: e.title || e.name,
      selected: e.index === selected?.index,
    })),
    detail: selected ? detailOf(selected, interrupts) : null,
  };
}

function detailOf(exit: ExitRecord, interrupts: boolean): ExitDetail {
  const parts = costParts(exit);
  const total = parts.reduce((sum, part) => sum + part.cycles, 0);
  return {
    index: exit.index,
    vm: exit.vm,
    heading: interrupts ? say`Event ${count(exit.index)}` : say`Exit ${count(exit.index)}`,
    place: exit.owner === '' ? say`at EIP` : say`${exit.owner}, at EIP`,
    address: hex(exit.guestEip),
    instruction: exit.instruction,
    infos: exit.infos.map((info) => ({
      ...info,
      fields: [...info.fields].sort((a, b) => Number.parseInt(b.bits, 10) - Number.parseInt(a.bits, 10)),
    })),
    parts,
    cycles: total === 0 ? '' : exit.done ? say`${count(total)} cycles` : say`${count(total)} cycles so far`,
  };
}
