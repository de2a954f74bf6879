/** The lab for pages: its rows one after the other, the verdicts, and an experiment as a program to open. */

import { at } from '../cpu/state.ts';
import { ROWS } from '../isa/table.ts';
import { programOf } from '../lab/program.ts';
import { idOf, Laboratory, type LabRow } from '../lab/report.ts';
import { guestSummary, isCritical, sentence } from '../lab/text.ts';
import { type Verdict, verdicts } from '../lab/verdict.ts';
import { told } from '../lib/say.ts';
import { guestImage } from './guests.ts';
import { powerOn } from './power-on.ts';
import { OWN_PROGRAM } from './scenarios.ts';

export type { LabClass } from '../lab/derive.ts';
export type { GuestRow } from '../lab/verdict.ts';

/** A row as a page shows it. */
export interface LabRowView extends Omit<LabRow, 'evidence'> {
  /** Sensitive, and no trap tells a monitor. */
  readonly critical: boolean;
  readonly evidence: readonly { readonly shows: string; readonly of: string; readonly sentence: string }[];
}

export interface LabVerdictView extends Verdict {
  /** One line for each of its guests. */
  readonly summaries: readonly string[];
}

/** What there is to tell so far. */
export interface LabPart {
  readonly rows: readonly LabRowView[];
  readonly verdicts: readonly LabVerdictView[];
}

/** Rows that a page asked for; their witnesses are kept for programs. */
export class LabRun {
  private readonly laboratory = new Laboratory();
  private readonly found = new Map<string, LabRow>();

  /** Every row of the table, then the verdict for each processor; or one row alone. */
  *parts(id?: string): Generator<LabPart> {
    const asked = id === undefined ? ROWS : ROWS.filter((row) => idOf(row) === id);
    const rows: LabRow[] = [];
    for (const row of this.laboratory.rows(asked)) {
      rows.push(row);
      this.found.set(row.id, row);
      yield { rows: [view(row)], verdicts: [] };
    }
    if (id !== undefined) return;
    for (const verdict of verdicts(this.laboratory, rows))
      yield { rows: [], verdicts: [{ ...verdict, title: told(verdict.title), summaries: verdict.guests.map(guestSummary) }] };
  }

  /**
   * An experiment as a program for the stage, and the step at which its instruction comes first.
   *
   * @returns null when the row or the evidence is unknown, or the stage's processor does not come to the instruction
   */
  program(id: string, evidence: number): { readonly source: string; readonly step: number } | null {
    const row = ROWS.find((one) => idOf(one) === id);
    const witness = this.found.get(id)?.evidence[evidence];
    if (row === undefined || witness === undefined) return null;
    const source = programOf(row, witness);
    const step = stepOf(source);
    return step === null ? null : { source, step };
  }
}

function view(row: LabRow): LabRowView {
  const { evidence, ...rest } = row;
  return {
    ...rest,
    explanation: rest.explanation === null ? null : told(rest.explanation),
    critical: isCritical(row),
    evidence: evidence.map((one) => ({
      shows: one.shows,
      of: one.of,
      sentence: sentence({ ...one, differences: one.differences.slice(0, 3) }),
    })),
  };
}

const MOST_STEPS = 20_000;

/** The step at which a program is in front of its experiment. */
function stepOf(source: string): number | null {
  const name = OWN_PROGRAM.source;
  const assembled = guestImage(name, { [name]: source });
  const address = assembled.symbols.find((symbol) => symbol.name === 'experiment')?.value;
  const { machine } = powerOn({ program: { name, bytes: assembled.image, assembled }, vmm: 'none', vms: 1, memory: OWN_PROGRAM.memory });
  while (machine.end === null && machine.cpu.steps < MOST_STEPS) {
    machine.run(machine.cpu.steps + 1);
    if (machine.cpu.s[at.eip] === address) return machine.cpu.steps;
  }
  return null;
}
