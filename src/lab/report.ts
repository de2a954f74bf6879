/** The lab's table: every row of the instruction table with what running it has shown, beside the derivation and the literature. */
import { PROFILES, type Profile, processorProfile } from '../cpu/profiles.ts';
import { decode } from '../isa/decode.ts';
import { disassemble } from '../isa/disasm.ts';
import { Insn } from '../isa/insn.ts';
import type { Resource, Row } from '../isa/row.ts';
import { ROWS } from '../isa/table.ts';
import { classOf, derive, type LabClass } from './derive.ts';
import { type Finding, Lab, type LabRing, type Witness } from './experiment.ts';
import { explanationOf, listedAs } from './literature.ts';
import type { Difference } from './outcome.ts';
import type { Setting } from './resources.ts';

/** One row of the table, as plain data. */
export interface LabRow {
  /** `POPFD (9D)`: unique. */
  readonly id: string;
  /** `POPFD`, `MOV Ev,Sw`: as the manual's opcode maps have it. */
  readonly name: string;
  readonly encoding: string;
  /** The processor it was run on. */
  readonly cpu: string;
  readonly class: LabClass;
  readonly privileged: boolean;
  /** What makes it sensitive, privileged or not. */
  readonly reads: readonly Resource[];
  readonly writes: readonly Resource[];
  /** Privileged only while a monitor does not let these through. */
  readonly unless: readonly Setting[];
  readonly runs: Readonly<Record<LabRing, { readonly runs: number; readonly traps: number }>>;
  readonly derived: LabClass;
  /** The name under which Robin and Irvine list it, or null. */
  readonly listed: string | null;
  /** Where the finding differs from the list: why. */
  readonly explanation: string | null;
  readonly evidence: readonly Evidence[];
  /** What the simulator lacks to run it, or empty. */
  readonly missing: string;
}

/** A witness in words and numbers. */
export interface Evidence {
  /** `alike`: nothing was found, and the rings do the same. */
  readonly shows: 'trap' | 'reads' | 'writes' | 'lets' | 'alike';
  /** The resource, or the setting. */
  readonly of: string;
  /** `popfd`, as the machine ran it. */
  readonly instruction: string;
  readonly rings: readonly number[];
  readonly differences: readonly Difference[];
  readonly witness: Witness;
}

export const nameOf = ({ mnemonic, operands }: Row): string => (operands.length === 0 ? mnemonic : `${mnemonic} ${operands.join(',')}`);
export const idOf = (row: Row): string => `${nameOf(row)} (${row.encoding})`;

/** The text of an instruction where experiments have it. */
export function textOf(bytes: readonly number[], address: number): string {
  const insn = new Insn();
  const code = new Uint8Array(16);
  code.set(bytes);
  if (!decode(insn, code, 0, code.length, true)) return '';
  const { mnemonic, operands } = disassemble(insn, address, undefined, { bits: 32 });
  return operands === '' ? mnemonic : `${mnemonic} ${operands}`;
}

function evidenceOf(finding: Finding, address: number): Evidence[] {
  const one = (shows: Evidence['shows'], of: string, witness: Witness): Evidence => ({
    shows,
    of,
    instruction: textOf(witness.bytes, address),
    rings: witness.places.map(({ ring }) => ring),
    differences: witness.differences,
    witness,
  });
  return [
    ...(finding.trap === null ? [] : [one('trap', 'CPL', finding.trap)]),
    ...[...finding.reads].map(([resource, witness]) => one('reads', resource, witness)),
    ...[...finding.writes].map(([resource, witness]) => one('writes', resource, witness)),
    ...[...finding.opens].map(([setting, witness]) => one('lets', setting, witness)),
    ...(finding.sample !== null && finding.reads.size + finding.writes.size === 0 ? [one('alike', '', finding.sample)] : []),
  ];
}

export function labRow(finding: Finding, address: number): LabRow {
  const { row, privileged, missing } = finding;
  const reads = [...finding.reads.keys()];
  const writes = [...finding.writes.keys()];
  const derived = derive(row);
  const found = classOf(privileged, reads, writes);
  const listed = listedAs(row.encoding)?.name ?? null;
  const isCritical = !privileged && found !== 'innocuous';
  const differs = isCritical !== (listed !== null) || finding.opens.has('TSD') || finding.opens.has('PCE');
  return {
    id: idOf(row),
    name: nameOf(row),
    encoding: row.encoding,
    cpu: finding.cpu,
    class: found,
    privileged,
    reads,
    writes,
    unless: [...finding.opens.keys()],
    runs: finding.runs,
    derived: classOf(derived.privileged, derived.reads, derived.writes),
    listed,
    explanation: differs ? (explanationOf(row.encoding)?.why ?? '') : null,
    evidence: missing === '' ? evidenceOf(finding, address) : [],
    missing,
  };
}

export const hasRow = (profile: Profile, row: Row): boolean => row.since === undefined || profile.features.has(row.since);

/** The oldest processor that has the instruction. */
export const oldestWith = (row: Row): Profile | undefined => PROFILES.find((profile) => hasRow(profile, row));

/** Runs rows, one after the other; those a processor does not have are passed over. */
export class Laboratory {
  private readonly labs = new Map<string, Lab>();
  private readonly profile: Profile | null;

  /** @param cpu name of the processor; without one it is the oldest that has the instruction. An error says which there are. */
  constructor(cpu?: string) {
    this.profile = cpu === undefined ? null : processorProfile(cpu);
  }

  /** The lab of a processor of that name. */
  labOn(cpu: string): Lab {
    return this.lab(processorProfile(cpu));
  }

  private lab(profile: Profile): Lab {
    let lab = this.labs.get(profile.name);
    if (lab === undefined) {
      lab = new Lab(profile);
      this.labs.set(profile.name, lab);
    }
    return lab;
  }

  *rows(rows: readonly Row[] = ROWS): Generator<LabRow> {
    for (const row of rows) {
      const profile = this.profile ?? oldestWith(row);
      if (profile === undefined || !hasRow(profile, row)) continue;
      const lab = this.lab(profile);
      yield labRow(lab.examine(row), lab.ground.symbol('experiment'));
    }
  }
}
